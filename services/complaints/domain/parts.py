"""Cooperating units: each is asked for a part, signs for it and hands it in; the unit that leads answers for the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from chassis.errors import Conflict
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.recusal import PostHeld, check_receiver


class PartState(Enum):
    """Where a part stands."""

    ASKED = "asked"
    SIGNED_FOR = "signed_for"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Part:
    """What one cooperating unit is asked for. What it answers stands in the timeline of the complaint."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    lead_unit_path: str
    state: PartState
    asked_at: datetime
    asked_by: str
    signed_for_by: str = ""
    reported_by: str = ""
    reported_at: datetime | None = None


def asked(id: str, complaint: Complaint, unit_path: str, by: str, at: datetime) -> Part:
    """The part a unit is asked for, as it begins."""
    return Part(
        id=id,
        version=1,
        unit_path=unit_path,
        jurisdiction_path=complaint.jurisdiction_path,
        complaint_id=complaint.id,
        number=complaint.number,
        lead_unit_path=complaint.unit_path,
        state=PartState.ASKED,
        asked_at=at,
        asked_by=by,
    )


def check_cooperating(path: str, place: str, there: Iterable[str], posts: Iterable[PostHeld]) -> None:
    """Refuses a unit that leads or cooperates already (UNIT_ALREADY_THERE), and one that may not have it at all.

    The latter with UNIT_ELSEWHERE or DISPATCH_TO_ACCUSED: a part is as much as the whole to whoever is accused.
    """
    if path in there:
        raise Conflict("UNIT_ALREADY_THERE", "unit_path")
    check_receiver(path, place, posts)


def ask(complaint: Complaint, text: str) -> Change:
    """One more unit is asked for a part."""
    return Change(complaint.change("AskPart"), "ask_part", text=text)


def sign_for(part: Part, complaint: Complaint, by: str) -> tuple[Part, Change]:
    """The cooperating unit takes its part over. Refused with ALREADY_SIGNED_FOR."""
    change = Change(complaint.change("SignForPart"), "sign_for_part")
    if part.state is not PartState.ASKED:
        raise Conflict("ALREADY_SIGNED_FOR")
    return replace(part, version=part.version + 1, state=PartState.SIGNED_FOR, signed_for_by=by), change


def report(part: Part, complaint: Complaint, by: str, text: str, at: datetime) -> tuple[Part, Change]:
    """The cooperating unit hands its part in. Refused with NOT_SIGNED_FOR, ALREADY_REPORTED."""
    change = Change(complaint.change("ReportPart"), "report_part", text=text)
    if part.state is PartState.ASKED:
        raise Conflict("NOT_SIGNED_FOR")
    if part.state is PartState.REPORTED:
        raise Conflict("ALREADY_REPORTED")
    handed_in = replace(part, version=part.version + 1, state=PartState.REPORTED, reported_by=by, reported_at=at)
    return handed_in, change
