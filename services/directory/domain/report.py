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
    """One row, as Excel numbers it, that would write something or is refused. `changes` are header, before, after."""

    sheet: str
    number: int
    act: ImportAct
    key: str
    changes: tuple[tuple[str, str, str], ...]
    refusal: Refusal | None

    @property
    def field(self) -> str:
        """The header of the column at fault; of the columns that change."""
        return self.refusal.field if self.refusal else "、".join(header for header, _, _ in self.changes)

    @property
    def reason(self) -> str:
        """Why it is refused, else what it does."""
        return self.refusal.reason if self.refusal else self.act.value


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole workbook. `rows` may be cut short, the counts never are."""

    applied: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    rows: tuple[ImportRow, ...]
