"""Third-party review: a frame fixed first, a sample drawn from a seed published later, graded, published unit by unit.

Whoever knows the seed when the frame is fixed can choose the frame; so the seed has to be younger. What is left out with
approval stays in the totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from typing import Any

from chassis.errors import Conflict, Invalid, NotAllowed
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.facts import ReviewPublished, about

FULL = 100
BEST, WORST = 5, 1


class SampleState(Enum):
    """Where a sample stands."""

    PLANNED = "planned"
    DRAWN = "drawn"
    PUBLISHED = "published"


class ItemState(Enum):
    """Where one complaint of a sample stands."""

    DRAWN = "drawn"
    EXCLUSION_ASKED = "exclusion_asked"
    EXCLUDED = "excluded"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Seed:
    """What the draw follows from, and where everybody can look it up."""

    text: str
    source: str
    published_at: datetime
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewedUnit:
    """One unit's result: `drawn` is what was reviewed and what was left out together."""

    unit_path: str
    drawn: int
    excluded: int
    reviewed: int
    figure: Fraction | None


@dataclass(frozen=True, slots=True)
class ReviewSample:
    """A sample of closed complaints."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    state: SampleState
    organisation: str
    closed_from: date
    closed_to: date
    wanted: int
    frame: int
    frame_sha256: str
    reviewers: tuple[str, ...]
    planned_by: str
    planned_at: datetime
    seed: Seed | None = None
    results: tuple[ReviewedUnit, ...] = ()
    published_by: str = ""
    published_at: datetime | None = None

    def drawn(self, seed: Seed) -> ReviewSample:
        """Drawn from this seed. Refused with SAMPLE_STATE, SEED_BEFORE_PLAN, SEED_IN_FUTURE."""
        self._check(SampleState.PLANNED)
        if seed.published_at <= self.planned_at:
            raise Invalid("SEED_BEFORE_PLAN", "seed_published_at")
        if seed.published_at > seed.drawn_at:
            raise Invalid("SEED_IN_FUTURE", "seed_published_at")
        return replace(self, version=self.version + 1, state=SampleState.DRAWN, seed=seed)

    def published(self, items: Sequence[ReviewItem], by: str, at: datetime) -> tuple[ReviewSample, list[ReviewPublished]]:
        """With its result, and a fact for each unit with a figure. Refused with SAMPLE_STATE, SAME_PERSON, REVIEWS_OPEN."""
        self._check(SampleState.DRAWN)
        if by == self.planned_by:
            raise NotAllowed("SAME_PERSON")
        waiting = sum(item.state in (ItemState.DRAWN, ItemState.EXCLUSION_ASKED) for item in items)
        if waiting:
            raise Conflict("REVIEWS_OPEN", waiting=waiting)
        results = results_of(items)
        done = {"state": SampleState.PUBLISHED, "results": results, "published_by": by, "published_at": at}
        now = replace(self, version=self.version + 1, **done)  # type: ignore[arg-type]
        return now, [_fact(now, result) for result in results if result.figure is not None]

    def check_open(self) -> None:
        """Refuses with SAMPLE_STATE unless it is under review."""
        self._check(SampleState.DRAWN)

    def _check(self, state: SampleState) -> None:
        if self.state is not state:
            raise Conflict("SAMPLE_STATE", state=self.state.value)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One complaint of a sample. What was written about it is encrypted under the complaint's key."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    review_sample_id: str
    place: int
    complaint_id: str
    number: str
    state: ItemState
    reviewer: str
    grades: tuple[tuple[str, int], ...] = ()
    asked_by: str = ""
    decided_by: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    reason: bytes | None = None
    remark: bytes | None = None

    def check_reviewer(self, subject: str, reviewer_only: bool) -> None:
        """Refuses a reviewer it was not dealt to: NotAllowed with NOT_YOUR_ITEM."""
        if reviewer_only and subject != self.reviewer:
            raise NotAllowed("NOT_YOUR_ITEM")

    def exclusion_asked(self, by: str, reason: bytes | None) -> ReviewItem:
        """Somebody asks to leave it out. Refused with ITEM_STATE."""
        self._check(ItemState.DRAWN)
        return replace(self, version=self.version + 1, state=ItemState.EXCLUSION_ASKED, asked_by=by, reason=reason)

    def exclusion_decided(self, approved: bool, by: str, reason: bytes | None) -> ReviewItem:
        """Another person approves or refuses that. Refused with ITEM_STATE, SAME_PERSON."""
        self._check(ItemState.EXCLUSION_ASKED)
        if by == self.asked_by:
            raise NotAllowed("SAME_PERSON")
        state = ItemState.EXCLUDED if approved else ItemState.DRAWN
        return replace(self, version=self.version + 1, state=state, decided_by=by, reason=reason)

    def reviewed(
        self, grades: Mapping[str, int], questions: Iterable[str], by: str, remark: bytes | None, at: datetime
    ) -> ReviewItem:
        """Graded by whom it was dealt to. Refused with NOT_YOUR_ITEM, REVIEW_TWICE, ITEM_STATE, GRADES_INCOMPLETE."""
        self.check_reviewer(by, reviewer_only=True)
        if self.state is ItemState.REVIEWED:
            raise Conflict("REVIEW_TWICE", number=self.number)
        self._check(ItemState.DRAWN)
        if set(grades) != set(questions):
            raise Invalid("GRADES_INCOMPLETE", "grades")
        done = {"state": ItemState.REVIEWED, "grades": tuple(sorted(grades.items())), "reviewed_by": by, "reviewed_at": at}
        return replace(self, version=self.version + 1, remark=remark, **done)  # type: ignore[arg-type]

    @property
    def figure(self) -> Fraction:
        """Its grades out of a hundred: the best is full, the worst nothing."""
        given = [Fraction(grade - WORST, BEST - WORST) for _, grade in self.grades]
        return FULL * sum(given, Fraction(0)) / len(given)

    def _check(self, state: ItemState) -> None:
        if self.state is not state:
            raise Conflict("ITEM_STATE", state=self.state.value)


@dataclass(frozen=True, slots=True)
class SeenSample:
    """A sample with how many of it were left out and reviewed, and the names of its units."""

    sample: ReviewSample
    counts: Mapping[ItemState, int]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One complaint of a sample, with its redacted words where one is read."""

    item: ReviewItem
    complaint: Complaint | None = None
    title: str = ""
    text: str = ""
    report: str = ""
    answer: str = ""
    reason: str = ""
    remark: str = ""
    questions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sampled."""

    jurisdiction_path: str
    organisation: str
    closed_from: date
    closed_to: date
    wanted: int
    reviewers: tuple[str, ...]


def frame_hash(numbers: Iterable[str]) -> str:
    """What fixes a frame before any seed is known: SHA-256 of its numbers, sorted, one a line."""
    return sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def ticket(seed: str, number: str) -> str:
    """A complaint's ticket: SHA-256 over the UTF-8 text of seed, line feed, number, in hex."""
    return sha256(f"{seed}\n{number}".encode()).hexdigest()


