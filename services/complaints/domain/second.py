"""Second handling as it comes about: asked for by the complainant, or by itself where poor handling meets a poor grade.

What the complainant writes and what the office answers stand encrypted in the timeline, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.recusal import PostHeld, above_accused
from services.complaints.domain.stages import Stage
from workdays import Calendar, CountsFrom, Due, Limit, LimitKind, due


class SecondRequestState(Enum):
    """Where a request stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class SecondRequestSource(Enum):
    """Who began it."""

    COMPLAINANT = "complainant"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class SecondRequest:
    """A wish for second handling, one at most for each closing, and what was decided."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    state: SecondRequestState
    source: SecondRequestSource
    grade: int
    signs: tuple[str, ...]
    closed_by: str
    closed_at: datetime
    asked_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    to_unit_path: str = ""

    def decide(self, granted: bool, unit_path: str, by: str, at: datetime) -> SecondRequest:
        """The office's word.

        Refused with SECOND_REQUEST_DECIDED the second time, SAME_PERSON for who closed it, UNIT_MISSING.
        """
        if self.state is not SecondRequestState.ASKED:
            raise Conflict("SECOND_REQUEST_DECIDED", number=self.number)
        if by == self.closed_by:
            raise NotAllowed("SAME_PERSON")
        if granted and not unit_path:
            raise Conflict("UNIT_MISSING", "unit_path")
        state = SecondRequestState.GRANTED if granted else SecondRequestState.REFUSED
        to = unit_path if granted else ""
        return replace(self, version=self.version + 1, state=state, decided_by=by, decided_at=at, to_unit_path=to)


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request with what the complainant wrote and what the office answered."""

    request: SecondRequest
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WantedSecond:
    """Which requests are asked for; what is empty filters nothing."""

    complaint_id: str = ""
    state: SecondRequestState | None = None
    source: SecondRequestSource | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The setting: how long one may ask, and what opens second handling by itself."""

    ask_within: Limit
    automatic: bool
    grade_up_to: int
    satisfied_from: int
    signs: frozenset[str]

    @staticmethod
    def of(row: Mapping[str, Any]) -> Rules:
        """Reads a pack row; raises KeyError or ValueError for one that cannot be read."""
        within = row["ask_within"]
        return Rules(
            ask_within=Limit(LimitKind(within["kind"]), int(within["amount"]), CountsFrom.NEXT_DAY),
            automatic=bool(row["automatic"]),
            grade_up_to=int(row["grade_up_to"]),
            satisfied_from=int(row["satisfied_from"]),
            signs=frozenset(str(sign) for sign in row["signs"]),
        )

    def opens(self, grade: int, signs: Iterable[str]) -> bool:
        """Whether poor handling and an unsatisfied complainant open it by themselves. No grade is never a poor one."""
        return self.automatic and 0 < grade <= self.grade_up_to and bool(self.signs & set(signs))


# Acts of the timeline that are a sign of poor handling, by the word of the setting.
SIGNS = {"send_back": "sent_back", "remind": "reminded", "bounce": "bounced"}


def signs(complaint: Complaint, acts: Iterable[str]) -> tuple[str, ...]:
    """What speaks for poor handling: its acts since it was begun, and a closing after its limit.

    That a light turned red is none of it: the limits of acceptance, dispatch and signing are the office's as well.
    """
    found = {SIGNS[act] for act in acts if act in SIGNS}
    if complaint.due_at is not None and complaint.closed_at is not None and complaint.closed_at > complaint.due_at:
        found.add("late")
    return tuple(sorted(found))


def may_still_ask(told_at: datetime | None, rules: Rules, calendar: Calendar, at: datetime) -> bool:
    """Whether there is time left to ask: so many days from being told, and without end while nobody has been told.

    Source: Regulation on Petitioning (2022), article 35: within 30 days of receiving the written answer.
    """
    end = None if told_at is None else due(rules.ask_within, told_at, calendar, ())
    return not isinstance(end, Due) or at < end.at


def check_asking(
    complaint: Complaint,
    told_at: datetime | None,
    asked: SecondRequest | None,
    rules: Rules,
    calendar: Calendar,
    at: datetime,
) -> None:
    """Refuses with NOT_CLOSED_YET, SECOND_ALREADY_ASKED, ASKED_TOO_LATE; `told_at` is when the outcome was told."""
    if complaint.stage is not Stage.CLOSED or complaint.closed_at is None:
        raise Conflict("NOT_CLOSED_YET")
    if asked is not None:
        raise Conflict("SECOND_ALREADY_ASKED", number=complaint.number)
    if not may_still_ask(told_at, rules, calendar, at):
        raise Conflict("ASKED_TOO_LATE", days=rules.ask_within.amount)


def check_archiving(
    complaint: Complaint,
    told_at: datetime | None,
    asked: SecondRequest | None,
    rules: Rules,
    calendar: Calendar,
    at: datetime,
) -> None:
    """Refuses with SECOND_REQUEST_OPEN while a request waits, with ASKING_OPEN while one may still be made.

    A complainant who said that they are satisfied, and one who has had the office's word, waits for nothing more.
    """
    if asked is not None and asked.state is SecondRequestState.ASKED:
        raise Conflict("SECOND_REQUEST_OPEN", number=complaint.number)
    satisfied = complaint.grade >= rules.satisfied_from
    if asked is None and not satisfied and may_still_ask(told_at, rules, calendar, at):
        raise Conflict("ASKING_OPEN", number=complaint.number, days=rules.ask_within.amount)


def request(
    id: str, complaint: Complaint, source: SecondRequestSource, found: tuple[str, ...], at: datetime
) -> SecondRequest:
    """The request as it begins."""
    assert complaint.closing is not None and complaint.closed_at is not None
    return SecondRequest(
        id=id,
        version=1,
        unit_path=complaint.unit_path,
        jurisdiction_path=complaint.jurisdiction_path,
        complaint_id=complaint.id,
        number=complaint.number,
        state=SecondRequestState.ASKED,
        source=source,
        grade=complaint.grade,
        signs=found,
        closed_by=complaint.closing.closed_by,
        closed_at=complaint.closed_at,
        asked_at=at,
    )


def asked(complaint: Complaint, reason: str) -> Change:
    """The asking as a line of the record."""
    return Change(complaint.change("AskForSecondHandling"), "ask_second_handling", text=reason)


def refused(complaint: Complaint, reason: str) -> Change:
    """The refusal as a line of the record, which its complainant reads."""
    return Change(complaint.change("DecideSecondHandling"), "refuse_second_handling", text=reason)


def next_handler(complaint: Complaint, posts: Iterable[PostHeld], cooperated: Iterable[str] = ()) -> str:
    """Who handles it again where nobody chose: the first unit above that had no hand in it nor is the accused's.

    Above the last unit stands the jurisdiction itself: then the office handles it. Empty where nobody is left.
    """
    held = tuple(posts)
    earlier = {*complaint.earlier_unit_paths, complaint.unit_path, *cooperated}
    path = complaint.unit_path
    while path != complaint.jurisdiction_path:
        path = above_accused(path.rpartition("/")[0], complaint.jurisdiction_path, held)
        if path not in earlier:
            return path
    return ""
