"""Clocks of a complaint: the tightest governs, pauses stand still, what is unknown says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chassis.errors import Conflict
from services.complaints.domain import clocks, limits
from services.complaints.domain.facts import LightChanged, Overdue
from services.complaints.domain.regimes import Regime
from tests.unit.complaints.people import AT, CALENDAR, REGIME, accepted
from workdays import SHANGHAI, Calendar, CalendarYear, Limit, LimitKind

DAY = timedelta(days=1)


def handling() -> clocks.RunningClock:
    """A clock of thirty working days."""
    [clock] = clocks.start("handle", "efficiency", REGIME.handle, REGIME.warn, AT, CALENDAR)
    return clock


def test_the_tightest_running_clock_governs() -> None:
    short = clocks.start("item", "supervised", Limit(LimitKind.NATURAL_DAYS, 3), REGIME.warn, AT, CALENDAR)
    said = clocks.summary((handling(), *short))
    assert said.due_at == short[0].due_at
    assert said.next_light_at == short[0].next_light_at


def test_a_step_without_a_limit_has_no_clock() -> None:
    assert clocks.start("accept", "none", None, REGIME.warn, AT, CALENDAR) == ()


def test_a_stopped_clock_keeps_what_it_showed_and_never_turns() -> None:
    [stopped] = clocks.stop((handling(),), AT + DAY)
    assert stopped.due_at == handling().due_at
    assert stopped.next_light_at is None
    assert stopped.reckoned(CALENDAR, AT + 100 * DAY) == stopped


def test_stopping_ends_an_open_pause() -> None:
    [paused] = clocks.pause((handling(),), AT, "court", "", "office")
    assert paused.stopped(AT + DAY).pauses[-1].end == AT + DAY


def test_the_next_light_is_the_warning_then_the_limit_then_nothing() -> None:
    clock = handling()
    assert clock.next_light_at == clock.yellow_at
    yellow = clock.reckoned(CALENDAR, clock.yellow_at or AT)
    assert (yellow.light, yellow.next_light_at) == ("yellow", clock.due_at)
    red = clock.reckoned(CALENDAR, clock.due_at or AT)
    assert (red.light, red.next_light_at) == ("red", None)


def test_an_end_in_an_unknown_year_is_pending_and_reckoned_once_it_is_known() -> None:
    late = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
    [pending] = clocks.start("handle", "efficiency", REGIME.handle, REGIME.warn, late, CALENDAR)
    assert (pending.pending_year, pending.light, pending.due_at, pending.next_light_at) == (2027, "pending", None, None)
    longer = Calendar(
        [CalendarYear(2026, frozenset(), frozenset()), CalendarYear(2027, frozenset({date(2027, 1, 1)}), frozenset())]
    )
    known = pending.reckoned(longer, late)
    assert (known.pending_year, known.light) == (None, "green")
    assert known.due_at is not None


def test_turning_lights_announces_what_turned_and_what_ran_out() -> None:
    complaint = accepted()
    due = complaint.due_at or AT
    red = limits.turn_lights(complaint, CALENDAR, due)
    assert [type(fact) for fact in red.facts] == [LightChanged, Overdue]
    assert (red.act, red.complaint.light, red.complaint.version) == ("overdue", "red", complaint.version + 1)
    assert limits.turn_lights(red.complaint, CALENDAR, due + DAY).facts == ()


def test_nothing_runs_nothing_pauses() -> None:
    with pytest.raises(Conflict, match="NO_CLOCK"):
        clocks.pause((), AT, "court", "", "office")
    with pytest.raises(Conflict, match="NO_CLOCK"):
        clocks.running_clock(clocks.stop((handling(),), AT))


def test_an_extension_lengthens_only_the_clock_it_was_asked_for() -> None:
    other = replace(handling(), step="item")
    entry = clocks.ExtensionEntry(5, "unit", "leader", AT, "complex")
    longer = clocks.extend((handling(), other), "handle", entry)
    assert [clock.limit.amount for clock in longer] == [35, 30]
    assert longer[0].extensions == (entry,)


@pytest.mark.parametrize(
    "row", [{"warn": {"kind": "working_days", "amount": 1}, "acept": {}}, {}, {"warn": {"kind": "moons", "amount": 1}}]
)
def test_a_regime_that_cannot_be_read_fails_loudly(row: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Regime.of("odd", row)
