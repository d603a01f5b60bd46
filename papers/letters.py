"""Letters that each carry a code of their own, as plain data and as PDF, set by typst after `letters.typ`.

Hundreds a second: whoever has ten thousand builds them in parts. Texts reach the layout as data, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path

import segno
import typst

from papers.documents import FREE_FACES, Faces
from papers.documents_fonts import Fonts

_LAYOUT = Path(__file__).with_name("letters.typ")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, the code in its groups, and what its picture (a QR code) says."""

    addressee: str
    code: str = field(repr=False)
    scanned: str = field(repr=False)
    about: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """Letters that say the same but for their code. `address` is where the code is entered by hand."""

    heading: str
    opening: tuple[str, ...]
    code_label: str
    address: str
    picture_label: str
    closing: tuple[str, ...]
    letters: Sequence[Letter]
    per_page: int = 1


def pdf(pile: Pile, fonts: Fonts, made: datetime, faces: Faces = FREE_FACES) -> bytes:
    """The pile as PDF.

    Raises Unavailable FONT_MISSING or FONT_LACKS_CHARACTERS, and RuntimeError if the typesetter has anything to say.
    """
    paper = asdict(pile)
    paper["letters"] = [
        {"addressee": one.addressee, "code": one.code, "about": one.about, "picture": _picture(one.scanned)}
        for one in pile.letters
    ]
    fonts.check(faces, "".join(_said(pile)))
    compiler = typst.Compiler(
        _LAYOUT.read_bytes(),
        font_paths=fonts.installed,
        sys_inputs={"pile": json.dumps(paper), "faces": json.dumps(asdict(faces))},
    )
    content, warnings = compiler.compile_with_warnings(format="pdf", timestamp=int(made.timestamp()))
    if warnings or not isinstance(content, bytes):
        raise RuntimeError("; ".join(warning.message for warning in warnings) or "typst gave no letters")
    return content


def _said(pile: Pile) -> list[str]:
    shared = [pile.heading, *pile.opening, pile.code_label, pile.address, pile.picture_label, *pile.closing]
    return [*shared, *(part for one in pile.letters for part in (one.addressee, one.code, one.about))]


def _picture(text: str) -> str:
    """A QR code as SVG."""
    drawn = BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
