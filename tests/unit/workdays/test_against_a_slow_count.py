"""Every end is the end one finds by counting day by day on the real calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workdays import slow
from tests.unit.workdays.real import real_years
from workdays import Calendar, CountsFrom, Due, Limit, LimitKind, Pause, Paused, Pending, due, explain, local_day

CALENDAR = Calendar(real_years())
starts = st.datetimes(
    datetime(2004, 1, 5),  # noqa: DTZ001 - hypothesis wants its bounds naive
    datetime(2026, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@st.composite
def ledgers(draw: st.DrawFn, start: datetime) -> list[Pause]:
    entries = []
    for _ in range(draw(st.integers(0, 4))):
        since = start + timedelta(minutes=draw(st.integers(-20_000, 60_000)))
        length = draw(st.none() | st.integers(0, 30_000)) if draw(st.integers(0, 3)) == 0 else draw(st.integers(0, 30_000))
        entries.append(Pause(since, None if length is None else since + timedelta(minutes=length)))
    if sum(entry.end is None for entry in entries) > 1:
        entries = [entry for entry in entries if entry.end is not None]
    return entries


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[LimitKind, ...]) -> tuple[Limit, datetime, list[Pause]]:
    counts_from = draw(st.sampled_from(CountsFrom))
    kind = draw(st.sampled_from(kinds))
    amount = draw(st.integers(1 if counts_from is CountsFrom.SAME_DAY else 0, 60))
    moves = kind is LimitKind.NATURAL_DAYS and draw(st.booleans())
    start = draw(starts)
    return Limit(kind, amount, counts_from, moves), start, draw(ledgers(start))


@settings(max_examples=100, deadline=None)
@given(cases((LimitKind.WORKING_DAYS, LimitKind.NATURAL_DAYS)))
def test_a_limit_in_days_ends_where_counting_ends(case: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, pauses = case

    end = due(limit, start, CALENDAR, pauses)

    expected = slow.last_day(limit, start, pauses)
    if expected is None:
        assert isinstance(end, Pending)
        assert end.year == 2027
    elif isinstance(expected, Paused):
        assert isinstance(end, Paused)
    else:
        assert isinstance(end, Due)
        assert end.day == expected


@settings(max_examples=150, deadline=None)
@given(cases((LimitKind.MINUTES,)))
def test_a_limit_in_minutes_ends_where_the_clock_ends(case: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, pauses = case
    limit = Limit(limit.kind, limit.amount * 500)

    end = due(limit, start, CALENDAR, pauses)

    expected = slow.minutes_end(limit, start, pauses)
    assert end == (expected if isinstance(expected, Paused) else Due(expected))


@settings(max_examples=100, deadline=None)
@given(cases((LimitKind.WORKING_DAYS, LimitKind.NATURAL_DAYS)))
def test_the_explanation_counts_exactly_the_limit_and_ends_on_its_last_day(
    case: tuple[Limit, datetime, list[Pause]],
) -> None:
    limit, start, pauses = case

    lines = explain(limit, start, CALENDAR, pauses)

    end = due(limit, start, CALENDAR, pauses)
    assert lines[0].day == local_day(start)
    assert sum(line.counted for line in lines) == lines[-1].used
    if isinstance(end, Due):
        assert lines[-1].day == end.day
        assert lines[-1].used == limit.amount
    else:
        assert lines[-1].used <= limit.amount


@settings(max_examples=100, deadline=None)
@given(starts, st.integers(-400, 400))
def test_working_days_between_is_a_count_of_days(start: datetime, days: int) -> None:
    earlier = start.date()
    later = min(max(earlier + timedelta(days=days), date(2004, 1, 1)), date(2026, 12, 31))

    counted = CALENDAR.working_days_between(earlier, later)

    low, high = min(earlier, later), max(earlier, later)
    slowly = sum(slow.worked(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert counted == (slowly if later >= earlier else -slowly)


@settings(max_examples=100, deadline=None)
@given(starts, st.integers(1, 60))
def test_going_back_undoes_going_forward(start: datetime, count: int) -> None:
    day = start.date()
    if day > date(2026, 9, 1) or not CALENDAR.is_working_day(day):
        return

    there = CALENDAR.working_day_after(day, count)

    assert CALENDAR.working_day_after(there, -count) == day
    assert CALENDAR.working_days_between(day, there) == count
