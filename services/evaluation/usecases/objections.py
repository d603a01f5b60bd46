"""Objections filed by units, answered by the office, and what an upheld one changes."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict, NotFound
from chassis.store import Tx
from chassis.tx import is_id
from services.evaluation.domain.adjustment import AdjustmentState
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.objection import Objection, ObjectionState, file_objection
from services.evaluation.storage.objections import OBJECTIONS
from services.evaluation.storage.schema import ADJUSTMENTS, CAMPAIGNS
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.standings import own_result, owned


class ObjectionCases:
    """What one can do with objections."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def file(self, caller: Caller, campaign_id: str, object_id: str, adjustment_id: str, text: str) -> Objection:
        """Files an objection of the object's unit; of a district its office."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            campaign = locked(tx, campaign_id)
            result = own_result(tx, campaign, object_id, unreleased=False) if campaign and is_id(object_id) else None
            if campaign is None or result is None or not owned(caller, result):
                raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
            year = local_day(tx.now).year
            number = f"异议〔{year}〕{tx.number(f'objection/{year}')}号"
            filed = file_objection(tx.new_id(), number, campaign, result, adjustment_id, text, caller.subject, tx.now)
            table = OBJECTIONS.table
            same = (table.c.campaign_id == campaign_id, table.c.object_id == object_id, table.c.count == result.count)
            if tx.rows(sa.select(table.c.id).where(*same, table.c.adjustment_id == adjustment_id)):
                raise Conflict("OBJECTION_FILED", number=campaign.number)
            return tx.answer(tx.add(OBJECTIONS, filed))

    def answer(
        self, caller: Caller, objection_id: str, expected_version: int, state: ObjectionState, reasons: str
    ) -> Objection:
        """Answers an objection; an upheld one gives back the entry it is about and has the campaign counted again."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            objection = tx.get(OBJECTIONS, objection_id, expected_version)
            # A district sees what it filed itself; it is answered where the campaign is run.
            if tx.find(CAMPAIGNS, CAMPAIGNS.table.c.id == objection.campaign_id) is None:
                raise NotFound("OBJECTION_NOT_FOUND", "objection_id")
            answered = objection.answer(state, caller.subject, reasons, tx.now)
            tx.save(OBJECTIONS, answered)
            if state is ObjectionState.UPHELD:
                self._put_right(tx, answered)
            return tx.answer(answered)

    def get(self, caller: Caller, objection_id: str) -> Objection:
        """One objection."""
        with self._store.read(caller) as tx:
            return tx.get(OBJECTIONS, objection_id)

    def page(
        self, caller: Caller, campaign_id: str, state: ObjectionState | None, size: int, token: str
    ) -> tuple[list[Objection], str]:
        """A page of objections, latest first, and the token of the next."""
        table = OBJECTIONS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if campaign_id:
                query = query.where(table.c.campaign_id == campaign_id if is_id(campaign_id) else sa.false())
            if state is not None:
                query = query.where(table.c.state == state)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [OBJECTIONS.value(row) for row in page.rows], page.next_token

    def _put_right(self, tx: Tx, objection: Objection) -> None:
        table = ADJUSTMENTS.table
        if objection.adjustment_id:
            about = (table.c.id == objection.adjustment_id, table.c.state == AdjustmentState.COUNTS)
            for row in tx.rows(sa.select(table).where(*about)):
                tx.save(ADJUSTMENTS, ADJUSTMENTS.value(row).object())
        tx.save(CAMPAIGNS, tx.get(CAMPAIGNS, objection.campaign_id).reopen_count())


def locked(tx: Tx, campaign_id: str) -> Campaign | None:
    """A campaign, whoever asks, held until this transaction ends: nothing becomes final while an objection is filed."""
    if not is_id(campaign_id):
        return None
    table = CAMPAIGNS.table
    row = tx.execute(sa.select(table).where(table.c.id == campaign_id).with_for_update()).one_or_none()
    return None if row is None else CAMPAIGNS.value(row)
