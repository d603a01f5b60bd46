"""What belongs to a finding: its proof, the notice and its limits, what was done about it, and the hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.errors import Invalid
from services.supervision.domain.limits import read_limit
from workdays import Limit


@dataclass(frozen=True, slots=True)
class Evidence:
    """Proof by its fingerprint: SHA-256 over the bytes, taken at capture, as 64 hex digits."""

    sha256: str
    kind: str
    caption: str
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice as the pack has it: its number series and its limits."""

    word: str
    series: str
    answer: Limit
    rectify: Limit
    again: Limit

    @staticmethod
    def of(word: str, kinds: Mapping[str, Mapping[str, Any]]) -> NoticeKind:
        """Reads the pack row of a kind. Refused with NOTICE_KIND_UNKNOWN; a row that cannot be read raises loudly."""
        if word not in kinds:
            raise Invalid("NOTICE_KIND_UNKNOWN", "kind", kind=word)
        row = kinds[word]
        limits = {step: read_limit(row[step]) for step in ("answer", "rectify", "again")}
        return NoticeKind(word, str(row["series"]), **limits)


@dataclass(frozen=True, slots=True)
class Notice:
    """An order to rectify, or advice, and what the unit answered."""

    number: str
    kind: str
    text: str
    issued_by: str
    issued_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rectification:
    """What the unit did to set it right, and what looking at it showed."""

    text: str
    rectified_on: date
    evidence: tuple[Evidence, ...]
    submitted_by: str
    submitted_at: datetime
    verified_by: str = ""
    verified_at: datetime | None = None
    accepted: bool = False
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The hand-over to accountability; `by` is "system" where the pack's rule did it."""

    reason: str
    by: str
    at: datetime
    official_ids: tuple[str, ...] = ()
