"""Monitoring points, the rounds they are asked in, their reports, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid
from services.supervision.domain.notice import Evidence
from services.supervision.domain.words import PointKind, ReportOutcome


@dataclass(frozen=True, slots=True)
class Point:
    """A monitoring point and the account that reports for it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    name: str
    kind: PointKind
    phone: str
    account_id: str
    appointed_on: date
    ended_on: date | None = None

    def end(self, on: date) -> Point:
        """Ends the appointment. Refused with POINT_ENDED."""
        self.must_be_appointed()
        return replace(self, version=self.version + 1, ended_on=on)

    def must_be_appointed(self) -> None:
        """Refuses with POINT_ENDED once the appointment is over."""
        if self.ended_on is not None:
            raise Conflict("POINT_ENDED")


@dataclass(frozen=True, slots=True)
class Round:
    """Points asked to look at something between two days."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    title: str
    text: str
    opens_on: date
    closes_on: date
    opened_at: datetime

    def __post_init__(self) -> None:
        if self.closes_on < self.opens_on:
            raise Invalid("DAYS_REVERSED", "closes_on")

    def must_be_open(self, today: date) -> None:
        """Refuses with ROUND_NOT_OPEN outside its days."""
        if not self.opens_on <= today <= self.closes_on:
            raise Conflict("ROUND_NOT_OPEN", first=self.opens_on, last=self.closes_on)


@dataclass(frozen=True, slots=True)
class PointReport:
    """What a point saw. Its row belongs to no unit: the unit it is about does not read it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    point_id: str
    account_id: str
    round_id: str | None
    about_unit_path: str
    title: str
    text: str
    evidence: tuple[Evidence, ...]
    occurred_at: datetime
    reported_at: datetime
    outcome: ReportOutcome = ReportOutcome.WAITING
    outcome_id: str | None = None
    outcome_reason: str = ""

    def settle(self, outcome: ReportOutcome, outcome_id: str | None = None, reason: str = "") -> PointReport:
        """Says what became of it. Refused with POINT_REPORT_SETTLED once something has."""
        if self.outcome is not ReportOutcome.WAITING:
            raise Conflict("POINT_REPORT_SETTLED", outcome=self.outcome.value)
        changes = {"outcome": outcome, "outcome_id": outcome_id, "outcome_reason": reason}
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def for_its_point(self) -> PointReport:
        """What the point may read: that it was taken up, but not which inspection may be on its way."""
        if self.outcome is ReportOutcome.INSPECTION:
            return replace(self, outcome_id=None)
        return self


def report(point: Point, round: Round | None, today: date, **fields: object) -> PointReport:
    """A report of a point, in a round or at any time. Refused with POINT_ENDED, ROUND_NOT_OPEN, OCCURRED_IN_FUTURE."""
    point.must_be_appointed()
    if round is not None:
        round.must_be_open(today)
    said = PointReport(
        version=1,
        unit_path="",
        jurisdiction_path=point.jurisdiction_path,
        point_id=point.id,
        account_id=point.account_id,
        round_id=round.id if round is not None else None,
        **fields,  # type: ignore[arg-type]
    )
    if said.occurred_at > said.reported_at:
        raise Invalid("OCCURRED_IN_FUTURE", "occurred_at")
    return said
