"""The plan of a campaign: what is asked, of whom, and how answers become a score.

Here: the plan and its shape on a ballot. Not here: what makes one sound (`domain.soundness`), how an organiser writes it
down (`domain.draft`), how it is counted (`evaluation.tally`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from fractions import Fraction

from services.evaluation.domain.formula import EmptyGroup, Lines, PointsOff, Publication, Publish, Revote, TieBreak, Validity
from services.evaluation.log import suite_of


class ObjectKind(Enum):
    """What an object is."""

    UNIT = "unit"
    OFFICIAL = "official"
    LEADING_GROUP = "leading_group"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Before:
    """What the campaign before publishes about an object: what is not published is empty or 0. `of` is how many had a
    rank, `grade` the name of the grade."""

    number: str
    object_group: str
    rank: int = 0
    of: int = 0
    score: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class RatedObject:
    """What is rated: a unit (bureau, section, window, headquarters), an official in a post of a unit, the leading group of
    a unit, or a district. `unit_path` is the unit's, for a district the jurisdiction's."""

    object_id: str
    unit_id: str
    name: str
    unit_path: str
    kind: ObjectKind = ObjectKind.UNIT
    official_id: str = ""
    before: Before | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """Who or what it is, whatever it is called: nobody stands on a ballot twice."""
        return self.kind.value, self.official_id or self.unit_id or self.unit_path

    def seen_by(self, jurisdiction_path: str) -> str:
        """The jurisdiction whose people see what is said of it: a district's own, else that of the campaign."""
        return self.unit_path if self.kind is ObjectKind.DISTRICT else jurisdiction_path


class End(Enum):
    """Which end of a ranking."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Taken:
    """The first or the last so many of a group of the round before, with all who share the rank of the last one taken."""

    object_group: str
    end: End
    number: int


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """Objects that may be compared with one another; `taken` says where they come from in a later round."""

    key: str
    name: str
    objects: tuple[RatedObject, ...]
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One question asked about every object."""

    key: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer of the scale and what it is worth."""

    key: str
    name: str
    points: Fraction
    satisfied: bool = False


@dataclass(frozen=True, slots=True)
class RaterGroup:
    """Raters of one kind; `quota` is how many there should be, 0 where that is open; `rates` holds the keys of the object
    groups they rate, empty for all."""

    key: str
    name: str
    weight: int
    quota: int = 0
    rates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a campaign is run by, complete.

    `template` is the key of the template it was made from, `statements` whether the objects file theirs before opening,
    `follows` the campaign whose round comes before, `trim` the share of answers cut off at each end, `suite` the hash and
    signature of its box.
    """

    title: str
    year: int
    jurisdiction_path: str
    closes_at: datetime
    object_groups: tuple[ObjectGroup, ...]
    dimensions: tuple[Dimension, ...]
    rater_groups: tuple[RaterGroup, ...]
    dont_know: bool
    live: bool
    scale: tuple[Grade, ...]
    validity: Validity
    revote: Revote
    empty_group: EmptyGroup
    tie_chain: tuple[TieBreak, ...]
    suppress_below: int
    points_off: PointsOff
    lines: Lines
    trim: Fraction = Fraction(0)
    suite: str = "SHA-256/Ed25519"
    publication: Publication = field(default_factory=Publication)
    template: str = ""
    statements: bool = False
    follows: str = ""

    @property
    def objects(self) -> tuple[RatedObject, ...]:
        """All objects in the order of the ballot."""
        return tuple(one for group in self.object_groups for one in group.objects)

    @property
    def rated_by(self) -> tuple[tuple[int, ...], ...]:
        """For each object in the order of the ballot, the places of the rater groups that rate it."""
        by_group = [
            tuple(place for place, raters in enumerate(self.rater_groups) if not raters.rates or group.key in raters.rates)
            for group in self.object_groups
        ]
        return tuple(raters for raters, group in zip(by_group, self.object_groups, strict=True) for _ in group.objects)

    @property
    def cells(self) -> int:
        """How many bytes a ballot has: one per object and dimension."""
        return sum(len(group.objects) for group in self.object_groups) * len(self.dimensions)

    def rater_group(self, key: str) -> int | None:
        """The place of a rater group, as ballots name it; None if there is none of that key."""
        return next((place for place, group in enumerate(self.rater_groups) if group.key == key), None)

    def rules_hash(self) -> bytes:
        """The hash, by the plan's own suite, of its canonical text: what every tree head names."""
        return suite_of(self.suite).hash(self.canonical())

    def canonical(self) -> bytes:
        """The plan as JSON with sorted keys, exact numbers as text and times in UTC: what is hashed and published."""
        text = json.dumps(asdict(self), default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    def reads_ballots_like(self, other: Plan) -> bool:
        """Whether a ballot cast under one plan means the same under the other."""
        return self._paper() == other._paper()

    def keeps_the_word_of(self, other: Plan) -> bool:
        """Whether raters who were told of the other plan are told no less: nothing more is published, and figures of no
        smaller groups are shown."""
        wide = list(Publish)
        narrower = wide.index(self.publication.what) >= wide.index(other.publication.what)
        return narrower and self.suppress_below >= other.suppress_below and (other.live or not self.live)

    def keeps_rater_groups_of(self, other: Plan) -> bool:
        """Whether every rater group of the other plan has the same place here; more may follow."""
        keys, kept = ([group.key for group in plan.rater_groups] for plan in (self, other))
        return keys[: len(kept)] == kept

    def _paper(self) -> object:
        objects = [(one.object_id, one.name) for one in self.objects]
        questions = [(one.key, one.name) for one in self.dimensions]
        groups = [one.key for one in self.rater_groups]
        return self.suite, self.revote, self.dont_know, objects, self.rated_by, questions, self.scale, groups


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
