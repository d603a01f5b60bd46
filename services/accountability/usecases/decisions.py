"""From the proposal to the recorded decision, here and outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx
from services.accountability.domain import decision, proposal
from services.accountability.domain.case import Case
from services.accountability.domain.decision import Choice, Decider, OutsideDecision
from services.accountability.domain.effects import effect
from services.accountability.domain.facts import Decided, Proposed
from services.accountability.domain.proposal import Earlier, Proposal, Recommendation, RulesUsed, answers_as
from services.accountability.domain.states import CaseState
from services.accountability.domain.views import Explained
from services.accountability.rules.measures import OFFICE, Catalogue
from services.accountability.rules.propose import propose
from services.accountability.storage import cases
from services.accountability.storage.tables import CASES, EFFECTS, PROPOSALS, RECOMMENDATIONS
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.suspensions import lift_all
from services.accountability.usecases.watchers import Watchers


class Decisions:
    """The rules propose, people decide."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.watchers = Watchers(desk)

    def propose(self, caller: Caller, case_id: str, expected_version: int) -> Explained:
        """Asks the rules about a heard case and freezes the answer."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._explained(tx, tx.answered)
            case = tx.get(CASES, case_id, expected_version)
            asked = proposal.questions_of(case, _earlier(tx, case))
            versions = self.desk.versions(tx, case.jurisdiction_path)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            answers = propose(asked, versions, self.desk.clock.today(), catalogue, proposal.posts_of(case))
            rules = tuple(RulesUsed(one.id, one.sha256, one.author) for one in versions)
            digest = proposal.digest(asked, rules, answers)
            frozen = Proposal(
                tx.new_id(),
                1,
                case.unit_path,
                case.jurisdiction_path,
                case.id,
                case.version,
                tx.now,
                caller.subject,
                asked,
                rules,
                answers,
                digest,
            )
            tx.add(PROPOSALS, frozen)
            proposed = self.desk.keep(tx, proposal.propose(case, frozen.id), "proposed")
            tx.emit(Proposed(proposed.subject, digest))
            return Explained(tx.answer(frozen), catalogue)

    def explain(self, caller: Caller, proposal_id: str) -> Explained:
        """A proposal in full."""
        with self.desk.store.read(caller) as tx:
            return self._explained(tx, tx.get(PROPOSALS, proposal_id))

    def discuss(
        self, caller: Caller, case_id: str, expected_version: int, held_on: date, present: Sequence[str], minutes: str
    ) -> Case:
        """Records a collective discussion."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            at_least = tx.setting("discussion_present", case.jurisdiction_path)
            discussed = decision.discuss(case, held_on, present, at_least, self.desk.clock.today())
            return tx.answer(self.desk.keep(tx, discussed, "discussed", minutes))

    def decide(
        self, caller: Caller, case_id: str, expected_version: int, proposal_id: str, choices: Sequence[Choice]
    ) -> Case:
        """Decides what is the office's to decide."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            sent: dict[str, list[str]] = {}
            for one in cases.recommendations_of(tx, case.id):
                sent.setdefault(one.party_id, []).extend(one.measures)
            frozen, by = tx.get(PROPOSALS, proposal_id), Decider(caller.subject, caller.official_id)
            decided = decision.decide(case, frozen, choices, sent, by, catalogue, tx.now)
            reasons = "\n".join(choice.reason for choice in choices if choice.reason)
            self.desk.keep(tx, decided, "decided", reasons)
            lift_all(self.desk, tx, decided)
            months = {choice.party_id: choice.months for choice in choices}
            self._take_effect(tx, decided, frozen, months, catalogue)
            self.watchers.decided(tx, decided, frozen, decided.answering, sent, months, catalogue)
            tx.emit(Decided(decided.subject, decided.decided_parties(), decided.origins, "decided"))
            return tx.answer(decided)

    def transfer(
        self, caller: Caller, case_id: str, expected_version: int, proposal_id: str, choice: Choice
    ) -> Recommendation:
        """Sends a recommendation, a transfer or a letter."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            before = cases.recommendations_of(tx, case.id)
            frozen, by = tx.get(PROPOSALS, proposal_id), Decider(caller.subject, caller.official_id)
            way, organ = decision.recommend(case, frozen, choice, before, by, catalogue)
            measures = catalogue.heaviest_first(choice.measures)
            place = (case.unit_path, case.jurisdiction_path, case.id, choice.party_id)
            sent = Recommendation(tx.new_id(), 1, *place, way, organ, measures, choice.reason, tx.now)
            tx.add(RECOMMENDATIONS, sent)
            moved = self.desk.keep(tx, decision.transferred(case), way.value, choice.reason)
            if moved.state is not case.state:
                tx.emit(Decided(moved.subject, (), moved.origins, "transferred"))
            return tx.answer(sent)

    def recommendations(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[Recommendation, ...], str]:
        """The recommendations of a case."""
        with self.desk.store.read(caller) as tx:
            table = RECOMMENDATIONS.table
            query = sa.select(table).where(table.c.case_id == tx.get(CASES, case_id).id)
            page = tx.page(query, (table.c.sent_at, table.c.id), size, token, descending=False)
            return tuple(RECOMMENDATIONS.value(row) for row in page.rows), page.next_token

    def record_outside(
        self, caller: Caller, recommendation_id: str, expected_version: int, told: OutsideDecision
    ) -> Recommendation:
        """Records what the competent organ decided."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            sent = tx.get(RECOMMENDATIONS, recommendation_id, expected_version)
            answered = sent.answer(told.measures, told.on, told.number, self.desk.clock.today())
            case = tx.get(CASES, sent.case_id)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            others = [one for one in cases.recommendations_of(tx, case.id) if one.id != sent.id]
            recommended = {sent.party_id, *(one.party_id for one in others)}
            all_in = all(one.decided_on is not None for one in others) and {one.id for one in case.answering} <= recommended
            recorded = decision.decided_outside(case, sent.party_id, told, catalogue, all_in, tx.now)
            tx.save(RECOMMENDATIONS, answered)
            self.desk.keep(tx, recorded, "decided_outside", told.number)
            if recorded.state is CaseState.DECIDED:
                lift_all(self.desk, tx, recorded)
            party, said = recorded.party(sent.party_id), tx.get(PROPOSALS, case.proposal_id).answer(sent.party_id)
            for key in told.measures:
                until = decision.period_end(said, key, told.months, told.on, catalogue)
                tx.add(EFFECTS, effect(tx.new_id(), recorded, party, key, sent.organ, until, told.on, catalogue))
            tx.emit(Decided(recorded.subject, recorded.decided_parties(), recorded.origins, "decided"))
            return tx.answer(answered)

    def _explained(self, tx: Tx, frozen: Proposal) -> Explained:
        return Explained(frozen, self.desk.catalogue(tx, frozen.jurisdiction_path))

    def _take_effect(
        self, tx: Tx, case: Case, frozen: Proposal, months: Mapping[str, Mapping[str, int]], catalogue: Catalogue
    ) -> None:
        """Enters each measure in the effect ledger, with the period that was chosen or the shortest its row gives."""
        on = local_day(tx.now)
        for party in case.answering:
            said = frozen.answer(party.id)
            for key in party.measures:
                until = decision.period_end(said, key, months[party.id], on, catalogue)
                tx.add(EFFECTS, effect(tx.new_id(), case, party, key, OFFICE, until, on, catalogue))


def _earlier(tx: Tx, case: Case) -> dict[str, Earlier]:
    return {answers_as(party): cases.earlier(tx, party.official_id, party.unit_path, case.id) for party in case.answering}
