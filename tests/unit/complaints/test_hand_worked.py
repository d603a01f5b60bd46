"""Ends of limits worked out by hand with the holiday notices of 2025 and 2026, for the regimes as the packs have them.

2025: days off 1 Jan, 28 Jan - 4 Feb, 4 - 6 Apr, 1 - 5 May, 31 May - 2 Jun, 1 - 8 Oct; worked Sun 26 Jan, Sat 8 Feb,
Sun 27 Apr, Sun 28 Sep, Sat 11 Oct.
2026: days off 1 - 3 Jan, 15 - 23 Feb, 4 - 6 Apr, 1 - 5 May, 19 - 21 Jun, 25 - 27 Sep, 1 - 7 Oct; worked Sun 4 Jan,
Sat 14 Feb, Sat 28 Feb, Sat 9 May, Sun 20 Sep, Sat 10 Oct.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
from chinese_calendar import constants

import services.complaints
from chassis.settings import read_packs
from services.complaints.domain import clocks
from services.complaints.domain.clocks import ExtensionEntry
from services.complaints.domain.regimes import ACCEPT, DISPATCH, HANDLE, REDO, SIGN, SUPERVISE, Regime
from workdays import SHANGHAI, Calendar, CalendarYear, Due

PACKS = Path(services.complaints.__file__).parent / "packs"


def year(number: int) -> CalendarYear:
    """The working calendar of a year that has been announced."""
    off = frozenset(day for day in constants.holidays if day.year == number and day.weekday() < 5)
    return CalendarYear(number, off, frozenset(day for day in constants.workdays if day.year == number))


KNOWN = Calendar([year(2024), year(2025), year(2026)])
# As it might be announced: New Year's Day alone is off.
NEXT_YEAR = CalendarYear(2027, frozenset({date(2027, 1, 1)}), frozenset())


@cache
def regime(name: str) -> Regime:
    """A regime as the packs have it."""
    [row] = [setting.value for setting in read_packs(PACKS) if setting.key == f"regime.{name}"]
    return Regime.of(name, row)


def at(moment: str) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


def last_day(name: str, step: str, start: str, calendar: Calendar = KNOWN) -> str:
    """The last day in time of a step begun at a moment; "pending" and the year where nobody can say."""
    [clock] = regime(name).clock(step, at(start), calendar)
    return f"pending {clock.pending_year}" if clock.due_at is None else Due(clock.due_at).day.isoformat()


@pytest.mark.parametrize(
    ("name", "step", "start", "end"),
    [
        # Fri 24 Jan 2025: Sun 26 (worked) 1, Mon 27 2, 28 Jan - 4 Feb off, Wed 5 3, Thu 6 4, Fri 7 5.
        ("efficiency", ACCEPT, "2025-01-24 09:00", "2025-02-07"),
        # Fri 7 Feb 2025: Sat 8 (worked) 1, Mon 10 2.
        ("efficiency", "bounce", "2025-02-07 16:00", "2025-02-10"),
        # Thu 24 Apr 2025: Fri 25 1, Sun 27 (worked) 2, Mon 28 3, Tue 29 4, Wed 30 5; 1 - 5 May off.
        ("hotline", HANDLE, "2025-04-24 10:00", "2025-04-30"),
        # Fri 26 Sep 2025: Sun 28 (worked) 1, Mon 29 2, Tue 30 3, 1 - 8 Oct off, Thu 9 4, Fri 10 5, Sat 11 (worked) 6,
        # Mon 13 - Fri 17 7 - 11, Mon 20 - Thu 23 12 - 15.
        ("supervised", SUPERVISE, "2025-09-26 09:00", "2025-10-23"),
        # Wed 28 May 2025: Thu 29 1, Fri 30 2, Sat 31 May - Mon 2 Jun off, Tue 3 3, Wed 4 4, Thu 5 5.
        ("supervised_urgent", SUPERVISE, "2025-05-28 08:00", "2025-06-05"),
        # Wed 2 Apr 2025: Thu 3 1, Fri 4 - Sun 6 off, Mon 7 - Fri 11 2 - 6, Mon 14 - Fri 18 7 - 11, Mon 21 - Fri 25 12 - 16,
        # Sun 27 (worked) 17, Mon 28 - Wed 30 18 - 20, 1 - 5 May off, Tue 6 - Fri 9 21 - 24,
        # Mon 12 - Fri 16 25 - 29, Mon 19 30.
        ("efficiency", HANDLE, "2025-04-02 15:00", "2025-05-19"),
        # Natural days take no notice: 60 days from 1 Aug 2025 are 30 in August and 30 in September.
        ("petition", HANDLE, "2025-08-01 09:00", "2025-09-30"),
        ("petition", ACCEPT, "2025-09-28 09:00", "2025-10-13"),
        # Wed 31 Dec 2025: 1 - 3 Jan off, Sun 4 (worked) 1, Mon 5 2, Tue 6 3, Wed 7 4, Thu 8 5.
        ("efficiency", ACCEPT, "2025-12-31 17:00", "2026-01-08"),
        # Thu 12 Feb 2026: Fri 13 1, Sat 14 (worked) 2, 15 - 23 off, Tue 24 3, Wed 25 4, Thu 26 5.
        ("efficiency", ACCEPT, "2026-02-12 09:00", "2026-02-26"),
        # Thu 26 Feb 2026: Fri 27 1, Sat 28 (worked) 2.
        ("supervised", "bounce", "2026-02-26 09:00", "2026-02-28"),
        # Thu 30 Apr 2026: 1 - 5 May off, Wed 6 1, Thu 7 2, Fri 8 3, Sat 9 (worked) 4, Mon 11 5.
        ("hotline", HANDLE, "2026-04-30 18:00", "2026-05-11"),
        # Thu 17 Sep 2026: Fri 18 1, Sun 20 (worked) 2, Mon 21 - Thu 24 3 - 6, 25 - 27 off, Mon 28 - Wed 30 7 - 9,
        # 1 - 7 Oct off, Thu 8 10, Fri 9 11, Sat 10 (worked) 12, Mon 12 13, Tue 13 14, Wed 14 15.
        ("supervised", SUPERVISE, "2026-09-17 09:00", "2026-10-14"),
        # Thu 18 Jun 2026: 19 - 21 off, Mon 22 1.
        ("hotline", SIGN, "2026-06-18 09:00", "2026-06-22"),
        # Thu 8 Oct 2026: Fri 9 1, Sat 10 (worked) 2, Mon 12 3, Tue 13 4, Wed 14 5.
        ("efficiency", ACCEPT, "2026-10-08 09:00", "2026-10-14"),
        # Second handling of an efficiency complaint has its own thirty days: Mon 16 Nov 2026, weeks of five to Mon 28 Dec.
        ("efficiency", REDO, "2026-11-16 09:00", "2026-12-28"),
        # Urgent at the hotline: the same day, whatever the day.
        ("hotline_urgent", HANDLE, "2026-10-03 21:00", "2026-10-03"),
        ("hotline_utility", HANDLE, "2026-02-15 07:00", "2026-02-22"),
    ],
)  # fmt: skip
def test_a_limit_ends_on_the_day_worked_out_by_hand(name: str, step: str, start: str, end: str) -> None:
    assert last_day(name, step, start) == end


@pytest.mark.parametrize(
    ("name", "step", "start", "end"),
    [
        # Dispatch within the hour and signing within the quarter run through the night and through the holiday.
        ("hotline_urgent", ACCEPT, "2026-02-16 23:50", "2026-02-17 00:05"),
        ("hotline_urgent", DISPATCH, "2026-02-16 23:50", "2026-02-17 00:50"),
        ("hotline_urgent", SIGN, "2025-10-01 00:00", "2025-10-01 00:15"),
        ("hotline_utility", DISPATCH, "2025-12-31 23:00", "2026-01-01 01:00"),
        ("hotline_utility", ACCEPT, "2026-05-01 12:00", "2026-05-01 12:30"),
        # A day of twenty-four hours at the hotline is not a working day.
        ("hotline", DISPATCH, "2026-09-30 17:40", "2026-10-01 17:40"),
    ],
)
def test_a_limit_in_minutes_runs_round_the_clock(name: str, step: str, start: str, end: str) -> None:
    [clock] = regime(name).clock(step, at(start), KNOWN)
    assert clock.due_at == at(end)


@pytest.mark.parametrize(
    ("name", "start", "end_once_known"),
    [
        # Mon 21 Dec 2026: 22 - 25 four, 28 - 31 eight; 2027: 4 - 8 Jan thirteen, 11 - 15 eighteen, 18 - 22 twenty-three,
        # 25 - 29 twenty-eight, Mon 1 Feb twenty-nine, Tue 2 Feb thirty. Fri 1 Jan is off.
        ("efficiency", "2026-12-21 09:00", "2027-02-02"),
        # Thu 24 Dec 2026: 25 one, 28 - 31 five; 2027: 4 - 8 Jan ten, 11 - 15 fifteen.
        ("supervised", "2026-12-24 09:00", "2027-01-15"),
        # Wed 30 Dec 2026: 31 one; 2027: 4 - 7 Jan five.
        ("hotline", "2026-12-30 09:00", "2027-01-07"),
    ],
)
def test_an_end_in_2027_is_pending_until_that_year_is_loaded_and_then_computed(
    name: str, start: str, end_once_known: str
) -> None:
    assert last_day(name, HANDLE, start) == "pending 2027"
    assert last_day(name, HANDLE, start, KNOWN.with_year(NEXT_YEAR)) == end_once_known


def test_natural_days_end_in_a_year_nobody_has_announced() -> None:
    """Only the yellow light, one working day before, has to wait for the calendar."""
    [clock] = regime("petition").clock(HANDLE, at("2026-11-16 09:00"), KNOWN)
    assert clock.due_at == at("2027-01-16 00:00")
    assert (clock.pending_year, clock.yellow_at) == (2027, None)


def test_a_pause_and_an_extension_move_the_end_by_the_days_worked_out_by_hand() -> None:
    """Fri 25 Sep 2026 is off. Accepted Mon 14 Sep under five working days: 15 - 18 four, Sun 20 (worked) five.

    Paused Wed 16 to Tue 22: 15 one; 16 - 21 skipped, 22 two, 23 three, 24 four, 25 - 27 off, Mon 28 five. Three more days:
    Tue 29 six, Wed 30 seven, 1 - 7 Oct off, Thu 8 eight.
    """
    begun = regime("hotline").clock(HANDLE, at("2026-09-14 09:00"), KNOWN)
    assert Due(begun[0].due_at or at("2026-01-01 00:00")).day == date(2026, 9, 20)
    paused = clocks.pause(begun, at("2026-09-16 11:00"), "expert_appraisal", "", "office")
    [resumed] = clocks.reckon(clocks.resume(paused, at("2026-09-22 11:00")), KNOWN, at("2026-09-22 11:00"))
    assert Due(resumed.due_at or at("2026-01-01 00:00")).day == date(2026, 9, 28)
    entry = ExtensionEntry(3, "unit", "leader", at("2026-09-23 09:00"), "complex")
    [longer] = clocks.reckon(clocks.extend((resumed,), HANDLE, entry), KNOWN, at("2026-09-23 09:00"))
    assert Due(longer.due_at or at("2026-01-01 00:00")).day == date(2026, 10, 8)


def test_the_yellow_light_is_one_working_day_before_by_hand() -> None:
    """Ends Thu 8 Oct 2026: the working day before is Wed 30 Sep, because 1 - 7 Oct are off."""
    [clock] = regime("hotline").clock(HANDLE, at("2026-09-23 09:00"), KNOWN)
    assert clock.due_at == at("2026-10-09 00:00")
    assert clock.yellow_at == at("2026-09-30 00:00")


def test_every_regime_of_the_packs_says_what_it_rests_on() -> None:
    names = [setting.key.removeprefix("regime.") for setting in read_packs(PACKS) if setting.key.startswith("regime.")]
    for name in set(names) - {"of_channel"}:
        assert regime(name).basis(HANDLE), name
        assert regime(name).rank in ("law", "local", "ours"), name
    assert regime("petition").approver == "leader"
