"""What a ballot is worth, whose cells are closed, and what a paper refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.evaluation.domain.ballot import BallotClass, Paper
from services.evaluation.domain.formula import Validity
from services.evaluation.domain.judging import Ballots, Judge, View
from services.evaluation.domain.plan import RaterGroup
from tests.unit.evaluation.plans import plan

BEFORE = datetime(2026, 11, 16, tzinfo=UTC)
RULES = Validity(Fraction(1, 2), straight_line_objects=3, straight_lined_counts=False)


def paper(objects: int = 5, dimensions: int = 1) -> Paper:
    """A paper of so many objects and dimensions."""
    return Paper(plan([objects], [1] * dimensions, validity=RULES))


def row(cells: list[int]) -> Ballots:
    """A batch of one ballot."""
    return np.array([cells], dtype=np.uint8)


def judged(one: Paper, cells: list[int], own: str = "", only: str = "", at: datetime = BEFORE) -> BallotClass:
    """What a ballot is worth."""
    view, ballots = View(one, 0, own, only), row(cells)
    view.close(ballots)
    return BallotClass(int(view.judge(ballots, at)[0]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([0, 0, 0, 0, 0], BallotClass.BLANK),
        ([1, 2, 0, 0, 0], BallotClass.TOO_FEW),  # half of five is three
        ([1, 2, 255, 0, 0], BallotClass.VALID),  # "don't know" is an answer
        ([255, 255, 255, 255, 255], BallotClass.VALID),
        ([2, 2, 2, 0, 0], BallotClass.STRAIGHT_LINED),
        ([2, 2, 255, 255, 255], BallotClass.VALID),  # one grade, on too few objects to be a flag
        ([2, 2, 2, 2, 1], BallotClass.VALID),
    ],
)
def test_a_ballots_class(cells: list[int], expected: BallotClass) -> None:
    assert judged(paper(), cells) is expected


def test_late_goes_before_every_other_class() -> None:
    late = plan().closes_at + timedelta(seconds=1)
    assert judged(paper(), [0, 0, 0, 0, 0], at=late) is BallotClass.LATE
    assert judged(paper(), [1, 2, 1, 2, 1], at=plan().closes_at) is BallotClass.VALID


def test_the_own_unit_its_parts_and_what_it_is_part_of_are_closed() -> None:
    one = paper()
    assert one.own_objects("/qinghe/o1") == (1,)
    assert one.own_objects("/qinghe/o1/counter") == (1,)
    assert one.own_objects("/qinghe") == (0, 1, 2, 3, 4)
    assert one.own_objects("/qinghe/o10") == ()
    assert one.own_objects("") == ()
    cells = row([1, 2, 3, 1])
    View(paper(2, 2), 0, "/qinghe/o1").close(cells)
    assert cells.tolist() == [[1, 2, 255, 255]]


def test_own_cells_hold_what_anybodys_might_so_that_nothing_in_a_ballot_can_only_be_an_own_unit() -> None:
    cells = np.array([[1, 2, 3, 1], [1, 0, 3, 1], [0, 0, 0, 0], [1, 2, 255, 255]], dtype=np.uint8)
    View(paper(2, 2), 0, "/qinghe/o1").close(cells)
    assert cells.tolist() == [[1, 2, 255, 255], [1, 0, 0, 0], [0, 0, 0, 0], [1, 2, 255, 255]]
    strict, cells = Paper(plan([2], dont_know=False)), row([1, 2])
    View(strict, 0, "/qinghe/o1").close(cells)
    assert cells.tolist() == [[1, 0]], "nobody may answer that one does not know, so it would name the rater"


def test_gaps_that_are_not_the_raters_to_fill_do_not_make_the_own_unit_one() -> None:
    divided = Paper(plan([2, 3], rater_groups=(RaterGroup("g0", "组0", 50, rates=("c1",)), RaterGroup("g1", "组1", 50))))
    cells = row([0, 0, 1, 2, 1])
    View(divided, 0, "/qinghe/o2").close(cells)
    assert cells.tolist() == [[0, 0, 255, 2, 1]]


def test_a_ballot_that_says_nothing_but_on_the_own_unit_is_blank() -> None:
    assert judged(paper(), [0, 3, 0, 0, 0], own="/qinghe/o1") is BallotClass.BLANK


def test_too_few_is_asked_over_the_cells_that_are_open() -> None:
    assert judged(paper(), [1, 0, 2, 0, 0], own="/qinghe/o1") is BallotClass.VALID, "two of the four that are open"
    assert judged(paper(), [1, 3, 0, 0, 0], own="/qinghe/o1") is BallotClass.TOO_FEW, (
        "one of four, whatever the own unit got"
    )
    assert judged(paper(), [0, 0, 0, 2, 0], only="o3") is BallotClass.VALID
    assert judged(paper(), [0, 0, 0, 0, 0], only="o3") is BallotClass.BLANK


def test_a_rater_group_rates_its_object_groups_and_a_code_for_one_object_that_object() -> None:
    divided = Paper(plan([2, 3], rater_groups=(RaterGroup("g0", "组0", 50, rates=("c1",)), RaterGroup("g1", "组1", 50))))
    assert [list(divided.objects_of(group)) for group in (0, 1)] == [[2, 3, 4], [0, 1, 2, 3, 4]]
    assert list(divided.objects_of(1, "o1")) == [1]
    ballots = np.array([[0, 0, 1, 2, 1], [0, 255, 1, 2, 1]], dtype=np.uint8)
    assert View(divided, 0).foreign(ballots) == [(1, 1)], "even to say that one does not know is to rate"
    assert View(divided, 1).foreign(ballots) == []


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 4, 254, 255]), min_size=6, max_size=6), min_size=1, max_size=20))
def test_a_batch_is_judged_as_its_ballots_are_one_by_one(cells: list[list[int]]) -> None:
    judge, ballots = Judge(paper(3, 2)), np.array(cells, dtype=np.uint8)
    assert judge.outside_scale(ballots).tolist() == [bool(judge.paper.fault(bytes(one))) for one in cells]
    good = ballots[~judge.outside_scale(ballots)]
    assert judge.view(0).judge(good, BEFORE).tolist() == [slowly(one) for one in good.tolist()]


def slowly(cells: list[int]) -> int:
    """The class of one ballot of three objects and two dimensions, by the words of the rules."""
    graded, answered = [grade for grade in cells if grade not in (0, 255)], sum(cell != 0 for cell in cells)
    if not answered:
        return BallotClass.BLANK.value
    if answered < 3:
        return BallotClass.TOO_FEW.value
    straight = len(set(graded)) == 1 and len(graded) >= 6
    return BallotClass.STRAIGHT_LINED.value if straight else BallotClass.VALID.value


def test_objects_left_out_stay_blank() -> None:
    assert paper(3, 2).fill([("o2", [1, 255])]) == bytes([0, 0, 0, 0, 1, 255])


def test_without_dont_know_on_the_paper_nobody_may_answer_so() -> None:
    strict = Paper(plan([1], dont_know=False))
    assert strict.fault(b"\xff") == "RATING_OUTSIDE_SCALE"
    assert strict.fault(b"\x03") == ""


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([("o9", [1])], "OBJECT_UNKNOWN"),
        ([("o1", [1, 1])], "RATINGS_INCOMPLETE"),
        ([("o1", [4])], "RATING_OUTSIDE_SCALE"),
        ([("o1", [254])], "RATING_OUTSIDE_SCALE"),
    ],
)
def test_ratings_that_do_not_fit_the_paper_are_refused(ratings: list[tuple[str, list[int]]], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        paper().fill(ratings)
    assert refused.value.reason == reason
