"""How long a complaint is kept: who raised it, and what it says, by rules that are data.

The first rule that fits a closed complaint holds. After some years nobody is to know any more who raised it, after some
more nothing it said remains; number, times and conclusion stay. Every step is written down before it counts as done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import OPEN


class Step(Enum):
    """What has been done to a complaint that is kept."""

    KEPT = "kept"
    ANONYMISED = "anonymised"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Rule:
    """For which complaints, and after how many whole years; 0 stands for never. What is empty asks for nothing."""

    id: str
    zh: str
    en: str
    anonymise_years: int
    erase_years: int
    stages: frozenset[str] = frozenset()
    conclusions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @staticmethod
    def of(row: Mapping[str, Any]) -> Rule:
        """The rule a pack's row states. Raises KeyError or ValueError for one that cannot be read, so that it is noticed."""
        listed: dict[str, Any] = {name: frozenset(row.get(name, ())) for name in ("stages", "conclusions", "channels")}
        odd = set(row) - {"id", "zh", "en", "anonymise_years", "erase_years", *listed}
        years = (int(row["anonymise_years"]), int(row["erase_years"]))
        if odd or min(years) < 0 or (years[1] and years[0] > years[1]):
            raise ValueError(f"retention rule {row['id']}: {', '.join(sorted(odd)) or years}")
        return Rule(row["id"], row["zh"], row["en"], *years, **listed)

    def fits(self, complaint: Complaint) -> bool:
        """Whether it speaks of this complaint."""
        asked = (
            (self.stages, complaint.stage.value),
            (self.channels, complaint.channel.value),
            (self.conclusions, complaint.conclusion.value if complaint.conclusion else ""),
        )
        return all(not wanted or found in wanted for wanted, found in asked)

    def years(self, done: Step) -> int:
        """After how many years the step after `done` is due; 0 if none ever is."""
        return {Step.KEPT: self.anonymise_years or self.erase_years, Step.ANONYMISED: self.erase_years}.get(done, 0)

    def after(self, done: Step) -> Step:
        """The step after `done`: a rule that never anonymises erases at once."""
        return Step.ANONYMISED if done is Step.KEPT and self.anonymise_years else Step.ERASED


@dataclass(frozen=True, slots=True)
class RetentionEntry:
    """One line of the record: what was done to which complaint, when, by which rule."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    step: Step
    rule: str
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """Which lines of the record are asked for; what is empty filters nothing."""

    number: str = ""
    rule: str = ""
    step: Step | None = None
    since: datetime | None = None
    before: datetime | None = None


def rules_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules a setting holds, in the order they are tried."""
    return tuple(Rule.of(row) for row in rows)


def digest_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Tells one set of rules from another."""
    return sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def rule_for(complaint: Complaint, rules: Sequence[Rule]) -> Rule | None:
    """The rule that holds for a complaint; None for one that is not over, or that no rule speaks of: it is kept."""
    if complaint.closed_at is None or complaint.stage in OPEN:
        return None
    return next((rule for rule in rules if rule.fits(complaint)), None)


def before(moment: datetime, years: int) -> datetime:
    """The moment so many whole years earlier; 29 February of a common year is the 28th."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)
