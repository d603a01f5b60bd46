"""Limits and when they end.

A limit is a number of working days, natural days or minutes with its way of counting. `due` is called for every
monitored item of a city, so it counts by look-up, not day by day; explain.py walks the days for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from workdays.calendar import Calendar, CalendarNotLoaded, Run, local_ordinal, start_of

MICROSECOND = timedelta(microseconds=1)


class LimitKind(Enum):
    """What a limit counts."""

    NATURAL_DAYS = "natural_days"
    WORKING_DAYS = "working_days"
    MINUTES = "minutes"
    """Round the clock, seven days a week."""


class CountsFrom(Enum):
    """Which day is day one of a limit in days."""

    NEXT_DAY = "next_day"
    """The day after the start, the rule unless a text says otherwise."""
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long somebody has. Zero days from the next day means: by the end of the day of the start."""

    kind: LimitKind
    amount: int
    counts_from: CountsFrom = CountsFrom.NEXT_DAY
    moves_off_holiday: bool = False
    """Whether a limit in natural days that would end on a day off ends on the next working day instead."""

    def __post_init__(self) -> None:
        least = 1 if self.counts_from is CountsFrom.SAME_DAY and self.kind is not LimitKind.MINUTES else 0
        if self.amount < least:
            raise ValueError(f"a limit of {self.amount} {self.kind.value} counted from {self.counts_from.value}")


@dataclass(frozen=True, slots=True)
class Pause:
    """An entry of a pause ledger: the clock stood still from `start` until `end`, or still does if it has no end.

    A limit in minutes is pushed by exactly that time. A limit in days skips the days from the day of `start` up to,
    not including, the day of `end`: the day on which the clock runs again counts.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends before it starts")


@dataclass(frozen=True, slots=True)
class Due:
    """The first instant, in UTC, at which the limit is over."""

    at: datetime

    @property
    def day(self) -> date:
        """The last day, in China, on which the limit is still kept."""
        return date.fromordinal(local_ordinal(self.at - MICROSECOND))


@dataclass(frozen=True, slots=True)
class Pending:
    """The limit runs, but its end needs the calendar of a year that is not loaded."""

    year: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stands still and the limit was not over when it stopped; when it ends is open."""

    since: datetime


Result = Due | Pending | Paused


def due(limit: Limit, start: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> Result:
    """When the limit that started at `start` is over. Pauses may come in any order and overlap."""
    if limit.kind is LimitKind.MINUTES:
        return minutes_due(limit, start, pauses)
    try:
        last = last_day(limit, local_ordinal(start), calendar, skipped_days(pauses) if pauses else [])
    except CalendarNotLoaded as missing:
        return Pending(missing.year)
    if isinstance(last, Paused):
        return last
    return Due(start_of(last + 1))


def minutes_due(limit: Limit, start: datetime, pauses: Iterable[Pause]) -> Result:
    """Start plus the minutes plus whatever was paused before they were used up."""
    at = start.astimezone(UTC) + timedelta(minutes=limit.amount)
    reached = start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        since = max(pause.start, reached)
        if since >= at:
            break
        if pause.end is None:
            return Paused(pause.start)
        if pause.end > since:
            at += pause.end - since
            reached = pause.end
    return Due(at)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Days of a pause: from the first up to, not including, the end; without an end while the pause is open."""

    first: int
    end: int | None
    since: datetime


def skipped_days(pauses: Iterable[Pause]) -> list[Skipped]:
    """The pauses as days, in order."""
    ordered = sorted(pauses, key=lambda pause: pause.start)
    return [
        Skipped(local_ordinal(pause.start), None if pause.end is None else local_ordinal(pause.end), pause.start)
        for pause in ordered
    ]


def last_day(limit: Limit, start: int, calendar: Calendar, skipped: list[Skipped]) -> int | Paused:
    """The last day of a limit in days. Raises CalendarNotLoaded."""
    first = start if limit.counts_from is CountsFrom.SAME_DAY else start + 1
    if limit.amount == 0:
        return moved(limit, start, calendar, skipped)
    if limit.kind is LimitKind.NATURAL_DAYS:
        last = first + limit.amount - 1
        for pause in skipped:
            if pause.first > last:
                break
            if pause.end is None:
                return Paused(pause.since)
            if pause.end > first:
                last += pause.end - max(pause.first, first)
                first = max(first, pause.end)
        return moved(limit, last, calendar, skipped)
    return last_working_day(limit.amount, first, calendar, skipped)


def last_working_day(amount: int, first: int, calendar: Calendar, skipped: list[Skipped]) -> int | Paused:
    """The amount-th working day from the first on that is in no pause. Raises CalendarNotLoaded."""
    run = calendar.run(first)
    index = run.worked_before(first) + amount - 1
    for pause in skipped:
        last = run.worked_at(index)
        if last is not None and pause.first > last:
            break
        if pause.end is None:
            return Paused(pause.since) if last is not None or pause.first <= run.last else not_loaded(calendar, run)
        if pause.end > first:
            since = max(pause.first, first)
            if pause.end > run.last + 1:
                return not_loaded(calendar, run)
            index += run.worked_before(pause.end) - run.worked_before(since)
            first = pause.end
    last = run.worked_at(index)
    return last if last is not None else not_loaded(calendar, run)


def not_loaded(calendar: Calendar, run: Run) -> int:
    """Says by name which year is missing."""
    raise CalendarNotLoaded(calendar.year_beyond(run, forward=True))


def moved(limit: Limit, last: int, calendar: Calendar, skipped: list[Skipped]) -> int | Paused:
    """The last day itself, or if the limit moves off holidays the next working day that is in no pause."""
    if not limit.moves_off_holiday:
        return last
    while True:
        last = calendar.working_day_after(date.fromordinal(last), 0).toordinal()
        within = [pause for pause in skipped if pause.first <= last and (pause.end is None or last < pause.end)]
        if not within:
            return last
        if within[0].end is None:
            return Paused(within[0].since)
        last = within[0].end
