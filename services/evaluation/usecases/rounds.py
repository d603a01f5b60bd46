"""The campaign before: who of it is in a later round, and what it said of the objects rated again.

Only what the campaign before publishes is carried over, and its scores and grades only once it is released.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from chassis.tx import is_id
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.plan import Before, End, ObjectGroup, Plan, RatedObject, Taken
from services.evaluation.domain.result import ResultRow, rounded
from services.evaluation.storage import counts
from services.evaluation.storage.schema import CAMPAIGNS


@dataclass(frozen=True, slots=True)
class Round:
    """A counted campaign, with its lines by the subject they are about."""

    campaign: Campaign
    rows: dict[tuple[str, str], ResultRow]

    def objects(self, group: ObjectGroup, former: Plan | None) -> tuple[RatedObject, ...]:
        """The objects of a group in the order of the ballot before; those given, where nothing is taken.

        A plan that is amended keeps those it took: a new count of the round before changes nobody's ballot. Raises Invalid
        FOLLOWS_GROUP_UNKNOWN, FOLLOWS_NOBODY.
        """
        if group.taken is None:
            return group.objects
        kept = self._kept(group, former)
        if kept:
            return kept
        chosen = {row.object_id for row in self._chosen(group.taken)}
        of = next(one for one in self.campaign.plan.object_groups if one.key == group.taken.object_group)
        return tuple(one for one in of.objects if one.object_id in chosen)

    def _kept(self, group: ObjectGroup, former: Plan | None) -> tuple[RatedObject, ...]:
        if former is None or former.follows != self.campaign.id:
            return ()
        return next((one.objects for one in former.object_groups if (one.key, one.taken) == (group.key, group.taken)), ())

    def _chosen(self, taken: Taken) -> list[ResultRow]:
        """Those taken, and whoever shares the rank of the last one of them."""
        if taken.object_group not in {one.key for one in self.campaign.plan.object_groups}:
            raise Invalid("FOLLOWS_GROUP_UNKNOWN", "plan.object_groups", key=taken.object_group)
        ranked = self._ranked(taken.object_group)
        if not ranked:
            raise Invalid("FOLLOWS_NOBODY", "plan.object_groups", key=taken.object_group)
        if taken.end is End.FIRST:
            line = ranked[: taken.number][-1].rank
            return [row for row in ranked if row.rank <= line]
        line = ranked[-taken.number :][0].rank
        return [row for row in ranked if row.rank >= line]

    def _ranked(self, group: str) -> list[ResultRow]:
        rows = (row for row in self.rows.values() if row.object_group == group and row.rank)
        return sorted(rows, key=lambda row: row.rank)

    def said_of(self, one: RatedObject) -> Before | None:
        """What the campaign before publishes about an object; None if it did not rate it."""
        row = self.rows.get(one.subject)
        if row is None:
            return None
        plan, what = self.campaign.plan, self.campaign.plan.publication.what
        said = Before(self.campaign.number, row.object_group)
        if self.campaign.public and what in (Publish.FULL, Publish.RANKED) and row.rank:
            said = replace(said, rank=row.rank, of=len(self._ranked(row.object_group)))
        if not self.campaign.public or what is Publish.NOT_PUBLIC or row.total is None:
            return said
        score = rounded(row.total, plan.lines.decimals) if what is Publish.FULL else ""
        return replace(said, score=score, grade=next(grade.name for grade in plan.lines.grades if grade.key == row.grade))


def round_before(tx: Tx, campaign_id: str) -> Round:
    """The campaign that a plan follows. Raises Invalid FOLLOWS_UNKNOWN, Conflict FOLLOWS_NOT_COUNTED."""
    campaign = tx.find(CAMPAIGNS, CAMPAIGNS.table.c.id == campaign_id) if is_id(campaign_id) else None
    if campaign is None:
        raise Invalid("FOLLOWS_UNKNOWN", "plan.follows", campaign=campaign_id)
    if campaign.counted_at is None:
        raise Conflict("FOLLOWS_NOT_COUNTED", "plan.follows", number=campaign.number)
    subjects = {one.object_id: one.subject for one in campaign.plan.objects}
    # Once it is public its last released count is the result; one that corrects it says nothing before its own release.
    last = counts.last(tx, campaign.id, released=campaign.public)
    rows = counts.rows(tx, campaign.id, last.count) if last else []
    return Round(campaign, {subjects[row.object_id]: row for row in rows})
