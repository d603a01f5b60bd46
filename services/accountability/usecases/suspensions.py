"""Suspensions of duties while a case is pending."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.store import Tx
from services.accountability.domain import suspension
from services.accountability.domain.case import Case
from services.accountability.domain.suspension import PendingCase, Suspension
from services.accountability.storage import beside
from services.accountability.storage.beside import SUSPENSIONS
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk


class Suspensions:
    """Keeps the suspensions."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def suspend(
        self,
        caller: Caller,
        case_id: str,
        expected_version: int,
        party_id: str,
        organ: str,
        starts_on: date,
        number: str,
        reason: str,
    ) -> Suspension:
        """Records that the competent organ suspended somebody's duties."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            rule = PendingCase.of(tx.setting("suspension", case.jurisdiction_path))
            before = beside.suspensions_of(tx, case.id)
            party = suspension.suspend(case, party_id, organ, starts_on, before, rule, self.desk.clock.today())
            who = (party.unit_path, case.jurisdiction_path, case.id, case.number, party_id, party.official_id)
            begun = Suspension(tx.new_id(), 1, *who, organ, starts_on, None, number)
            tx.add(SUSPENSIONS, begun)
            self.desk.keep(tx, case.next(), "suspended", reason)
            return tx.answer(begun)

    def lift(self, caller: Caller, suspension_id: str, expected_version: int, ended_on: date, reason: str) -> Suspension:
        """Records that a suspension was lifted."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(SUSPENSIONS, suspension_id, expected_version)
            lifted = found.lift(ended_on, self.desk.clock.today())
            tx.save(SUSPENSIONS, lifted)
            self.desk.line(tx, tx.get(CASES, found.case_id), "suspension_lifted", reason)
            return tx.answer(lifted)

    def list(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[Suspension, ...], str]:
        """The suspensions of a case."""
        with self.desk.store.read(caller) as tx:
            table = SUSPENSIONS.table
            query = sa.select(table).where(table.c.case_id == tx.get(CASES, case_id).id)
            page = tx.page(query, (table.c.starts_on, table.c.id), size, token, descending=False)
            return tuple(SUSPENSIONS.value(row) for row in page.rows), page.next_token


def lift_all(desk: Desk, tx: Tx, case: Case) -> None:
    """A case that is decided or over suspends nobody any more."""
    _lift(desk, tx, case, frozenset())


def lift_released(desk: Desk, tx: Tx, case: Case) -> None:
    """Who was released is suspended no more; the others stay as they are."""
    _lift(desk, tx, case, frozenset(party.official_id for party in case.answering))


def _lift(desk: Desk, tx: Tx, case: Case, staying: Collection[str]) -> None:
    for one in beside.suspensions_of(tx, case.id):
        if one.ended_on is None and one.official_id not in staying:
            tx.save(SUSPENSIONS, one.lift(max(desk.clock.today(), one.starts_on), desk.clock.today()))
            desk.line(tx, case, "suspension_lifted")
