"""The ledger as people use it: read, and commended work recorded by one person and confirmed by another."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import day_start, local_day
from chassis.errors import Conflict, Invalid, NotFound
from chassis.store import Tx, under
from services.evaluation.domain.adjustment import Adjustment, AdjustmentState, Commended, Record, commend
from services.evaluation.domain.formula import Cause
from services.evaluation.storage.schema import ADJUSTMENTS
from services.evaluation.usecases.desk import Desk


class LedgerCases:
    """What one can do with the ledger."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def page(
        self, caller: Caller, year: int, unit_path: str, state: AdjustmentState | None, size: int, token: str
    ) -> tuple[list[Adjustment], str]:
        """A page of the ledger, latest first, and the token of the next."""
        table = ADJUSTMENTS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if year:
                query = query.where(table.c.year == year)
            if unit_path:
                query = query.where(under(table.c.unit_path, unit_path))
            if state is not None:
                query = query.where(table.c.state == state)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [ADJUSTMENTS.value(row) for row in page.rows], page.next_token

    def get(self, caller: Caller, adjustment_id: str) -> Adjustment:
        """One entry."""
        with self._store.read(caller) as tx:
            return tx.get(ADJUSTMENTS, adjustment_id)

    def commend(self, caller: Caller, work: Commended) -> Adjustment:
        """Records that a unit's work was commended; it gives nothing yet."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            unit = tx.copy("unit", work.unit_id)
            if not unit.known or not any(covers(own, unit.jurisdiction_path) for own in caller.jurisdiction_paths):
                raise NotFound("UNIT_NOT_FOUND", "unit_id")
            if work.day > local_day(tx.now):
                raise Invalid("COMMENDED_LATER", "commended_on")
            _must_be_new(tx, work.document, unit.unit_path)
            record = Record(work.document, 1, unit.jurisdiction_path, work.day.year, day_start(work.day), ())
            entry = commend(tx.new_id(), record, unit.unit_path, work.level, work.evidence, caller.subject)
            return tx.answer(tx.add(ADJUSTMENTS, entry))

    def decide(self, caller: Caller, adjustment_id: str, expected_version: int, confirmed: bool, reason: str) -> Adjustment:
        """Confirms a commendation, or declines it."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            proposed = tx.get(ADJUSTMENTS, adjustment_id, expected_version)
            decided = proposed.decide(caller.subject, confirmed, reason, tx.now)
            tx.save(ADJUSTMENTS, decided)
            return tx.answer(decided)


def _must_be_new(tx: Tx, document: str, unit_path: str) -> None:
    table = ADJUSTMENTS.table
    same = (table.c.record_id == document, table.c.cause == Cause.COMMENDED, table.c.unit_path == unit_path)
    if tx.rows(sa.select(table.c.id).where(*same, table.c.state != AdjustmentState.DECLINED)):
        raise Conflict("COMMENDATION_KNOWN", "document", document=document)
