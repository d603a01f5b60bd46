"""A frozen answer of the rules, and the recommendations that go to other organs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid, NotFound
from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import CaseState, require
from services.accountability.rules.judge import Question
from services.accountability.rules.periods import Running
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.words import Post, Way


@dataclass(frozen=True, slots=True)
class RulesUsed:
    """A rule version that was asked, and who wrote it."""

    id: str
    sha256: str
    author: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was asked, which rules answered, and what they said. Never changed: a new question is a new proposal."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    case_version: int
    proposed_at: datetime
    proposed_by: str
    questions: tuple[Question, ...]
    rules: tuple[RulesUsed, ...]
    parties: tuple[PartyAnswer, ...]
    sha256: str

    def said_of(self, party_id: str) -> PartyAnswer | None:
        """The answer about one party; None if the rules were not asked about it."""
        return next((answer for answer in self.parties if answer.party_id == party_id), None)

    def answer(self, party_id: str) -> PartyAnswer:
        """The answer about one party. Raises NotFound PARTY_NOT_FOUND."""
        answer = self.said_of(party_id)
        if answer is None:
            raise NotFound("PARTY_NOT_FOUND", "party_id")
        return answer


@dataclass(frozen=True, slots=True)
class Recommendation:
    """问责建议, 移送 or a letter: what another organ is asked to decide about one party, and what it decided."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    party_id: str
    way: Way
    organ: str
    measures: tuple[str, ...]
    reason: str
    sent_at: datetime
    decided_measures: tuple[str, ...] = ()
    decided_on: date | None = None
    document_number: str = ""

    def answer(self, measures: tuple[str, ...], decided_on: date, number: str, today: date) -> Recommendation:
        """Records what the organ decided."""
        if self.decided_on is not None:
            raise Conflict("RECOMMENDATION_ANSWERED", "recommendation_id")
        if decided_on > today:
            raise Invalid("FUTURE_DAY", "decided_on", day=decided_on)
        return replace(
            self,
            version=self.version + 1,
            decided_measures=measures,
            decided_on=decided_on,
            document_number=number,
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the ledger holds of a party from other cases: the days on which they were decided, the measures with a period."""

    days: tuple[date, ...]
    running: tuple[Running, ...]


def questions_of(case: Case, earlier: Mapping[str, Earlier]) -> tuple[Question, ...]:
    """The questions a heard case puts to the rules; `earlier` is the ledger by official or unit."""
    require(case.state, CaseState.HEARD, CaseState.PROPOSED)
    return tuple(
        Question(
            party.id,
            fact.id,
            fact.conduct,
            fact.day,
            fact.severity,
            fact.consequence,
            party.role,
            party.post,
            party.subject_kind,
            frozenset(fact.mitigating),
            frozenset(fact.aggravating),
            frozenset(case.triggers),
            earlier[answers_as(party)].days,
            party.management_line,
            earlier[answers_as(party)].running,
        )
        for party in case.answering
        for fact in party.facts
    )


def answers_as(party: Party) -> str:
    """Under what a party's earlier measures are found: the official, or the unit's path."""
    return party.official_id or party.unit_path


def posts_of(case: Case) -> tuple[Post, ...]:
    """The posts that answer in the case."""
    return tuple(party.post for party in case.answering)


def propose(case: Case, proposal_id: str) -> Case:
    """The case now has this proposal."""
    return case.next(state=CaseState.PROPOSED, proposal_id=proposal_id)


def digest(questions: Sequence[Question], rules: Sequence[RulesUsed], answers: Sequence[PartyAnswer]) -> str:
    """SHA-256 over facts, rule hashes and answer: what was decided on can be shown to be what was proposed."""
    whole = {
        "questions": [asdict(question) for question in questions],
        "rules": [asdict(rule) for rule in rules],
        "answers": [asdict(answer) for answer in answers],
    }
    text = json.dumps(whole, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
