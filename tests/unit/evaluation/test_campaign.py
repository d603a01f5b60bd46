"""A campaign's life: who may do what when, and what follows from a final result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from chassis.errors import Refusal
from services.evaluation.domain.campaign import NEXT, Campaign, State
from services.evaluation.domain.facts import Commended, Fact, RankedLast, RatedUnsatisfied
from services.evaluation.domain.plan import End, Taken
from services.evaluation.domain.result import ResultRow, consequences, rounded
from tests.unit.evaluation.plans import plan

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)


def campaign(state: State = State.DRAFT) -> Campaign:
    """A campaign that has come as far as `state`."""
    steps: dict[State, Callable[[Campaign], Campaign]] = {
        State.OPEN: lambda one: one.open(codes=3, at=NOW)[0],
        State.CLOSED: lambda one: one.close(ballots=2, at=NOW)[0],
        State.COUNTED: lambda one: one.count(NOW),
        State.RELEASED: lambda one: one.approve_release("a", NOW).approve_release("b", NOW),
        State.FINAL: lambda one: one.finalise(),
    }
    one = Campaign.planned("id", "评议〔2026〕1号", plan([3]), NOW)
    for step, move in steps.items():
        if one.state is not state:
            one = move(one)
            assert one.state is step
    return one


def reason(act: Any) -> str:
    """Why an act is refused."""
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.reason


def row(rank: int, total: str, apart: bool = True, grade: str = "fair") -> ResultRow:
    """A line of a group of three."""
    points, spread = Fraction(total), 0 if apart else 1
    return ResultRow(
        object_id=f"o{rank}",
        unit_id="u",
        unit_path=f"/qinghe/o{rank}",
        name="",
        object_group="c0",
        rank=rank,
        rank_from=rank - spread,
        rank_to=rank,
        total=points,
        rating=points,
        low=points,
        high=points,
        points_off=Fraction(0),
        adjustments=0,
        grade=grade,
        suppressed=False,
        raters=99,
    )


def test_every_state_but_the_last_leads_somewhere() -> None:
    assert {state for state, following in NEXT.items() if not following} == {State.FINAL}
    assert campaign(State.FINAL).version == 7


def test_each_step_is_refused_out_of_turn() -> None:
    draft, final = campaign(), campaign(State.FINAL)
    assert reason(lambda: draft.close(0, NOW)) == "CAMPAIGN_NOT_OPEN"
    assert reason(lambda: draft.count(NOW)) == "CAMPAIGN_NOT_CLOSED"
    assert reason(lambda: draft.approve_release("a", NOW)) == "CAMPAIGN_NOT_COUNTED"
    assert reason(lambda: draft.finalise()) == "CAMPAIGN_NOT_RELEASED"
    assert reason(lambda: final.open(1, NOW)) == "CAMPAIGN_NOT_DRAFT"
    assert reason(lambda: final.count(NOW)) == "RESULT_RELEASED"
    assert reason(lambda: final.must_take_raters()) == "CAMPAIGN_NOT_TAKING_RATERS"


def test_nothing_opens_without_codes_or_after_its_period() -> None:
    assert reason(lambda: campaign().open(0, NOW)) == "NO_CODES_ISSUED"
    assert reason(lambda: campaign().open(1, plan().closes_at)) == "PERIOD_OVER"


def test_one_person_cannot_release_alone() -> None:
    once = campaign(State.COUNTED).approve_release("a", NOW)
    assert once.state is State.COUNTED
    assert reason(lambda: once.approve_release("a", NOW)) == "SAME_PERSON"
    assert once.approve_release("b", NOW).state is State.RELEASED


def test_a_new_count_withdraws_the_approvals() -> None:
    once = campaign(State.COUNTED).approve_release("a", NOW)
    assert once.count(NOW + timedelta(hours=1)).approvals == ()


def test_an_amendment_is_recorded_with_both_hashes() -> None:
    before = campaign(State.OPEN)
    after = before.amend(plan([3], weights=[9]), "organiser", "权重有误", NOW)
    [amendment] = after.amendments
    assert (amendment.rules_hash_before, amendment.rules_hash_after) == (before.rules_hash, after.rules_hash)
    assert before.rules_hash != after.rules_hash


def test_an_open_box_keeps_its_paper_and_a_closed_one_its_rules() -> None:
    assert reason(lambda: campaign(State.OPEN).amend(plan([2]), "x", "y", NOW)) == "AMENDMENT_CHANGES_BALLOTS"
    assert campaign().amend(plan([2]), "x", "y", NOW).version == 2
    assert reason(lambda: campaign(State.CLOSED).amend(plan([2]), "x", "y", NOW)) == "CAMPAIGN_NOT_AMENDABLE"
    assert reason(lambda: campaign().amend(plan([3]), "x", "y", NOW)) == "AMENDMENT_EMPTY"
    moved = plan([3], jurisdiction_path="/fenghe")
    assert reason(lambda: campaign().amend(moved, "x", "y", NOW)) == "AMENDMENT_MOVES_CAMPAIGN"


def test_the_last_answers_below_the_line_and_only_if_it_stands_apart() -> None:
    final = campaign(State.FINAL)
    first, second = row(1, "89"), row(2, "80")
    named = [type(fact) for fact in consequences(final, [first, second, row(3, "74.99")])]
    assert named == [RankedLast]
    assert consequences(final, [first, second, row(3, "75")]) == []
    assert consequences(final, [first, second, row(3, "70", apart=False)]) == []


def test_the_first_is_commended_and_the_unsatisfied_are_named() -> None:
    facts = consequences(campaign(State.FINAL), [row(1, "90"), row(2, "59", grade="unsatisfied")])
    assert [(type(fact), fact.subject_id) for fact in facts if not isinstance(fact, RankedLast)] == [
        (Commended, "o1"),
        (RatedUnsatisfied, "o2"),
    ]


@pytest.mark.parametrize(("end", "named"), [(End.FIRST, [Commended]), (End.LAST, [RankedLast])])
def test_among_the_first_of_the_round_before_nobody_is_last_and_among_its_last_nobody_commended(
    end: End, named: list[type[Fact]]
) -> None:
    final = campaign(State.FINAL)
    [group, *others] = final.plan.object_groups
    taken = replace(group, taken=Taken("before", end, 2))
    round_two = replace(final, plan=replace(final.plan, object_groups=(taken, *others)))
    assert [type(fact) for fact in consequences(round_two, [row(1, "90"), row(2, "60")])] == named


def test_one_alone_in_its_group_is_never_the_last() -> None:
    facts = consequences(campaign(State.FINAL), [row(1, "10")])
    assert not [fact for fact in facts if isinstance(fact, RankedLast)]


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        ("12.345", 2, "12.35"),
        ("12.3449", 2, "12.34"),
        ("0", 2, "0.00"),
        ("0.05", 1, "0.1"),
        ("99.995", 2, "100.00"),
        ("7", 0, "7"),
        ("-1.005", 2, "-1.01"),
        ("200/3", 4, "66.6667"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero(number: str, decimals: int, text: str) -> None:
    assert rounded(Fraction(number), decimals) == text
