"""What a ballot is worth, whose cells are closed, and what a paper refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from chassis.errors import Invalid
from services.evaluation.domain.ballot import BallotClass, Paper
from services.evaluation.domain.formula import Validity
from tests.unit.evaluation.plans import plan

BEFORE = datetime(2026, 11, 16, tzinfo=UTC)
RULES = Validity(Fraction(1, 2), straight_line_objects=3, straight_lined_counts=False)


def paper(objects: int = 5, dimensions: int = 1) -> Paper:
    """A paper of so many objects and dimensions."""
    return Paper(plan([objects], [1] * dimensions, validity=RULES))


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
    assert paper().judge(bytes(cells), "", BEFORE) is expected


def test_late_goes_before_every_other_class() -> None:
    late = plan().closes_at + timedelta(seconds=1)
    assert paper().judge(bytes(5), "", late) is BallotClass.LATE
    assert paper().judge(bytes([1, 2, 1, 2, 1]), "", plan().closes_at) is BallotClass.VALID


def test_the_own_unit_its_parts_and_what_it_is_part_of_are_closed() -> None:
    one = paper()
    assert one.own_objects("/qinghe/o1") == (1,)
    assert one.own_objects("/qinghe/o1/counter") == (1,)
    assert one.own_objects("/qinghe") == (0, 1, 2, 3, 4)
    assert one.own_objects("/qinghe/o10") == ()
    assert one.own_objects("") == ()
    assert paper(2, 2).close_own(bytes([1, 2, 3, 1]), "/qinghe/o1") == bytes([1, 2, 255, 255])


def test_a_ballot_that_says_nothing_but_on_the_own_unit_is_blank() -> None:
    one = paper()
    ballot = one.close_own(bytes([0, 3, 0, 0, 0]), "/qinghe/o1")
    assert one.judge(ballot, "/qinghe/o1", BEFORE) is BallotClass.BLANK


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
