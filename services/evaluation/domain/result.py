"""Results as they are kept and shown: one line per object, what each rater group gave, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from services.evaluation.domain.adjustment import Charge
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.facts import Commended, Fact, RankedLast, RatedUnsatisfied, ReleasedObject, ResultReleased
from services.evaluation.domain.plan import End


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One object's line. Without a total it has no rank; `grade` is the key of the grade, empty without one."""

    object_id: str
    unit_id: str
    unit_path: str
    name: str
    object_group: str
    rank: int
    rank_from: int
    rank_to: int
    total: Fraction | None
    rating: Fraction | None
    low: Fraction
    high: Fraction
    points_off: Fraction
    adjustments: int
    grade: str
    suppressed: bool
    raters: int
    points_on: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class DimensionShare:
    """One group's answers on one dimension: the mean, how often each grade was given, and "don't know"."""

    mean: Fraction | None
    grades: tuple[int, ...]
    dont_know: int


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What one rater group gave to an object. A hidden group shows its weight and share only."""

    share: Fraction
    mean: Fraction | None
    hidden: bool
    dimensions: tuple[DimensionShare, ...]


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """One object's counted result with all that explains it. `place` is its line in the campaign's table."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    count: int
    object_id: str
    place: int
    row: ResultRow
    groups: tuple[GroupShare, ...]
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class GroupTurnout:
    """One rater group's turnout. `classes` counts the ballots received by class; they add up to `received`."""

    issued: int
    received: int
    counted: int
    superseded: int
    classes: dict[BallotClass, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the count while the box is open."""

    campaign: Campaign
    at: datetime
    root: bytes
    size: int
    turnout: tuple[GroupTurnout, ...]
    rows: tuple[ResultRow, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class ResultChange:
    """What a count made of one object that came out otherwise in the count before it."""

    before: ResultRow
    after: ResultRow


def result_changes(before: Iterable[ResultRow], after: Iterable[ResultRow]) -> list[ResultChange]:
    """Where two counts of one campaign differ in place or score, in the order of the later one."""
    earlier = {row.object_id: row for row in before}
    pairs = [ResultChange(earlier[row.object_id], row) for row in after if row.object_id in earlier]
    return [one for one in pairs if (one.before.rank, one.before.total) != (one.after.rank, one.after.total)]


def rounded(value: Fraction, decimals: int) -> str:
    """The decimal text of an exact number, half rounded away from zero: 12.345 to two decimals is 12.35."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    text = f"{whole:0{decimals + 1}d}"
    sign = "-" if value < 0 and whole else ""
    return sign + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


def release_fact(campaign: Campaign, rows: Iterable[ResultRow]) -> ResultReleased:
    """What a release announces."""
    kinds = _kinds(campaign)
    lines = tuple(
        ReleasedObject(
            row.object_id, row.unit_path, row.object_group, row.total, row.rank, row.grade, **kinds.get(row.object_id, {})
        )
        for row in rows
    )
    decimals = campaign.plan.lines.decimals
    return ResultReleased(*campaign.address(), year=campaign.year, decimals=decimals, results=lines)


def consequences(campaign: Campaign, rows: Iterable[ResultRow]) -> list[Fact]:
    """What follows from a final result.

    The last of a group answers only below the declared line and where its interval sets it apart from everybody else; the
    first is commended from the declared line on; and any object whose grade the plan calls unsatisfied is named. Among the
    last of the round before nobody is commended, and among its first nobody is ranked last.
    """
    lines, kinds, ends = campaign.plan.lines, _kinds(campaign), ends_of(campaign)
    unsatisfied = {grade.key for grade in lines.grades if grade.unsatisfied}
    ranked = [row for row in rows if row.total is not None]
    sizes: dict[str, int] = {}
    for row in ranked:
        sizes[row.object_group] = sizes.get(row.object_group, 0) + 1
    facts: list[Fact] = []
    for row in ranked:
        assert row.total is not None
        score = rounded(row.total, lines.decimals)
        address = (row.object_id, campaign.version, row.unit_path, campaign.jurisdiction_path, campaign.number)
        about: dict[str, Any] = {"campaign_id": campaign.id, "score": score, **kinds.get(row.object_id, {})}
        size, end = sizes[row.object_group], ends.get(row.object_group)
        if end is not End.FIRST and size > 1 and row.rank_from == size and row.total < lines.last_below:
            facts.append(RankedLast(*address, object_group=row.object_group, **about))
        if row.grade in unsatisfied:
            facts.append(RatedUnsatisfied(*address, grade=row.grade, **about))
        if end is not End.LAST and row.rank == 1 and row.total >= lines.commended_from:
            facts.append(Commended(*address, **about))
    return facts


def ends_of(campaign: Campaign) -> dict[str, End]:
    """For the object groups taken from the round before, which end of its ranking they were."""
    return {group.key: group.taken.end for group in campaign.plan.object_groups if group.taken}


def _kinds(campaign: Campaign) -> dict[str, dict[str, str]]:
    """What each object is, and which official; what may follow for a unit and for a person differs."""
    return {one.object_id: {"kind": one.kind.value, "official_id": one.official_id} for one in campaign.plan.objects}
