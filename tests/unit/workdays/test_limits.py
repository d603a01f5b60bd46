"""The rules of limits, pauses and lights by example."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from workdays import (
    SHANGHAI,
    Calendar,
    CalendarNotLoaded,
    CalendarYear,
    CountsFrom,
    DayKind,
    Due,
    Light,
    Limit,
    LimitKind,
    Pause,
    Paused,
    Pending,
    WarnBefore,
    Why,
    due,
    explain,
    light,
    remaining,
    turns_red_at,
    turns_yellow_at,
)

TWENTY = Limit(LimitKind.WORKING_DAYS, 20)
ONE_DAY = WarnBefore(LimitKind.WORKING_DAYS, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end_of(limit: Limit, start: datetime, calendar: Calendar, *pauses: Pause) -> Due:
    end = due(limit, start, calendar, pauses)
    assert isinstance(end, Due)
    return end


def test_twenty_working_days_from_22_september_2025_end_on_24_october(calendar: Calendar) -> None:
    end = end_of(TWENTY, at("2025-09-22 10:00"), calendar)

    assert end.day == date(2025, 10, 24)
    assert end.at == datetime(2025, 10, 24, 16, tzinfo=UTC)


def test_an_act_before_midnight_in_china_belongs_to_that_day_whatever_the_day_in_utc(calendar: Calendar) -> None:
    late = end_of(Limit(LimitKind.WORKING_DAYS, 1), at("2025-09-22 23:59"), calendar)
    later = end_of(Limit(LimitKind.WORKING_DAYS, 1), at("2025-09-23 00:01"), calendar)

    assert (late.day, later.day) == (date(2025, 9, 23), date(2025, 9, 24))


def test_a_limit_may_count_the_day_of_its_start(calendar: Calendar) -> None:
    end = end_of(Limit(LimitKind.WORKING_DAYS, 1, CountsFrom.SAME_DAY), at("2025-09-22 10:00"), calendar)

    assert end.day == date(2025, 9, 22)


def test_an_immediate_item_is_due_by_the_end_of_its_day(calendar: Calendar) -> None:
    assert end_of(Limit(LimitKind.WORKING_DAYS, 0), at("2025-09-22 10:00"), calendar).day == date(2025, 9, 22)


def test_a_last_day_on_a_holiday_moves_only_if_the_limit_says_so(calendar: Calendar) -> None:
    stays = end_of(Limit(LimitKind.NATURAL_DAYS, 9), at("2025-09-25 10:00"), calendar)
    moves = end_of(Limit(LimitKind.NATURAL_DAYS, 9, moves_off_holiday=True), at("2025-09-25 10:00"), calendar)

    assert (stays.day, moves.day) == (date(2025, 10, 4), date(2025, 10, 9))


def test_a_make_up_saturday_is_worked_and_counts(calendar: Calendar) -> None:
    assert calendar.kind(date(2025, 10, 11)) is DayKind.MAKE_UP
    assert calendar.working_days_between(date(2025, 10, 10), date(2025, 10, 12)) == 1


def test_a_pause_pushes_the_end_by_its_working_days_and_the_day_of_resuming_counts(calendar: Calendar) -> None:
    pause = Pause(at("2025-09-24 09:00"), at("2025-09-26 09:00"))

    assert end_of(Limit(LimitKind.WORKING_DAYS, 3), at("2025-09-22 10:00"), calendar, pause).day == date(2025, 9, 28)


def test_a_pause_within_one_day_pushes_minutes_but_no_day(calendar: Calendar) -> None:
    pause = Pause(at("2025-09-23 09:00"), at("2025-09-23 11:30"))

    days = end_of(Limit(LimitKind.WORKING_DAYS, 1), at("2025-09-22 10:00"), calendar, pause)
    minutes = end_of(Limit(LimitKind.MINUTES, 60), at("2025-09-23 08:30"), calendar, pause)

    assert days.day == date(2025, 9, 23)
    assert minutes.at == at("2025-09-23 12:00")


def test_an_open_pause_leaves_the_end_open_unless_the_limit_was_over(calendar: Calendar) -> None:
    open_pause = Pause(at("2025-09-24 09:00"))

    running = due(Limit(LimitKind.WORKING_DAYS, 3), at("2025-09-22 10:00"), calendar, [open_pause])
    over = due(Limit(LimitKind.WORKING_DAYS, 1), at("2025-09-22 10:00"), calendar, [open_pause])

    assert running == Paused(open_pause.start)
    assert over == Due(at("2025-09-24 00:00").astimezone(UTC))


def test_a_year_not_loaded_is_never_guessed(calendar: Calendar) -> None:
    end = due(TWENTY, at("2026-12-21 10:00"), calendar)

    assert end == Pending(2027)
    assert light(end, at("2026-12-22 10:00"), ONE_DAY, calendar) is Light.PENDING
    with pytest.raises(CalendarNotLoaded) as refused:
        calendar.is_working_day(date(2027, 1, 4))
    assert refused.value.year == 2027


def test_loading_the_year_gives_the_date(calendar: Calendar) -> None:
    longer = calendar.with_year(CalendarYear(2027, frozenset({date(2027, 1, 1)}), frozenset()))

    assert end_of(TWENTY, at("2026-12-21 10:00"), longer).day == date(2027, 1, 19)


def test_a_gap_between_loaded_years_is_not_counted_across() -> None:
    gap = Calendar([CalendarYear(2024, frozenset(), frozenset()), CalendarYear(2026, frozenset(), frozenset())])

    assert due(TWENTY, at("2024-12-20 10:00"), gap) == Pending(2025)
    assert due(TWENTY, at("2025-06-20 10:00"), gap) == Pending(2025)
    with pytest.raises(CalendarNotLoaded):
        gap.working_days_between(date(2024, 12, 1), date(2026, 1, 5))


def test_natural_days_need_no_calendar() -> None:
    assert end_of(Limit(LimitKind.NATURAL_DAYS, 60), at("2031-01-01 10:00"), Calendar()).day == date(2031, 3, 2)


def test_the_light_is_yellow_from_one_working_day_before_and_red_at_the_limit(calendar: Calendar) -> None:
    end = end_of(TWENTY, at("2025-09-22 10:00"), calendar)

    shown = [
        light(end, at(moment), ONE_DAY, calendar)
        for moment in ("2025-10-22 23:59", "2025-10-23 00:00", "2025-10-24 23:59", "2025-10-25 00:00")
    ]

    assert shown == [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED]
    assert turns_yellow_at(end, ONE_DAY, calendar) == at("2025-10-23 00:00")
    assert turns_red_at(end) == end.at


def test_a_paused_clock_warns_nobody(calendar: Calendar) -> None:
    paused = due(TWENTY, at("2025-09-22 10:00"), calendar, [Pause(at("2025-09-24 09:00"))])

    assert light(paused, at("2026-06-01 10:00"), ONE_DAY, calendar) is Light.GREEN
    assert turns_yellow_at(paused, ONE_DAY, calendar) is None
    assert turns_red_at(paused) is None


def test_what_is_left_reaches_zero_on_the_last_day_and_turns_negative(calendar: Calendar) -> None:
    end = end_of(TWENTY, at("2025-09-22 10:00"), calendar)

    left = [remaining(end, at(day), LimitKind.WORKING_DAYS, calendar) for day in ("2025-10-20", "2025-10-24", "2025-10-27")]

    assert left == [4, 0, -1]
    assert remaining(end, end.at - timedelta(minutes=90), LimitKind.MINUTES, calendar) == 90


def test_the_explanation_says_of_each_day_why_it_counts(calendar: Calendar) -> None:
    pause = Pause(at("2025-09-29 09:00"), at("2025-09-30 09:00"))

    lines = explain(Limit(LimitKind.WORKING_DAYS, 5), at("2025-09-26 10:00"), calendar, [pause])

    assert [(line.day.day, line.why) for line in lines] == [
        (26, Why.START),
        (27, Why.WEEKEND),
        (28, Why.MAKE_UP),
        (29, Why.PAUSED),
        (30, Why.WORKING),
        *[(day, Why.HOLIDAY) for day in range(1, 9)],
        (9, Why.WORKING),
        (10, Why.WORKING),
        (11, Why.MAKE_UP),
    ]
    assert lines[-1].used == 5


def test_the_explanation_of_minutes_adds_up_to_the_limit(calendar: Calendar) -> None:
    pause = Pause(at("2025-09-26 23:00"), at("2025-09-27 01:00"))

    lines = explain(Limit(LimitKind.MINUTES, 120), at("2025-09-26 22:00"), calendar, [pause])

    assert [line.used for line in lines] == [60, 120]


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 1, 1)])
def test_a_day_of_another_year_is_refused_in_a_calendar_year(day: date) -> None:
    with pytest.raises(ValueError, match="not a day of 2025"):
        CalendarYear(2025, frozenset({day}), frozenset())


def test_an_end_costs_microseconds_not_days(calendar: Calendar) -> None:
    start = at("2025-09-22 10:00")
    began = time.perf_counter()

    for _ in range(2_000):
        due(TWENTY, start, calendar)

    assert (time.perf_counter() - began) / 2_000 < 200e-6
