"""Reading a whole box: every ballot once, for the count, the turnout and, where asked, the proof that nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import covers
from chassis.store import Tx, under
from services.evaluation.domain.adjustment import Adjustment, Deduction, deduct
from services.evaluation.domain.ballot import BallotClass, Paper
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import GroupTurnout
from services.evaluation.log import NONE_EARLIER, Frontier, leaf_entry, suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage.schema import ADJUSTMENTS
from services.evaluation.tally.counts import Counts, count


@dataclass(frozen=True, slots=True)
class Read:
    """A whole box, read once. `frontier` was grown from the stored ballots themselves if that was asked for."""

    counts: Counts
    turnout: tuple[GroupTurnout, ...]
    frontier: Frontier


class Reader:
    """Reads the first `size` ballots of a campaign's box."""

    def __init__(self, tx: Tx, campaign: Campaign, size: int, prove: bool = False) -> None:
        self._tx, self._campaign, self._size, self._prove = tx, campaign, size, prove
        self._counting = {one.value for one in Paper(campaign.plan).counting_classes}
        self._earlier = boxes.earlier(tx, campaign.id) if prove else {}
        self._superseded = boxes.superseded(tx, campaign.id, campaign.plan.revote)
        self._received: Counter[tuple[int, int]] = Counter()
        self._counted: Counter[int] = Counter()
        self._gone: Counter[int] = Counter()
        self._frontier = Frontier(suite=suite_of(campaign.plan.suite))

    def read(self) -> Read:
        """Counts everything from nothing."""
        counts = count(self._campaign.plan, self._portions())
        issued = boxes.issued(self._tx, self._campaign.id)
        groups = range(len(self._campaign.plan.rater_groups))
        return Read(counts, tuple(self._turnout(group, issued.get(group, 0)) for group in groups), self._frontier)

    def _portions(self) -> Iterator[tuple[list[bytes], list[int]]]:
        for rows in boxes.portions(self._tx, self._campaign.id, self._size):
            if self._prove:
                leaf = self._frontier.suite.leaf
                entries = (_entry(row, self._earlier.get(row.position, NONE_EARLIER)) for row in rows)
                self._frontier = self._frontier.grown(map(leaf, entries))
            ballots, groups = [], []
            for row in rows:
                position, group, ballot_class = row.position, row.rater_group, row._mapping["class"]
                self._received[group, ballot_class] += 1
                if position in self._superseded:
                    self._gone[group] += 1
                elif ballot_class in self._counting:
                    self._counted[group] += 1
                    ballots.append(row.ratings)
                    groups.append(group)
            yield ballots, groups

    def _turnout(self, group: int, issued: int) -> GroupTurnout:
        classes = {one: self._received[group, one.value] for one in BallotClass}
        return GroupTurnout(issued, sum(classes.values()), self._counted[group], self._gone[group], classes)


def entries(tx: Tx, campaign_id: str, first: int, size: int) -> list[bytes]:
    """The bytes of the leaves of the ballots from place `first` up to `size`."""
    earlier = boxes.earlier(tx, campaign_id)
    rows = (row for portion in boxes.portions(tx, campaign_id, size, first) for row in portion)
    return [_entry(row, earlier.get(row.position, NONE_EARLIER)) for row in rows]


def _entry(row: sa.Row[Any], earlier: int) -> bytes:
    found = (row.rater_group, row.channel, row.batch, row._mapping["class"], row.ordinal)
    return leaf_entry(row.salt, *found, earlier, row.ratings)


def deductions(tx: Tx, plan: Plan) -> list[Deduction]:
    """What comes off each object, in the order of the ballot: entries of the year at or under its unit."""
    table = ADJUSTMENTS.table
    query = sa.select(table).where(table.c.year == plan.year, under(table.c.unit_path, plan.jurisdiction_path))
    entries: dict[str, list[Adjustment]] = {}
    for row in tx.rows(query.order_by(table.c.happened_at, table.c.id)):
        entry = ADJUSTMENTS.value(row)
        path = entry.unit_path
        while path and covers(plan.jurisdiction_path, path):
            entries.setdefault(path, []).append(entry)
            path = path.rpartition("/")[0]
    return [deduct(plan.points_off, entries.get(one.unit_path, ())) for one in plan.objects]
