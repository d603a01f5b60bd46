"""The tally against a slow reference, and the rules it must keep whatever the ballots are."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.formula import EmptyGroup, TieBreak, TieQuestion
from services.evaluation.domain.plan import Grade, Plan
from services.evaluation.tally.counts import count
from services.evaluation.tally.places import Place, ranked
from services.evaluation.tally.scores import Scale, Sums, extremes, hidden_groups, interval, shares, shares_without
from tests.unit.evaluation.plans import plan, slow_rating

Case = tuple[Plan, list[bytes], list[int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A plan and ballots of it, some groups perhaps empty."""
    groups = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    dimensions = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    empty = draw(st.sampled_from(EmptyGroup))
    campaign = plan(groups, dimensions, weights, empty_group=empty)
    cell = st.sampled_from([0, 1, 2, 3, 255])
    ballot = st.lists(cell, min_size=campaign.cells, max_size=campaign.cells).map(bytes)
    rows = draw(st.lists(st.tuples(ballot, st.integers(0, len(weights) - 1)), max_size=25))
    return campaign, [row for row, _ in rows], [group for _, group in rows]


def table(campaign: Plan, ballots: list[bytes], groups: list[int], off: dict[int, Fraction] | None = None) -> list[Place]:
    """The ranked table of ballots."""
    points = [(off or {}).get(place, Fraction(0)) for place in range(len(campaign.objects))]
    return ranked(campaign, count(campaign, [(ballots, groups)]), points)


@given(cases())
def test_a_rating_equals_the_slow_reference(case: Case) -> None:
    campaign, ballots, groups = case
    for place in table(campaign, ballots, groups):
        expected = slow_rating(campaign, ballots, groups, place.place)
        shown = None if place.suppressed or not place.raters else expected
        assert place.rating == shown


@given(cases(), st.randoms())
def test_the_order_of_ballots_changes_nothing(case: Case, chance: random.Random) -> None:
    campaign, ballots, groups = case
    rows = list(zip(ballots, groups, strict=True))
    chance.shuffle(rows)
    mixed = table(campaign, [row for row, _ in rows], [group for _, group in rows])
    assert mixed == table(campaign, ballots, groups)


@given(cases(), st.integers(1, 4))
def test_the_size_of_portions_changes_nothing(case: Case, size: int) -> None:
    campaign, ballots, groups = case
    portions = [(ballots[at : at + size], groups[at : at + size]) for at in range(0, len(ballots), size)]
    cut, whole = count(campaign, portions), count(campaign, [(ballots, groups)])
    assert cut.ballots == whole.ballots
    assert (cut.answers == whole.answers).all()


@given(cases(), st.data())
def test_a_better_answer_never_lowers_an_object(case: Case, data: st.DataObject) -> None:
    campaign, ballots, groups = case
    poorer = [(row, at) for row, ballot in enumerate(ballots) for at, cell in enumerate(ballot) if cell in (2, 3)]
    if not poorer:
        return
    row, at = data.draw(st.sampled_from(poorer))
    better = bytearray(ballots[row])
    better[at] -= 1
    place = at // len(campaign.dimensions)
    before = slow_rating(campaign, ballots, groups, place)
    ballots[row] = bytes(better)
    after = next(one.rating for one in table(campaign, ballots, groups) if one.place == place)
    assert after == slow_rating(campaign, ballots, groups, place)
    assert before is None or (after is not None and after >= before)


@given(cases())
def test_every_answer_is_counted_once(case: Case) -> None:
    campaign, ballots, groups = case
    counts = count(campaign, [(ballots, groups)])
    answered = sum(1 for ballot in ballots for cell in ballot if cell)
    assert int(counts.answers.sum()) == answered
    assert sum(counts.ballots) == len(ballots)


@given(cases())
def test_shares_add_up_to_one_however_many_groups_stay_empty(case: Case) -> None:
    campaign, ballots, groups = case
    sums = Sums(campaign, count(campaign, [(ballots, groups)]))
    for place in range(len(campaign.objects)):
        total = sum(share.share for share in shares(sums, place))
        assert total in (0, 1)


def test_more_than_255_ballots_of_one_group_are_counted_without_overflow() -> None:
    campaign = plan([1])
    counts = count(campaign, [([b"\x01"] * 1000, [0] * 1000)])
    assert counts.answers[0, 0, 0].tolist() == [1000, 0, 0, 0]


def test_a_scale_of_a_hundred_and_one_grades_counts_the_same_way() -> None:
    scale = [Grade(f"p{points}", str(points), Fraction(points)) for points in range(100, -1, -1)]
    campaign = plan([2], [1, 2], scale=scale)
    draw = random.Random(7)
    ballots = [bytes(draw.choice([0, 1, 50, 101, 255]) for _ in range(4)) for _ in range(300)]
    groups = [0] * 300
    for place in table(campaign, ballots, groups):
        assert place.rating == slow_rating(campaign, ballots, groups, place.place)


