"""When appeals end, by deciding organ and instrument: 监察法 art. 56, 公务员法 arts. 95 and 96, the rule of 2009 art. 22
and 国有企业管理人员处分条例; in natural days, calendar months and working days.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accountability.domain.routes import Route, Span, Step, Unit, route_of
from tests.unit.accountability.table_of import PACKS, SETTINGS, read
from workdays import Calendar, CalendarYear, Pending

ROUTES = {key: Route.of(key, setting) for key, setting in SETTINGS["appeal_routes"].items()}
NO_YEAR = Calendar()
# 2026 with the days off around the first of January and of October; every other week has its Monday to Friday.
NATIONAL = {date(2026, 10, day) for day in range(1, 8)}
YEAR = Calendar([CalendarYear(2026, frozenset({date(2026, 1, 1), *NATIONAL}), frozenset({date(2026, 10, 10)}))])


def first(route: str) -> Step:
    """The first instance of a shipped route."""
    return ROUTES[route].first


def second(route: str) -> Step:
    """The second instance of a shipped route."""
    step = ROUTES[route].second
    assert step is not None
    return step


@pytest.mark.parametrize(
    ("step", "received", "may_appeal_until", "filed", "decided_by"),
    [
        (first("office_review"), date(2026, 11, 16), date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
        (first("supervision_review"), date(2026, 11, 16), date(2026, 12, 16), date(2026, 12, 16), date(2027, 1, 16)),
        (first("supervision_review"), date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 28)),
        (first("supervision_review"), date(2028, 1, 30), date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 29)),
        (second("supervision_review"), date(2026, 12, 31), date(2027, 1, 31), date(2026, 12, 31), date(2027, 2, 28)),
        (first("appointing_recheck"), date(2026, 1, 31), date(2026, 3, 2), date(2026, 3, 2), date(2026, 4, 1)),
        (second("appointing_recheck"), date(2026, 11, 16), date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 30)),
        (first("enterprise_recheck"), date(2026, 8, 31), date(2026, 9, 30), date(2026, 9, 30), date(2026, 10, 30)),
        (second("enterprise_recheck"), date(2026, 11, 30), date(2026, 12, 30), date(2026, 12, 30), date(2027, 2, 28)),
    ],
    ids=[
        "2009-rule-22", "supervision-56-first", "month-end", "month-end-leap-year", "supervision-56-second",
        "civil-servants-95-recheck", "civil-servants-95-appeal", "enterprises-first", "enterprises-second",
    ],
)  # fmt: skip
def test_the_statutes_limits_need_no_calendar(
    step: Step, received: date, may_appeal_until: date, filed: date, decided_by: date
) -> None:
    assert step.within.last_day(received, NO_YEAR) == may_appeal_until
    assert step.decide_by(filed, NO_YEAR) == decided_by


def test_civil_servants_law_article_96_sixty_days_may_be_extended_by_thirty() -> None:
    appeal = second("appointing_recheck")
    assert appeal.decide_by(date(2026, 11, 16), NO_YEAR) == date(2027, 1, 15)
    assert appeal.decide_by(date(2026, 11, 16), NO_YEAR, extended=True) == date(2027, 2, 14)
    assert first("office_review").decide_by(date(2026, 11, 16), NO_YEAR, extended=True) == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("named", "organ", "route"),
    [
        ("office_review", "office", "office_review"),
        ("supervision_review", "office", "office_review"),
        ("supervision_review", "supervision_commission", "supervision_review"),
        ("office_review", "supervision_commission", "supervision_review"),
        ("supervision_review", "appointing_organ", "appointing_recheck"),
        ("enterprise_recheck", "appointing_organ", "enterprise_recheck"),
        ("supervision_review", "cadre_management", "appointing_recheck"),
        ("", "office", "office_review"),
        ("office_review", "line:tax", "appointing_recheck"),
        ("", "discipline_inspection", None),
    ],
)
def test_the_route_follows_the_deciding_organ_then_the_instrument(named: str, organ: str, route: str | None) -> None:
    found = route_of(SETTINGS["appeal_routes"], named, organ)
    assert (found.key if found else None) == route


@pytest.mark.parametrize(
    ("named", "kind", "route"),
    [
        ("", "civil_servant", "appointing_recheck"),
        ("", "soe_manager", "enterprise_recheck"),
        ("enterprise_recheck", "civil_servant", "appointing_recheck"),
        ("appointing_recheck", "soe_manager", "appointing_recheck"),
    ],
)
def test_a_route_for_one_kind_of_person_is_open_to_no_other(named: str, kind: str, route: str) -> None:
    found = route_of(SETTINGS["appeal_routes"], named, "appointing_organ", kind)
    assert found is not None and found.key == route


def test_every_route_a_shipped_row_names_is_there() -> None:
    for path in sorted((PACKS / "rules").glob("*.toml")):
        assert {row.appeal for row in read(path.read_text(encoding="utf-8")).rows} <= set(ROUTES)


LATE = Span(10, Unit.WORKING_DAYS)


@pytest.mark.parametrize(
    ("span", "day", "last"),
    [
        (LATE, date(2026, 9, 25), date(2026, 10, 15)),
        (LATE, date(2026, 11, 16), date(2026, 11, 30)),
        (LATE, date(2026, 12, 20), Pending(2027)),
        (LATE, date(2027, 1, 4), Pending(2027)),
        (Span(15, Unit.DAYS, moves_off_holiday=True), date(2026, 9, 18), date(2026, 10, 8)),
        (Span(15, Unit.DAYS, moves_off_holiday=True), date(2026, 9, 25), date(2026, 10, 10)),
        (Span(1, Unit.MONTHS, moves_off_holiday=True), date(2026, 9, 30), date(2026, 10, 30)),
        (Span(1, Unit.MONTHS, moves_off_holiday=True), date(2026, 12, 10), Pending(2027)),
    ],
    ids=["over-the-holiday", "two-weeks", "beyond-the-year", "year-not-loaded", "moves-off-the-holiday",
         "a-make-up-day-is-worked", "month-not-off", "moving-needs-the-year"],
)  # fmt: skip
def test_working_days_and_moved_ends_follow_the_calendar_or_are_pending(span: Span, day: date, last: date | Pending) -> None:
    assert span.last_day(day, YEAR) == last


def test_the_enterprises_late_application_is_counted_in_working_days() -> None:
    assert ROUTES["enterprise_recheck"].late == LATE
    assert all(route.late is None for key, route in ROUTES.items() if key != "enterprise_recheck")


@pytest.mark.parametrize("setting", [{}, {"days": 1, "months": 1}, {"weeks": 2}, {"days": 15, "from": "delivery"}])
def test_a_limit_that_names_no_unit_or_two_is_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="appeal_routes"):
        Span.of(setting)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_a_limit_in_months_ends_in_that_month_and_never_before_its_day(day: date, months: int) -> None:
    last = Span(months, Unit.MONTHS).last_day(day, NO_YEAR)
    assert isinstance(last, date)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == months
    assert last.day == day.day or (last.day < day.day and (last + timedelta(days=1)).day == 1)
