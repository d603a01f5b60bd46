"""The investigation of a filed case, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chassis.auth import Caller, covers
from chassis.clock import local_day
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from services.accountability.domain import investigation
from services.accountability.domain.case import Case, EstablishedFact, Investigator, Party
from services.accountability.domain.investigation import Situation, TrailStep
from services.accountability.domain.views import Finding
from services.accountability.rules.words import Role
from services.accountability.storage import directory
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.suspensions import lift_released


class Investigations:
    """Carries a filed case to the point where the rules can be asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def assign(self, caller: Caller, case_id: str, expected_version: int, two: Sequence[Investigator]) -> Case:
        """Assigns the two investigators."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            assigned = investigation.assign(case, two, _colleagues(tx, case, two))
            return tx.answer(self.desk.keep(tx, assigned, "assigned"))

    def recuse(
        self, caller: Caller, case_id: str, expected_version: int, account: str, substitute: Investigator, why: str
    ) -> Case:
        """Puts another in the place of an investigator."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            changed = investigation.recuse(case, account, substitute, _colleagues(tx, case, [substitute]))
            return tx.answer(self.desk.keep(tx, changed, "recused", why))

    def add_party(
        self, caller: Caller, case_id: str, expected_version: int, official_id: str, unit_path: str, role: Role | None
    ) -> Case:
        """Adds a person, or a unit where no person is named."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            if official_id:
                party = _person(tx, case, official_id, role, local_day(tx.now))
            elif covers(case.jurisdiction_path, unit_path):
                party = directory.unit(tx, unit_path)
            else:
                raise Conflict("UNIT_NOT_KNOWN", "unit_path", unit=unit_path)
            added = investigation.add_party(case, party, caller.subject)
            return tx.answer(self.desk.keep(tx, added, "party_added"))

    def release(self, caller: Caller, case_id: str, expected_version: int, party_id: str, reason: str) -> Case:
        """Releases a party that need not answer."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            released = investigation.release_party(case, party_id, caller.subject)
            self.desk.keep(tx, released, "party_released", reason)
            lift_released(self.desk, tx, released)
            return tx.answer(released)

    def record_fact(self, caller: Caller, case_id: str, expected_version: int, found: Finding) -> Case:
        """Records what one party did."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            self._known_words(tx, case, found)
            fact = EstablishedFact(
                tx.new_id(),
                found.conduct,
                found.day,
                found.severity,
                found.consequence,
                found.mitigating,
                found.aggravating,
                found.evidence_sha256,
                caller.subject,
                tx.now,
            )
            party = _as_on(tx, case, case.party(found.party_id), found.day)
            today = self.desk.clock.today()
            recorded = investigation.record_fact(case, found.party_id, fact, party, caller.subject, today)
            self.desk.texts.seal(tx, case.id, fact.id, found.statement)
            return tx.answer(self.desk.keep(tx, recorded, "fact_recorded"))

    def record_trail(
        self, caller: Caller, case_id: str, expected_version: int, situation: str, steps: Sequence[TrailStep]
    ) -> Case:
        """Gives the people of the approval trail their roles."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            matrix = {line["situation"]: line["roles"] for line in tx.setting("attribution", case.jurisdiction_path)}
            if situation not in matrix:
                raise Invalid("UNKNOWN_SITUATION", "situation", situation=situation)
            there = {party.official_id for party in case.parties}
            fresh = dict.fromkeys(step.official_id for step in steps if step.official_id not in there)
            known = [_person(tx, case, official, None, local_day(tx.now)) for official in fresh]
            line = Situation(situation, matrix[situation])
            recorded = investigation.record_trail(case, line, steps, known, caller.subject)
            self.desk.keep(tx, recorded, "trail_recorded", situation)
            lift_released(self.desk, tx, recorded)
            return tx.answer(recorded)

    def answer_leader_question(self, caller: Caller, case_id: str, expected_version: int, reason: str) -> Case:
        """Says in writing why no leader answers."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            answered = investigation.answer_leader_question(case, caller.subject)
            self.desk.keep(tx, answered, "leader_question_answered", reason)
            lift_released(self.desk, tx, answered)
            return tx.answer(answered)

    def review(self, caller: Caller, case_id: str, expected_version: int, passed: bool, opinion: str) -> Case:
        """Passes the investigation on, or sends it back."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            reviewed = investigation.review(case, passed, caller.subject, caller.official_id)
            return tx.answer(self.desk.keep(tx, reviewed, "reviewed" if passed else "sent_back", opinion))

    def hear(self, caller: Caller, case_id: str, expected_version: int, party_id: str, statement: str, answer: str) -> Case:
        """Records a party's statement and defence, and what became of it."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            heard = investigation.hear(case, party_id, caller.subject, tx.now)
            self.desk.keep(tx, heard, "heard", statement)
            self.desk.line(tx, heard, "hearing_answered", answer)
            return tx.answer(heard)

    def _known_words(self, tx: Tx, case: Case, found: Finding) -> None:
        packs = [version.table.pack for version in self.desk.versions(tx, case.jurisdiction_path)]
        if not any(found.conduct in pack.conduct_words for pack in packs):
            raise Invalid("UNKNOWN_CONDUCT", "conduct", word=found.conduct)
        for column in ("mitigating", "aggravating"):
            known = {item.word for pack in packs for item in pack.circumstances if item.column == column}
            for word in sorted(set(getattr(found, column)) - known):
                raise Invalid("UNKNOWN_CIRCUMSTANCE", column, word=word)


def _person(tx: Tx, case: Case, official_id: str, role: Role | None, on: date) -> Party:
    party = directory.person(tx, official_id, role, on, case.unit_path)
    if party is None:
        raise Conflict("OFFICIAL_NOT_KNOWN", "official_id", official=official_id)
    return party


def _as_on(tx: Tx, case: Case, party: Party, day: date) -> Party:
    """A person with the post held on the day of the conduct: who headed that section then?"""
    if not party.official_id or party.brought_in_by_question:
        return party
    return replace(party, post=directory.post_of(tx, party.official_id, day, case.unit_path))


def _colleagues(tx: Tx, case: Case, people: Sequence[Investigator]) -> frozenset[str]:
    """Those of them who work in the unit it happened in. Somebody unknown cannot be checked, and is refused."""
    found = set()
    for one in people:
        copy = tx.copy("official", one.official_id)
        if not copy.known:
            raise Conflict("OFFICIAL_NOT_KNOWN", "investigators", official=one.official_id)
        if covers(case.unit_path, copy.unit_path):
            found.add(one.official_id)
    return frozenset(found)
