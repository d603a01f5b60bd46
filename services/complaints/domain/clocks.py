"""The limit clocks of a complaint: start, budget, pauses, and what their light shows.

A clock knows when its light turns next, so that finding what turned costs what turned. Where its end needs the calendar of
a year that is not loaded it says so and runs on; loading the year reckons it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.errors import Conflict
from workdays import Calendar, Due, Light, Limit, Pause, Pending, WarnBefore, due, light, turns_yellow_at

INNER = frozenset({"dispatch", "sign"})
"""Steps inside the house: their lights turn, but nobody outside has lost a day that was promised to them."""
_ORDER = {Light.PENDING: 0, Light.GREEN: 1, Light.YELLOW: 2, Light.RED: 3}


@dataclass(frozen=True, slots=True)
class PauseEntry:
    """One entry of the pause ledger; open while `end` is None."""

    start: datetime
    end: datetime | None
    reason: str
    basis: str
    by: str


@dataclass(frozen=True, slots=True)
class ExtensionEntry:
    """More of its own days that a clock was given: by whom, when, and why, as a key of the list of reasons."""

    days: int
    asked_by: str
    granted_by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One limit clock. Stopped ones stay, for whoever asks how long a step took."""

    step: str
    regime: str
    started_at: datetime
    limit: Limit
    warn: WarnBefore
    pauses: tuple[PauseEntry, ...] = ()
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    pending_year: int | None = None
    light: str = ""
    stopped_at: datetime | None = None
    extensions: tuple[ExtensionEntry, ...] = ()

    @property
    def running(self) -> bool:
        """Whether its limit can still run out."""
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return self.running and bool(self.pauses) and self.pauses[-1].end is None

    @property
    def next_light_at(self) -> datetime | None:
        """When its light turns next; None while nothing will turn it."""
        if not self.running or self.paused or self.light == Light.RED.value:
            return None
        return self.yellow_at if self.light == Light.GREEN.value else self.due_at

    def governs(self, clocks: tuple[RunningClock, ...]) -> bool:
        """Whether it is the tightest of those that run."""
        running = tuple(clock for clock in clocks if clock.running)
        return bool(running) and _tightest(running) == self

    def reckoned(self, calendar: Calendar, now: datetime) -> RunningClock:
        """The clock with its end, its light and the moment the light turns, as they stand at `now`."""
        if not self.running:
            return self
        ledger = tuple(Pause(entry.start, entry.end) for entry in self.pauses)
        end = due(self.limit, self.started_at, calendar, ledger)
        yellow = turns_yellow_at(end, self.warn, calendar)
        year = end.year if isinstance(end, Pending) else yellow.year if isinstance(yellow, Pending) else None
        return replace(
            self,
            due_at=end.at if isinstance(end, Due) else None,
            yellow_at=yellow if isinstance(yellow, datetime) else None,
            pending_year=year,
            light=light(end, now, self.warn, calendar).value,
        )

    def stopped(self, at: datetime) -> RunningClock:
        """The clock once what it measured is done; an open pause ends with it."""
        return self if not self.running else replace(_resumed(self, at), stopped_at=at)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the tightest running clock says, or the last one once all have stopped."""

    light: str
    due_at: datetime | None
    pending_year: int | None
    next_light_at: datetime | None


def start(
    step: str, regime: str, limit: Limit | None, warn: WarnBefore, at: datetime, calendar: Calendar
) -> tuple[RunningClock, ...]:
    """The clock of a step, reckoned; none where the regime sets no limit for it."""
    if limit is None:
        return ()
    return (RunningClock(step, regime, at, limit, warn).reckoned(calendar, at),)


def stop(clocks: tuple[RunningClock, ...], at: datetime, *steps: str) -> tuple[RunningClock, ...]:
    """The clocks of these steps stopped; all of them where none is named."""
    return tuple(clock.stopped(at) if not steps or clock.step in steps else clock for clock in clocks)


def reckon(clocks: tuple[RunningClock, ...], calendar: Calendar, now: datetime) -> tuple[RunningClock, ...]:
    """All clocks reckoned anew: after a pause, an extension, a newly loaded year, or when a light is due to turn."""
    return tuple(clock.reckoned(calendar, now) for clock in clocks)


def pause(clocks: tuple[RunningClock, ...], at: datetime, reason: str, basis: str, by: str) -> tuple[RunningClock, ...]:
    """Pauses what runs. Refused with NO_CLOCK where nothing runs, ALREADY_PAUSED where all that runs stands still."""
    if all(clock.paused for clock in _running(clocks)):
        raise Conflict("ALREADY_PAUSED")
    entry = PauseEntry(at, None, reason, basis, by)
    return tuple(
        replace(clock, pauses=(*clock.pauses, entry)) if clock.running and not clock.paused else clock for clock in clocks
    )


def resume(clocks: tuple[RunningClock, ...], at: datetime, reason: str = "") -> tuple[RunningClock, ...]:
    """Lets what stands still run on, for a reason named only what stands still for it. Refused with NO_CLOCK, NOT_PAUSED."""
    if not any(clock.paused for clock in _running(clocks)):
        raise Conflict("NOT_PAUSED")
    return tuple(
        clock if not clock.paused or reason not in ("", clock.pauses[-1].reason) else _resumed(clock, at) for clock in clocks
    )


def resume_if(clocks: tuple[RunningClock, ...], at: datetime, reason: str) -> tuple[RunningClock, ...]:
    """Lets run on whatever stands still for this reason; the same clocks where nothing does."""
    waits = any(clock.paused and clock.pauses[-1].reason == reason for clock in clocks)
    return resume(clocks, at, reason) if waits else clocks


def extend(clocks: tuple[RunningClock, ...], step: str, entry: ExtensionEntry) -> tuple[RunningClock, ...]:
    """Gives the running clock of `step` more of its own kind of days, by an entry in its ledger."""
    return tuple(_longer(clock, entry) if clock.running and clock.step == step else clock for clock in clocks)


def running_clock(clocks: tuple[RunningClock, ...], *steps: str) -> RunningClock:
    """The clock that governs now, among these steps if any is named. Refused with NO_CLOCK where none runs."""
    return _tightest(_running(tuple(clock for clock in clocks if not steps or clock.step in steps)))


def summary(clocks: tuple[RunningClock, ...]) -> Summary:
    """What the ledger shows of the clocks."""
    running = tuple(clock for clock in clocks if clock.running)
    if not running:
        return _stopped(clocks)
    governing = _tightest(running)
    turns = [clock.next_light_at for clock in running if clock.next_light_at is not None]
    pending = [clock.pending_year for clock in running if clock.pending_year is not None]
    return Summary(
        light=max(running, key=lambda clock: _ORDER[Light(clock.light)]).light,
        due_at=governing.due_at,
        pending_year=min(pending, default=None),
        next_light_at=min(turns, default=None),
    )


def _stopped(clocks: tuple[RunningClock, ...]) -> Summary:
    """What those said that ran to the last: clocks of steps that were done before it tell nothing of the end."""
    if not clocks:
        return Summary("", None, None, None)
    promised = tuple(clock for clock in clocks if clock.step not in INNER) or clocks
    end = max(clock.stopped_at or clock.started_at for clock in promised)
    last = tuple(clock for clock in promised if clock.stopped_at == end)
    light = max((clock.light for clock in last if clock.light), key=lambda light: _ORDER[Light(light)], default="")
    return Summary(light, _tightest(last).due_at, None, None)


def _running(clocks: tuple[RunningClock, ...]) -> tuple[RunningClock, ...]:
    running = tuple(clock for clock in clocks if clock.running)
    if not running:
        raise Conflict("NO_CLOCK")
    return running


def _tightest(running: tuple[RunningClock, ...]) -> RunningClock:
    dated = [clock for clock in running if clock.due_at is not None]
    return min(dated, key=lambda clock: clock.due_at or clock.started_at) if dated else running[0]


def _longer(clock: RunningClock, entry: ExtensionEntry) -> RunningClock:
    limit = replace(clock.limit, amount=clock.limit.amount + entry.days)
    return replace(clock, limit=limit, extensions=(*clock.extensions, entry))


def _resumed(clock: RunningClock, at: datetime) -> RunningClock:
    if not clock.paused:
        return clock
    last = clock.pauses[-1]
    return replace(clock, pauses=(*clock.pauses[:-1], replace(last, end=max(at, last.start))))  # time may have been set back
