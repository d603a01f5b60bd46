"""Drawn results: what chance does to a ranking, shown before anybody answers for it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from services.evaluation.domain.plan import Grade, RaterGroup
from services.evaluation.tally.drawing import Drawn, GroupRuns, Model, Variant, drawn
from tests.unit.evaluation.plans import plan

YES_OR_NO = (Grade("yes", "满意", Fraction(100), satisfied=True), Grade("no", "不满意", Fraction(0)))
MODEL = Model(seed=7, runs=60, raters=(450,), lowest=Fraction("0.05"), apart=Fraction("0.012"), dont_know=Fraction(0))


def planned(found: Drawn) -> GroupRuns:
    """What the runs of the plan as it is say of its first group."""
    return found.variants[Variant.AS_PLANNED][0]


def test_among_a_hundred_windows_450_raters_seldom_find_the_last() -> None:
    group = planned(drawn(plan([100], scale=YES_OR_NO), MODEL))
    assert 5 <= group.last_found <= 20  # of 60: about one in five, if all 450 answer; with fewer answers still fewer
    assert group.last_found < group.last_among_three < 40
    assert group.same_score_shown == 60
    assert group.last_set_apart == 0


def test_where_objects_lie_far_apart_the_last_is_found() -> None:
    far = replace(MODEL, raters=(4000,), lowest=Fraction("0.4"), apart=Fraction("0.2"), runs=10)
    group = planned(drawn(plan([3], scale=YES_OR_NO), far))
    assert group.last_found >= 9


def test_one_seed_gives_one_result_and_another_seed_another() -> None:
    campaign, few = plan([5, 4], [2, 1], [1, 3]), replace(MODEL, raters=(40, 30), runs=3, dont_know=Fraction("0.1"))
    assert drawn(campaign, few) == drawn(campaign, few)
    assert drawn(campaign, few).table != drawn(campaign, replace(few, seed=8)).table


def test_trimming_and_dont_know_are_compared_where_the_plan_has_them() -> None:
    few = replace(MODEL, raters=(60,), runs=5, dont_know=Fraction("0.5"))
    found = drawn(plan([8], trim=Fraction("0.1")), few).variants
    widths = {variant: groups[0].widths for variant, groups in found.items()}
    assert set(widths) == set(Variant)
    assert widths[Variant.WITHOUT_DONT_KNOW] < widths[Variant.AS_PLANNED]
    assert widths[Variant.WITHOUT_TRIMMING] != widths[Variant.AS_PLANNED]
    assert set(drawn(plan([8]), replace(MODEL, runs=1)).variants) == {Variant.AS_PLANNED}


def test_nobody_is_drawn_to_rate_what_the_group_does_not_rate() -> None:
    raters = (RaterGroup("g0", "", 1, 0, ("c0",)), RaterGroup("g1", "", 1, 0, ("c1",)))
    found = drawn(plan([2, 2], rater_groups=raters), replace(MODEL, raters=(50, 0), runs=2))
    assert [row.rank for row in found.table] == [1, 2, 0, 0]
    assert found.variants[Variant.AS_PLANNED][1].ranked == 0


def test_a_scale_of_a_hundred_and_one_grades_is_drawn_too() -> None:
    scale = [Grade(f"p{points}", str(points), Fraction(points)) for points in range(100, -1, -1)]
    found = drawn(plan([3], scale=scale), replace(MODEL, runs=2))
    assert sorted(row.rank for row in found.table) == [1, 2, 3]
    assert sorted(found.true_ranks) == [1, 2, 3]
