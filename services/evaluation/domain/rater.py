"""Raters as the register knows them, and the codes they are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewRater:
    """One person to enter. Name and contact are sealed before they are stored."""

    reference: str
    rater_group: str
    name: str
    contact: str
    unit_id: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one row: a rater's id, or the reason why it was refused."""

    reference: str
    rater_id: str = ""
    refused_reason: str = ""


@dataclass(frozen=True, slots=True)
class Rater:
    """A rater without the name."""

    rater_id: str
    reference: str
    rater_group: str
    unit_id: str
    codes_issued: int
    last_issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A code on its way to its rater. It is nowhere kept, and shows in no log."""

    rater_id: str
    reference: str
    rater_group: str
    code: str = field(repr=False)
