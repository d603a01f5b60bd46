"""The working calendar: which days are worked, known year by year and never guessed.

A year is data (the State Council's yearly holiday notice). Loaded years that follow one another are joined into a
run with two arrays, so that "the n-th working day after" and "how many working days between" are look-ups.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

# One zone and no summer time in China since 1991, before any calendar this suite can load.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
SATURDAY = 5


class CalendarNotLoaded(LookupError):
    """A question about a day of a year whose calendar is not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(f"calendar {year} not loaded")
        self.year = year


class DayKind(Enum):
    """What a day is in the working calendar."""

    WORKING = "working"
    MAKE_UP = "make_up"
    """A Saturday or Sunday that is worked because a weekday was given off."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def worked(self) -> bool:
        """Whether people work on such a day."""
        return self in (DayKind.WORKING, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's differences from Monday to Friday.

    `off_days` are days off by holiday (weekend days among them change nothing), `make_up_days` are days worked
    although they fall on a weekend. A day outside the year or in both sets is refused with ValueError.
    """

    year: int
    off_days: frozenset[date]
    make_up_days: frozenset[date]

    def __post_init__(self) -> None:
        for day in self.off_days | self.make_up_days:
            if day.year != self.year:
                raise ValueError(f"{day} is not a day of {self.year}")
        if both := self.off_days & self.make_up_days:
            raise ValueError(f"{min(both)} is both off and worked")

    def kind(self, day: date) -> DayKind:
        """What the day is; the day must be of this year."""
        weekend = day.weekday() >= SATURDAY
        if day in self.make_up_days:
            return DayKind.MAKE_UP if weekend else DayKind.WORKING
        if day in self.off_days:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if weekend else DayKind.WORKING


class Run:
    """Loaded years without a gap. Days are proleptic ordinals (`date.toordinal`)."""

    __slots__ = ("_before", "_worked", "first", "last")

    def __init__(self, years: list[CalendarYear]) -> None:
        self.first = date(years[0].year, 1, 1).toordinal()
        self.last = date(years[-1].year, 12, 31).toordinal()
        self._worked = array("i")
        self._before = array("i")
        position = {year.year: year for year in years}
        for ordinal in range(self.first, self.last + 1):
            day = date.fromordinal(ordinal)
            self._before.append(len(self._worked))
            if position[day.year].kind(day).worked:
                self._worked.append(ordinal)
        self._before.append(len(self._worked))

    def worked_before(self, ordinal: int) -> int:
        """How many working days of the run lie before the day."""
        return self._before[ordinal - self.first]

    def worked_at(self, index: int) -> int | None:
        """The working day with this index in the run, None if the run does not reach so far."""
        return self._worked[index] if 0 <= index < len(self._worked) else None


class Calendar:
    """All loaded years. Immutable: `with_year` returns another calendar."""

    __slots__ = ("_runs", "_starts", "_years")

    def __init__(self, years: Iterable[CalendarYear] = ()) -> None:
        self._years = {year.year: year for year in sorted(years, key=lambda year: year.year)}
        groups: list[list[CalendarYear]] = []
        for year in self._years.values():
            if groups and groups[-1][-1].year == year.year - 1:
                groups[-1].append(year)
            else:
                groups.append([year])
        self._runs = [Run(group) for group in groups]
        self._starts = [run.first for run in self._runs]

    @property
    def years(self) -> tuple[int, ...]:
        """The loaded years in order."""
        return tuple(self._years)

    def with_year(self, year: CalendarYear) -> Calendar:
        """This calendar with the year added, or corrected if it was loaded before."""
        return Calendar({**self._years, year.year: year}.values())

    def kind(self, day: date) -> DayKind:
        """What the day is. Raises CalendarNotLoaded."""
        year = self._years.get(day.year)
        if year is None:
            raise CalendarNotLoaded(day.year)
        return year.kind(day)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on the day. Raises CalendarNotLoaded."""
        return self.kind(day).worked

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after the day, or before it if `count` is negative. Raises CalendarNotLoaded.

        With 0 it is the day itself if it is worked, else the next day that is.
        """
        ordinal = day.toordinal()
        run = self.run(ordinal)
        index = run.worked_before(ordinal + 1) + count - 1 if count > 0 else run.worked_before(ordinal) + count
        found = run.worked_at(index)
        if found is None:
            raise CalendarNotLoaded(self.year_beyond(run, forward=count >= 0))
        return date.fromordinal(found)

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days follow `earlier` up to and including `later`; negative the other way round.

        Zero for the same day. Raises CalendarNotLoaded for the first year between them that is missing.
        """
        if later < earlier:
            return -self.working_days_between(later, earlier)
        first, last = earlier.toordinal(), later.toordinal()
        run = self.run(first)
        if last > run.last:
            raise CalendarNotLoaded(self.year_beyond(run, forward=True))
        return run.worked_before(last + 1) - run.worked_before(first + 1)

    def run(self, ordinal: int) -> Run:
        """The run of loaded years that holds the day. Raises CalendarNotLoaded."""
        position = bisect_right(self._starts, ordinal) - 1
        if position < 0 or ordinal > self._runs[position].last:
            raise CalendarNotLoaded(date.fromordinal(ordinal).year)
        return self._runs[position]

    @staticmethod
    def year_beyond(run: Run, forward: bool) -> int:
        """The year one would have to load to go on."""
        return date.fromordinal(run.last).year + 1 if forward else date.fromordinal(run.first).year - 1


def local_day(instant: datetime) -> date:
    """The day in China at the instant."""
    return date.fromordinal(local_ordinal(instant))


def local_ordinal(instant: datetime) -> int:
    """The day in China at the instant, as an ordinal."""
    if instant.tzinfo is None:
        raise ValueError("an instant must say its zone")
    return instant.astimezone(SHANGHAI).toordinal()


def start_of_day(day: date) -> datetime:
    """The first instant of a day in China, in UTC."""
    return start_of(day.toordinal())


def start_of(ordinal: int) -> datetime:
    """The first instant of a day in China, in UTC."""
    return (datetime.fromordinal(ordinal) - timedelta(hours=8)).replace(tzinfo=UTC)
