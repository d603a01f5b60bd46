"""Why a limit ends when it ends: every day from the start to the end, counted or not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from workdays.calendar import Calendar, CalendarNotLoaded, DayKind, local_day, local_ordinal, start_of
from workdays.limits import CountsFrom, Due, Limit, LimitKind, Pause, Pending, due


class Why(Enum):
    """Why a day counts or does not count."""

    START = "start"
    """The day of the start, when counting begins the next day."""
    WORKING = "working"
    MAKE_UP = "make_up"
    NATURAL = "natural"
    """A day of a limit that counts every day."""
    CLOCK = "clock"
    """Minutes of a limit that runs round the clock."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    MOVED = "moved"
    """The limit had run out on a day off, so this working day is its last."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a limit. `used` is how many days, or minutes, of it are used up at the end of this day."""

    day: date
    counted: bool
    why: Why
    used: int


COUNTED = {DayKind.WORKING: Why.WORKING, DayKind.MAKE_UP: Why.MAKE_UP}
OFF = {DayKind.WEEKEND: Why.WEEKEND, DayKind.HOLIDAY: Why.HOLIDAY}


def explain(
    limit: Limit, start: datetime, calendar: Calendar, pauses: Iterable[Pause] = (), until: datetime | None = None
) -> tuple[DayLine, ...]:
    """The days from the start to the end of the limit.

    While the clock stands still the list goes to the day of `until` (or of the stop, without it); while the end is
    pending it goes to the last loaded day.
    """
    ledger = tuple(pauses)
    end = due(limit, start, calendar, ledger)
    if isinstance(end, Due):
        last = end.day
    elif isinstance(end, Pending):
        last = date(end.year - 1, 12, 31) if end.year > local_day(start).year else local_day(start)
    else:
        last = max(local_day(end.since), local_day(start), local_day(until) if until else date.min)
    if limit.kind is LimitKind.MINUTES:
        return minute_lines(start, ledger, last, end.at if isinstance(end, Due) else until or start)
    return day_lines(limit, local_day(start), calendar, ledger, last)


def day_lines(limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause], last: date) -> tuple[DayLine, ...]:
    """The lines of a limit in days."""
    lines: list[DayLine] = []
    used = 0
    for ordinal in range(start.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day == start and limit.counts_from is CountsFrom.NEXT_DAY:
            why, counted = Why.START, False
        elif is_paused(ordinal, pauses):
            why, counted = Why.PAUSED, False
        elif used == limit.amount:
            why, counted = after_the_end(day, calendar), False
        else:
            why, counted = of_day(limit, day, calendar)
        used += counted
        lines.append(DayLine(day, counted, why, used))
    return tuple(lines)


def is_paused(ordinal: int, pauses: Sequence[Pause]) -> bool:
    """Whether the day is skipped by an entry of the ledger."""
    return any(
        local_ordinal(pause.start) <= ordinal and (pause.end is None or ordinal < local_ordinal(pause.end))
        for pause in pauses
    )


def of_day(limit: Limit, day: date, calendar: Calendar) -> tuple[Why, bool]:
    """Whether a day that is not paused counts, and why."""
    if limit.kind is LimitKind.NATURAL_DAYS:
        return Why.NATURAL, True
    try:
        kind = calendar.kind(day)
    except CalendarNotLoaded:  # only the start of a limit that is pending from its first day
        return Why.START, False
    return (COUNTED[kind], True) if kind.worked else (OFF[kind], False)


def after_the_end(day: date, calendar: Calendar) -> Why:
    """Days after the count is used up, which exist only where a last day off moves."""
    kind = calendar.kind(day)
    return Why.MOVED if kind.worked else OFF[kind]


def minute_lines(start: datetime, pauses: Sequence[Pause], last: date, end: datetime) -> tuple[DayLine, ...]:
    """The lines of a limit in minutes: how many minutes ran on each day."""
    lines: list[DayLine] = []
    used = timedelta()
    for ordinal in range(local_ordinal(start), last.toordinal() + 1):
        since, until = max(start, start_of(ordinal)), min(end, start_of(ordinal + 1))
        ran = max(until - since, timedelta()) - paused_within(since, until, pauses)
        used += ran
        counted = ran > timedelta()
        why = Why.CLOCK if counted else Why.PAUSED
        lines.append(DayLine(date.fromordinal(ordinal), counted, why, used // timedelta(minutes=1)))
    return tuple(lines)


def paused_within(since: datetime, until: datetime, pauses: Sequence[Pause]) -> timedelta:
    """How long the clock stood still between two instants."""
    total, reached = timedelta(), since
    for pause in sorted(pauses, key=lambda pause: pause.start):
        first = max(pause.start, reached)
        last = min(pause.end or until, until)
        if last > first:
            total += last - first
            reached = last
    return total
