"""The same arithmetic written the slow way: one day, or one minute boundary, at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import chinese_calendar

from workdays import CountsFrom, Limit, LimitKind, Pause, Paused, local_day

DAY = timedelta(days=1)


def worked(day: date) -> bool:
    """Asked of the public package, not of our arrays. NotImplementedError outside 2004-2026."""
    return bool(chinese_calendar.is_workday(day))


def pause_of(day: date, pauses: Sequence[Pause]) -> Pause | None:
    for pause in pauses:
        if local_day(pause.start) <= day and (pause.end is None or day < local_day(pause.end)):
            return pause
    return None


def last_day(limit: Limit, start: datetime, pauses: Sequence[Pause]) -> date | Paused | None:
    """The last day of a limit in days; Paused by an open entry; None if a year would be needed that does not exist."""
    day = local_day(start)
    if limit.counts_from is CountsFrom.NEXT_DAY and limit.amount > 0:
        day += DAY
    left = limit.amount
    try:
        while True:
            pause = pause_of(day, pauses)
            if pause is not None and left > 0:
                if any(p.end is None and local_day(p.start) <= day for p in pauses):
                    return Paused(min(p.start for p in pauses if p.end is None))
            elif left > 0 and (limit.kind is LimitKind.NATURAL_DAYS or worked(day)):
                left -= 1
            if left == 0:
                break
            day += DAY
        while limit.moves_off_holiday and not (worked(day) and pause_of(day, pauses) is None):
            blocking = pause_of(day, pauses)
            if worked(day) and blocking is not None and blocking.end is None:
                return Paused(blocking.start)
            day += DAY
    except NotImplementedError:
        return None
    return day


def minutes_end(limit: Limit, start: datetime, pauses: Sequence[Pause]) -> datetime | Paused:
    """Walks from one event of the ledger to the next."""
    left, at = timedelta(minutes=limit.amount), start
    moments = sorted({p.start for p in pauses} | {p.end for p in pauses if p.end is not None})
    while True:
        standing = [p for p in pauses if p.start <= at and (p.end is None or at < p.end)]
        later = [m for m in moments if m > at]
        if left == timedelta():
            return at
        if not standing:
            step = min(left, later[0] - at) if later else left
            left, at = left - step, at + step
        elif any(p.end is None for p in standing):
            return Paused(min(p.start for p in standing if p.end is None))
        else:
            at = later[0]
