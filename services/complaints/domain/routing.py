"""Where a complaint goes when it turns out to lie with the accused: to the unit above, or to the office above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import Dispatched, about
from services.complaints.domain.recusal import PostHeld, above_accused
from services.complaints.domain.stages import WITH_UNIT, Stage

REROUTED, HANDED_UP = "reroute", "hand_up"
_LEFT_WITH_UNIT = WITH_UNIT | {Stage.REPORTED}


def rerouted(complaint: Complaint, place: str, posts: Iterable[PostHeld], at: datetime) -> Change | None:
    """The complaint taken away from a unit the accused works in or leads, and from an office they lead.

    The unit above begins anew: nobody has signed for it there, and a report of the accused's own unit counts for nothing.
    `place` is the jurisdiction whose office may handle it. None where nothing has to move.
    """
    held = tuple(posts)
    unit = complaint.unit_path
    if complaint.stage in _LEFT_WITH_UNIT and unit:
        unit = above_accused(unit, complaint.jurisdiction_path, held)
        unit = place if unit == complaint.jurisdiction_path else unit
    if (unit, place) == (complaint.unit_path, complaint.jurisdiction_path):
        return None
    after = replace(complaint, version=complaint.version + 1, jurisdiction_path=place)
    if unit == complaint.unit_path:
        return Change(after, HANDED_UP)
    stage = Stage.SENT_BACK if complaint.stage is Stage.REPORTED else complaint.stage
    after = replace(after, unit_path=unit, stage=stage, signed_for_by="", report=None, dispatched_at=at)
    track = complaint.disposal.track.value if complaint.disposal else ""
    return Change(after, REROUTED, Dispatched(**about(after), track=track))
