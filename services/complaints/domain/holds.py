"""Holds: what keeps a complaint from being anonymised or erased although its time has come.

Somebody sets one with a reason and a last day; an accountability case that came from the complaint sets one until the case
is closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class RetentionHold:
    """One hold. `until` is its last day, None for a case; `reason` is sealed with the complaint.

    `joined` while its case has been joined to another one that has not been heard to name the complaint yet.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    case_id: str
    case_number: str
    reason: str
    placed_by: str
    placed_at: datetime
    until: date | None
    ended_by: str = ""
    ended_at: datetime | None = None
    joined: bool = False

    def end(self, by: str, at: datetime) -> RetentionHold:
        """Ends it before its day. Refused with HOLD_ENDED, and with HOLD_OF_CASE: that one ends with its case."""
        if self.ended_at is not None:
            raise Conflict("HOLD_ENDED", number=self.number)
        if self.case_id:
            raise Conflict("HOLD_OF_CASE", number=self.number, case=self.case_number)
        return self.over(by, at)

    def over(self, by: str, at: datetime) -> RetentionHold:
        """It keeps nothing any more."""
        return replace(self, version=self.version + 1, ended_by=by, ended_at=at)

    def case_joined(self) -> RetentionHold:
        """Its case goes on as part of another."""
        return replace(self, version=self.version + 1, joined=True)

    def moved(self, case_id: str, case_number: str) -> RetentionHold:
        """The other case has named the complaint: that one sets it now."""
        return replace(self, version=self.version + 1, case_id=case_id, case_number=case_number, joined=False)


def checked_day(until: date | None, today: date) -> date:
    """The last day of a hold. Refused with DAY_INVALID where there is none, HOLD_DAY_PAST for one that is over."""
    if until is None:
        raise Invalid("DAY_INVALID", "until")
    if until < today:
        raise Invalid("HOLD_DAY_PAST", "until", day=until.isoformat())
    return until
