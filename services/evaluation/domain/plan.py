"""The plan of a campaign: what is asked, of whom, and how answers become a score.

Here: the plan, its shape on a ballot, and what makes one sound. Not here: how it is counted (`evaluation.tally`), and where
left-out values come from (settings, read in a use case).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from chassis.errors import Invalid

LONGEST_BALLOT = 60_000


class Revote(Enum):
    """What becomes of a second, different ballot under one code."""

    REFUSED = "refused"
    FIRST_COUNTS = "first_counts"
    LAST_COUNTS = "last_counts"


class EmptyGroup(Enum):
    """What becomes of the weight of a rater group that gave an object no valid answer."""

    SHARED_OUT = "shared_out"
    NO_SCORE = "no_score"


class TieQuestion(Enum):
    """What is compared where two scores are equal."""

    DIMENSION = "dimension"
    SATISFIED_SHARE = "satisfied_share"
    FEWER_LOWEST = "fewer_lowest"
    FEWER_POINTS_OFF = "fewer_points_off"
    MORE_ANSWERS = "more_answers"


class Cause(Enum):
    """Why points come off."""

    COMPLAINT_ESTABLISHED = "complaint_established"
    COMPLAINT_PARTLY = "complaint_partly"
    FINDING = "finding"
    FINDING_OVERDUE = "finding_overdue"
    POOR_MONTH = "poor_month"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class RatedObject:
    """A unit on the ballot."""

    object_id: str
    unit_id: str
    name: str
    unit_path: str


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
    """Raters of one kind; `quota` is how many there should be, 0 where that is open."""

    key: str
    name: str
    weight: int
    quota: int = 0


@dataclass(frozen=True, slots=True)
class Validity:
    """When a ballot does not count: the share of cells to answer, and the size from which one grade throughout is a flag."""

    min_answered: Fraction
    straight_line_objects: int
    straight_lined_counts: bool


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One question of the tie chain; the higher answer ranks first."""

    question: TieQuestion
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class PointsRule:
    """What one cause takes off; `measure` names a measure, empty for those without a row of their own."""

    cause: Cause
    points: Fraction
    source: str
    measure: str = ""
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PointsOff:
    """The tariff of the adjustments, and the most that may come off in all."""

    rules: tuple[PointsRule, ...] = ()
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ResultGrade:
    """A grade of the result, given from a score on."""

    key: str
    name: str
    start: Fraction
    unsatisfied: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines a score is judged by. `deviations` is the width of the intervals in standard deviations."""

    grades: tuple[ResultGrade, ...]
    last_below: Fraction
    commended_from: Fraction
    decimals: int
    deviations: Fraction


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

    def or_else(self, usual: Customs) -> Customs:
        """These customs, with the usual ones where nothing is said."""
        gaps = {field.name: getattr(usual, field.name) for field in fields(self) if getattr(self, field.name) is None}
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

    def complete(self, usual: Customs, objects: Mapping[str, RatedObject]) -> Plan:
        """The whole plan: the usual customs in the gaps, and the objects by unit id. Raises Invalid as `check` does."""
        customs = self.customs.or_else(usual)
        groups = tuple(
            replace(group, objects=tuple(objects[one.unit_id] for one in group.objects)) for group in self.object_groups
        )
        own = {name: getattr(self, name) for name in Draft.__slots__ if name not in ("customs", "object_groups")}
        chosen = {field.name: getattr(customs, field.name) for field in fields(customs)}
        plan = Plan(**own, **chosen, object_groups=groups)
        check(plan)
        return plan


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a campaign is run by, complete."""

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
        """SHA-256 of the plan as JSON with sorted keys, exact numbers as text and times in UTC."""
        canonical = json.dumps(asdict(self), default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).digest()

    def reads_ballots_like(self, other: Plan) -> bool:
        """Whether a ballot cast under one plan means the same under the other."""
        return self._paper() == other._paper()

    def _paper(self) -> object:
        objects = [one.object_id for one in self.objects]
        return objects, *([one.key for one in part] for part in (self.dimensions, self.scale, self.rater_groups))


def check(plan: Plan) -> None:
    """Raises Invalid, naming the field, for a plan that cannot be counted as it stands."""
    _once("OBJECT_TWICE", "object_groups", (one.unit_id for one in plan.objects))
    for name in ("object_groups", "dimensions", "scale", "rater_groups"):
        _once("KEY_TWICE", name, (part.key for part in getattr(plan, name)))
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
