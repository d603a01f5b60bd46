"""Delivery, execution, closing."""

from __future__ import annotations

from chassis.auth import Caller
from services.accountability.domain import aftermath
from services.accountability.domain.case import Case
from services.accountability.domain.facts import CaseClosed, Served
from services.accountability.domain.states import CaseState
from services.accountability.storage import cases
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.suspensions import lift_all


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

    def close(self, caller: Caller, case_id: str, expected_version: int) -> Case:
        """Closes the file."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            waiting = cases.recommendations_of(tx, case.id), cases.appeals_of(tx, case.id)
            closed = aftermath.close(case, *waiting, tx.now)
            self.desk.keep(tx, closed, "closed")
            lift_all(self.desk, tx, closed)
            tx.emit(CaseClosed(closed.subject, "decided"))
            return tx.answer(closed)
