"""Lights: what the end of a limit looks like today, and the two moments at which that changes.

A service stores the two moments with the row and indexes them, so that finding what turned costs what turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from workdays.calendar import Calendar, CalendarNotLoaded, local_day, start_of
from workdays.limits import Due, LimitKind, Paused, Pending, Result

MINUTE = timedelta(minutes=1)


class Light(Enum):
    """How a limit stands."""

    GREEN = "green"
    """Time is left, or the clock stands still before its end."""
    YELLOW = "yellow"
    """The end is near."""
    RED = "red"
    """The limit is over."""
    PENDING = "pending"
    """Nobody can say: the calendar of a year is not loaded."""


@dataclass(frozen=True, slots=True)
class WarnBefore:
    """How long before the end a light turns yellow: a setting, by local rule one working day.

    In days it turns at the start of that day: one working day before a Friday is Thursday, as it begins.
    """

    kind: LimitKind
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a warning cannot come after the end")


def turns_yellow_at(result: Result, warn_before: WarnBefore, calendar: Calendar) -> datetime | Pending | None:
    """The instant, in UTC, from which the light is yellow; None while the clock stands still.

    It may lie before the start of a short limit, which is then yellow from its start. Pending if the end is, or if
    a natural-day end needs working days of a year that is not loaded.
    """
    if isinstance(result, Pending):
        return result
    if isinstance(result, Paused):
        return None
    if warn_before.kind is LimitKind.MINUTES:
        return result.at - warn_before.amount * MINUTE
    day = result.day
    if warn_before.kind is LimitKind.NATURAL_DAYS:
        return start_of(day.toordinal() - warn_before.amount)
    if warn_before.amount == 0:
        return start_of(day.toordinal())
    try:
        return start_of(calendar.working_day_after(day, -warn_before.amount).toordinal())
    except CalendarNotLoaded as missing:
        return Pending(missing.year)


def turns_red_at(result: Result) -> datetime | None:
    """The instant, in UTC, from which the light is red; None while nobody can say or the clock stands still."""
    return result.at.astimezone(UTC) if isinstance(result, Due) else None


def light(result: Result, now: datetime, warn_before: WarnBefore, calendar: Calendar) -> Light:
    """The light at `now`."""
    if isinstance(result, Paused):
        return Light.GREEN
    if isinstance(result, Pending):
        return Light.PENDING
    if now >= result.at:
        return Light.RED
    yellow = turns_yellow_at(result, warn_before, calendar)
    if not isinstance(yellow, datetime):
        return Light.PENDING
    return Light.YELLOW if now >= yellow else Light.GREEN


def remaining(end: Due, now: datetime, kind: LimitKind, calendar: Calendar) -> int:
    """How much is left at `now`, in days after today up to the last day, or in whole minutes.

    0 on the last day itself or in the last minute, negative once the limit is over. Raises CalendarNotLoaded.
    """
    if kind is LimitKind.MINUTES:
        return (end.at - now) // MINUTE
    today: date = local_day(now)
    if kind is LimitKind.NATURAL_DAYS:
        return (end.day - today).days
    return calendar.working_days_between(today, end.day)
