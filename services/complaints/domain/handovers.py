"""What leaves for an organ outside: reports of bribery or breach of discipline, and suspected secrets.

First the parcel is taken and handed over on paper, then what it said is erased here, then the organ's receipt is kept. What
may be a secret is isolated first: the key that opens it is taken away from it, so that nothing here can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain import clocks, facts
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import about
from services.complaints.domain.intake import Content
from services.complaints.domain.stages import Manner, Stage
from workdays import Calendar, Due, Limit, LimitKind, due

ISOLATED = "isolated"  # why the clock of an isolated complaint stands still


class HandoverKind(Enum):
    """Which organ outside."""

    DISCIPLINE = "discipline"
    SECRET = "secret"


class HandoverState(Enum):
    """How far it is."""

    SUSPECTED = "suspected"
    PARCEL_TAKEN = "parcel_taken"
    HANDED_OVER = "handed_over"
    RECEIPTED = "receipted"
    DISMISSED = "dismissed"


NEXT: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.SUSPECTED: frozenset({HandoverState.PARCEL_TAKEN, HandoverState.DISMISSED}),
    HandoverState.PARCEL_TAKEN: frozenset({HandoverState.HANDED_OVER, HandoverState.DISMISSED}),
    HandoverState.HANDED_OVER: frozenset({HandoverState.RECEIPTED}),
    HandoverState.RECEIPTED: frozenset(),
    HandoverState.DISMISSED: frozenset({HandoverState.PARCEL_TAKEN}),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """A complaint on its way to an organ outside.

    Its limit of days counts `since` the complaint came in. `held_key` opens an isolated one; it lies nowhere else.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    kind: HandoverKind
    state: HandoverState
    opened_by: str
    opened_at: datetime
    since: datetime
    budget: Limit | None
    taken_by: str = ""
    taken_at: datetime | None = None
    organ: str = ""
    handed_over_by: str = ""
    handed_over_at: datetime | None = None
    receipt_number: str = ""
    receipted_on: date | None = None
    held_key: bytes | None = None

    def hand_over_by(self, calendar: Calendar) -> date | None:
        """The last day to hand it over, or None: no limit, or the calendar of its year is not loaded."""
        end = due(self.budget, self.since, calendar) if self.budget else None
        return end.day if isinstance(end, Due) else None

    def take(self, by: str, at: datetime) -> Handover:
        """The parcel is printed for the organ; taken again it is the same parcel."""
        if self.state is HandoverState.PARCEL_TAKEN:
            return replace(self, version=self.version + 1, taken_by=by, taken_at=at)
        return self._to(HandoverState.PARCEL_TAKEN, taken_by=by, taken_at=at)

    def hand_over(self, organ: str, by: str, at: datetime) -> Handover:
        """The organ has it, and it is erased here. Refused with PARCEL_NOT_TAKEN: else the organ would have nothing."""
        if self.state is not HandoverState.PARCEL_TAKEN:
            raise Conflict("PARCEL_NOT_TAKEN", number=self.number)
        gone = {"organ": organ, "handed_over_by": by, "handed_over_at": at, "held_key": None}
        return self._to(HandoverState.HANDED_OVER, **gone)

    def check_whole(self, last_given: datetime | None) -> None:
        """Refuses with PARCEL_OUTDATED what has been added to since it was printed: the organ would not have it."""
        if last_given is not None and self.taken_at is not None and last_given > self.taken_at:
            raise Conflict("PARCEL_OUTDATED", number=self.number)

    def receipt(self, number: str, on: date | None) -> Handover:
        """The organ has given its receipt."""
        return self._to(HandoverState.RECEIPTED, receipt_number=number, receipted_on=on)

    def dismiss(self) -> Handover:
        """It only sounded like it. Refused with HANDOVER_STATE for a secret: that takes a ruling."""
        if self.kind is HandoverKind.SECRET:
            raise Conflict("HANDOVER_STATE", number=self.number, state=self.state.value)
        return self._to(HandoverState.DISMISSED)

    def released(self, by: str) -> Handover:
        """It was no secret. Refused with SAME_PERSON for who isolated it."""
        not_by_opener(self, by)
        return self._to(HandoverState.DISMISSED, held_key=None)

    def _to(self, state: HandoverState, **fields: Any) -> Handover:
        if state not in NEXT[self.state]:
            raise Conflict("HANDOVER_STATE", number=self.number, state=self.state.value)
        return replace(self, version=self.version + 1, state=state, **fields)


