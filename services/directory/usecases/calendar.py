"""The working calendar: years loaded as data, working days counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound
from chassis.store import Store, Tx
from services.directory.domain.calendar import CalendarYear, calendar
from services.directory.domain.facts import CalendarYearLoaded
from services.directory.storage import CALENDAR_YEARS
from services.directory.usecases.lookups import open_to
from workdays import CalendarNotLoaded

SEED_SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知（经 chinesecalendar 整理）"
_SATURDAY = 5


class Calendars:
    """What one can do with the calendar."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def load(
        self,
        caller: Caller,
        year: int,
        off_days: Iterable[date],
        make_up_days: Iterable[date],
        source: str,
        expected_version: int,
    ) -> CalendarYear:
        """Loads or corrects a year and announces it; what is already known changes nothing."""
        with self.store.begin(open_to(caller)) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            known = tx.find(CALENDAR_YEARS, CALENDAR_YEARS.table.c.year == year)
            if known is not None and known.version != expected_version:
                known = tx.get(CALENDAR_YEARS, known.id, expected_version)
            if known is None and expected_version:
                raise NotFound("CALENDAR_YEAR_NOT_LOADED", "year", year=year)
            return tx.answer(_loaded(tx, known, year, off_days, make_up_days, source))

    def seed(self, first: int, last: int) -> list[int]:
        """Loads the official holidays of these years where a year is not loaded yet; which years that were.

        A year that is not published is left out, never guessed.
        """
        with self.store.begin(Caller.service("directory", "SeedCalendar")) as tx:
            there = {row.year for row in tx.rows(sa.select(CALENDAR_YEARS.table.c.year))}
            seeded = [year for year in range(first, last + 1) if year not in there and _published(year)]
            for year in seeded:
                days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
                days = [day for day in days if day.year == year]
                off = [day for day in days if day.weekday() < _SATURDAY and not chinese_calendar.is_workday(day)]
                worked = [day for day in days if day.weekday() >= _SATURDAY and chinese_calendar.is_workday(day)]
                _loaded(tx, None, year, off, worked, SEED_SOURCE.format(year=year))
            return seeded

    def get(self, caller: Caller, year: int) -> CalendarYear:
        """One year. Raises NotFound CALENDAR_YEAR_NOT_LOADED."""
        with self.store.read(open_to(caller)) as tx:
            known = tx.find(CALENDAR_YEARS, CALENDAR_YEARS.table.c.year == year)
        if known is None:
            raise NotFound("CALENDAR_YEAR_NOT_LOADED", "year", year=year)
        return known

    def page(self, caller: Caller, size: int, token: str) -> tuple[list[CalendarYear], str]:
        """The loaded years, latest first."""
        table = CALENDAR_YEARS.table
        with self.store.read(open_to(caller)) as tx:
            found = tx.page(sa.select(table), [table.c.year], size, token)
            return [CALENDAR_YEARS.value(row) for row in found.rows], found.next_token

    def working_days_between(self, caller: Caller, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`.

        Raises Invalid DAYS_OUT_OF_ORDER, Conflict CALENDAR_YEAR_NOT_LOADED naming the year.
        """
        if end < start:
            raise Invalid("DAYS_OUT_OF_ORDER", "end", start=start, end=end)
        table = CALENDAR_YEARS.table
        with self.store.read(open_to(caller)) as tx:
            rows = tx.rows(sa.select(table).where(table.c.year.between(start.year, end.year)))
        try:
            return calendar(CALENDAR_YEARS.value(row) for row in rows).working_days_between(start, end)
        except CalendarNotLoaded as missing:
            raise Conflict("CALENDAR_YEAR_NOT_LOADED", "end", year=missing.year) from None


def _loaded(
    tx: Tx, known: CalendarYear | None, year: int, off: Iterable[date], make_up: Iterable[date], source: str
) -> CalendarYear:
    before = known or CalendarYear(tx.new_id(), 0, "", "", year, (), (), "")
    loaded = before.load(off, make_up, source)
    if loaded is before:
        return before
    if known is None:
        tx.add(CALENDAR_YEARS, loaded)
    else:
        tx.save(CALENDAR_YEARS, loaded)
    tx.emit(CalendarYearLoaded(loaded))
    return loaded


def _published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True
