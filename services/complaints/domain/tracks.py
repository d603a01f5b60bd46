"""What follows from a track: what needs time is undertaken with a day of effect, what is beyond one's power goes upwards.

An undertaking has a clock of its own, with lights, which outlives the closing: the effect is assessed by its day and not
taken on trust. What was reported upwards stands on the list of its year, with the receipt of whom it went to.
Source: the three tracks of the Hongshan mechanism (domain, complaints 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.complaints.domain import clocks
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import ReportedUpwards, UndertakingLate, UndertakingMade, UndertakingSettled, about
from services.complaints.domain.stages import Track
from workdays import Calendar, CountsFrom, Light, Limit, LimitKind, WarnBefore

STEP = "undertaking"


class UndertakingState(Enum):
    """Where an undertaking stands."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


class UpwardReportState(Enum):
    """Where a report upwards stands."""

    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Rules:
    """The setting: how long an undertaking may run, when it warns, where nothing is closed without one."""

    longest_days: int
    warn: WarnBefore
    needed_on: frozenset[Track]

    @staticmethod
    def of(row: Mapping[str, Any]) -> Rules:
        """Reads a pack row; raises KeyError or ValueError for one that cannot be read."""
        warn = WarnBefore(LimitKind(row["warn"]["kind"]), int(row["warn"]["amount"]))
        return Rules(int(row["longest_days"]), warn, frozenset(Track(name) for name in row["needed_on"]))


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a unit undertook on one complaint. Its words are encrypted under the complaint's key."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    state: UndertakingState
    effect_by: date
    text: bytes | None
    undertaken_by: str
    undertaken_at: datetime
    clock: RunningClock
    light: str
    due_at: datetime | None
    pending_year: int | None
    next_light_at: datetime | None
    result: bytes | None = None
    settled_by: str = ""
    settled_at: datetime | None = None

    def timed(self, clock: RunningClock) -> Undertaking:
        """The next version with its clock, and what it says where lists can sort by it."""
        return replace(
            self,
            version=self.version + 1,
            clock=clock,
            light=clock.light,
            due_at=clock.due_at,
            pending_year=clock.pending_year if clock.running else None,
            next_light_at=clock.next_light_at if clock.running else None,
        )

    def settled(self, kept: bool, result: bytes | None, by: str, at: datetime) -> Undertaking:
        """The effect assessed by somebody else. Refused with UNDERTAKING_SETTLED, SAME_PERSON."""
        if self.state is UndertakingState.KEPT or (self.state is UndertakingState.BROKEN and not kept):
            raise Conflict("UNDERTAKING_SETTLED", number=self.number)
        if by == self.undertaken_by:
            raise NotAllowed("SAME_PERSON")
        state = UndertakingState.KEPT if kept else UndertakingState.BROKEN
        stopped = self.timed(self.clock.stopped(at))
        return replace(stopped, state=state, result=result, settled_by=by, settled_at=at)


@dataclass(frozen=True, slots=True)
class UpwardReport:
    """What was beyond the power of a place. Its words are encrypted under the complaint's key."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    year: int
    state: UpwardReportState
    organ: str
    text: bytes | None
    reported_by: str
    reported_at: datetime
    receipt_number: str = ""
    received_on: date | None = None
    recorded_by: str = ""

    def received(self, number: str, day: date, by: str, at: datetime) -> UpwardReport:
        """The receipt has come. Refused with UPWARDS_RECEIVED_BEFORE, DAY_AHEAD, DAY_PAST before it was reported."""
        if self.state is UpwardReportState.RECEIVED:
            raise Conflict("UPWARDS_RECEIVED_BEFORE", number=self.number)
        if day > local_day(at):
            raise Invalid("DAY_AHEAD", "received_on")
        if day < local_day(self.reported_at):
            raise Invalid("DAY_PAST", "received_on")
        done = {"state": UpwardReportState.RECEIVED, "receipt_number": number, "received_on": day, "recorded_by": by}
        return replace(self, version=self.version + 1, **done)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class WantedUndertakings:
    """Which undertakings are asked for; what is empty filters nothing."""

    complaint_id: str = ""
    state: UndertakingState | None = None
    light: str = ""
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class WantedReports:
    """Which reports upwards are asked for; what is empty or 0 filters nothing."""

    year: int = 0
    state: UpwardReportState | None = None
    unit_path: str = ""
    complaint_id: str = ""


@dataclass(frozen=True, slots=True)
class SeenUndertaking:
    """An undertaking with its words."""

    undertaking: Undertaking
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report upwards with its words and what it is about."""

    report: UpwardReport
    title: str
    text: str


