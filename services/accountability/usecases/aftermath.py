"""Delivery, appeals, execution, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict
from chassis.store import Tx
from services.accountability.domain import aftermath
from services.accountability.domain.aftermath import Appeal
from services.accountability.domain.case import Case, Party
from services.accountability.domain.effects import effect
from services.accountability.domain.facts import Appealed, CaseClosed, DecisionChanged, Served
from services.accountability.domain.routes import Route, route_of
from services.accountability.domain.states import AppealState, CaseState
from services.accountability.rules.measures import OFFICE, Catalogue
from services.accountability.rules.periods import months_after
from services.accountability.storage import cases
from services.accountability.storage.calendar import calendar_of
from services.accountability.storage.tables import APPEALS, CASES, EFFECTS
from services.accountability.usecases.desk import Desk


class Aftermath:
    """Carries a decided case to the end of its file."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def serve(self, caller: Caller, case_id: str, expected_version: int, party_id: str, proof: str) -> Case:
        """Records the delivery to one party, with its proof."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = aftermath.serve(tx.get(CASES, case_id, expected_version), party_id, tx.now)
            self.desk.keep(tx, case, "served", proof)
            if case.state is CaseState.SERVED:
                tx.emit(Served(case.subject))
            return tx.answer(case)

    def execute(self, caller: Caller, case_id: str, expected_version: int, party_id: str, note: str) -> Case:
        """Records that one party's measures were carried out."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = aftermath.execute(tx.get(CASES, case_id, expected_version), party_id, tx.now)
            return tx.answer(self.desk.keep(tx, case, "executed", note))

    def appeal(self, caller: Caller, case_id: str, expected_version: int, party_id: str, grounds: str) -> Appeal:
        """Records a party's appeal; nothing is stayed by it."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            party = case.party(party_id)
            route = _route(tx, case, party)
            received = local_day(party.served_at or tx.now)
            today, before = self.desk.clock.today(), cases.appeals_of(tx, case.id)
            decide_by = aftermath.appeal(case, party_id, before, route, today, received, calendar_of(tx))
            place = (case.unit_path, case.jurisdiction_path, case.id, party_id)
            filed = Appeal(tx.new_id(), 1, *place, AppealState.FILED, tx.now, decide_by, party.measures)
            tx.add(APPEALS, filed)
            appealed = self.desk.keep(tx, case.next(), "appealed", grounds)
            tx.emit(Appealed(appealed.subject, party.official_id))
            return tx.answer(filed)

    def decide_appeal(
        self,
        caller: Caller,
        appeal_id: str,
        expected_version: int,
        outcome: AppealState,
        measures: Sequence[str],
        reason: str,
    ) -> Appeal:
        """Decides an appeal; what it takes away never had effect."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            filed = tx.get(APPEALS, appeal_id, expected_version)
            case = tx.get(CASES, filed.case_id)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            who = (caller.subject, caller.official_id)
            decided, changed = aftermath.decide_appeal(filed, case, outcome, measures, *who, catalogue, tx.now)
            tx.save(APPEALS, decided)
            self.desk.keep(tx, changed, f"appeal_{outcome.value}", reason)
            if outcome is not AppealState.UPHELD:
                self._change_effects(tx, changed, decided, catalogue)
                held = changed.decided_parties()
                tx.emit(DecisionChanged(changed.subject, held, changed.origins, outcome.value))
            return tx.answer(decided)

    def appeals(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[Appeal, ...], str]:
        """The appeals of a case."""
        with self.desk.store.read(caller) as tx:
            table = APPEALS.table
            query = sa.select(table).where(table.c.case_id == tx.get(CASES, case_id).id)
            page = tx.page(query, (table.c.filed_at, table.c.id), size, token, descending=False)
            return tuple(APPEALS.value(row) for row in page.rows), page.next_token

    def hear_calendar(self, tx: Tx) -> None:
        """A calendar year was loaded: appeals whose end was pending for it get one."""
        calendar = calendar_of(tx)
        for filed in cases.pending_appeals(tx):
            case = tx.get(CASES, filed.case_id)
            route = _route(tx, case, case.party(filed.party_id))
            by = aftermath.decide_by(route, local_day(filed.filed_at), calendar)
            if by is not None:
                tx.save(APPEALS, replace(filed, version=filed.version + 1, decide_by=by))

    def close(self, caller: Caller, case_id: str, expected_version: int) -> Case:
        """Closes the file."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            waiting = cases.recommendations_of(tx, case.id), cases.appeals_of(tx, case.id)
            closed = aftermath.close(case, *waiting, tx.now)
            self.desk.keep(tx, closed, "closed")
            tx.emit(CaseClosed(closed.subject, "decided"))
            return tx.answer(closed)

    def _change_effects(self, tx: Tx, case: Case, decided: Appeal, catalogue: Catalogue) -> None:
        """Revokes the effects that no longer hold and enters those that are new, from the day of this decision."""
        party = case.party(decided.party_id)
        own = [
            one
            for one in cases.effects_of_case(tx, case.id)
            if (one.official_id, one.unit_path) == (party.official_id, party.unit_path) and one.organ == OFFICE
        ]
        for one in own:
            if one.measure not in decided.measures:
                tx.save(EFFECTS, one.revoke())
        held = {one.measure for one in own}
        for key in decided.measures:
            if key not in held:
                on, months = local_day(tx.now), catalogue.measures[key].months
                until = months_after(on, months) if months else None
                fresh = effect(tx.new_id(), case, party, key, OFFICE, until, on, catalogue)
                tx.add(EFFECTS, fresh)


def _route(tx: Tx, case: Case, party: Party) -> Route:
    """What may be appealed here was decided by the office, whatever instrument the row that governed names."""
    found = route_of(tx.setting("appeal_routes", case.jurisdiction_path), party.appeal_route, OFFICE)
    if found is None:
        raise Conflict("NO_APPEAL_ROUTE", "party_id")
    return found
