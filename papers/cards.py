"""Cards to be ticked by hand and read again by a machine: places in millimetres as plain data, and as PDF after `cards.typ`.

A template says what lies where on the pages of every card; a `Card` brings what differs: the QR code of each page and the
texts of its fields. Nothing flows and nothing is moved to make room, so what is printed lies where the template says. Texts
reach the layout as data, never as markup.

Here: one file of cards, and a picture of one. Not here: what a card says, and runs of many thousands (`cards_run`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from papers.cards_fit import height_of
from papers.documents import FREE_FACES, Faces
from papers.documents_fonts import Fonts

_LAYOUT = Path(__file__).with_name("cards.typ")
QR_VERSION, QR_ERROR = 3, "q"
QR_MODULES = 29


@dataclass(frozen=True, slots=True)
class Words:
    """Text in its place; `size` in points, `align` left, center or right, `middle` centres it from top to bottom."""

    x: float
    y: float
    width: float
    height: float
    text: str
    size: float
    bold: bool = False
    align: str = "left"
    middle: bool = False
    ink: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A place whose text each card brings under `name`; it is set smaller, down to `least` points, before it is refused."""

    name: str
    x: float
    y: float
    width: float
    height: float
    size: float
    least: float
    bold: bool = False
    align: str = "left"
    middle: bool = False
    ink: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """An empty rectangle; its line is centred on its edge."""

    x: float
    y: float
    width: float
    height: float
    line: float
    ink: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A full rectangle, from 0 (black) to 255 (white)."""

    x: float
    y: float
    width: float
    height: float
    ink: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    line: float
    ink: int = 0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Where a page's QR code lies, its white border not counted."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of every card. One with nothing on it is the empty back of a sheet."""

    width: float
    height: float
    words: tuple[Words, ...] = ()
    fields: tuple[Field, ...] = ()
    frames: tuple[Frame, ...] = ()
    blocks: tuple[Block, ...] = ()
    rules: tuple[Rule, ...] = ()
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """The pages of one card in the order of printing."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One card: what the QR code of each page of the template says ("" for a page without), and the texts of its fields."""

    codes: tuple[str, ...] = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


def pdf(template: Template, cards: Sequence[Card], fonts: Fonts, made: datetime, faces: Faces = FREE_FACES) -> bytes:
    """The cards one after another. The same cards made at the same time are the same bytes.

    Raises Unavailable FONT_MISSING or FONT_LACKS_CHARACTERS, ValueError naming the cards with a text too long for its field,
    and RuntimeError if the typesetter has anything to say.
    """
    content = _compiler(template, cards, fonts, faces).compile_with_warnings(format="pdf", timestamp=int(made.timestamp()))
    return _only(content)[0]


def pictures(template: Template, card: Card, fonts: Fonts, dpi: int, faces: Faces = FREE_FACES) -> list[bytes]:
    """One card as PNG, a picture for each page. Raises as `pdf` does."""
    return _only(_compiler(template, [card], fonts, faces).compile_with_warnings(format="png", ppi=float(dpi)))


def too_long(template: Template, cards: Sequence[Card]) -> list[tuple[int, str]]:
    """The cards, by their place, with the name of a field whose text would not fit even in its smallest size."""
    places = [one for page in template.pages for one in page.fields]
    return [
        (number, one.name)
        for number, card in enumerate(cards)
        for one in places
        if height_of(card.fields.get(one.name, ""), one.least, one.width) > one.height
    ]


def to_json(template: Template) -> str:
    """The template as text that `from_json` reads back."""
    return json.dumps(asdict(template), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Template:
    """The template that `to_json` wrote."""
    read = json.loads(text)
    return Template(read["title"], tuple(_page(page) for page in read["pages"]))


def _page(read: dict[str, Any]) -> Page:
    kinds = {"words": Words, "fields": Field, "frames": Frame, "blocks": Block, "rules": Rule}
    parts = {name: tuple(kind(**one) for one in read[name]) for name, kind in kinds.items()}
    return Page(read["width"], read["height"], **parts, code=Code(**read["code"]) if read["code"] else None)


def _compiler(template: Template, cards: Sequence[Card], fonts: Fonts, faces: Faces) -> typst.Compiler:
    long = too_long(template, cards)
    if long:
        raise ValueError("too long: " + ", ".join(f"{number} {name}" for number, name in long))
    said = [one.text for page in template.pages for one in page.words]
    fonts.check(faces, "".join([*said, *(text for card in cards for text in card.fields.values())]))
    drawn = [{"fields": dict(card.fields), "codes": [_drawn(code) for code in card.codes]} for card in cards]
    inputs = {
        "template": to_json(template),
        "cards": json.dumps(drawn, ensure_ascii=False),
        "faces": json.dumps(asdict(faces)),
    }
    return typst.Compiler(_LAYOUT.read_bytes(), font_paths=fonts.installed, sys_inputs=inputs)


def _only(made: tuple[Any, Sequence[Any]]) -> list[bytes]:
    content, warnings = made
    if warnings or not content:
        raise RuntimeError("; ".join(warning.message for warning in warnings) or "typst gave no cards")
    return [content] if isinstance(content, bytes) else list(content)


def _drawn(text: str) -> str:
    """A QR code as SVG without its border, always of the same number of modules."""
    if not text:
        return ""
    drawn = BytesIO()
    code = segno.make(text, error=QR_ERROR, version=QR_VERSION, micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
