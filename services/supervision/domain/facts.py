"""What this service announces, past tense, without names and without text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """The record something came from, so that a figure can be followed back."""

    service: str
    subject_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What every fact carries: its subject as it stood after it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class FindingRecorded:
    """A problem was found."""

    subject: Subject
    misconduct: tuple[str, ...]
    found_by: str
    undercover: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class NoticeIssued:
    """The unit was ordered to rectify. No end is given while it is pending."""

    subject: Subject
    notice_number: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FindingLightChanged:
    """The light of a finding's limit changed."""

    subject: Subject
    light: str


@dataclass(frozen=True, slots=True)
class FindingOverdue:
    """A finding's limit passed."""

    subject: Subject
    due_at: datetime
    misconduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingClosed:
    """A finding was struck off by proof."""

    subject: Subject
    self_found: bool
    rectified_on: date
    misconduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferredToAccountability:
    """The matter was handed over to accountability."""

    subject: Subject
    reason: str
    misconduct: tuple[str, ...]
    official_ids: tuple[str, ...]
    undercover: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class KeyListChanged:
    """A unit entered or left the key supervision list; the subject is the unit."""

    subject: Subject
    listed: bool
    reason: str


Fact = (
    FindingRecorded
    | NoticeIssued
    | FindingLightChanged
    | FindingOverdue
    | FindingClosed
    | ReferredToAccountability
    | KeyListChanged
)
