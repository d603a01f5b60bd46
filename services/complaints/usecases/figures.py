"""Figures: asked for, and kept by timers so that they are quick however long the ledger is."""

from __future__ import annotations

from datetime import datetime

from chassis.auth import Caller
from services.complaints.domain.views import Figures, Filter
from services.complaints.storage import figures, folding, ledger
from services.complaints.usecases.desk import Desk

Statistics = tuple[list[Figures], Figures, datetime]
STEPS = 50
"""Steps of one run of the timer; what is left is for the next."""
SERVICE = Caller.service("complaints", "fold_figures")


class FigureCases:
    """Counting."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def statistics(self, caller: Caller, wanted: Filter, by: str, as_of: datetime | None) -> Statistics:
        """Counts by one key as of a moment, and their sum."""
        with self._desk.store.read(caller) as tx:
            rows = figures.quick(tx, wanted, by) if as_of is None else None
            if rows is None:
                conditions = ledger.conditions(tx, wanted)
                if wanted.text:
                    conditions.append(ledger.holds(tx, self._desk.contents, wanted.text))
                rows = figures.slow(tx, conditions, by, as_of or tx.now)
            return rows, sum(rows, start=Figures("")), as_of or tx.now

    def fold(self) -> int:
        """Counts in what has changed; says in how many steps."""
        taken, more = 0, True
        while more and taken < STEPS:
            with self._desk.store.begin(SERVICE) as tx:
                more = folding.step(tx)
            taken += 1
        return taken

    def hash_words(self) -> int:
        """Hashes the words of complaints filed before words were hashed by week; says of how many."""
        with self._desk.store.begin(SERVICE) as tx:
            return ledger.hash_words(tx, self._desk.contents)
