"""The fonts of this machine: whether every family a document asks for is here and has every character of its text.

A typesetter puts another font in the place of one that is missing, or leaves a box for a character, and says nothing. So
both are looked at before anything is set; without the fonts papers are refused with the package to install, the rest runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTCollection, TTFont

from chassis.errors import Unavailable
from papers.documents import Faces

PACKAGE = "fonts-noto-cjk"
_SHOWN = 20
# Characters that separate and are never drawn.
_UNDRAWN = frozenset(" \n\t\u3000\u200b")


class Fonts:
    """The fonts found on this machine, and in the folders given, when they are first asked for."""

    def __init__(self, folders: Iterable[Path] = (), system: bool = True) -> None:
        self._folders = [str(folder) for folder in folders]
        self._system = system

    @cached_property
    def installed(self) -> typst.Fonts:
        """The fonts for the typesetter: those of this machine, none that it brings along."""
        return typst.Fonts(include_system_fonts=self._system, include_embedded_fonts=False, font_paths=list(self._folders))

    def check(self, faces: Faces, text: str) -> None:
        """Refuses with FONT_MISSING if a family is not here, with FONT_LACKS_CHARACTERS if a list cannot write the text."""
        known = {family.casefold() for family in self.installed.families()}
        missing = sorted({name for names in faces.families for name in names if name.casefold() not in known})
        if missing:
            raise Unavailable("FONT_MISSING", families="、".join(missing), package=PACKAGE)
        for names in faces.families:
            covered = frozenset[int]().union(*(self._characters(name) for name in names))
            lacking = sorted({sign for sign in text if sign not in _UNDRAWN and ord(sign) not in covered})
            if lacking:
                shown = "".join(lacking[:_SHOWN])
                raise Unavailable("FONT_LACKS_CHARACTERS", families="、".join(names), characters=shown, package=PACKAGE)

    def _characters(self, family: str) -> frozenset[int]:
        same = [font for font in self.installed.fonts() if font.family.casefold() == family.casefold() and font.path]
        nearest = min(same, key=lambda font: (font.style != "normal", abs(font.weight - 400)))
        return _drawn(str(nearest.path), nearest.index)


@lru_cache(maxsize=32)
def _drawn(path: str, index: int) -> frozenset[int]:
    """The characters a font file has a shape for."""
    with Path(path).open("rb") as file:
        font = TTCollection(file, lazy=True)[index] if file.read(4) == b"ttcf" else TTFont(path, lazy=True)
        return frozenset(font.getBestCmap())
