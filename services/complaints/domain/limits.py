"""Acts on the limit of a complaint: pausing, resuming, asking for more days, and what time itself does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain import clocks
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Change, Complaint, Extension
from services.complaints.domain.facts import Fact, LightChanged, Overdue, about
from services.complaints.domain.regimes import Regime
from workdays import Calendar, Light


def pause(complaint: Complaint, reason: str, basis: str, by: str, calendar: Calendar, at: datetime) -> Change:
    """The clock stands still, by an entry in its ledger. Refused with NO_CLOCK, ALREADY_PAUSED."""
    still = clocks.pause(complaint.clocks, at, reason, basis, by)
    paused = complaint.change("Pause").timed(clocks.reckon(still, calendar, at))
    return Change(paused, "pause", _turned(complaint, paused), f"{reason}: {basis}")


def resume(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """The clock runs on and its end is reckoned anew. Refused with NO_CLOCK, NOT_PAUSED."""
    running = clocks.reckon(clocks.resume(complaint.clocks, at), calendar, at)
    resumed = complaint.change("Resume").timed(running)
    return Change(resumed, "resume", _turned(complaint, resumed))


def resumed_with(change: Change, calendar: Calendar, at: datetime) -> Change:
    """An act that also lets a paused clock run on."""
    done = change.complaint
    running = clocks.reckon(clocks.resume(done.clocks, at), calendar, at)
    return replace(change, complaint=done.timed(running))


def request_extension(complaint: Complaint, regime: Regime, days: int, by: str, reason: str, at: datetime) -> Change:
    """More days are asked for before the limit is reached.

    Refused with EXTENSION_OPEN, EXTENSION_TOO_LATE, and with EXTENSION_TOO_LONG beyond the regime's longest limit.
    """
    asked = complaint.change("RequestExtension", extension=Extension(days, by))
    if complaint.extension is not None:
        raise Conflict("EXTENSION_OPEN")
    clock = clocks.running_clock(complaint.clocks)
    if clock.due_at is not None and at >= clock.due_at:
        raise Conflict("EXTENSION_TOO_LATE")
    most = regime.longest.amount if regime.longest else clock.limit.amount
    if clock.limit.amount + days > most:
        raise Conflict("EXTENSION_TOO_LONG", "days", most=max(0, most - clock.limit.amount))
    return Change(asked, "request_extension", text=reason)


def decide_extension(complaint: Complaint, granted: bool, by: str, reason: str, calendar: Calendar, at: datetime) -> Change:
    """Another person grants or refuses the days. Refused with NO_EXTENSION_ASKED, SAME_PERSON, NO_CLOCK."""
    decided = complaint.change("DecideExtension", extension=None)
    if complaint.extension is None:
        raise Conflict("NO_EXTENSION_ASKED")
    if by == complaint.extension.asked_by:
        raise NotAllowed("SAME_PERSON")
    if not granted:
        return Change(decided, "refuse_extension", text=reason)
    step = clocks.running_clock(complaint.clocks).step
    longer = clocks.extend(complaint.clocks, step, complaint.extension.days)
    decided = decided.timed(clocks.reckon(longer, calendar, at))
    return Change(decided, "grant_extension", _turned(complaint, decided), reason)


def turn_lights(complaint: Complaint, calendar: Calendar, at: datetime) -> Change:
    """What time did: every light that turned since, and whether a limit ran out. Silent where only an end became known."""
    reckoned = clocks.reckon(complaint.clocks, calendar, at)
    now = replace(complaint, version=complaint.version + 1).timed(reckoned)
    turned = [new for old, new in zip(complaint.clocks, reckoned, strict=True) if _announced(old, new)]
    told: list[Fact] = [LightChanged(**about(now), clock=clock.step, light=clock.light) for clock in turned]
    over = [clock for clock in turned if clock.light == Light.RED.value and clock.due_at is not None]
    told += [Overdue(**about(now), clock=clock.step, due_at=clock.due_at) for clock in over if clock.due_at]
    act = "overdue" if over else "light_changed" if turned else "reckon_clocks"
    return Change(now, act, told[0] if told else None, more=tuple(told[1:]))


def _announced(old: RunningClock, new: RunningClock) -> bool:
    """Whether a turn is worth telling: to or from yellow or red, not merely that a green end became known."""
    quiet = {Light.PENDING.value, Light.GREEN.value, ""}
    return old.light != new.light and not (old.light in quiet and new.light in quiet)


def _turned(before: Complaint, after: Complaint) -> LightChanged | None:
    if before.light == after.light or not after.light:
        return None
    return LightChanged(**about(after), clock=clocks.running_clock(after.clocks).step, light=after.light)
