"""Properties of the engine over any facts and over every shipped row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.accountability.rules.judge import Question, Table, months_after, months_before
from services.accountability.rules.propose import propose
from services.accountability.rules.table import Condition, RuleRow
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind, Trigger
from tests.unit.accountability import table_of
from tests.unit.accountability.table_of import CATALOGUE, SMALL, TODAY, question, read, version

SHIPPED = [version(text) for name, text in table_of.SHIPPED.items() if name != "order-495"]
PACKS = [read(text) for text in table_of.SHIPPED.values()]
ASKED = [one.table.pack for one in SHIPPED]
WORDS = sorted(frozenset[str]().union(*[pack.conduct_words for pack in ASKED]))
MITIGATING = sorted({item.word for pack in ASKED for item in pack.circumstances if item.column == "mitigating"})
AGGRAVATING = sorted({item.word for pack in ASKED for item in pack.circumstances if item.column == "aggravating"})
ROWS = [(pack, row) for pack in PACKS for row in pack.rows]

questions = st.builds(
    Question,
    party_id=st.just("p1"),
    fact_id=st.just("f1"),
    conduct=st.sampled_from(WORDS),
    day=st.dates(date(2021, 1, 1), TODAY),
    severity=st.sampled_from(Severity),
    consequence=st.sampled_from(Consequence),
    role=st.sampled_from(Role),
    post=st.sampled_from(Post),
    subject_kind=st.sampled_from(SubjectKind),
    mitigating=st.frozensets(st.sampled_from(MITIGATING)),
    aggravating=st.frozensets(st.sampled_from(AGGRAVATING)),
    trigger=st.frozensets(st.sampled_from([word.value for word in Trigger])),
    earlier=st.lists(st.dates(date(2020, 1, 1), TODAY), max_size=4).map(tuple),
    management_line=st.sampled_from(["", "tax"]),
)


@settings(max_examples=300, deadline=None)
@given(questions)
def test_a_range_never_leaves_the_rows_that_fired(asked: Question) -> None:
    (answer,) = propose([asked], SHIPPED, TODAY, CATALOGUE, [])
    fired = {(said.version_id, said.row.id) for said in answer.fired}
    assert not any(said.row.off for said in answer.fired)
    rows = [row for pack in ASKED for row in pack.rows if (pack.instrument.key, row.id) in fired]
    for found in answer.ranges:
        ranks = [CATALOGUE.measures[key].rank for row in rows if row.track is found.track for key in row.choose]
        for offer in found.offers:
            measure = CATALOGUE.measures[offer.measure]
            assert min(ranks) <= measure.rank <= max(ranks)
            assert asked.subject_kind in measure.lawful_for
        assert 0 <= found.at_least <= found.at_most <= len(found.offers)


@settings(max_examples=300, deadline=None)
@given(questions)
def test_a_row_fires_or_nearly_fires_or_misses_three_cells_by_the_slow_count_too(asked: Question) -> None:
    for pack in ASKED:
        said = Table(pack).ask(asked)
        for row in (row for row in pack.rows if asked.conduct in row.conduct):
            missed = sum(not _met(asked, condition) for condition in row.conditions)
            assert (row.id in [one.row.id for one in said.fired]) == (missed == 0 and not row.off)
            assert (row.id in [one.row.id for one in said.near]) == (missed in (1, 2) or (missed == 0 and bool(row.off)))
        for one in (*said.fired, *said.near):
            assert [cell.met for cell in one.cells] == [_met(asked, condition) for condition in one.row.conditions]


def _met(asked: Question, condition: Condition) -> bool:
    """A cell read the long way."""
    column, operator, operands = condition.column, condition.operator, condition.operands
    if column == "repeats":
        opens = months_before(asked.day, condition.months)
        times = 1 + len([day for day in asked.earlier or () if opens < day <= asked.day])
        return times >= int(operands[0]) if operator == "at_least" else times <= int(operands[0])
    given: Any = getattr(asked, column)
    if column in ("mitigating", "aggravating", "trigger"):
        held = [word in given for word in operands]
        return {"any_of": any(held), "all_of": all(held), "none_of": not any(held)}[operator]
    if operator == "is":
        return given.value in operands
    order = [word.value for word in type(given)]
    low = order.index(operands[0]) if operator != "to" else 0
    high = order.index(operands[-1]) if operator != "from" else len(order)
    return bool(low <= order.index(given.value) <= high)


@settings(max_examples=200, deadline=None)
@given(questions)
def test_an_unrelated_row_changes_no_decision(asked: Question) -> None:
    unrelated = SMALL.replace("slow_handling", "somewhere_else")
    (alone,) = propose([asked], SHIPPED, TODAY, CATALOGUE, [])
    (beside,) = propose([asked], [*SHIPPED, version(unrelated)], TODAY, CATALOGUE, [])
    assert (alone.ranges, alone.fired, alone.near_misses) == (beside.ranges, beside.fired, beside.near_misses)


@settings(max_examples=100, deadline=None)
@given(questions)
def test_the_same_facts_get_the_same_answer(asked: Question) -> None:
    assert propose([asked], SHIPPED, TODAY, CATALOGUE, []) == propose([asked], SHIPPED[::-1], TODAY, CATALOGUE, [])


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=lambda row: row.id)
def test_every_shipped_row_fires_on_facts_that_meet_it(row: RuleRow) -> None:
    pack = next(pack for pack, one in ROWS if one is row)
    for word in row.conduct:
        asked = question(conduct=word)
        for condition in row.conditions:
            asked = _meeting(asked, condition)
        said = Table(pack).ask(asked)
        assert row.id in [one.row.id for one in (said.off if row.off else said.fired)]


def _meeting(asked: Question, condition: Condition) -> Question:
    first = condition.operands[0]
    if condition.column == "repeats":
        times = int(first) - 1 if condition.operator == "at_least" else len(asked.earlier or ())
        return replace(asked, earlier=(asked.day,) * times)
    if condition.column == "severity":
        return replace(asked, severity=Severity(first))
    if condition.column == "consequence":
        return replace(asked, consequence=Consequence(first))
    if condition.column in ("trigger", "mitigating"):
        return replace(asked, **{condition.column: frozenset({first})})
    kinds: dict[str, Any] = {"role": Role, "post": Post, "subject_kind": SubjectKind}
    return replace(asked, **{condition.column: kinds[condition.column](first)})


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_back_and_forth_never_go_past_the_day(day: date, months: int) -> None:
    assert months_after(months_before(day, months), months) <= day


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
