"""Sheets to be ticked by hand: lines with a row of boxes for each question, as plain data and as PDF after `ticks.typ`.

What is ticked is keyed in by people, so each box carries the figure that is keyed in for it. Texts reach the layout as data,
never as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst

from papers.documents import FREE_FACES, Faces
from papers.documents_fonts import Fonts

_LAYOUT = Path(__file__).with_name("ticks.typ")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one kind, each with the place under which it is keyed in."""

    name: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TickSheet:
    """One sheet of one or several pages. Each of `boxes` is the figure keyed in and what it stands for."""

    title: str
    number: str
    reader: str
    instructions: tuple[str, ...]
    code_label: str
    head: str
    questions: tuple[str, ...]
    boxes: tuple[tuple[str, str], ...]
    parts: tuple[Lines, ...]
    foot: str


def pdf(sheets: tuple[TickSheet, ...], fonts: Fonts, made: datetime, faces: Faces = FREE_FACES) -> bytes:
    """The sheets one after another, each from a page of its own.

    Raises Unavailable FONT_MISSING or FONT_LACKS_CHARACTERS, and RuntimeError if the typesetter has anything to say.
    """
    content = json.dumps([asdict(sheet) for sheet in sheets], ensure_ascii=False)
    fonts.check(faces, content + "□/")
    compiler = typst.Compiler(
        _LAYOUT.read_bytes(),
        font_paths=fonts.installed,
        sys_inputs={"sheets": content, "faces": json.dumps(asdict(faces))},
    )
    made_pdf, warnings = compiler.compile_with_warnings(format="pdf", timestamp=int(made.timestamp()))
    if warnings or not isinstance(made_pdf, bytes):
        raise RuntimeError("; ".join(warning.message for warning in warnings) or "typst gave no sheet")
    return made_pdf
