"""The limit of a finding: how it is counted, when it ends, and what it does by itself on the way and after.

The moments lie ahead as a schedule: yellow, red, then what the pack says for each working day after. A finding keeps only
the next one, so that a timer finds what is due by an index and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.errors import Conflict
from services.supervision.domain.words import LimitStep, Turn
from workdays import (
    Calendar,
    CalendarNotLoaded,
    CountsFrom,
    Due,
    Light,
    Limit,
    LimitKind,
    Pause,
    Paused,
    Pending,
    Result,
    WarnBefore,
    due,
    start_of_day,
    turns_yellow_at,
)


@dataclass(frozen=True, slots=True)
class LimitPause:
    """An entry of the pause ledger with its basis; open while it has no end."""

    start: datetime
    end: datetime | None
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class LimitClock:
    """A limit that runs, or ran until `stopped_at`."""

    step: LimitStep
    limit: Limit
    started_at: datetime
    stopped_at: datetime | None = None
    pauses: tuple[LimitPause, ...] = ()
    # What it did by itself so far, from the turn to red on.
    done: tuple[Turn, ...] = ()

    @property
    def running(self) -> bool:
        """Whether somebody still has to do something by its end."""
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return self.running and bool(self.pauses) and self.pauses[-1].end is None

    def ledger(self) -> tuple[Pause, ...]:
        """The pauses as the arithmetic knows them."""
        return tuple(Pause(entry.start, entry.end) for entry in self.pauses)

    def end(self, calendar: Calendar) -> Result:
        """When it is over."""
        return due(self.limit, self.started_at, calendar, self.ledger())

    def stop(self, at: datetime) -> LimitClock:
        """The clock once what it was for has been done."""
        closed = tuple(replace(entry, end=at) if entry.end is None else entry for entry in self.pauses)
        return replace(self, stopped_at=at, pauses=closed) if self.running else self

    def pause(self, at: datetime, reason: str, basis: str) -> LimitClock:
        """Stands still from now on. Refused with CLOCK_NOT_RUNNING, CLOCK_PAUSED, LIMIT_OVER."""
        if not self.running:
            raise Conflict("CLOCK_NOT_RUNNING")
        if Turn.RED in self.done:
            raise Conflict("LIMIT_OVER")
        if self.paused:
            raise Conflict("CLOCK_PAUSED")
        return replace(self, pauses=(*self.pauses, LimitPause(at, None, reason, basis)))

    def resume(self, at: datetime) -> LimitClock:
        """Runs again from now on. Refused with CLOCK_NOT_PAUSED."""
        if not self.paused:
            raise Conflict("CLOCK_NOT_PAUSED")
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], end=at)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a limit stands, written where lists can filter and sort by it."""

    light: Light
    due_at: datetime | None
    pending_year: int | None
    next_turn: Turn | None
    next_turn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Timing:
    """What limits are counted by: the loaded calendar and the pack's rows."""

    calendar: Calendar
    warn_before: WarnBefore
    # What happens after the end and how many working days after, in order.
    after: tuple[tuple[Turn, int], ...]

    def stand(self, clock: LimitClock, now: datetime) -> Standing:
        """How a clock stands at `now`. It is red once the turn to red has been carried out, not before."""
        end = clock.end(self.calendar)
        if isinstance(end, Pending):
            return Standing(Light.PENDING, None, end.year, None, None)
        if isinstance(end, Paused):
            return Standing(Light.GREEN, None, None, None, None)
        if Turn.RED in clock.done:
            return self._overdue(clock, end)
        yellow = turns_yellow_at(end, self.warn_before, self.calendar)
        if isinstance(yellow, Pending):
            return Standing(Light.PENDING, end.at, yellow.year, Turn.RED, end.at)
        if yellow is None or now >= yellow:
            return Standing(Light.YELLOW, end.at, None, Turn.RED, end.at)
        return Standing(Light.GREEN, end.at, None, Turn.YELLOW, yellow)

    def _overdue(self, clock: LimitClock, end: Due) -> Standing:
        turn, days = next(((turn, days) for turn, days in self.after if turn not in clock.done), (None, 0))
        if turn is None:
            return Standing(Light.RED, end.at, None, None, None)
        try:
            moment = start_of_day(self.calendar.working_day_after(end.day, days))
        except CalendarNotLoaded as missing:
            return Standing(Light.RED, end.at, missing.year, turn, None)
        return Standing(Light.RED, end.at, None, turn, moment)


def read_limit(row: Mapping[str, Any]) -> Limit:
    """A limit from a pack row such as `{kind = "working_days", amount = 10}`. Raises KeyError or ValueError loudly."""
    return Limit(
        kind=LimitKind(row["kind"]),
        amount=int(row["amount"]),
        counts_from=CountsFrom(row.get("counts_from", CountsFrom.NEXT_DAY.value)),
        moves_off_holiday=bool(row.get("moves_off_holiday", False)),
    )


def read_timing(calendar: Calendar, warn: Mapping[str, Any], after: Sequence[Mapping[str, Any]]) -> Timing:
    """Timing from pack rows: `{kind, amount}` before the end, and a list of `{turn, working_days}` after it."""
    turns = tuple((Turn(row["turn"]), int(row["working_days"])) for row in after)
    days = [count for _, count in turns]
    if days != sorted(days) or any(turn in (Turn.YELLOW, Turn.RED) for turn, _ in turns):
        raise ValueError("what happens after the end of a limit must be told in order")
    return Timing(calendar, WarnBefore(LimitKind(warn["kind"]), int(warn["amount"])), turns)
