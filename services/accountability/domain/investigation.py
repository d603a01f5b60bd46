"""The investigation: two people, recusal, facts, the approval trail, the leader question, review by another, hearing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from services.accountability.domain.case import Case, EstablishedFact, Investigator, Party
from services.accountability.domain.states import CaseState, require
from services.accountability.rules.words import Role

NO_ROLE = "none"


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One person's step in the approval of the act."""

    official_id: str
    step: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A line of the role matrix: what happened in the approval, and who bears what."""

    word: str
    roles: Mapping[str, str]

    def role(self, step: str) -> Role | None:
        """The responsibility of a step; None if the matrix says none. Refuses a step it says nothing about."""
        if step not in self.roles:
            raise Conflict("TRAIL_NOT_COVERED", "entries", situation=self.word, step=step)
        return None if self.roles[step] == NO_ROLE else Role(self.roles[step])


def assign(case: Case, investigators: Sequence[Investigator], colleagues: Collection[str]) -> Case:
    """Assigns two investigators. `colleagues` are the officials who work in the unit it happened in."""
    require(case.state, CaseState.FILED)
    accounts = {one.account for one in investigators}
    if len(accounts) != 2 or len({one.official_id for one in investigators}) != 2:
        raise Invalid("TWO_INVESTIGATORS", "investigators")
    for one in investigators:
        _may_investigate(case, one, colleagues)
    return case.next(state=CaseState.INVESTIGATING, investigators=tuple(investigators))


def recuse(case: Case, account: str, substitute: Investigator, colleagues: Collection[str]) -> Case:
    """Puts another in the place of an investigator who steps back."""
    require(case.state, CaseState.INVESTIGATING, CaseState.REVIEWED)
    if account not in {one.account for one in case.investigators}:
        raise NotFound("NOT_AN_INVESTIGATOR", "account", who=account)
    kept = tuple(one for one in case.investigators if one.account != account)
    if substitute.account in {account, *(one.account for one in kept)}:
        raise Invalid("TWO_INVESTIGATORS", "substitute")
    _may_investigate(case, substitute, colleagues)
    return case.next(investigators=(*kept, substitute), recused=(*case.recused, account))


def _may_investigate(case: Case, one: Investigator, colleagues: Collection[str]) -> None:
    case.recuse_party(one.official_id)
    if one.account in case.recused or one.account == case.reviewer or one.official_id in colleagues:
        raise NotAllowed("RECUSED", "investigators", official=one.official_id)


def _at_work(case: Case, by: str) -> None:
    require(case.state, CaseState.INVESTIGATING)
    _investigates(case, by)


def _investigates(case: Case, by: str) -> None:
    if by not in {one.account for one in case.investigators}:
        raise NotAllowed("NOT_AN_INVESTIGATOR", who=by)


def add_party(case: Case, party: Party, by: str) -> Case:
    """Adds a person or unit."""
    _at_work(case, by)
    same = [one for one in case.parties if (one.official_id, one.unit_path) == (party.official_id, party.unit_path)]
    if any(not one.released for one in same) or (party.official_id and _of(case, party.official_id)):
        raise Conflict("PARTY_EXISTS", "official_id")
    return case.next(parties=(*case.parties, party))


def release_party(case: Case, party_id: str, by: str) -> Case:
    """Releases a party that need not answer; somebody must be left."""
    _at_work(case, by)
    party = case.party(party_id)
    if len(case.answering) == 1:
        raise Conflict("LAST_PARTY", "party_id")
    return case.with_party(replace(party, released=True))


def record_fact(case: Case, party_id: str, fact: EstablishedFact, changed: Party, by: str, today: date) -> Case:
    """Records what a party did; `changed` is the party as the directory knows it on the day of the conduct."""
    _at_work(case, by)
    if fact.day > today:
        raise Invalid("FUTURE_DAY", "conduct_day", day=fact.day)
    facts = (*(one for one in case.party(party_id).facts if one.conduct != fact.conduct), fact)
    return case.with_party(replace(changed, facts=facts))


def record_trail(case: Case, situation: Situation, steps: Sequence[TrailStep], known: Collection[Party], by: str) -> Case:
    """Gives each person in the trail the role the matrix says; one the matrix gives none is released or left out.

    `known` holds a party as the directory knows it for each person not yet in the case.
    """
    _at_work(case, by)
    roles = {step.official_id: situation.role(step.step) for step in steps}
    parties = [_attributed(party, roles) for party in case.parties]
    parties += [replace(party, role=role) for party in known if (role := roles[party.official_id]) is not None]
    if all(party.released for party in parties):
        raise Conflict("LAST_PARTY", "entries")
    return case.next(parties=tuple(parties))


def _attributed(party: Party, roles: Mapping[str, Role | None]) -> Party:
    if party.official_id not in roles:
        return party
    role = roles[party.official_id]
    return replace(party, released=True) if role is None else replace(party, role=role, released=False)


def answer_leader_question(case: Case, by: str) -> Case:
    """Why no leader answers is said in writing; those the question brought in and about whom nothing was found go."""
    _at_work(case, by)
    if not case.leader_question.triggers:
        raise Conflict("NO_LEADER_QUESTION", "case_id")
    parties = tuple(
        replace(party, released=True) if party.brought_in_by_question and not party.facts else party
        for party in case.parties
    )
    return case.next(parties=parties, leader_question=replace(case.leader_question, answered=True))


def review(case: Case, passed: bool, by: str, official_id: str) -> Case:
    """查审分离: somebody who did not investigate passes the investigation on or sends it back."""
    require(case.state, CaseState.INVESTIGATING)
    case.keep_apart(by, official_id)
    if not passed:
        return case.next()
    question = case.leader_question
    unsaid = [party for party in case.answering if not party.facts or party.role is None]
    if question.triggers and not question.answered and not any(_leads(party) and party.facts for party in case.answering):
        raise Conflict("LEADER_QUESTION_OPEN", "case_id", triggers=", ".join(question.triggers))
    if unsaid or not case.answering:
        raise Conflict("FACTS_MISSING", "case_id", parties=", ".join(party.id for party in unsaid))
    return case.next(state=CaseState.REVIEWED, reviewer=by)


def _leads(party: Party) -> bool:
    return party.role in (Role.MAIN_LEADER, Role.IMPORTANT_LEADER)


def hear(case: Case, party_id: str, by: str, at: datetime) -> Case:
    """A party was told and heard (政务处分法 article 43); when all were, the case is heard. It never aggravates."""
    require(case.state, CaseState.REVIEWED)
    _investigates(case, by)
    heard = case.with_party(replace(case.party(party_id), heard_at=at))
    if all(party.heard_at for party in heard.answering):
        return replace(heard, state=CaseState.HEARD)
    return heard


def _of(case: Case, official_id: str) -> list[Party]:
    return [party for party in case.answering if party.official_id == official_id]
