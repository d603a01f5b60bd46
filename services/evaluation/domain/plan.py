"""The plan of a campaign: what is asked, of whom, and how answers become a score.

Here: the plan, its shape on a ballot, and what makes one sound. Not here: how it is counted (`evaluation.tally`), and where
left-out values come from (settings, read in a use case).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from chassis.errors import Invalid
from services.evaluation.domain.formula import (
    EmptyGroup,
    Lines,
    PointsOff,
    Publication,
    Revote,
    TieBreak,
    TieQuestion,
    Validity,
)
from services.evaluation.log import available, suite_of

LONGEST_BALLOT = 60_000


class ObjectKind(Enum):
    """What an object is."""

    UNIT = "unit"
    OFFICIAL = "official"
    LEADING_GROUP = "leading_group"
    DISTRICT = "district"


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

    @property
    def subject(self) -> tuple[str, str]:
        """Who or what it is, whatever it is called: nobody stands on a ballot twice."""
        return self.kind.value, self.official_id or self.unit_id or self.unit_path


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """Objects that may be compared with one another."""

    key: str
    name: str
    objects: tuple[RatedObject, ...]


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
class Customs:
    """The part of a plan that may be left out. In a draft None means: as the settings of the jurisdiction say."""

    scale: tuple[Grade, ...] | None = None
    validity: Validity | None = None
    revote: Revote | None = None
    empty_group: EmptyGroup | None = None
    tie_chain: tuple[TieBreak, ...] | None = None
    suppress_below: int | None = None
    points_off: PointsOff | None = None
    lines: Lines | None = None
    trim: Fraction | None = None
    suite: str | None = None
    publication: Publication | None = None

    def or_else(self, usual: Customs) -> Customs:
        """These customs, with the usual ones where nothing is said."""
        gaps = {one.name: getattr(usual, one.name) for one in fields(self) if getattr(self, one.name) is None}
        return replace(self, **gaps)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as an organiser writes it down: objects by unit only, customs perhaps left out."""

    title: str
    year: int
    jurisdiction_path: str
    closes_at: datetime
    object_groups: tuple[ObjectGroup, ...]
    dimensions: tuple[Dimension, ...]
    rater_groups: tuple[RaterGroup, ...]
    dont_know: bool
    live: bool
    customs: Customs
    template: str = ""
    statements: bool = False
    follows: str = ""

    def complete(self, usual: Customs, objects: Mapping[tuple[str, str], RatedObject]) -> Plan:
        """The whole plan: the usual customs in the gaps, and the objects by subject. Raises Invalid as `check` does."""
        customs = self.customs.or_else(usual)
        groups = tuple(
            replace(group, objects=tuple(objects[one.subject] for one in group.objects)) for group in self.object_groups
        )
        own = {name: getattr(self, name) for name in Draft.__slots__ if name not in ("customs", "object_groups")}
        chosen = {one.name: getattr(customs, one.name) for one in fields(customs)}
        plan = Plan(**own, **chosen, object_groups=groups)
        check(plan)
        return plan


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

    def _paper(self) -> object:
        objects = [one.object_id for one in self.objects]
        return self.suite, objects, *([one.key for one in part] for part in (self.dimensions, self.scale, self.rater_groups))


def check(plan: Plan) -> None:
    """Raises Invalid, naming the field, for a plan that cannot be counted as it stands."""
    _once("OBJECT_TWICE", "object_groups", (" ".join(one.subject) for one in plan.objects))
    for name in ("object_groups", "dimensions", "scale", "rater_groups"):
        _once("KEY_TWICE", name, (part.key for part in getattr(plan, name)))
    if not available(plan.suite):
        raise Invalid("SUITE_NOT_AVAILABLE", "plan.suite", suite=plan.suite)
    if plan.cells > LONGEST_BALLOT:
        raise Invalid("BALLOT_TOO_LONG", "plan.object_groups", cells=plan.cells, most=LONGEST_BALLOT)
    if len(plan.scale) < 2:
        raise Invalid("SCALE_TOO_SHORT", "plan.scale")
    if not _falling(grade.points for grade in plan.scale):
        raise Invalid("GRADES_NOT_FALLING", "plan.scale")
    starts = [grade.start for grade in plan.lines.grades]
    if not starts or not _falling(starts) or starts[-1] != 0:
        raise Invalid("RESULT_GRADES_NOT_FALLING", "plan.lines.grades")
    known = {dimension.key for dimension in plan.dimensions}
    for tie in plan.tie_chain:
        if (tie.question is TieQuestion.DIMENSION) != (tie.dimension in known):
            raise Invalid("TIE_DIMENSION_UNKNOWN", "plan.tie_chain", dimension=tie.dimension)


def _once(reason: str, field: str, keys: Iterable[str]) -> None:
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        raise Invalid(reason, f"plan.{field}", key=twice[0])


def _falling(values: Iterable[Fraction]) -> bool:
    return all(above > below for above, below in pairwise(values))


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
