"""Cards to be ticked by hand and read again by a machine: places in millimetres as plain data, and as PDF after `cards.typ`.

A template says what lies where on the pages of every card; a `Card` brings what differs: its serial, which its QR codes say
too, and the texts of its fields, such as the cover letter's. Nothing flows and nothing is moved to make room, so what is
printed lies where the template says. Texts reach the layout as data, never as markup.

Over a hundred a second: whoever has ten thousand builds them in parts. Not here: what a card says, and whether it fits
(`cards_fit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
SERIAL, TAIL, LETTER, ADDRESSEE = "serial", "tail", "letter", "addressee"


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
    """Where a page's QR code lies, its white border not counted, and what it says; `{serial}` stands for the card's own,
    without its dashes."""

    x: float
    y: float
    width: float
    text: str


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
    """The pages of one card in the order of printing. `serial_label` stands before a serial where people read it."""

    title: str
    serial_label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One card: its serial in groups, and the texts of its fields. What the field `serial` says is made from the serial."""

    serial: str = field(repr=False)
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
        for number, said in enumerate(_said(template, card) for card in cards)
        for one in places
        if height_of(said.get(one.name, ""), one.least, one.width) > one.height
    ]


def without_letter(template: Template) -> Template:
    """The template without the cover letter before its card, and without that letter's empty back."""
    first = next(place for place, page in enumerate(template.pages) if page.code)
    return replace(template, pages=template.pages[first:])


def to_json(template: Template) -> str:
    """The template as text that `from_json` reads back."""
    return json.dumps(asdict(template), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Template:
    """The template that `to_json` wrote."""
    read = json.loads(text)
    return Template(read["title"], read["serial_label"], tuple(_page(page) for page in read["pages"]))


def _page(read: dict[str, Any]) -> Page:
    kinds = {"words": Words, "fields": Field, "frames": Frame, "blocks": Block, "rules": Rule}
    parts = {name: tuple(kind(**one) for one in read[name]) for name, kind in kinds.items()}
    return Page(read["width"], read["height"], **parts, code=Code(**read["code"]) if read["code"] else None)


def _compiler(template: Template, cards: Sequence[Card], fonts: Fonts, faces: Faces) -> typst.Compiler:
    long = too_long(template, cards)
    if long:
        raise ValueError("too long: " + ", ".join(f"{number} {name}" for number, name in long))
    said = [one.text for page in template.pages for one in page.words]
    fields = [_said(template, card) for card in cards]
    fonts.check(faces, "".join([*said, *(text for one in fields for text in one.values())]))
    drawn = [{"fields": one, "codes": _codes(template, card)} for one, card in zip(fields, cards, strict=True)]
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


def _said(template: Template, card: Card) -> dict[str, str]:
    """What the fields of a card say, the serial in two lines as it fits beside its QR code."""
    groups = card.serial.split("-")
    middle = -(-len(groups) // 2)
    lines = f"{template.serial_label} {'-'.join(groups[:middle])}-\n{'-'.join(groups[middle:])}"
    return {SERIAL: lines, TAIL: f"{template.serial_label} …{groups[-1]}", **card.fields}


def _codes(template: Template, card: Card) -> list[str]:
    plain = card.serial.replace("-", "")
    return [_drawn(page.code.text.replace("{serial}", plain)) if page.code else "" for page in template.pages]


def _drawn(text: str) -> str:
    """A QR code as SVG without its border, always of the same number of modules."""
    drawn = BytesIO()
    code = segno.make(text, error=QR_ERROR, version=QR_VERSION, micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
