"""Statements: called for, filed in editions, sent back, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.store import Tx
from chassis.tx import is_id
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.statement import (
    Call,
    Edition,
    Statement,
    StatementState,
    Text,
    changes,
    must_be_due,
)
from services.evaluation.storage import statements as kept
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.storage.statements import STATEMENTS
from services.evaluation.usecases.desk import SERVICE, Desk


class StatementCases:
    """What objects say of themselves before they are rated."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def call(self, caller: Caller, campaign_id: str, expected_version: int, due_on: date | None) -> Call:
        """Asks every object of the campaign for its statement."""
        with self._store.begin(caller) as tx:
            campaign = tx.answered
            if not campaign:
                campaign = tx.get(CAMPAIGNS, campaign_id, expected_version).call()
                last = due_on or tx.store.clock.today() + timedelta(days=_days(tx, campaign))
                must_be_due(last, tx.store.clock.today(), campaign)
                tx.save(CAMPAIGNS, campaign)
                kept.keep_call(tx, Call(campaign.id, campaign.version, last, tx.now))
                for place, one in enumerate(campaign.plan.objects):
                    tx.add(STATEMENTS, Statement.asked(tx.new_id(), campaign, one, place, last))
                tx.answer(campaign)
            return _made(tx, campaign)

    def called(self, caller: Caller, campaign_id: str) -> Call:
        """Until when statements were called for, and how many came. Raises Conflict STATEMENTS_NOT_CALLED."""
        with self._store.read(caller) as tx:
            return _made(tx, tx.get(CAMPAIGNS, campaign_id))

    def file(self, caller: Caller, statement_id: str, expected_version: int, text: Text) -> Statement:
        """Files another edition."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            statement = tx.get(STATEMENTS, statement_id, expected_version)
            text.must_fit(_longest(tx, statement))
            return tx.answer(_keep(tx, statement.file(text, caller.subject, caller.rows.units, tx.now)))

    def send_back(self, caller: Caller, statement_id: str, expected_version: int, reason: str) -> Statement:
        """Sends the latest edition back."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            statement = tx.get(STATEMENTS, statement_id, expected_version)
            return tx.answer(_keep(tx, statement.send_back(reason, caller.subject, tx.now)))

    def get(self, caller: Caller, statement_id: str) -> tuple[Statement, list[Edition], int]:
        """One statement, its editions, and how long a text of it may be."""
        with self._store.read(caller) as tx:
            statement = tx.get(STATEMENTS, statement_id)
            return statement, kept.editions(tx, statement.id), _longest(tx, statement)

    def asked(
        self, caller: Caller, campaign_id: str, state: StatementState | None, size: int, token: str
    ) -> tuple[list[Statement], str]:
        """A page of statements the caller may see: the latest call first, or one campaign's in the order of its ballot."""
        table = STATEMENTS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if campaign_id:
                query = query.where(table.c.campaign_id == campaign_id if is_id(campaign_id) else sa.false())
            if state is not None:
                query = query.where(table.c.state == state)
            by = [table.c.place, table.c.id] if campaign_id else [table.c.id]
            page = tx.page(query, by=by, size=size, token=token, descending=not campaign_id)
            return [STATEMENTS.value(row) for row in page.rows], page.next_token

    def published(self, campaign_id: str, size: int, token: str) -> tuple[Sequence[Statement], str]:
        """A page of an opened campaign's statements in the order of its ballot. Raises NotFound CAMPAIGN_NOT_FOUND."""
        table = STATEMENTS.table
        with self._store.read(SERVICE) as tx:
            campaign = self._desk.in_force(tx, campaign_id)
            if campaign.opened_at is None:
                raise NotFound("CAMPAIGN_NOT_FOUND", "campaign_id")
            query = sa.select(table).where(table.c.campaign_id == campaign.id, table.c.state != StatementState.WITHDRAWN)
            page = tx.page(query, by=[table.c.place, table.c.id], size=size, token=token, descending=False)
            return [STATEMENTS.value(row) for row in page.rows], page.next_token


def follow(tx: Tx, campaign: Campaign) -> None:
    """Asks whom an amendment brought to the ballot, and withdraws the statements of those it took off."""
    if campaign.state is not State.STATEMENTS:
        return
    call = _made(tx, campaign)
    fresh, changed = changes(kept.of_campaign(tx, campaign.id), campaign)
    for place, one in fresh:
        tx.add(STATEMENTS, Statement.asked(tx.new_id(), campaign, one, place, call.due_on))
    for after in changed:
        tx.save(STATEMENTS, after)


def _keep(tx: Tx, statement: Statement) -> Statement:
    tx.save(STATEMENTS, statement)
    if statement.latest is not None:
        kept.keep_edition(tx, statement.id, statement.latest)
    return statement


def _made(tx: Tx, campaign: Campaign) -> Call:
    made = kept.call(tx, campaign.id, campaign.version)
    if made is None:
        raise Conflict("STATEMENTS_NOT_CALLED", number=campaign.number)
    return made


def _days(tx: Tx, campaign: Campaign) -> int:
    return int(tx.setting("statements.days", campaign.jurisdiction_path))


def _longest(tx: Tx, statement: Statement) -> int:
    return int(tx.setting("statements.longest", statement.jurisdiction_path))
