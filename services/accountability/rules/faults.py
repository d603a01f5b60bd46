"""What is wrong with a pack or with a question put to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default

from chassis.errors import Conflict, Invalid

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at one cell. `row` is empty for the head of the pack; an error forbids the pack, a warning does not.

    `off` marks what is said of a row that is off. Of a workbook also where it stands: `sheet`, `line` as Excel numbers it
    (0: the whole sheet), and the `cell`'s address.
    """

    row: str
    field: str
    reason: str
    params: Mapping[str, str] = default(default_factory=dict)
    error: bool = True
    sheet: str = ""
    line: int = 0
    cell: str = ""
    off: bool = False

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.params.items())
        where = f"{self.sheet}!{self.cell}" if self.sheet else f"{self.row or 'head'}.{self.field}"
        return f"{where}: {self.reason}" + (f" ({said})" if said else "")


class PackFaulty(Invalid):
    """A pack cannot be read; every fault is in `faults`, the first twenty are in the sentence."""

    def __init__(self, faults: Iterable[Fault], given: str = "pack_text") -> None:
        self.faults = tuple(faults)
        listed = "; ".join(str(fault) for fault in self.faults[:SHOWN])
        super().__init__("RULE_PACK_FAULTY", given, count=len(self.faults), faults=listed)


class InputMissing(Conflict):
    """A row asks for something the facts do not say."""

    def __init__(self, row: str, column: str, party: str) -> None:
        super().__init__("INPUT_MISSING", column, row=row, column=column, party=party)


class RowUnreadable(Conflict):
    """A stored rule version cannot be read any more; nothing is judged with what is left of it."""

    def __init__(self, version: str, faults: str) -> None:
        super().__init__("ROW_UNREADABLE", "", version=version, faults=faults)
