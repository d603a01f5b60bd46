"""The composite score of a year: parts out of 100, each from records that were heard, weighed by a declared pack.

Exact fractions only. A part nobody knows a figure for is dealt with by a declared rule and said to be missing; so two tables
of one edition never differ, and every figure leads back to its records. Not here: what raters gave (`evaluation.tally`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Self
from uuid import UUID, uuid5

from chassis.errors import Conflict, Invalid, NotAllowed
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.facts import YearScored
from services.evaluation.domain.formula import Publish
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
    """The pack a year is scored by. `templates` are those whose campaigns are the public rating, empty for all, and
    `points_charged` says whether it is taken after their points off; a grade counts as satisfied from `satisfied_from`;
    `in_time` is the share of rectification that punctuality makes."""

    weights: tuple[Weight, ...]
    missing: Missing
    parts_needed: int
    templates: tuple[str, ...]
    points_charged: bool
    in_time: Fraction
    satisfied_from: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Input:
    """One thing heard or entered that a part rests on. The last that is told of the same record, word and unit stands.

    `entered_by` and `confirmed_by` are those of a review, which counts once a second person has entered it too.
    """

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
    entered_by: str = ""
    confirmed_by: str = ""

    @property
    def counts(self) -> bool:
        """Whether a score may rest on it."""
        return self.what != "review" or bool(self.confirmed_by)

    def confirm(self, value: Fraction, happened_at: datetime, by: str) -> Input:
        """The review as a second person enters it from the same report: both must have read the same.

        Raises Conflict REVIEW_KNOWN once it counts, REVIEW_SAME_PERSON, REVIEW_DIFFERS.
        """
        if self.confirmed_by:
            raise Conflict("REVIEW_KNOWN", "report_number", number=self.origin.number)
        if self.entered_by == by:
            raise Conflict("REVIEW_SAME_PERSON", "report_number", number=self.origin.number)
        if (self.value, self.happened_at) != (value, happened_at):
            raise Conflict("REVIEW_DIFFERS", "figure", number=self.origin.number)
        return replace(self, version=self.version + 1, confirmed_by=by)


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
    """One unit's score in one edition. `group` is the kind of unit it is ranked in; rank 0 without a score.

    `table_path` is the jurisdiction that scored it, which may lie above the unit's own. `in_force` marks the released
    edition that stands; `score_public` and `rank_public` say what everybody may read of it.
    """

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
    table_path: str = ""
    in_force: bool = False
    score_public: bool = False
    rank_public: bool = False

    def release(self) -> YearScore:
        """The score as everybody concerned reads it from now on."""
        return replace(self, version=self.version + 1, released=True, in_force=True)

    def fact(self) -> YearScored:
        """What is announced: the unit's line in the table, which a correction announces again, as a later version."""
        score = "" if self.total is None else rounded(self.total, self.decimals)
        line = str(uuid5(UUID(self.table_id), self.unit_path))
        address = (line, self.edition, self.unit_path, self.jurisdiction_path, str(self.year))
        return YearScored(*address, year=self.year, score=score, rank=self.rank, group=self.group, ranked=self.ranked)


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a released year was scored again, in which edition, by whom."""

    edition: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class YearTable:
    """A jurisdiction's year: scored again and again until two people have released it, then only with a reason on record.

    `released_edition` stands until two people have released a later one; 0 before the first release.
    """

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
    released_edition: int = 0
    corrections: tuple[Correction, ...] = ()

    @classmethod
    def begun(cls, id: str, jurisdiction_path: str, year: int, at: datetime) -> Self:
        """A year before its first edition."""
        return cls(id, 0, jurisdiction_path, jurisdiction_path, year, 0, (), 0, 0, at)

    def score(self, rules: Rules, scored: int, unscored: int, why: Correction) -> YearTable:
        """The next edition; approvals of the last are void. Raises Conflict YEAR_RELEASED without a reason to correct."""
        correcting = self.released_edition > 0 and bool(why.reason)
        if not correcting:
            self._must_be_open()
        return replace(
            self,
            version=self.version + 1,
            edition=self.edition + 1,
            approvals=(),
            released_at=None,
            corrections=(*self.corrections, why) if correcting else self.corrections,
            weights=rules.weights,
            scored=scored,
            unscored=unscored,
            scored_at=why.at,
        )

    def approve(self, by: str, at: datetime) -> YearTable:
        """One more approval; the second person's releases. Raises Conflict YEAR_RELEASED; NotAllowed SAME_PERSON."""
        self._must_be_open()
        if by in self.approvals:
            raise NotAllowed("SAME_PERSON")
        approvals = (*self.approvals, by)
        approved = replace(self, version=self.version + 1, approvals=approvals)
        if len(approvals) < APPROVALS_NEEDED:
            return approved
        return replace(approved, released_at=at, released_edition=self.edition)

    def _must_be_open(self) -> None:
        if self.released_at is not None:
            raise Conflict("YEAR_RELEASED", year=self.year)


def public(behind: Sequence[Publish], group: Sequence[Publish]) -> tuple[bool, bool]:
    """Whether everybody may read a unit's score, and its place, given what its campaigns publish and those of its group.

    A figure a campaign withholds must not come back through the year, not by its share of the sum either; and a place left
    out among others that are shown is no secret, so a group shows its places only where every one may be shown.
    """
    full = all(one is Publish.FULL for one in behind)
    return full, all(one in (Publish.FULL, Publish.RANKED) for one in group)


def review_figure(figure: Fraction, future: bool) -> None:
    """Raises Invalid REVIEW_FIGURE over a hundred, REVIEW_AHEAD for a report of a day to come."""
    if figure > FULL:
        raise Invalid("REVIEW_FIGURE", "figure")
    if future:
        raise Invalid("REVIEW_AHEAD", "day")
