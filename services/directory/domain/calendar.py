"""The working calendar as data: which weekdays of a year are off, which weekend days are worked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import workdays
from chassis.errors import Invalid

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year. `off_days` are weekdays off by holiday, `make_up_days` weekend days worked.

    Plain weekends are not listed.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    year: int
    off_days: tuple[date, ...]
    make_up_days: tuple[date, ...]
    source: str

    def load(self, off_days: Iterable[date], make_up_days: Iterable[date], source: str) -> CalendarYear:
        """The year with other days, one version on; the same object if nothing is different.

        Raises Invalid CALENDAR_DAY_OUTSIDE_YEAR, CALENDAR_DAY_NOT_A_WEEKDAY, CALENDAR_DAY_NOT_A_WEEKEND.
        """
        loaded = replace(
            self, off_days=tuple(sorted(set(off_days))), make_up_days=tuple(sorted(set(make_up_days))), source=source
        )
        for day in (*loaded.off_days, *loaded.make_up_days):
            if day.year != self.year:
                raise Invalid("CALENDAR_DAY_OUTSIDE_YEAR", "off_days", day=day, year=self.year)
        for day in loaded.off_days:
            if day.weekday() >= _SATURDAY:
                raise Invalid("CALENDAR_DAY_NOT_A_WEEKDAY", "off_days", day=day)
        for day in loaded.make_up_days:
            if day.weekday() < _SATURDAY:
                raise Invalid("CALENDAR_DAY_NOT_A_WEEKEND", "make_up_days", day=day)
        return self if loaded == self else replace(loaded, version=self.version + 1)


def calendar(years: Iterable[CalendarYear]) -> workdays.Calendar:
    """The years as the arithmetic of workdays knows them."""
    return workdays.Calendar(
        workdays.CalendarYear(year.year, frozenset(year.off_days), frozenset(year.make_up_days)) for year in years
    )
