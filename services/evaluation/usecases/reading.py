"""Reading a whole box: every ballot once, for the count, the turnout and, where asked, the proof that nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from chassis.auth import covers
from chassis.store import Tx, under
from services.evaluation.domain.adjustment import Adjustment, Deduction, deduct
from services.evaluation.domain.ballot import BallotClass, Paper
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Cause, Revote
from services.evaluation.domain.plan import ObjectKind, Plan
from services.evaluation.domain.result import GroupTurnout
from services.evaluation.log import Frontier, leaf_type, suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import pages
from services.evaluation.storage.schema import ADJUSTMENTS
from services.evaluation.tally.counts import Counts, Matrix, count

PORTION, PORTION_BYTES = 5_000, 32 << 20  # ballots read at once, and their bytes, though never less than a page
MOST_CLASSES = 256  # a class is one byte of a leaf


@dataclass(frozen=True, slots=True)
class Read:
    """A whole box, read once. `frontier` was grown from the stored ballots themselves if that was asked for; `first_ballots`
    are those before which none was cast under the same code."""

    counts: Counts
    turnout: tuple[GroupTurnout, ...]
    frontier: Frontier
    first_ballots: int


class Reader:
    """Reads the first `size` ballots of a campaign's box, the last ones first.

    A ballot cast again names the one before it: read backwards, what another one stands in place of is known when its
    turn comes. So one pass is enough, and of a box of any size only a portion is in memory, and a mark for each ballot.
    """

    def __init__(self, tx: Tx, campaign: Campaign, size: int, prove: bool = False) -> None:
        self._tx, self._campaign, self._size, self._prove = tx, campaign, size, prove
        self._paper = Paper(campaign.plan)
        self._groups = len(campaign.plan.rater_groups)
        self._again = np.zeros(size, dtype=bool)
        self._received = np.zeros((self._groups, MOST_CLASSES), dtype=np.int64)
        self._superseded = np.zeros(self._groups, dtype=np.int64)
        self._first_ballots = 0
        self._leaf_hashes: list[list[bytes]] = []

    def read(self) -> Read:
        """Counts everything from nothing."""
        plan = self._campaign.plan
        counts = count(plan, self._portions())
        issued = boxes.issued(self._tx, self._campaign.id)
        turnout = [self._turnout(group, issued.get(group, 0), counts.ballots[group]) for group in range(self._groups)]
        leaf_hashes = chain.from_iterable(reversed(self._leaf_hashes))
        frontier = Frontier(suite=suite_of(plan.suite)).grown(leaf_hashes)
        return Read(counts, tuple(turnout), frontier, self._first_ballots)

    def _portions(self) -> Iterator[tuple[Matrix, npt.NDArray[np.intp]]]:
        """The ratings of the ballots that count, and their rater groups."""
        counting = [one.value for one in self._paper.counting_classes]
        row = leaf_type(self._paper.cells)
        step = max(1, min(PORTION, PORTION_BYTES // row.itemsize))
        for start in reversed(range(0, self._size, step)):
            first, leaves = pages.begun(self._tx, self._campaign.id, start, min(start + step, self._size))
            if not leaves:  # no page begins among so few
                continue
            table = np.frombuffer(leaves, dtype=row)
            if self._prove:
                self._leaf_hashes.append(self._hashed(leaves, table.dtype.itemsize))
            group = table["group"].astype(np.intp)
            np.add.at(self._received, (group, table["class"]), 1)
            gone = self._gone(first, table)
            self._superseded += np.bincount(group[gone], minlength=self._groups)
            good = np.isin(table["class"], counting) & ~gone
            yield (table["ratings"], group) if good.all() else (table["ratings"][good], group[good])

    def _gone(self, first: int, table: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
        """Which of these ballots, from position `first` on, another one under the same code stands in place of."""
        again = table["ordinal"] > 0
        self._first_ballots += len(table) - int(again.sum())
        if self._campaign.plan.revote is Revote.FIRST_COUNTS:
            return again
        if self._campaign.plan.revote is Revote.LAST_COUNTS:
            self._again[table["earlier"][again].astype(np.intp)] = True
        return self._again[first : first + len(table)]

    def _hashed(self, leaves: bytes, width: int) -> list[bytes]:
        leaf = suite_of(self._campaign.plan.suite).leaf
        return [leaf(leaves[at : at + width]) for at in range(0, len(leaves), width)]

    def _turnout(self, group: int, issued: int, counted: int) -> GroupTurnout:
        received = self._received[group].tolist()
        classes = {one: received[one.value] for one in BallotClass}
        return GroupTurnout(issued, sum(classes.values()), counted, int(self._superseded[group]), classes)


def entries(tx: Tx, campaign: Campaign, first: int, size: int) -> bytes:
    """The leaves of the ballots from place `first` up to `size`, one after another."""
    return pages.between(tx, campaign.id, first, size, leaf_type(campaign.plan.cells).itemsize)


def deductions(tx: Tx, plan: Plan, until: datetime | None = None) -> list[Deduction]:
    """What comes off each object, in the order of the ballot: entries of the year at or under its unit or district.

    An official answers for the measures taken against that person only, in whatever unit, and for nothing else there.
    With `until`, entries made later are left out: a corrected count puts right what was wrong and takes in nothing new.
    """
    table = ADJUSTMENTS.table
    query = sa.select(table).where(table.c.year == plan.year, under(table.c.unit_path, plan.jurisdiction_path))
    entries: dict[str, list[Adjustment]] = {}
    own: dict[str, list[Adjustment]] = {}
    for row in tx.rows(query.order_by(table.c.happened_at, table.c.id)):
        entry = ADJUSTMENTS.value(row)
        if until is not None and entry.entered_at > until:
            continue
        path = entry.unit_path
        if entry.cause is Cause.MEASURE and entry.party:
            own.setdefault(entry.party, []).append(entry)
        while path and covers(plan.jurisdiction_path, path):
            entries.setdefault(path, []).append(entry)
            path = path.rpartition("/")[0]
    return [
        deduct(
            plan.points_off,
            own.get(one.official_id, ()) if one.kind is ObjectKind.OFFICIAL else entries.get(one.unit_path, ()),
        )
        for one in plan.objects
    ]
