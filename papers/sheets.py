"""The form of a sheet: typed columns with headers people read, declared once for writing and reading.

Here: what a cell may hold and how it is turned into a value. Not here: files (sheets_write, sheets_read).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType

Cell = str | int | bool | date | datetime | None

# What Excel and its relatives take for the start of a formula when a text file is opened.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YES = {
    "是": True,
    "有": True,
    "yes": True,
    "true": True,
    "1": True,
    "否": False,
    "无": False,
    "no": False,
    "false": False,
    "0": False,
}


class CellKind(Enum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    DAY = "day"
    YES_NO = "yes_no"
    INSTANT = "instant"
    """Written in local time for people; not read."""


class CellFault(ValueError):
    """A cell does not hold what its column asks for."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = {name: str(value) for name, value in params.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` in code, `header` on paper. `words` maps code values to the words on paper."""

    name: str
    header: str
    kind: CellKind = CellKind.TEXT
    width: int = 16
    required: bool = True
    longest: int = 200
    least: int = 0
    most: int = 2_000_000_000
    pattern: str = ""
    form: str = ""
    """The pattern in people's words."""
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hint: str = ""
    """What a spreadsheet shows beside a chosen cell of this column."""
    pick_from: str = ""
    """Cells of another sheet a spreadsheet offers to pick from, for example `'行为'!$B$2:$B$200`."""
    wrap: bool = False
    """Whether long text is written over several lines."""

    def read(self, raw: object) -> Cell:
        """The value of a cell as a spreadsheet gave it. Raises CellFault."""
        if isinstance(raw, str):
            raw = raw.strip()
        if raw is None or raw == "":
            if self.required:
                raise CellFault("CELL_EMPTY")
            return "" if self.kind is CellKind.TEXT else None
        return _READERS[self.kind](self, raw)

    def written(self, value: Cell) -> Cell:
        """The value as it stands on paper."""
        if self.words and isinstance(value, str):
            return self.words.get(value, value)
        if self.kind is CellKind.YES_NO and isinstance(value, bool):
            return "是" if value else "否"
        return value


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One sheet: its name, its columns in order, and how many of them stay in sight at the left."""

    name: str
    columns: tuple[Column, ...]
    still: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """The first row."""
        return tuple(column.header for column in self.columns)


def csv_text(value: str) -> str:
    """A text for a CSV cell: one that a spreadsheet would run as a formula gets an apostrophe in front."""
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def _read_text(column: Column, raw: object) -> Cell:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a staff number typed as a number
    if isinstance(raw, bool) or not isinstance(raw, (str, int)):
        raise CellFault("CELL_NOT_TEXT")
    text = str(raw)
    if len(text) > column.longest:
        raise CellFault("CELL_TOO_LONG", longest=column.longest)
    if _CONTROL.search(text):
        raise CellFault("CELL_HAS_CONTROL_CHARACTERS")
    if column.words:
        return _word(column, text)
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise CellFault("CELL_NOT_OF_THE_FORM", form=column.form or column.pattern)
    return text


def _word(column: Column, text: str) -> str:
    for value, word in column.words.items():
        if text in (value, word):
            return value
    raise CellFault("CELL_NOT_A_CHOICE", choices="、".join(column.words.values()))


def _read_whole(column: Column, raw: object) -> Cell:
    if isinstance(raw, str) and re.fullmatch(r"-?\d{1,12}", raw):
        raw = int(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise CellFault("CELL_NOT_A_WHOLE_NUMBER")
    if not column.least <= raw <= column.most:
        raise CellFault("CELL_OUT_OF_RANGE", least=column.least, most=column.most)
    return raw


def _read_day(column: Column, raw: object) -> Cell:
    if isinstance(raw, datetime):
        if raw.time().replace(microsecond=0) != datetime.min.time():
            raise CellFault("CELL_NOT_A_DAY")
        raw = raw.date()
    if isinstance(raw, str) and (found := _DAY.fullmatch(raw)):
        try:
            raw = date(*(int(part) for part in found.groups()))
        except ValueError:
            raise CellFault("CELL_NOT_A_DAY") from None
    if not isinstance(raw, date):
        raise CellFault("CELL_NOT_A_DAY")
    if not 1900 < raw.year < 2200:
        raise CellFault("CELL_NOT_A_DAY")
    return raw


def _read_yes_no(column: Column, raw: object) -> Cell:
    if isinstance(raw, bool):
        return raw
    found = _YES.get(str(int(raw) if isinstance(raw, float) and raw.is_integer() else raw).lower())
    if found is None:
        raise CellFault("CELL_NOT_A_CHOICE", choices="是、否")
    return found


def _not_read(column: Column, raw: object) -> Cell:
    raise CellFault("CELL_NOT_READ")


_READERS: Mapping[CellKind, Callable[[Column, object], Cell]] = MappingProxyType(
    {
        CellKind.TEXT: _read_text,
        CellKind.WHOLE: _read_whole,
        CellKind.DAY: _read_day,
        CellKind.YES_NO: _read_yes_no,
        CellKind.INSTANT: _not_read,
    }
)
