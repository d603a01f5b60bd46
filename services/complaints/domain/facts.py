"""What this service announces, past tense, without names and without text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from services.complaints.domain.stages import Conclusion


class Subject(Protocol):
    """What a fact needs of the complaint it is about."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def unit_path(self) -> str: ...
    @property
    def jurisdiction_path(self) -> str: ...
    @property
    def number(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries: the complaint as it stood after it."""

    subject_id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str


def about(subject: Subject, unit_path: str = "") -> dict[str, Any]:
    """The fields every fact has; `unit_path` stands for another unit than the one that handles the complaint."""
    return {
        "subject_id": subject.id,
        "version": subject.version,
        "unit_path": unit_path or subject.unit_path,
        "jurisdiction_path": subject.jurisdiction_path,
        "number": subject.number,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Fact):
    channel: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Fact):
    regime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAccepted(Fact):
    """Declined, forwarded, or moved to the discipline organ."""

    reason: str
    forwarded_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched(Fact):
    track: str
    cooperating_unit_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LightChanged(Fact):
    clock: str
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Fact):
    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """The confirmed conclusion. Its `unit_path` is the unit the complaint is about, not who looked into it."""

    conclusion: Conclusion
    official_ids: tuple[str, ...]
    categories: tuple[str, ...]
    misconduct: tuple[str, ...]
    self_found: bool
    rectified_on: date | None
    second_handling: bool
    handled_by_unit_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWithMatter(Fact):
    """Closed because the matter it was merged into was answered; whom that holds to account is told once, of the matter."""

    conclusion: Conclusion
    matter_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndertakingMade(Fact):
    effect_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UndertakingLate(Fact):
    """The day of effect passed and nobody has assessed it."""

    effect_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UndertakingSettled(Fact):
    kept: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedUpwards(Fact):
    """It is beyond the power of the place it was raised in."""

    organ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Fact):
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHandlingOpened(Fact):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred(Fact):
    reason: str
    official_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReturned(Fact):
    case_id: str
    case_number: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Fact):
    """A step of the ladder: by time, or by the office before time."""

    step: str
    reason: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Fact):
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(Fact):
    route: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLate(Fact):
    route: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPublished(Fact):
    """Its subject is the publication."""

    complaint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWithdrawn(Fact):
    complaint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureVerified(Fact):
    """Its subject is the exposure, its unit the one exposed."""

    conclusion: Conclusion
    complaint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentSettled(Fact):
    kept: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPublished(Fact):
    """Its subject is the sample; one for each unit."""

    year: int
    figure: str
    drawn: int
    excluded: int
    reviewed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred(Fact):
    """Handed to another system, or taken from one, with a receipt."""

    transfer_id: str
    direction: str
    scope: str
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAnswered(Fact):
    """The outcome of what was handed over has come back."""

    transfer_id: str
    direction: str
    conclusion: Conclusion | None
    peer: str
