"""Opening a sealed identity: asked for by one, granted by another, for a named reader, a purpose and a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from chassis.errors import Conflict, Invalid, NotAllowed


class RequestState(Enum):
    """Where a request to read an identity stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """Somebody's wish to read who raised one complaint, and what was decided about it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    state: RequestState
    asked_by: str
    reader: str
    purpose: str
    asked_at: datetime
    decided_by: str = ""
    good_until: datetime | None = None

    def decide(self, granted: bool, by: str, hours: int, most_hours: int, at: datetime) -> IdentityRequest:
        """Grants or refuses.

        Refused with IDENTITY_REQUEST_DECIDED the second time, SAME_PERSON for who asked or who is to read, GRANT_TOO_LONG
        for no time at all or more than the setting gives.
        """
        if self.state is not RequestState.ASKED:
            raise Conflict("IDENTITY_REQUEST_DECIDED")
        if by in (self.asked_by, self.reader):
            raise NotAllowed("SAME_PERSON")
        if granted and not 0 < hours <= most_hours:
            raise Invalid("GRANT_TOO_LONG", "hours", most=most_hours)
        return replace(
            self,
            version=self.version + 1,
            state=RequestState.GRANTED if granted else RequestState.REFUSED,
            decided_by=by,
            good_until=at + timedelta(hours=hours) if granted else None,
        )

    def opens_for(self, reader: str, at: datetime) -> bool:
        """Whether it lets this person read now."""
        good = self.good_until is not None and at < self.good_until
        return self.state is RequestState.GRANTED and reader == self.reader and good


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the identity log: who did what about whose identity, and why. `version` is 1; a line never changes."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    at: datetime
    complaint_id: str | None
    number: str
    identity_request_id: str | None
    act: str
    actor: str
    reader: str
    purpose: str


@dataclass(frozen=True, slots=True)
class LogFault:
    """A line of a log that is only added to which is no longer as it was written: changed, missing, or added by nobody."""

    log: str
    line_id: str
    kind: str
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class WantedLooks:
    """Which lines of the log are asked for; what is empty filters nothing."""

    complaint_id: str = ""
    number: str = ""
    act: str = ""
    actor: str = ""
    reader: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class WantedRequests:
    """Which requests to read are asked for; what is empty filters nothing."""

    id: str = ""
    complaint_id: str = ""
    state: RequestState | None = None
