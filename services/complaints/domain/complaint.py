"""A complaint and its parts. Who raised it and what it says are not here: they are sealed beside it.

Texts that people write on the way (opinions, reports, answers) are not here either: each act keeps its text, encrypted
under the complaint's own key, in the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.complaints.domain.clocks import RunningClock, Summary, summary
from services.complaints.domain.facts import Fact
from services.complaints.domain.stages import NEXT, Channel, Conclusion, Manner, Origin, Stage, Track, Way, allow


@dataclass(frozen=True, slots=True)
class Disposal:
    """What the clerk proposes and another person approves."""

    way: Way
    track: Track
    unit_path: str
    asked_unit_path: str
    submitted_by: str
    approved_by: str = ""
    cooperating_unit_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """More days asked for, not yet decided."""

    days: int
    asked_by: str
    step: str = "handle"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClosingReport:
    """The unit's closing report without its texts."""

    proposed_conclusion: Conclusion
    official_ids: tuple[str, ...]
    rectified_on: date | None
    reported_by: str
    reported_at: datetime
    signed_by: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What the office confirmed."""

    conclusion: Conclusion
    official_ids: tuple[str, ...]
    categories: tuple[str, ...]
    misconduct: tuple[str, ...]
    self_found: bool
    rectified_on: date | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What accountability decided about it, by its latest fact."""

    case_id: str
    case_number: str
    outcome: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint. A change returns the next version of it; nothing is changed in place."""

    id: str
    version: int
    jurisdiction_path: str
    unit_path: str
    number: str
    stage: Stage
    channel: Channel
    manner: Manner
    origin: Origin
    regime: str
    category: str
    accused_unit_path: str
    accused_official_id: str
    received_at: datetime
    recorded_at: datetime
    filed_by: str
    receipt_mac: bytes | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    clocks: tuple[RunningClock, ...] = ()
    light: str = ""
    due_at: datetime | None = None
    pending_year: int | None = None
    next_light_at: datetime | None = None
    disposal: Disposal | None = None
    dispatched_by: str = ""
    dispatched_at: datetime | None = None
    signed_for_by: str = ""
    bounces: int = 0
    extension: Extension | None = None
    report: ClosingReport | None = None
    closing: Closing | None = None
    conclusion: Conclusion | None = None
    earlier_unit_paths: tuple[str, ...] = ()
    second_handling: bool = False
    question_open: bool = False
    grade: int = 0
    matter_id: str = ""
    stage_before: Stage | None = None
    outcome: Outcome | None = None
    moved_to: str = ""
    source: str = ""
    source_number: str = ""
    source_hash: bytes = b""

    def change(self, act: str, *, to: Stage | None = None, **fields: Any) -> Complaint:
        """The next version after `act`, moved to a stage the life cycle has from here.

        Raises Conflict with STAGE_FORBIDS where the act has no place. A step NEXT lacks is a fault of ours.
        """
        allow(act, self.stage)
        stage = to or self.stage
        if to is not None and to not in NEXT[self.stage]:
            raise ValueError(f"{act} leads from {self.stage.value} to {to.value}, which the life cycle does not have")
        return replace(self, version=self.version + 1, stage=stage, **fields)

    def timed(self, clocks: tuple[RunningClock, ...]) -> Complaint:
        """The same version with its clocks, and what the tightest of them says, written where lists can sort by it."""
        said: Summary = summary(clocks)
        return replace(
            self,
            clocks=clocks,
            light=said.light,
            due_at=said.due_at,
            pending_year=said.pending_year,
            next_light_at=said.next_light_at,
        )

    @property
    def responsible_unit_path(self) -> str:
        """The unit the complaint is about; where nobody named one, the unit that handled it first."""
        first = self.earlier_unit_paths[0] if self.earlier_unit_paths else self.unit_path
        return self.accused_unit_path or first

    @property
    def runs_history(self) -> bool:
        """Whether it was loaded from an earlier system, so that nothing may arise from it."""
        return self.origin is Origin.IMPORT


@dataclass(frozen=True, slots=True)
class Change:
    """What one act did: the complaint after it, the facts it announces, and the text it leaves in the timeline."""

    complaint: Complaint
    act: str
    fact: Fact | None = None
    text: str = ""
    more: tuple[Fact, ...] = ()
    reason: str = ""
    """Why, as a key of the list of reasons that goes with the act."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything it announces."""
        return self.more if self.fact is None else (self.fact, *self.more)
