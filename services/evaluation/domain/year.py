"""The composite score of a year: parts out of 100, each from records that were heard, weighed by a declared pack.

Exact fractions only. A part nobody knows a figure for is dealt with by a declared rule and said to be missing; so two tables
of one edition never differ, and every figure leads back to its records. Not here: what raters gave (`evaluation.tally`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Self

from chassis.errors import Conflict, NotAllowed
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.facts import YearScored
from services.evaluation.domain.result import rounded

FULL = Fraction(100)
APPROVALS_NEEDED = 2  # a release by two is the word of the rule, not a number of it


class Part(Enum):
    """A part of the composite."""

    PUBLIC_RATING = "public_rating"
    EFFICIENCY = "efficiency"
    KEY_TASKS = "key_tasks"
    RECTIFICATION = "rectification"
    THIRD_PARTY = "third_party"


class Missing(Enum):
    """What becomes of the weight of a part nobody knows a figure for."""

    SHARED_OUT = "shared_out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part weighs, and where that comes from."""

    part: Part
    weight: int
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The pack a year is scored by. `templates` are those whose campaigns are the public rating, empty for all; a grade
    counts as satisfied from `satisfied_from`; `in_time` is the share of rectification that punctuality makes."""

    weights: tuple[Weight, ...]
    missing: Missing
    parts_needed: int
    templates: tuple[str, ...]
    in_time: Fraction
    satisfied_from: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Input:
    """One thing heard or entered that a part rests on. The last that is told of the same record and word stands."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    year: int
    part: Part
    what: str
    record_id: str
    record_version: int
    value: Fraction
    origin: Origin
    happened_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record behind a part, as it is kept with the score."""

    what: str
    value: Fraction
    origin: Origin
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of one score. Without a figure its share is nothing, unless the rule counts it as nothing."""

    part: Part
    weight: int
    figure: Fraction | None
    share: Fraction
    evidence: tuple[Evidence, ...]

    @property
    def points(self) -> Fraction:
        """What it gives to the score."""
        return (self.figure or Fraction(0)) * self.share


@dataclass(frozen=True, slots=True)
class YearScore:
    """One unit's score in one edition. `group` is the kind of unit it is ranked in; rank 0 without a score."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    table_id: str
    unit_name: str
    year: int
    edition: int
    latest: bool
    released: bool
    group: str
    rank: int
    ranked: int
    total: Fraction | None
    decimals: int
    parts: tuple[PartScore, ...]

    def fact(self) -> YearScored:
        """What is announced of it."""
        score = "" if self.total is None else rounded(self.total, self.decimals)
        address = (self.id, self.version, self.unit_path, self.jurisdiction_path, str(self.year))
        return YearScored(*address, year=self.year, score=score, rank=self.rank, group=self.group, ranked=self.ranked)


@dataclass(frozen=True, slots=True)
class YearTable:
    """A jurisdiction's year: scored again and again until two people have released it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    year: int
    edition: int
    weights: tuple[Weight, ...]
    scored: int
    unscored: int
    scored_at: datetime
    approvals: tuple[str, ...] = ()
    released_at: datetime | None = None

    @classmethod
    def begun(cls, id: str, jurisdiction_path: str, year: int, at: datetime) -> Self:
        """A year before its first edition."""
        return cls(id, 0, jurisdiction_path, jurisdiction_path, year, 0, (), 0, 0, at)

    def score(self, rules: Rules, scored: int, unscored: int, at: datetime) -> YearTable:
        """The next edition; approvals of the last are void. Raises Conflict YEAR_RELEASED."""
        self._must_be_open()
        return replace(
            self,
            version=self.version + 1,
            edition=self.edition + 1,
            approvals=(),
            weights=rules.weights,
            scored=scored,
            unscored=unscored,
            scored_at=at,
        )

    def approve(self, by: str, at: datetime) -> YearTable:
        """One more approval; the second person's releases. Raises Conflict YEAR_RELEASED; NotAllowed SAME_PERSON."""
        self._must_be_open()
        if by in self.approvals:
            raise NotAllowed("SAME_PERSON")
        approvals = (*self.approvals, by)
        released = at if len(approvals) >= APPROVALS_NEEDED else None
        return replace(self, version=self.version + 1, approvals=approvals, released_at=released)

    def _must_be_open(self) -> None:
        if self.released_at is not None:
            raise Conflict("YEAR_RELEASED", year=self.year)


def parts_of(rules: Rules, inputs: Iterable[Input]) -> tuple[PartScore, ...]:
    """Every part of one unit's score, with the share each has once missing ones were dealt with."""
    by_part: dict[Part, list[Input]] = {}
    for one in inputs:
        by_part.setdefault(one.part, []).append(one)
    figures = {one.part: _figure(rules, one.part, by_part.get(one.part, [])) for one in rules.weights}
    counting = [one for one in rules.weights if figures[one.part] is not None or rules.missing is Missing.ZERO]
    whole = sum(one.weight for one in counting)
    return tuple(
        PartScore(
            one.part,
            one.weight,
            figures[one.part],
            Fraction(one.weight, whole) if one in counting and whole else Fraction(0),
            tuple(_evidence(by_part.get(one.part, []))),
        )
        for one in rules.weights
    )


def total(rules: Rules, parts: Sequence[PartScore]) -> Fraction | None:
    """The score, exactly; None where fewer parts are known than a score needs."""
    known = sum(one.figure is not None for one in parts)
    return sum((one.points for one in parts), Fraction(0)) if known >= max(rules.parts_needed, 1) else None


def places(totals: Mapping[str, Fraction | None]) -> dict[str, int]:
    """The place of each in its group by its exact score; equal scores share a place, 0 without a score."""
    scores = [score for score in totals.values() if score is not None]
    return {name: 0 if score is None else 1 + sum(other > score for other in scores) for name, score in totals.items()}


def _figure(rules: Rules, part: Part, inputs: Sequence[Input]) -> Fraction | None:
    """What a part comes to, out of 100."""
    if part is Part.RECTIFICATION:
        return _rectified(rules, inputs)
    if part is Part.KEY_TASKS:
        return _in_time(inputs)
    return _mean([one.value for one in inputs])


def _rectified(rules: Rules, inputs: Sequence[Input]) -> Fraction | None:
    """Complaints closed in time, and those whose filers were satisfied with the handling; one alone where the other is not
    known."""
    punctual = _in_time(inputs)
    satisfied = _mean([FULL * (one.value >= rules.satisfied_from) for one in inputs if one.what == "rated"])
    if punctual is None or satisfied is None:
        return satisfied if punctual is None else punctual
    return punctual * rules.in_time + satisfied * (1 - rules.in_time)


def _in_time(inputs: Sequence[Input]) -> Fraction | None:
    """The share of records that did not run over their limit, of all that were closed or ran over it."""
    overdue = {one.record_id for one in inputs if one.what == "overdue"}
    known = overdue | {one.record_id for one in inputs if one.what == "closed"}
    return FULL * Fraction(len(known) - len(overdue), len(known)) if known else None


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _evidence(inputs: Iterable[Input]) -> Iterable[Evidence]:
    ordered = sorted(inputs, key=lambda one: (one.happened_at, one.record_id, one.what))
    return (Evidence(one.what, one.value, one.origin, one.happened_at) for one in ordered)
