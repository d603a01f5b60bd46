"""Objections: what a unit says against its released result, inside the window the plan gives, and how it is answered.

Nothing becomes final while one is unanswered or the window runs. An upheld one sends the campaign back to be counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from chassis.clock import day_start, local_day
from chassis.errors import Conflict, NotAllowed
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.result import ObjectResult


class ObjectionState(Enum):
    """Where an objection stands."""

    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"


NEXT: dict[ObjectionState, frozenset[ObjectionState]] = {
    ObjectionState.FILED: frozenset({ObjectionState.UPHELD, ObjectionState.REJECTED}),
    ObjectionState.UPHELD: frozenset(),
    ObjectionState.REJECTED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection against one object's result in one count, or against one ledger entry charged in it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    campaign_id: str
    campaign_number: str
    object_id: str
    object_name: str
    count: int
    adjustment_id: str
    text: str
    state: ObjectionState
    filed_by: str
    filed_at: datetime
    answered_by: str = ""
    answered_at: datetime | None = None
    reasons: str = ""

    def answer(self, state: ObjectionState, by: str, reasons: str, at: datetime) -> Objection:
        """The objection with its answer. Raises Conflict OBJECTION_ANSWERED, NotAllowed OWN_OBJECTION to its filer."""
        if state not in NEXT[self.state]:
            raise Conflict("OBJECTION_ANSWERED", number=self.number)
        if by == self.filed_by:
            raise NotAllowed("OWN_OBJECTION")
        after = self.version + 1
        return replace(self, version=after, state=state, answered_by=by, answered_at=at, reasons=reasons)


def objections_until(campaign: Campaign) -> datetime | None:
    """The moment the window ends: the midnight after as many natural days as the plan gives, from the last release on.

    None where nothing is released, or the plan gives no days.
    """
    days = campaign.plan.publication.objection_days
    if campaign.released_at is None or campaign.state is State.CLOSED or not days:
        return None
    return day_start(local_day(campaign.released_at) + timedelta(days=days + 1))


def file_objection(
    id: str, number: str, campaign: Campaign, result: ObjectResult, adjustment_id: str, text: str, by: str, at: datetime
) -> Objection:
    """A new objection of the object's unit, of a district its office.

    Raises Conflict NOT_RELEASED before the release and while the result is counted again, OBJECTION_WINDOW_OVER after its
    days, ADJUSTMENT_NOT_CHARGED for a ledger entry that took nothing off this object.
    """
    until = objections_until(campaign)
    if campaign.state not in (State.RELEASED, State.FINAL):
        raise Conflict("NOT_RELEASED", number=campaign.number)
    if until is None or at >= until or campaign.state is State.FINAL:
        raise Conflict("OBJECTION_WINDOW_OVER", number=campaign.number)
    if adjustment_id and adjustment_id not in {charge.adjustment_id for charge in result.charges}:
        raise Conflict("ADJUSTMENT_NOT_CHARGED", "adjustment_id")
    return Objection(
        id=id,
        version=1,
        unit_path=result.unit_path,
        jurisdiction_path=result.jurisdiction_path,
        number=number,
        campaign_id=campaign.id,
        campaign_number=campaign.number,
        object_id=result.object_id,
        object_name=result.row.name,
        count=result.count,
        adjustment_id=adjustment_id,
        text=text,
        state=ObjectionState.FILED,
        filed_by=by,
        filed_at=at,
    )


def may_become_final(campaign: Campaign, unanswered: int, at: datetime) -> None:
    """Raises Conflict OBJECTION_OPEN while one is unanswered, OBJECTION_WINDOW_RUNS while units may still object."""
    if unanswered:
        raise Conflict("OBJECTION_OPEN", number=campaign.number, count=unanswered)
    until = objections_until(campaign)
    if until is not None and at < until:
        last_day = local_day(until) - timedelta(days=1)
        raise Conflict("OBJECTION_WINDOW_RUNS", number=campaign.number, until=last_day.isoformat())
