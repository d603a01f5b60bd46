"""Reading the cells of a row: each column takes its own form, and every word in it must be known.

    severity = ["minor", "ordinary"]            one of these
    severity = { from = "heavier" }             this or heavier; also to, or both
    role = ["direct"]                           one of these
    mitigating = { none_of = ["self_report"] }  also any_of, all_of
    repeats = { at_least = 2, months = 12 }     counting this time, within the months before

Any other form is a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from services.accountability.rules.faults import Fault
from services.accountability.rules.table import Condition
from services.accountability.rules.words import CHOICES, COUNT, ORDERED, SETS, Trigger


class Cells:
    """Reads the condition cells of one row and notes every fault; a cell at fault gives no condition."""

    def __init__(self, row: str, circumstances: dict[str, Collection[str]], faults: list[Fault]) -> None:
        self.row = row
        self.faults = faults
        self.known: dict[str, Collection[str]] = {"trigger": tuple(Trigger), **circumstances}

    def read(self, column: str, cell: Any) -> Iterator[Condition]:
        """The conditions of one cell."""
        if column in ORDERED:
            yield from self._ordered(column, cell)
        elif column in CHOICES:
            if self._words(column, cell, tuple(CHOICES[column])):
                yield Condition(column, "is", tuple(cell))
        elif column in SETS:
            yield from self._set(column, cell)
        elif column == COUNT:
            yield from self._count(cell)
        else:
            self.fault(column, "UNKNOWN_COLUMN")

    def fault(self, column: str, reason: str, **params: str) -> None:
        """Notes a fault of this row."""
        self.faults.append(Fault(self.row, column, reason, params))

    def _ordered(self, column: str, cell: Any) -> Iterator[Condition]:
        words = tuple(ORDERED[column])
        if isinstance(cell, list):
            if self._words(column, cell, words):
                yield Condition(column, "is", tuple(cell))
            return
        if not self._table(column, cell, {"from", "to"}):
            return
        bounds = {name: cell[name] for name in ("from", "to") if name in cell}
        if not self._words(column, list(bounds.values()), words):
            return
        if len(bounds) == 2:
            if words.index(cell["from"]) > words.index(cell["to"]):
                self.fault(column, "NEVER_TRUE")
                return
            yield Condition(column, "between", (cell["from"], cell["to"]))
        else:
            (operator, word), *_ = bounds.items()
            yield Condition(column, operator, (word,))

    def _set(self, column: str, cell: Any) -> Iterator[Condition]:
        if not self._table(column, cell, {"any_of", "all_of", "none_of"}):
            return
        if set(cell.get("none_of", ())) & set(cell.get("all_of", ())):
            self.fault(column, "NEVER_TRUE")
        for operator, words in cell.items():
            if self._words(column, words, self.known[column]):
                yield Condition(column, operator, tuple(words))

    def _count(self, cell: Any) -> Iterator[Condition]:
        if not self._table(COUNT, cell, {"at_least", "at_most", "months"}):
            return
        if any(type(value) is not int or value < 1 for value in cell.values()):
            self.fault(COUNT, "NOT_A_COUNT")
            return
        months = cell.get("months", 0)
        if not months:
            self.fault(COUNT, "WINDOW_MISSING")
        elif cell.get("at_most", cell.get("at_least", 1)) < cell.get("at_least", 1):
            self.fault(COUNT, "NEVER_TRUE")
        else:
            for operator in ("at_least", "at_most"):
                if operator in cell:
                    yield Condition(COUNT, operator, (str(cell[operator]),), months)

    def _table(self, column: str, cell: Any, keys: set[str]) -> bool:
        if not isinstance(cell, dict) or not cell:
            self.fault(column, "WRONG_TYPE", wanted="{ " + ", ".join(sorted(keys)) + " }")
            return False
        for key in sorted(set(cell) - keys):
            self.fault(column, "UNKNOWN_WORD", word=str(key))
        return set(cell) <= keys

    def _words(self, column: str, cell: Any, known: Collection[str]) -> bool:
        if not isinstance(cell, list) or not cell or not all(isinstance(word, str) for word in cell):
            self.fault(column, "WRONG_TYPE", wanted="[ words ]")
            return False
        unknown = [word for word in cell if word not in known]
        for word in unknown:
            self.fault(column, "UNKNOWN_WORD", word=word)
        if len(set(cell)) != len(cell):
            self.fault(column, "WORD_TWICE")
        return not unknown and len(set(cell)) == len(cell)
