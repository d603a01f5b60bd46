"""Weeks of receipt: from Monday to Sunday in Asia/Shanghai, counted from the first Monday of the calendar.

Words to search by are hashed together with the week, so that a search can ask week by week.
"""

from __future__ import annotations

from datetime import date, datetime

from chassis.clock import day_start, local_day

DAYS = 7


def week_of(moment: datetime) -> int:
    """The week of a moment."""
    return (local_day(moment).toordinal() - 1) // DAYS


def begins(week: int) -> datetime:
    """The first moment of a week."""
    return day_start(date.fromordinal(week * DAYS + 1))