def test_dont_know_leaves_the_denominator() -> None:
    first = table(plan([1]), [b"\x01", b"\xff", b"\xff"], [0, 0, 0])[0]
    assert first.rating == 100
    assert first.raters == 1


def test_an_empty_group_without_sharing_out_leaves_no_score() -> None:
    strict = plan([1], weights=[1, 1], empty_group=EmptyGroup.NO_SCORE)
    assert table(strict, [b"\x01"], [0])[0].total is None
    assert table(strict, [b"\x01"], [0])[0].rank == 0


def test_objects_are_ranked_inside_their_group_only() -> None:
    rows = table(plan([2, 2]), [bytes([3, 1, 2, 3])], [0])
    assert [(row.object_group, row.place, row.rank) for row in rows] == [
        ("c0", 1, 1),
        ("c0", 0, 2),
        ("c1", 2, 1),
        ("c1", 3, 2),
    ]


def test_a_tie_is_broken_by_the_declared_chain_in_its_order() -> None:
    chain = (TieBreak(TieQuestion.FEWER_LOWEST), TieBreak(TieQuestion.DIMENSION, "d1"))
    # 100/0 against 60/40 would tie on the mean only with other points: both objects average 50 here.
    scale = (Grade("a", "a", Fraction(100), True), Grade("b", "b", Fraction(50)), Grade("c", "c", Fraction(0)))
    campaign = plan([3], [1, 1], scale=scale, tie_chain=chain)
    ballots = [bytes([1, 3, 2, 2, 3, 1])]
    assert [row.place for row in table(campaign, ballots, [0])] == [1, 2, 0]


def test_what_the_chain_leaves_equal_shares_a_place_and_the_next_is_skipped() -> None:
    rows = table(plan([4]), [bytes([1, 2, 2, 3])], [0])
    assert [row.rank for row in rows] == [1, 2, 2, 4]


def test_fewer_points_off_may_break_a_tie() -> None:
    campaign = plan([2], tie_chain=(TieBreak(TieQuestion.FEWER_POINTS_OFF),))
    rows = table(campaign, [bytes([1, 2])], [0], {0: Fraction(40)})
    assert [(row.place, row.total) for row in rows] == [(1, Fraction(60)), (0, Fraction(60))]


def test_points_off_lower_the_total_and_never_below_zero() -> None:
    rows = table(plan([2]), [bytes([1, 3])], [0], {0: Fraction("2.5"), 1: Fraction(5)})
    assert [row.rating for row in rows] == [100, 0]
    assert [row.total for row in rows] == [Fraction("97.5"), 0]


def test_an_object_about_which_too_few_answered_shows_no_figure() -> None:
    row = table(replace(plan([1]), suppress_below=5), [b"\x01"] * 4, [0] * 4)[0]
    assert row.suppressed
    assert (row.rank, row.total, row.rating) == (0, None, None)


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    campaign = replace(plan([1], weights=[1, 1, 1]), suppress_below=5)
    groups = [0] * 3 + [1] * 7 + [2] * 9
    sums = Sums(campaign, count(campaign, [([b"\x01"] * 19, groups)]))
    assert hidden_groups(campaign, shares(sums, 0)) == (True, True, False)


def test_two_whose_intervals_overlap_are_not_distinguishable() -> None:
    few = table(plan([2]), [bytes([1, 1])] * 9 + [bytes([1, 3])], [0] * 10)
    many = table(plan([2]), [bytes([1, 1])] * 900 + [bytes([1, 3])] * 100, [0] * 1000)
    assert not any(row.distinguishable for row in few)
    assert all(row.distinguishable for row in many)


@pytest.mark.parametrize(("share", "size"), [(0.9, 5), (0.9, 30), (0.9, 450), (0.9, 10_000), (0.0, 20), (1.0, 20)])
def test_the_interval_is_wilsons_rounded_outwards(share: float, size: int) -> None:
    z = 1.96
    middle, root = share + z * z / (2 * size), z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    low, high = (middle - root) / (1 + z * z / size), (middle + root) / (1 + z * z / size)
    found = interval(Fraction(str(share)) * 100, Scale(plan()), Fraction(size), Fraction("1.96"))
    assert -1e-9 < low * 100 - float(found[0]) < 1e-5
    assert -1e-9 < float(found[1]) - high * 100 < 1e-5


def test_a_formula_shows_its_floor_before_use() -> None:
    # A county gave 50 points for "dissatisfied": a hundred dissatisfied votes still made 50, and people were angry.
    scale = [Grade(key, key, Fraction(points)) for key, points in (("a", 100), ("b", 90), ("c", 70), ("d", 50))]
    assert extremes(plan(scale=scale, weights=[3, 5])) == (Fraction(50), Fraction(100))


def test_an_empty_groups_weight_is_shared_out_in_proportion() -> None:
    campaign = plan(weights=[50, 30, 20])
    assert shares_without(campaign, 0) == (Fraction(0), Fraction(3, 5), Fraction(2, 5))
