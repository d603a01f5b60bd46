"""The words findings, inspections and points are told in, and their life cycles as tables."""

from __future__ import annotations

from enum import Enum


class FindingStage(Enum):
    """Where a finding stands. Overdue and referred stand beside it: neither ends the duty to rectify."""

    RECORDED = "recorded"
    NOTIFIED = "notified"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"


# From RECORDED to SUBMITTED goes only what a unit found itself: it needs no order to set right what it reports.
FINDING_NEXT: dict[FindingStage, frozenset[FindingStage]] = {
    FindingStage.RECORDED: frozenset({FindingStage.NOTIFIED, FindingStage.SUBMITTED}),
    FindingStage.NOTIFIED: frozenset({FindingStage.RECTIFYING, FindingStage.SUBMITTED}),
    FindingStage.RECTIFYING: frozenset({FindingStage.SUBMITTED}),
    FindingStage.SUBMITTED: frozenset({FindingStage.VERIFIED, FindingStage.RECTIFYING}),
    FindingStage.VERIFIED: frozenset({FindingStage.CLOSED}),
    FindingStage.CLOSED: frozenset(),
}


class FoundBy(Enum):
    """How a finding was found."""

    INSPECTION = "inspection"
    POINT = "point"
    MONITORING = "monitoring"
    SELF = "self"


class LimitStep(Enum):
    """What a finding's limit is for."""

    ANSWER = "answer"
    RECTIFY = "rectify"


class Turn(Enum):
    """What a running limit does next by itself."""

    YELLOW = "yellow"
    RED = "red"
    REMIND = "remind"
    ESCALATE = "escalate"
    REFER = "refer"


class InspectionStage(Enum):
    """Where an inspection stands."""

    PLANNED = "planned"
    DRAWN = "drawn"
    SEALED = "sealed"
    UNDER_WAY = "under_way"
    RELEASED = "released"
    CLOSED = "closed"


INSPECTION_NEXT: dict[InspectionStage, frozenset[InspectionStage]] = {
    InspectionStage.PLANNED: frozenset({InspectionStage.DRAWN}),
    InspectionStage.DRAWN: frozenset({InspectionStage.SEALED}),
    InspectionStage.SEALED: frozenset({InspectionStage.UNDER_WAY}),
    InspectionStage.UNDER_WAY: frozenset({InspectionStage.RELEASED}),
    InspectionStage.RELEASED: frozenset({InspectionStage.CLOSED}),
    InspectionStage.CLOSED: frozenset(),
}

# Stages in which the seal holds: what was found is known to nobody outside the inspection and the office.
UNDER_SEAL = frozenset({InspectionStage.PLANNED, InspectionStage.DRAWN, InspectionStage.SEALED, InspectionStage.UNDER_WAY})


class InspectionKind(Enum):
    """In what manner an inspection is done."""

    OPEN = "open"
    UNDERCOVER = "undercover"
    SPOT = "spot"
    TELEPHONE = "telephone"
    PATROL = "patrol"
    UNDERCOVER_AGENT = "undercover_agent"

    @property
    def undercover(self) -> bool:
        """Whether the inspectors did not say who they were; such findings open the question of the leaders."""
        return self in (InspectionKind.UNDERCOVER, InspectionKind.UNDERCOVER_AGENT, InspectionKind.TELEPHONE)


class PointKind(Enum):
    """What kind of place a monitoring point is."""

    ENTERPRISE = "enterprise"
    SITE = "site"
    TRADER = "trader"
    COMMUNITY = "community"
    BODY = "body"


class ReportOutcome(Enum):
    """What became of a point's report."""

    WAITING = "waiting"
    INSPECTION = "inspection"
    FINDING = "finding"
    SET_ASIDE = "set_aside"
