"""What a workbook would change or has changed, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from chassis.errors import Refusal


class ImportAct(Enum):
    """What a row does."""

    ADDED = "added"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row that would write something, or is refused. `changes` are header, before, after."""

    sheet: str
    row: int
    act: ImportAct
    key: str
    changes: tuple[tuple[str, str, str], ...]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole workbook. `rows` may be cut short, the counts never are."""

    applied: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    rows: tuple[ImportRow, ...]
