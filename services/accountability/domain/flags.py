"""The watchers watched: what a watcher failed to do, and what the level above said of it.

Four failings: 该问不问, 问而不报, 问责畸轻, 问责迟缓.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.auth import covers
from chassis.clock import local_day
from chassis.errors import Conflict, NotAllowed
from services.accountability.domain.case import Case
from services.accountability.domain.facts import Subject
from services.accountability.domain.intake import Ground
from services.accountability.domain.states import BEFORE_FILING, UNDECIDED, CaseState
from services.accountability.rules.ranges import Reason

CLUE, UNDECIDED_CASE, NOT_SERVED, APPEAL = "clue", "undecided", "not_served", "appeal"


class FlagKind(StrEnum):
    """What a watcher did wrong."""

    SHOULD_HAVE_ACTED = "should_have_acted"
    NOT_FILED = "not_filed"
    TOO_LIGHT = "too_light"
    TOO_LATE = "too_late"


class FlagState(StrEnum):
    """Where a flag stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Compared:
    """A case a decision was compared with, and the heaviest measure there; empty if none."""

    case_id: str
    case_number: str
    measure: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows that a watcher failed: of which kind, by which reason, as of which day, beside which cases.

    `about` names it once and for all: what was flagged is not flagged again.
    """

    kind: FlagKind
    reason: Reason
    about: str
    on_day: date
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A watcher's failing. `unit_path` is the unit that answers, `jurisdiction_path` the level above, which looks at it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    kind: FlagKind
    state: FlagState
    about: str
    case_id: str
    case_number: str
    own_handling_id: str
    reason: Reason
    compared: tuple[Compared, ...]
    on_day: date
    raised_at: datetime
    raised_by: str = ""
    evidence_sha256: tuple[str, ...] = ()
    decided_by: str = ""
    decided_at: datetime | None = None
    decision_id: str = ""
    opened_case_id: str = ""

    @property
    def subject(self) -> Subject:
        """What its fact is about where no case shows it."""
        return Subject(self.id, self.version, self.unit_path, self.jurisdiction_path, self.number)

    def decide(self, state: FlagState, by: str, at: datetime, decision_id: str, opened_case_id: str = "") -> Flag:
        """The level above confirms or dismisses it; whoever raised it does not judge it."""
        self.still_open(by)
        return replace(
            self,
            version=self.version + 1,
            state=state,
            decided_by=by,
            decided_at=at,
            decision_id=decision_id,
            opened_case_id=opened_case_id,
        )

    def still_open(self, by: str) -> None:
        """Refuses with FLAG_DECIDED what was decided, with FOUR_EYES whoever raised it."""
        if self.state is not FlagState.OPEN:
            raise Conflict("FLAG_DECIDED", "flag_id")
        if by == self.raised_by:
            raise NotAllowed("FOUR_EYES", who=by)


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """What a list of flags is narrowed by; empty narrows nothing."""

    kind: FlagKind | None = None
    state: FlagState | None = None
    unit_path: str = ""
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class FlagFile:
    """A flag with what was seen and what was said of it."""

    flag: Flag
    evidence: str = ""
    decision: str = ""


def level_above(unit_path: str, jurisdiction_path: str, office_path: str) -> str:
    """Who looks at a flag on a unit: its own office; on that office itself the place above, or where there is none its own.

    `office_path` is the supervising office of the jurisdiction.
    """
    known = office_path != jurisdiction_path
    itself = unit_path == jurisdiction_path or (known and covers(office_path, unit_path))
    above = jurisdiction_path.rpartition("/")[0]
    return above if itself and above else jurisdiction_path


# -- limits that run while a case is open ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """Days a watcher has: for a clue by what proved it, and for the delivery of a decision."""

    clue: Mapping[str, int]
    serve: int


def dues(case: Case, grounds: Collection[Ground], appeals: Mapping[str, date], limits: Limits) -> dict[str, date]:
    """The first day on which each limit of a case that runs now has passed. `appeals`: the last day for each open one."""
    found: dict[str, date] = {}
    if case.state in BEFORE_FILING and grounds:
        opened = local_day(case.opened_at)
        found[CLUE] = opened + timedelta(days=1 + min(limits.clue[ground] for ground in grounds))
    if case.state in UNDECIDED and case.decide_by is not None:
        found[UNDECIDED_CASE] = case.decide_by + timedelta(days=1)
    if (
        case.state is CaseState.DECIDED
        and case.decided_at
        and any(one.measures and not one.served_at for one in case.answering)
    ):
        found[NOT_SERVED] = local_day(case.decided_at) + timedelta(days=1 + limits.serve)
    found |= {f"{APPEAL}:{appeal}": last + timedelta(days=1) for appeal, last in appeals.items()}
    return found


def passed(case: Case, rule: str, due_on: date, grounds: Collection[Ground]) -> Shown:
    """What it shows that a limit has passed: a clue that lies, a case undecided, a decision not delivered, an appeal."""
    last = due_on - timedelta(days=1)
    params = {"day": last.isoformat()}
    about = f"{case.id}:{rule}"
    if rule == CLUE:
        ground = next(word for word in Ground if word in grounds)
        reason = Reason(f"FLAG_{ground.name}_NOT_FILED", {**params, "since": local_day(case.opened_at).isoformat()})
        return Shown(FlagKind.SHOULD_HAVE_ACTED, reason, about, last)
    word = {UNDECIDED_CASE: "FLAG_CASE_UNDECIDED", NOT_SERVED: "FLAG_NOT_SERVED"}.get(rule, "FLAG_APPEAL_UNDECIDED")
    return Shown(FlagKind.TOO_LATE, Reason(word, params), about, last)


def dropped(case: Case, grounds: Collection[Ground], on: date) -> Shown | None:
    """A case dropped although a complaint was established and somebody was named: held nobody to account who should be."""
    named = any(party.official_id and not party.brought_in_by_question for party in case.parties)
    if case.state is not CaseState.DROPPED or Ground.ESTABLISHED not in grounds or not named:
        return None
    return Shown(FlagKind.SHOULD_HAVE_ACTED, Reason("FLAG_DROPPED_THOUGH_ESTABLISHED", {}), f"{case.id}:dropped", on)
