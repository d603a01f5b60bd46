"""What makes a plan sound, and what two plans have in common."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from chassis.errors import Invalid
from services.evaluation.domain.draft import Customs, Draft
from services.evaluation.domain.formula import Lines, ResultGrade, TieBreak, TieQuestion
from services.evaluation.domain.plan import Grade, RatedObject
from services.evaluation.domain.soundness import check
from tests.unit.evaluation.plans import LINES, SCALE, plan


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scale": SCALE[:1]}, "SCALE_TOO_SHORT"),
        ({"scale": (SCALE[1], SCALE[0])}, "GRADES_NOT_FALLING"),
        ({"scale": (SCALE[0], Grade("satisfied", "", Fraction(0)))}, "KEY_TWICE"),
        ({"tie_chain": (TieBreak(TieQuestion.DIMENSION, "no such"),)}, "TIE_DIMENSION_UNKNOWN"),
        ({"tie_chain": (TieBreak(TieQuestion.MORE_ANSWERS, "d0"),)}, "TIE_DIMENSION_UNKNOWN"),
        ({"lines": replace(LINES, grades=())}, "RESULT_GRADES_NOT_FALLING"),
        ({"lines": replace(LINES, grades=LINES.grades[:2])}, "RESULT_GRADES_NOT_FALLING"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(plan(**change))
    assert refused.value.reason == reason


def test_a_ballot_too_long_to_be_sent_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check(plan([2001], [1] * 30))
    assert refused.value.reason == "BALLOT_TOO_LONG"


def test_the_hash_of_the_rules_changes_with_any_rule_and_with_nothing_else() -> None:
    assert plan().rules_hash() == plan().rules_hash()
    changed = [plan(suppress_below=6), plan(weights=[2]), plan(lines=replace(LINES, last_below=Fraction(74)))]
    assert len({one.rules_hash() for one in (plan(), *changed)}) == 4


def test_weights_may_change_and_ballots_still_mean_the_same() -> None:
    assert plan(weights=[1, 2]).reads_ballots_like(plan(weights=[2, 1]))
    assert not plan([3]).reads_ballots_like(plan([2]))
    assert not plan(dimensions=[1]).reads_ballots_like(plan(dimensions=[1, 1]))


def test_what_a_draft_says_goes_before_what_is_usual() -> None:
    whole = plan([1])
    usual = Customs(
        whole.scale,
        whole.validity,
        whole.revote,
        whole.empty_group,
        whole.tie_chain,
        whole.suppress_below,
        whole.points_off,
        whole.lines,
        whole.trim,
        whole.suite,
        whole.publication,
    )
    lines = Lines((ResultGrade("all", "全部", Fraction(0)),), Fraction(1), Fraction(2), 0, Fraction(2))
    draft = Draft(
        "题",
        2026,
        "/qinghe",
        whole.closes_at,
        whole.object_groups,
        whole.dimensions,
        whole.rater_groups,
        dont_know=True,
        live=False,
        customs=Customs(lines=lines),
    )
    one = RatedObject("id", "u-o0", "房管局", "/qinghe/housing")
    made = draft.complete(usual, {one.subject: one})
    assert (made.lines, made.scale, made.objects) == (lines, whole.scale, (one,))