def undertake(
    id: str,
    complaint: Complaint,
    effect_by: date,
    text: bytes | None,
    rules: Rules,
    by: str,
    calendar: Calendar,
    at: datetime,
) -> Undertaking:
    """The undertaking as it begins. Refused with DAY_PAST, UNDERTAKING_TOO_LONG."""
    days = (effect_by - local_day(at)).days
    if days < 1:
        raise Invalid("DAY_PAST", "effect_by")
    if days > rules.longest_days:
        raise Invalid("UNDERTAKING_TOO_LONG", "effect_by", days=rules.longest_days)
    limit = Limit(LimitKind.NATURAL_DAYS, days, CountsFrom.NEXT_DAY)
    [clock] = clocks.start(STEP, STEP, limit, rules.warn, at, calendar)
    return Undertaking(
        id=id,
        version=1,
        unit_path=complaint.unit_path,
        jurisdiction_path=complaint.jurisdiction_path,
        complaint_id=complaint.id,
        number=complaint.number,
        state=UndertakingState.OPEN,
        effect_by=effect_by,
        text=text,
        undertaken_by=by,
        undertaken_at=at,
        clock=clock,
        light=clock.light,
        due_at=clock.due_at,
        pending_year=clock.pending_year,
        next_light_at=clock.next_light_at,
    )


def made(complaint: Complaint, effect_by: date, text: str) -> Change:
    """It as a line of the record, which the complainant reads."""
    done = complaint.change("Undertake")
    return Change(done, "undertake", UndertakingMade(**about(done), effect_by=effect_by), f"{text}\n{effect_by.isoformat()}")


def assessed(complaint: Complaint, undertaking: Undertaking, kept: bool, result: str, at: datetime) -> Change:
    """The assessment as a line of the record, at whatever stage the complaint is by then."""
    now = replace(complaint, version=complaint.version + 1)
    late = local_day(at) > undertaking.effect_by
    return Change(now, "settle_undertaking", UndertakingSettled(**about(now), kept=kept, late=late), result)


def late(complaint: Complaint, undertaking: Undertaking) -> Change | None:
    """What a light that turned red makes of the complaint's record; None for any other turn."""
    if undertaking.light != Light.RED.value:
        return None
    now = replace(complaint, version=complaint.version + 1)
    return Change(now, "undertaking_late", UndertakingLate(**about(now), effect_by=undertaking.effect_by))


def report_upwards(complaint: Complaint, organ: str, text: str) -> Change:
    """It as a line of the record."""
    done = complaint.change("ReportUpwards")
    return Change(done, "report_upwards", ReportedUpwards(**about(done), organ=organ), f"{organ}\n{text}")


def received(complaint: Complaint, report: UpwardReport) -> Change:
    """The receipt as a line of the record."""
    now = replace(complaint, version=complaint.version + 1)
    return Change(now, "upward_receipt", text=report.receipt_number)


def check_closing(complaint: Complaint, rules: Rules, follows: bool) -> None:
    """Refuses to close on a track that asks for a consequence while none stands: Conflict with TRACK_UNANSWERED."""
    track = complaint.disposal.track if complaint.disposal else None
    if track in rules.needed_on and not follows:
        raise Conflict("TRACK_UNANSWERED", number=complaint.number)
