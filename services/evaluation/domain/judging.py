"""What ballots are worth: a whole batch at a time, one row a ballot, one byte a cell.

Not here: whose code it was, and what becomes of a second ballot (`usecases.intake`).
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from services.evaluation.domain.ballot import BLANK, DONT_KNOW, BallotClass, Paper

Ballots = npt.NDArray[np.uint8]
Classes = npt.NDArray[np.uint8]
Marks = npt.NDArray[np.bool_]


class Judge:
    """A paper as whole batches are judged by it. What one rater may fill in is worked out once and kept."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._views: dict[tuple[int, str, str], View] = {}
        self._alike: dict[tuple[bytes, bytes], View] = {}  # those of several groups are judged together

    def outside_scale(self, ballots: Ballots) -> Marks:
        """Which ballots hold a byte that is no answer on this paper."""
        grades = len(self.paper.plan.scale)
        if self.paper.plan.dont_know:  # one more than 255 is 0, so "don't know" comes to lie below "not answered"
            ballots, grades = ballots + np.uint8(1), grades + 1
        highest: Ballots = ballots.max(axis=1)
        return highest > np.uint8(grades)

    def view(self, group: int, unit_path: str = "", only: str = "") -> View:
        """What a rater of this group may fill in, with an own unit and, where the code is for one object, that object."""
        key = (group, unit_path, only)
        if key not in self._views:
            view = View(self.paper, *key)
            self._views[key] = self._alike.setdefault(view.cells, view)
        return self._views[key]


class View:
    """The cells of a paper that are open to one rater: not those of objects rated by others, nor those of the own unit."""

    def __init__(self, paper: Paper, group: int, unit_path: str = "", only: str = "") -> None:
        plan, self._width = paper.plan, len(paper.plan.dimensions)
        elsewhere = np.ones(len(plan.objects), dtype=bool)
        elsewhere[list(paper.objects_of(group, only))] = False
        own = np.zeros(len(plan.objects), dtype=bool)
        own[list(paper.own_objects(unit_path))] = True
        self._elsewhere, self._own = np.repeat(elsewhere, self._width), np.repeat(own & ~elsewhere, self._width)
        self._blank, self._closed = int(self._elsewhere.sum()), int(self._own.sum())
        self._open = paper.cells - self._blank - self._closed
        self._dont_know = plan.dont_know
        self._needed = ceil(Fraction(plan.validity.min_answered) * self._open)  # half of five cells is three
        self._straight = plan.validity.straight_line_objects * self._width
        self._closes_at = plan.closes_at

    @property
    def cells(self) -> tuple[bytes, bytes]:
        """Which cells are closed, being rated by others or the own unit's: two views that close the same are alike."""
        return self._elsewhere.tobytes(), self._own.tobytes()

    def foreign(self, ballots: Ballots) -> list[tuple[int, int]]:
        """The ballots that rate an object which is not the rater's to rate: row, and the place of the first such object."""
        if not self._blank:
            return []
        wrong = (ballots != BLANK) & self._elsewhere
        return [(row, int(wrong[row].argmax()) // self._width) for row in np.flatnonzero(wrong.any(axis=1)).tolist()]

    def close(self, ballots: Ballots) -> bool:
        """Fills the own unit, whatever was sent, so that nothing in a ballot can only be an own unit; says if there is one.

        "Don't know" where the plan offers it and everything else was answered, so that the one gap does not name the rater;
        not answered elsewhere, since "don't know" beside gaps, or where nobody may say so, would.
        """
        if not self._closed:
            return False
        ballots[:, self._own] = BLANK
        if self._dont_know:
            whole = _count(ballots != BLANK) == self._open
            ballots[np.ix_(whole, self._own)] = DONT_KNOW
        return True

    def judge(self, ballots: Ballots, at: datetime) -> Classes:
        """What each ballot is worth, its closed cells being closed: those were nobody's choice and count in no question.

        The questions are asked in this order: late, blank, too few, straight-lined.
        """
        if at > self._closes_at:
            return np.full(len(ballots), BallotClass.LATE.value, dtype=np.uint8)
        blank = _count(ballots == BLANK)
        chosen = ballots.shape[1] - blank
        if self._closed:
            chosen -= _count(ballots[:, self._own] != BLANK)
        classes = np.full(len(ballots), BallotClass.VALID.value, dtype=np.uint8)
        classes[self._straight_lined(ballots, blank)] = BallotClass.STRAIGHT_LINED.value
        classes[chosen < self._needed] = BallotClass.TOO_FEW.value
        classes[chosen == 0] = BallotClass.BLANK.value
        return classes

    def _straight_lined(self, ballots: Ballots, blank: npt.NDArray[np.int64]) -> Marks:
        """One grade throughout, on as many objects as the rules name; "don't know" and gaps aside."""
        if not self._straight:
            return np.zeros(len(ballots), dtype=bool)
        highest = (ballots + np.uint8(1)).max(axis=1)  # "don't know" becomes 0 and a gap 1: neither is the highest
        lowest = (ballots - np.uint8(1)).min(axis=1)  # they become 254 and 255: neither is the lowest
        one: Marks = (highest > 1) & (lowest == highest - np.uint8(2))
        rows = np.flatnonzero(one)
        graded = ballots.shape[1] - blank[rows] - _count(ballots[rows] == DONT_KNOW)
        one[rows] = graded >= self._straight
        return one


def _count(marks: Marks) -> npt.NDArray[np.int64]:
    """How many marks each row has. Eight cells at a time: counting them one by one widens each to eight bytes first."""
    counted: npt.NDArray[np.int64] = np.bitwise_count(np.packbits(marks, axis=1)).sum(axis=1, dtype=np.int64)
    return counted
