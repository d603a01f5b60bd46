"""An official document as plain data: what stands where on the paper, and nothing about why.

Here: the parts GB/T 9704-2012 names (chapter 7) and the numbering of its levels. Not here: the looks (documents.typ for
PDF, documents_word for Word), the fonts (documents_fonts), and any sentence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

TEXT, LEVELS = 0, 4
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: `level` 0 is running text; 1 to 4 are numbered 一、 （一） 1. （1） by the paper (7.3.3)."""

    text: str
    level: int = TEXT


@dataclass(frozen=True, slots=True)
class Form:
    """Rows of a form with lines around them: what is asked, and what was entered (empty: to be written by hand)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with lines around its cells: heads, repeated on each page, its lines, and each column's share of the width."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One official document.

    `head` is the red name above the red rule; without one the paper begins with its title, as forms do. `number` is the
    document number in full. `day` is the day of the document, None while it has none. `mark` is printed across every page of
    what is no document yet. `issuer` stands above the day, with room for the seal around both. A `letter` begins at the head
    of the type area, as the letter form does (10.1), so that a short text stays on one page.
    """

    title: str
    issuer: str
    blocks: tuple[Block | Form | Table, ...]
    head: str = ""
    number: str = ""
    secrecy: str = ""
    urgency: str = ""
    addressee: str = ""
    day: date | None = None
    attachments: tuple[str, ...] = ()
    remark: str = ""
    copies: tuple[str, ...] = ()
    printed_by: str = ""
    mark: str = ""
    letter: bool = False

    @property
    def sha256(self) -> str:
        """The digest of everything on the paper."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph with the mark its place gives it."""

    mark: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Faces:
    """The font families of a paper by what they are for, each a list in order: 小标宋, 仿宋, 黑体, 楷体."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]

    @staticmethod
    def of(setting: dict[str, Sequence[str]]) -> Faces:
        """The families as a setting names them."""
        return Faces(**{name: tuple(setting[name]) for name in ("title", "body", "first", "second")})

    @property
    def families(self) -> tuple[tuple[str, ...], ...]:
        """Each list once."""
        return tuple(dict.fromkeys((self.title, self.body, self.first, self.second)))


# What a document looks like where nobody has bought the customary faces: both families are in Debian's fonts-noto-cjk.
FREE_FACES = Faces(("Noto Serif CJK SC",), ("Noto Serif CJK SC",), ("Noto Sans CJK SC",), ("Noto Serif CJK SC",))


def numbered(blocks: Sequence[Block | Form | Table]) -> Iterator[Numbered | Form | Table]:
    """The blocks with their marks; a heading begins the count of the levels below it anew, text does not."""
    counts = [0] * (LEVELS + 1)
    for block in blocks:
        if isinstance(block, Form | Table):
            yield block
            continue
        if block.level:
            counts[block.level] += 1
            counts[block.level + 1 :] = [0] * (LEVELS - block.level)
        yield Numbered(_mark(block.level, counts[block.level]), block.text, block.level)


def _mark(level: int, count: int) -> str:
    return ("", f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")[level]


def chinese_number(count: int) -> str:
    """1 to 99 as 一 to 九十九; 0 as 〇."""
    tens, ones = divmod(count, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def chinese_day(day: date) -> str:
    """The day as it stands on a document: arabic figures without noughts in front (7.3.5.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Plain:
    """A document ready to be set: every string as it is printed."""

    paper: dict[str, Any]
    text: str = field(default="")


def plain(document: Document) -> Plain:
    """Everything that is printed, by its place, and all of it as one text for the fonts to be tried on."""
    paper = asdict(document)
    paper["day"] = chinese_day(document.day) if document.day else ""
    paper["blocks"] = [asdict(block) for block in numbered(document.blocks)]
    paper["copies"] = f"抄送：{'，'.join(document.copies)}。" if document.copies else ""
    paper["printed_on"] = f"{paper['day']}印发" if paper["day"] and document.printed_by else ""
    return Plain(paper, "".join(_strings(paper)) + "附件：（）—0123456789")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _block(one: dict[str, Any]) -> Block | Form | Table:
    if "rows" in one:
        return Form(tuple(map(tuple, one["rows"])))
    if "lines" in one:
        return Table(tuple(one["heads"]), tuple(map(tuple, one["lines"])), tuple(one["shares"]))
    return Block(**one)


def to_json(document: Document) -> str:
    """The document as text that `from_json` reads back: what is kept of one that was issued."""
    return json.dumps(asdict(document), default=str, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Document:
    """The document that `to_json` wrote."""
    read = json.loads(text)
    blocks = tuple(_block(one) for one in read["blocks"])
    day = date.fromisoformat(read["day"]) if read["day"] else None
    return Document(**{**read, "blocks": blocks, "day": day, **{key: tuple(read[key]) for key in ("attachments", "copies")}})
