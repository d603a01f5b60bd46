"""How answers become a score and what is done with it: the parts of a plan that an organiser may leave to the settings.

Here: plain values. Not here: the plan they stand in (`domain.plan`) and how they are counted with (`evaluation.tally`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


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
    """Why points come off, or for commended work are given."""

    COMPLAINT_ESTABLISHED = "complaint_established"
    COMPLAINT_PARTLY = "complaint_partly"
    FINDING = "finding"
    FINDING_OVERDUE = "finding_overdue"
    POOR_MONTH = "poor_month"
    MEASURE = "measure"
    COMPLAINT_OVERDUE = "complaint_overdue"
    ITEM_OVERDUE = "item_overdue"
    COMMENDED = "commended"


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
    """What one cause takes off, or gives.

    `measure` names a measure, for commended work the level of whoever commended; empty for those without a row of their own.
    """

    cause: Cause
    points: Fraction
    source: str
    measure: str = ""
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PointsOff:
    """The tariff of the adjustments, the most that may come off in all, and the most that commended work may give.

    A score stops at the scale's highest grade unless it may rise `above_scale`.
    """

    rules: tuple[PointsRule, ...] = ()
    cap: Fraction | None = None
    on_cap: Fraction | None = None
    above_scale: bool = False


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


class Publish(Enum):
    """What everybody sees of a released result."""

    FULL = "full"
    RANKED = "ranked"
    GRADES = "grades"
    NOT_PUBLIC = "not_public"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published of a result, and for how many days after its release the units may object (natural days)."""

    what: Publish = Publish.FULL
    objection_days: int = 0