Found = tuple[Handover, date | None]
"""A handover with its last day, as it stands when somebody asks."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What the complainant said after filing."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """A file as the organ is told of it; the hash is that of what was handed in, in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is printed for the organ."""

    handover: Handover
    hand_over_by: date | None
    complaint: Complaint
    content: Content
    additions: tuple[Addition, ...]
    files: tuple[ParcelFile, ...]


def holding(opened: Handover, key: bytes | None) -> Handover:
    """A handover that begins with the key of what is isolated."""
    return replace(opened, held_key=key)


def at_once(opened: Handover, at: datetime) -> Handover:
    """A handover that begins with its parcel: somebody saw by reading where it belongs."""
    return replace(opened, state=HandoverState.PARCEL_TAKEN, taken_by=opened.opened_by, taken_at=at)


def secret_instead(known: Handover, by: str, at: datetime, key: bytes | None) -> Handover:
    """What was suspected to belong to the discipline organ may be a secret: that goes before."""
    fresh = {"opened_by": by, "opened_at": at, "budget": None, "taken_by": "", "taken_at": None, "held_key": key}
    again = replace(known, version=known.version + 1, kind=HandoverKind.SECRET, state=HandoverState.SUSPECTED)
    return replace(again, **fresh)  # type: ignore[arg-type]


def after_all(known: Handover, fresh: Handover) -> Handover:
    """What was ruled to be no secret belongs to the discipline organ after all."""
    return replace(known, kind=fresh.kind, opened_by=fresh.opened_by, opened_at=fresh.opened_at, budget=fresh.budget)


def not_by_opener(handover: Handover, by: str) -> None:
    """Refuses a ruling by who isolated it: NotAllowed with SAME_PERSON."""
    if by == handover.opened_by:
        raise NotAllowed("SAME_PERSON")


def budget(row: Mapping[str, Any]) -> Limit:
    """The limit a pack row sets, for example `{kind = "working_days", amount = 5}`; counting starts the day after."""
    return Limit(kind=LimitKind(row["kind"]), amount=int(row["amount"]))


def isolate(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """It is stopped: its clock stands still and nobody handles it."""
    stopped = complaint.change("IsolateSecret", to=Stage.ISOLATED, stage_before=complaint.stage)
    if any(clock.running and not clock.paused for clock in complaint.clocks):
        still = clocks.pause(complaint.clocks, at, ISOLATED, "", "system")
        stopped = stopped.timed(clocks.reckon(still, calendar, at))
    return Change(stopped, "isolate_secret")


def release(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """It was no secret: it stands where it stood, and what isolation stopped of its clocks runs on."""
    again = complaint.change("RuleOnSecret", to=complaint.stage_before, stage_before=None)
    running = clocks.resume_if(complaint.clocks, at, ISOLATED)
    if running is not complaint.clocks:
        again = again.timed(clocks.reckon(running, calendar, at))
    return Change(again, "release_secret")


def leave(complaint: Complaint, organ: str, at: datetime) -> Change:
    """It was a secret and has gone to the secrecy organ: number, time, organ and receipt remain."""
    gone = complaint.change("RuleOnSecret", to=Stage.MOVED, closed_at=at, moved_to=organ, stage_before=None)
    gone = replace(
        gone.timed(clocks.stop(complaint.clocks, at)),
        manner=Manner.ANONYMOUS,
        category="",
        accused_unit_path="",
        accused_official_id="",
        matter_id="",
        disposal=None,
        question_open=False,
    )
    return Change(gone, "move_to_secrecy", facts.NotAccepted(**about(gone), reason="moved_to_secrecy"))
