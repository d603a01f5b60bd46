"""Facts the evaluation service announces. Each begins with its subject, version, paths and the campaign's number.

Whatever is about one object says what the object is (`kind`: unit, official, leading_group, district), and for an official
which one, by id: a fact carries no name.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Fact:
    """What every fact carries: the subject is the campaign, or for one object's fact the object."""

    subject_id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str


@dataclass(frozen=True, slots=True)
class CampaignOpened(Fact):
    """Ballots are taken in from now on."""

    year: int


@dataclass(frozen=True, slots=True)
class CampaignClosed(Fact):
    """No ballot is taken in any more."""

    ballots: int


@dataclass(frozen=True, slots=True)
class ReleasedObject:
    """One object's place in a released result."""

    object_id: str
    unit_path: str
    object_group: str
    score: Fraction | None
    rank: int
    grade: str
    kind: str = "unit"
    official_id: str = ""


@dataclass(frozen=True, slots=True)
class ResultReleased(Fact):
    """Two people released the result."""

    year: int
    decimals: int
    results: tuple[ReleasedObject, ...]


@dataclass(frozen=True, slots=True)
class RankedLast(Fact):
    """An object came last below the declared line, and its interval sets it apart."""

    campaign_id: str
    object_group: str
    score: str
    kind: str = "unit"
    official_id: str = ""


@dataclass(frozen=True, slots=True)
class RatedUnsatisfied(Fact):
    """An object was given a grade that the plan calls unsatisfied."""

    campaign_id: str
    score: str
    grade: str
    kind: str = "unit"
    official_id: str = ""


@dataclass(frozen=True, slots=True)
class Commended(Fact):
    """An object came first at or above the declared line."""

    campaign_id: str
    score: str
    kind: str = "unit"
    official_id: str = ""


@dataclass(frozen=True, slots=True)
class YearScored(Fact):
    """A unit's composite score of a year was released; the number is the year."""

    year: int
    score: str
    rank: int
    group: str
    ranked: int