def draw(seed: str, numbers: Iterable[str], wanted: int) -> tuple[str, ...]:
    """The numbers with the lowest tickets, lowest first."""
    return tuple(sorted(numbers, key=lambda number: (ticket(seed, number), number))[:wanted])


def results_of(items: Iterable[ReviewItem]) -> tuple[ReviewedUnit, ...]:
    """Unit by unit: the mean of its reviewed complaints, and how many were drawn and left out."""
    by_unit: dict[str, list[ReviewItem]] = {}
    for item in items:
        by_unit.setdefault(item.unit_path, []).append(item)
    return tuple(_unit(path, of) for path, of in sorted(by_unit.items()))


def _unit(path: str, items: Sequence[ReviewItem]) -> ReviewedUnit:
    figures = [item.figure for item in items if item.state is ItemState.REVIEWED]
    mean = sum(figures, Fraction(0)) / len(figures) if figures else None
    return ReviewedUnit(path, len(items), len(items) - len(figures), len(figures), mean)


def _fact(sample: ReviewSample, result: ReviewedUnit) -> ReviewPublished:
    assert result.figure is not None
    return ReviewPublished(
        **about(sample, result.unit_path),
        year=sample.closed_to.year,
        figure=str(result.figure),
        drawn=result.drawn,
        excluded=result.excluded,
        reviewed=result.reviewed,
    )
