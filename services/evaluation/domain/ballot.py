"""Ballots: what one rater says about the objects of a paper, one byte a cell, and what a ballot is worth.

A ballot as it is kept holds its answers and nothing about who cast it. The rater's own unit is filled with what anybody's
cells may hold, so that it does not name the rater (`judging.View.close`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from chassis.auth import covers
from chassis.errors import Invalid
from services.evaluation.domain.plan import Plan

BLANK = 0
DONT_KNOW = 255


class Channel(Enum):
    """How a ballot reached the box."""

    ONLINE = 1
    ON_SITE = 2
    TELEPHONE = 3
    DESK = 4
    CARD = 5


class BallotClass(Enum):
    """What a ballot is worth."""

    VALID = 1
    BLANK = 2
    TOO_FEW = 3
    STRAIGHT_LINED = 4
    LATE = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rater keeps: where the ballot lies, the hash of its leaf, what it is worth, and the box's signature."""

    campaign_id: str
    number: str
    position: int
    leaf_hash: bytes
    ballot_class: BallotClass
    counts: bool
    signature: bytes = b""


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

    def objects_of(self, group: int, only: str = "") -> Collection[int]:
        """The places of the objects that a rater group rates, or of the one that a code is for."""
        rates = self.plan.rater_groups[group].rates
        keys = [one.key for one in self.plan.object_groups for _ in one.objects]
        mine = [place for place, key in enumerate(keys) if not rates or key in rates]
        return [place for place in mine if not only or self._objects[place].object_id == only]

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
    """The paper one code opens. `objects` are the places of those its holder rates."""

    campaign_id: str
    number: str
    plan: Plan
    objects: Collection[int]
    own_objects: tuple[int, ...]
    ballots_cast: int
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
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class RefusedBallot:
    """A ballot of a stream that was not taken."""

    sequence: int
    index: int
    reason: str
    object_id: str = ""


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
