"""The working calendar: data, never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.directory.v1 import calendar_pb2, events_pb2

from tests.doors import caller
from tests.service.directory.conftest import CLERK, Town

OPERATOR = caller("operator", jurisdiction="/qinghe")


@pytest.fixture
def seeded(bare: Town) -> Town:
    assert bare.door.usecases.calendars.seed(2004, 2030) == list(range(2004, 2027))
    return bare


def between(town: Town, start: str, end: str) -> int:
    request = calendar_pb2.WorkingDaysBetweenRequest(start=start, end=end)
    return int(town.door.call(town.calendars.WorkingDaysBetween, request).working_days)


def loading(**changed: Any) -> calendar_pb2.LoadCalendarYearRequest:
    asked = {
        "request_id": "load-1",
        "year": 2027,
        "off_days": ["2027-01-01"],
        "make_up_days": ["2027-01-03"],
        "source": "国务院办公厅通知（试验）",
    }
    return calendar_pb2.LoadCalendarYearRequest(**{**asked, **changed})


def test_working_days_are_counted_across_holidays_and_make_up_days(seeded: Town) -> None:
    assert between(seeded, "2025-09-22", "2025-10-24") == 20
    assert between(seeded, "2026-11-20", "2026-11-23") == 1
    assert between(seeded, "2026-11-20", "2026-11-20") == 0


def test_a_year_that_is_not_loaded_is_refused_by_name(seeded: Town) -> None:
    request = calendar_pb2.WorkingDaysBetweenRequest(start="2026-12-30", end="2027-01-05")
    refused = seeded.door.refused(seeded.calendars.WorkingDaysBetween, request)

    assert refused.reason == "CALENDAR_YEAR_NOT_LOADED"
    assert "2027" in refused.sentence


def test_days_out_of_order_are_refused(seeded: Town) -> None:
    request = calendar_pb2.WorkingDaysBetweenRequest(start="2026-12-30", end="2026-12-29")

    assert seeded.door.refused(seeded.calendars.WorkingDaysBetween, request).reason == "DAYS_OUT_OF_ORDER"


def test_loading_a_year_makes_it_known_and_announces_it_once(seeded: Town) -> None:
    load = seeded.calendars.LoadCalendarYear
    first = seeded.door.call(load, loading(), OPERATOR).calendar_year
    again = seeded.door.call(load, loading(), OPERATOR).calendar_year
    same = seeded.door.call(load, loading(request_id="load-2", expected_version=1), OPERATOR).calendar_year

    assert first == again == same
    assert between(seeded, "2026-12-31", "2027-01-04") == 2
    facts = [e for e in seeded.door.announced(events_pb2.CalendarYearLoaded) if e.calendar_year_loaded.year == 2027]
    assert [(e.subject_id, list(e.calendar_year_loaded.make_up_days)) for e in facts] == [("2027", ["2027-01-03"])]


def test_a_correction_names_the_version_it_corrects(seeded: Town) -> None:
    load = seeded.calendars.LoadCalendarYear
    seeded.door.call(load, loading(), OPERATOR)

    stale = loading(request_id="load-2", off_days=[])
    assert seeded.door.refused(load, stale, OPERATOR).reason == "STALE_VERSION"
    corrected = seeded.door.call(load, loading(request_id="load-3", off_days=[], expected_version=1), OPERATOR)
    assert corrected.calendar_year.version == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"off_days": ["2026-12-31"]}, "CALENDAR_DAY_OUTSIDE_YEAR"),
        ({"off_days": ["2027-01-02"]}, "CALENDAR_DAY_NOT_A_WEEKDAY"),
        ({"make_up_days": ["2027-01-04"]}, "CALENDAR_DAY_NOT_A_WEEKEND"),
        ({"off_days": ["2027-02-30"]}, "DAY_UNKNOWN"),
        ({"off_days": ["soon"]}, "REQUEST_INVALID"),
        ({"source": ""}, "REQUEST_INVALID"),
        ({"expected_version": 3}, "CALENDAR_YEAR_NOT_LOADED"),
    ],
)
def test_a_wrong_calendar_is_refused_by_name(seeded: Town, changed: dict[str, Any], reason: str) -> None:
    assert seeded.door.refused(seeded.calendars.LoadCalendarYear, loading(**changed), OPERATOR).reason == reason


def test_a_clerk_loads_no_calendar(seeded: Town) -> None:
    assert seeded.door.refused(seeded.calendars.LoadCalendarYear, loading(), CLERK).reason == "ROLE_NOT_ALLOWED"


def test_loaded_years_say_where_they_come_from(seeded: Town) -> None:
    years = seeded.door.call(seeded.calendars.ListCalendarYears, calendar_pb2.ListCalendarYearsRequest()).calendar_years

    assert [year.year for year in years] == list(range(2026, 2003, -1))
    assert all(str(year.year) in year.source for year in years)
