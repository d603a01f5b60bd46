"""The working calendar, from the years the directory announced."""

from __future__ import annotations

from datetime import date

from chassis.store import Copy, Tx
from workdays import Calendar, CalendarYear

CALENDAR_YEAR = "calendar_year"


def calendar_of(tx: Tx) -> Calendar:
    """Every year that is loaded. Appeals are few: it is read anew each time."""
    return Calendar(_year(copy) for copy in tx.copies(CALENDAR_YEAR) if copy.known)


def _year(copy: Copy) -> CalendarYear:
    def days(name: str) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in copy.body.get(name, ()))

    return CalendarYear(int(copy.body["year"]), days("off_days"), days("make_up_days"))
