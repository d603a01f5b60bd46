"""Ballots: what one rater says about the objects of a paper, one byte a cell, and what a ballot is worth.

A ballot as it is kept holds its answers and nothing about who cast it. The rater's own unit is filled with "don't know", so
that a gap does not name the rater.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from chassis.auth import covers
from chassis.errors import Invalid
from services.evaluation.domain.plan import Plan

BLANK = 0
DONT_KNOW = 255
_NO_GRADE = bytes([BLANK, DONT_KNOW])


class Channel(Enum):
    """How a ballot reached the box."""

    ONLINE = 1
    ON_SITE = 2
    TELEPHONE = 3
    DESK = 4


class BallotClass(Enum):
    """What a ballot is worth."""

    VALID = 1
    BLANK = 2
    TOO_FEW = 3
    STRAIGHT_LINED = 4
    LATE = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rater keeps: where the ballot lies, the hash of its leaf, what it is worth."""

    campaign_id: str
    number: str
    position: int
    leaf_hash: bytes
    ballot_class: BallotClass
    counts: bool


class Paper:
    """A plan as ballots are filled in and judged by it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.cells = plan.cells
        self.width = len(plan.dimensions)
        self._objects = plan.objects
        self._starts = {one.object_id: place * self.width for place, one in enumerate(self._objects)}
        grades = bytes(range(len(plan.scale) + 1))
        self._answers = grades + (bytes([DONT_KNOW]) if plan.dont_know else b"")
        self._needed = -(-plan.validity.min_answered * self.cells // 1)  # rounded up: half of 5 cells is 3
        self._own: dict[str, tuple[int, ...]] = {}

    def fill(self, ratings: Iterable[tuple[str, Sequence[int]]]) -> bytes:
        """A ballot from ratings by object id; objects not named stay blank.

        Raises Invalid OBJECT_UNKNOWN, RATINGS_INCOMPLETE where an object has not one rating per dimension, and
        RATING_OUTSIDE_SCALE.
        """
        cells = bytearray(self.cells)
        for object_id, grades in ratings:
            start = self._starts.get(object_id)
            if start is None:
                raise Invalid("OBJECT_UNKNOWN", "ratings", object=object_id)
            if len(grades) != self.width:
                raise Invalid("RATINGS_INCOMPLETE", "ratings", needed=self.width)
            cells[start : start + self.width] = bytes(grades)
        ballot = bytes(cells)
        reason = self.fault(ballot)
        if reason:
            raise Invalid(reason, "ratings")
        return ballot

    def fault(self, ballot: bytes) -> str:
        """Why a ballot cannot be one of this paper, or an empty text."""
        if len(ballot) != self.cells:
            return "RATINGS_LENGTH"
        return "RATING_OUTSIDE_SCALE" if ballot.translate(None, self._answers) else ""

    def own_objects(self, unit_path: str) -> tuple[int, ...]:
        """The places of the objects that are the rater's own unit, a part of it, or what it is a part of."""
        if not unit_path:
            return ()
        if unit_path not in self._own:
            paths = enumerate(one.unit_path for one in self._objects)
            own = (place for place, path in paths if covers(path, unit_path) or covers(unit_path, path))
            self._own[unit_path] = tuple(own)
        return self._own[unit_path]

    def close_own(self, ballot: bytes, unit_path: str) -> bytes:
        """The ballot with the rater's own unit filled with "don't know"."""
        own = self.own_objects(unit_path)
        if not own:
            return ballot
        cells = bytearray(ballot)
        for place in own:
            cells[place * self.width : (place + 1) * self.width] = bytes([DONT_KNOW]) * self.width
        return bytes(cells)

    def judge(self, ballot: bytes, unit_path: str, at: datetime) -> BallotClass:
        """What a ballot is worth. Cells of the own unit were nobody's choice and are left out of every question.

        The questions are asked in this order: late, blank, too few, straight-lined.
        """
        if at > self.plan.closes_at:
            return BallotClass.LATE
        own = len(self.own_objects(unit_path)) * self.width
        blank = ballot.count(BLANK)
        chosen = self.cells - own - blank
        if chosen == 0:
            return BallotClass.BLANK
        if (chosen + own) < self._needed:
            return BallotClass.TOO_FEW
        return BallotClass.STRAIGHT_LINED if self._straight(ballot, blank) else BallotClass.VALID

    def _straight(self, ballot: bytes, blank: int) -> bool:
        """One grade throughout, on as many objects as the rules name."""
        least = self.plan.validity.straight_line_objects
        first = ballot.lstrip(_NO_GRADE)[:1]
        if not least or not first or ballot.lstrip(_NO_GRADE + first):
            return False
        return self.cells - blank - ballot.count(DONT_KNOW) >= least * self.width

    def counts(self, ballot_class: BallotClass) -> bool:
        """Whether ballots of a class count."""
        return ballot_class in self.counting_classes

    @property
    def counting_classes(self) -> tuple[BallotClass, ...]:
        """The classes that count."""
        straight = (BallotClass.STRAIGHT_LINED,) if self.plan.validity.straight_lined_counts else ()
        return (BallotClass.VALID, *straight)


@dataclass(frozen=True, slots=True)
class PaperShown:
    """The paper one code opens."""

    campaign_id: str
    number: str
    plan: Plan
    own_objects: tuple[int, ...]
    cast: bool
    may_cast_again: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """One message of a stream."""

    campaign_id: str
    source: str
    channel: Channel | None
    sequence: int
    codes: Sequence[str]
    ratings: bytes


@dataclass(frozen=True, slots=True)
class RefusedBallot:
    """A ballot of a stream that was not taken."""

    sequence: int
    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a stream came; only the first refusals are named."""

    last_committed_sequence: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    refusals: tuple[RefusedBallot, ...] = ()

    def and_then(self, later: Taken, most: int) -> Taken:
        """This and what came later, naming at most so many refusals."""
        return Taken(
            later.last_committed_sequence,
            self.accepted + later.accepted,
            self.repeated + later.repeated,
            self.refused + later.refused,
            (*self.refusals, *later.refusals)[:most],
        )
