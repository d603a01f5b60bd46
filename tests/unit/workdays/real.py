"""The real working calendars of 2004-2026, from the chinesecalendar package."""

from __future__ import annotations

from datetime import date

from chinese_calendar import constants

from workdays import CalendarYear

FIRST, LAST = 2004, 2026


def real_years() -> list[CalendarYear]:
    """One CalendarYear per published year."""

    def of(year: int, days: dict[date, str]) -> frozenset[date]:
        return frozenset(day for day in days if day.year == year)

    return [
        CalendarYear(year, of(year, constants.holidays), of(year, constants.workdays)) for year in range(FIRST, LAST + 1)
    ]
