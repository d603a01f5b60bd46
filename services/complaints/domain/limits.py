"""Acts on the limit of a complaint: pausing, resuming, asking for more days, and what time itself does to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain import clocks
from services.complaints.domain.clocks import INNER, ExtensionEntry, RunningClock
from services.complaints.domain.complaint import Change, Complaint, Extension
from services.complaints.domain.facts import Fact, LightChanged, Overdue, about
from services.complaints.domain.regimes import HANDLE, REDO, SUPERVISE, Regime
from workdays import Calendar, Light

EXTENDED = (HANDLE, REDO, SUPERVISE)
"""Limits that may be extended; those of acceptance, dispatch and signing may not."""


def pause(complaint: Complaint, reason: str, basis: str, by: str, calendar: Calendar, at: datetime) -> Change:
    """The clock stands still, by an entry in its ledger. Refused with NO_CLOCK, ALREADY_PAUSED."""
    paused = complaint.change("Pause")
    still = clocks.pause(complaint.clocks, at, reason, basis, by)
    paused = paused.timed(clocks.reckon(still, calendar, at))
    return Change(paused, "pause", _turned(complaint, paused), f"{reason}: {basis}", reason=reason)


def resume(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """The clock runs on and its end is reckoned anew. Refused with NO_CLOCK, NOT_PAUSED."""
    resumed = complaint.change("Resume")
    resumed = resumed.timed(clocks.reckon(clocks.resume(complaint.clocks, at), calendar, at))
    return Change(resumed, "resume", _turned(complaint, resumed))


def resumed_with(change: Change, calendar: Calendar, at: datetime) -> Change:
    """An act that also lets a paused clock run on."""
    done = change.complaint
    running = clocks.reckon(clocks.resume(done.clocks, at), calendar, at)
    return replace(change, complaint=done.timed(running))


def clock_to_extend(complaint: Complaint) -> RunningClock:
    """The clock an extension would be for: the tightest that may be extended. Refused with NO_CLOCK where none runs."""
    return clocks.running_clock(complaint.clocks, *EXTENDED)


def request_extension(
    complaint: Complaint, regime: Regime, days: int, by: str, reason: str, text: str, at: datetime
) -> Change:
    """More days are asked for before the limit is reached; `regime` is that of the clock to extend.

    Refused with EXTENSION_OPEN, NO_CLOCK, EXTENSION_TOO_LATE, and with EXTENSION_TOO_LONG beyond the regime's longest limit.
    """
    asked = complaint.change("RequestExtension")
    if complaint.extension is not None:
        raise Conflict("EXTENSION_OPEN")
    clock = clock_to_extend(complaint)
    if clock.due_at is not None and at >= clock.due_at:
        raise Conflict("EXTENSION_TOO_LATE")
    most = regime.longest.amount if regime.longest else clock.limit.amount
    if clock.limit.amount + days > most:
        raise Conflict("EXTENSION_TOO_LONG", "days", most=max(0, most - clock.limit.amount))
    asked = replace(asked, extension=Extension(days, by, clock.step, reason))
    return Change(asked, "request_extension", text=text, reason=reason)


def decide_extension(
    complaint: Complaint, granted: bool, by: str, reason: str, text: str, calendar: Calendar, at: datetime
) -> Change:
    """Another person grants or refuses the days. Refused with NO_EXTENSION_ASKED, SAME_PERSON, NO_CLOCK."""
    decided = complaint.change("DecideExtension", extension=None)
    if complaint.extension is None:
        raise Conflict("NO_EXTENSION_ASKED")
    if by == complaint.extension.asked_by:
        raise NotAllowed("SAME_PERSON")
    if not granted:
        return Change(decided, "refuse_extension", text=text, reason=reason)
    asked = complaint.extension
    clocks.running_clock(complaint.clocks, asked.step)
    entry = ExtensionEntry(asked.days, asked.asked_by, by, at, asked.reason)
    longer = clocks.extend(complaint.clocks, asked.step, entry)
    decided = decided.timed(clocks.reckon(longer, calendar, at))
    return Change(decided, "grant_extension", _turned(complaint, decided), text, reason=asked.reason)


def check_approver(regime: Regime, roles: Iterable[str]) -> None:
    """Refuses whoever lacks the role the regime names for more days: NotAllowed with EXTENSION_NOT_YOURS."""
    if regime.approver and regime.approver not in roles:
        raise NotAllowed("EXTENSION_NOT_YOURS")


def supervise(complaint: Complaint, regime: Regime, reason: str, text: str, calendar: Calendar, at: datetime) -> Change:
    """A clock of supervision runs beside the others. Refused with REGIME_UNKNOWN, ALREADY_SUPERVISED."""
    supervised = complaint.change("Supervise")
    if not regime.supervision:
        raise Conflict("REGIME_UNKNOWN", "regime", regime=regime.name)
    if any(clock.running and clock.step == SUPERVISE for clock in complaint.clocks):
        raise Conflict("ALREADY_SUPERVISED")
    supervised = supervised.timed(complaint.clocks + regime.clock(SUPERVISE, at, calendar))
    return Change(supervised, "supervise", _turned(complaint, supervised), text, reason=reason)


def turn_lights(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """What time did: every light that turned since, and whether a limit ran out. Silent where only an end became known."""
    reckoned = clocks.reckon(complaint.clocks, calendar, at)
    now = replace(complaint, version=complaint.version + 1).timed(reckoned)
    turned = [new for old, new in zip(complaint.clocks, reckoned, strict=True) if _announced(old, new)]
    told: list[Fact] = [LightChanged(**about(now), clock=clock.step, light=clock.light) for clock in turned]
    red = [clock for clock in turned if clock.light == Light.RED.value and clock.due_at is not None]
    over = [clock for clock in red if clock.step not in INNER]
    told += [Overdue(**about(now), clock=clock.step, due_at=clock.due_at) for clock in over if clock.due_at]
    act = "overdue" if red else "light_changed" if turned else "reckon_clocks"
    return Change(now, act, told[0] if told else None, more=tuple(told[1:]))


def _announced(old: RunningClock, new: RunningClock) -> bool:
    """Whether a turn is worth telling: to or from yellow or red, not merely that a green end became known."""
    quiet = {Light.PENDING.value, Light.GREEN.value, ""}
    return old.light != new.light and not (old.light in quiet and new.light in quiet)


def _turned(before: Complaint, after: Complaint) -> LightChanged | None:
    if before.light == after.light or not after.light:
        return None
    return LightChanged(**about(after), clock=clocks.running_clock(after.clocks).step, light=after.light)
