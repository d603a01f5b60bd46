"""What readers are shown: the complaint with its words opened, redacted where the reader is a unit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.handovers import Handover
from services.complaints.domain.parts import PartState
from services.complaints.domain.stages import Conclusion, Stage
from workdays import DayLine

# Texts of the timeline that a unit may read; the others stay between the office and the complainant.
UNIT_READS = frozenset(
    {
        "bounce",
        "rule_on_bounce",
        "ask_complainant",
        "answer_question",
        "add_evidence",
        "remind",
        "escalate",
        "ask_part",
        "report_part",
        "supervise",
        "report",
        "send_back",
        "close",
        "pause",
        "request_extension",
        "grant_extension",
        "refuse_extension",
        "order_second_handling",
        "undertake",
        "settle_undertaking",
    }
)
BY_COMPLAINANT = frozenset({"answer_question", "add_evidence", "rate_handling", "withdraw_complaint", "ask_second_handling"})
# Texts the complainant is told; steps without one are told by their stage alone.
COMPLAINANT_READS = BY_COMPLAINANT | {
    "decline_complaint",
    "forward_complaint",
    "rule_decline",
    "rule_forward",
    "ask_complainant",
    "close",
    "undertake",
    "settle_undertaking",
    "order_second_handling",
    "refuse_second_handling",
}


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """The words of a closing report."""

    text: str
    rectification: str = ""
    recommendation: str = ""

    def joined(self) -> str:
        """As one text for the timeline's encrypted column."""
        return json.dumps([self.text, self.rectification, self.recommendation], ensure_ascii=False)

    @staticmethod
    def split(joined: str) -> ReportTexts:
        """The words again."""
        return ReportTexts(*json.loads(joined)) if joined else ReportTexts("")


@dataclass(frozen=True, slots=True)
class Seen:
    """A complaint as one reader sees it. Acts answer with the complaint alone, its texts empty."""

    complaint: Complaint
    title: str = ""
    text: str = ""
    confidential_text: str = ""
    redacted: bool = False
    opinion: str = ""
    report: ReportTexts = ReportTexts("")
    open_question: str = ""
    on_time: bool | None = None
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act on a complaint."""

    at: datetime
    recorded_at: datetime
    act: str
    by: str
    stage: Stage
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock with what its limit rests on, and every day from its start to its end, counted or not, and why."""

    clock: RunningClock
    basis: str
    rank: str
    governs: bool
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What the holder of a receipt code is shown; `handled_as` is the complaint it was merged into, else itself."""

    complaint: Complaint
    title: str
    handled_as: Complaint
    steps: tuple[TimelineEntry, ...]
    open_question: str
    answer: str
    next: tuple[str, ...]
    second_request: str = ""
    handover: Handover | None = None
    road: str = ""

    @property
    def conclusion(self) -> Conclusion | None:
        """What was established, once the office has confirmed it and nobody works on it again."""
        settled = self.handled_as.stage in (Stage.CLOSED, Stage.ARCHIVED)
        return self.handled_as.conclusion if settled else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Number and secret code of a complaint just filed, and the other roads its words hint at."""

    complaint: Complaint
    code: str
    roads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Similar:
    """A complaint that looks like another one."""

    seen: Seen
    common_words: int
    same_person: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts under one key."""

    key: str
    received: int = 0
    matters: int = 0
    closed: int = 0
    on_time: int = 0
    overdue: int = 0
    established: int = 0
    rated: int = 0
    satisfied: int = 0
    open: int = 0
    yellow: int = 0
    red: int = 0

    def __add__(self, other: Figures) -> Figures:
        """The counts of both together, under no key."""
        counted = [name for name in self.__slots__ if name != "key"]
        return Figures("", **{name: getattr(self, name) + getattr(other, name) for name in counted})


@dataclass(frozen=True, slots=True)
class Repeats:
    """Earlier complaints of one caller: the newest named ones, how many there are, and how many confidential ones."""

    shown: tuple[Complaint, ...]
    named: int
    confidential: int


@dataclass(frozen=True, slots=True)
class WantedParts:
    """Which parts a list is of; everything left empty asks for all."""

    part_id: str = ""
    complaint_id: str = ""
    unit_path: str = ""
    state: PartState | None = None


@dataclass(frozen=True, slots=True)
class TakenStep:
    """One step of the ladder that was taken."""

    complaint_id: str
    number: str
    unit_path: str
    jurisdiction_path: str
    step: str
    at: datetime
    due_at: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class MatterSeen:
    """One happening: the complaint handled for all, how many are about it, and when the first and last came in."""

    seen: Seen
    complaints: int
    first_received_at: datetime
    last_received_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of complaints."""

    complaints: tuple[Seen, ...]
    next_token: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which complaints a list is about; everything left empty asks for all."""

    stages: tuple[Stage, ...] = ()
    lights: tuple[str, ...] = ()
    unit_path: str = ""
    jurisdiction_path: str = ""
    channels: tuple[str, ...] = ()
    category: str = ""
    received_from: datetime | None = None
    received_before: datetime | None = None
    number: str = ""
    text: str = ""
    origin: str = ""
    source_number: str = ""
    matter_id: str = ""
    open_only: bool = False
    figure: str = ""
    """Only what this figure counts."""
    counted_by: str = ""
    key: str = ""
    """Read with `counted_by`: only what is counted under this key."""
    matters_only: bool = False


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row of history."""

    source_number: str
    result: str
    complaint_id: str = ""
    reason: str = ""
    field: str = ""
