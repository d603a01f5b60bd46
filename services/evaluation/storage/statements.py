"""The tables of statements and promises, and the questions they are asked.

`statement_editions` only grows; the statement itself holds the latest edition, because every list shows it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Text

from chassis.db import Choice, Doc, Id, Instant
from chassis.store import Tx, under
from services.evaluation.domain.plan import ObjectKind
from services.evaluation.domain.promise import Confirmed, Promise, PromiseState, Report, Wording
from services.evaluation.domain.statement import Call, Edition, Statement, StatementState
from services.evaluation.storage.schema import SCHEMA

STATEMENT_CALLS = SCHEMA.table(
    "statement_calls",
    Column("campaign_id", Id(), primary_key=True),
    Column("due_on", sa.Date, nullable=False),
    Column("called_at", Instant(), nullable=False),
    Column("by", Text, nullable=False),
)

STATEMENTS = SCHEMA.resource(
    Statement,
    "statements",
    Column("campaign_id", Id(), nullable=False),
    Column("campaign_number", Text, nullable=False),
    Column("campaign_title", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("object_id", Id(), nullable=False),
    Column("object_name", Text, nullable=False),
    Column("object_kind", Choice(ObjectKind), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", Choice(StatementState), nullable=False),
    Column("due_on", sa.Date, nullable=False),
    Column("latest", Doc(Edition)),
    Column("published_at", Instant()),
    Index("statements_object", "campaign_id", "object_id", unique=True),
    Index("statements_ballot", "campaign_id", "place", "id"),
    Index("statements_unit", "unit_path", "id"),
    Index("statements_year", "unit_path", "year", "published_at"),
)

STATEMENT_EDITIONS = SCHEMA.table(
    "statement_editions",
    Column("statement_id", Id(), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("body", Doc(Edition), nullable=False),
)

PROMISES = SCHEMA.resource(
    Promise,
    "promises",
    Column("number", Text, nullable=False, unique=True),
    Column("state", Choice(PromiseState), nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("wording", Doc(Wording), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Column("report", Doc(Report)),
    Column("confirmed", Doc(Confirmed)),
    Index("promises_unit", "unit_path", "id"),
    Index("promises_year", "year", "state", "id"),
)


def keep_call(tx: Tx, call: Call) -> None:
    """Writes down that statements were called for."""
    row = {"campaign_id": call.campaign_id, "due_on": call.due_on, "called_at": call.called_at}
    tx.insert(STATEMENT_CALLS, {**row, "by": tx.caller.subject})


def call(tx: Tx, campaign_id: str, campaign_version: int) -> Call | None:
    """The call of a campaign and what came of it; None if there was none."""
    query = sa.select(STATEMENT_CALLS).where(STATEMENT_CALLS.c.campaign_id == campaign_id)
    made = next(iter(tx.rows(query)), None)
    if made is None:
        return None
    asked = [one for one in of_campaign(tx, campaign_id) if one.state is not StatementState.WITHDRAWN]
    return Call(
        campaign_id,
        campaign_version,
        made.due_on,
        made.called_at,
        asked=len(asked),
        filed=sum(one.standing is not None for one in asked),
        late=sum(one.standing is not None and one.standing.late for one in asked),
        returned=sum(one.state is StatementState.RETURNED for one in asked),
    )


def of_campaign(tx: Tx, campaign_id: str) -> list[Statement]:
    """Every statement of a campaign, in the order of its ballot."""
    table = STATEMENTS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id).order_by(table.c.place, table.c.id)
    return [STATEMENTS.value(row) for row in tx.rows(query)]


def publish(tx: Tx, campaign_id: str) -> None:
    """Opens the statements of a campaign to everybody; its opening is what the audit trail shows."""
    table = STATEMENTS.table
    statement = sa.update(table).where(table.c.campaign_id == campaign_id)
    tx.execute(statement.values(version=table.c.version + 1, published_at=tx.now))


def keep_edition(tx: Tx, statement_id: str, edition: Edition) -> None:
    """Keeps an edition, or what became of it since."""
    row = {"statement_id": statement_id, "edition": edition.edition, "body": edition}
    insert = tx.upsert(STATEMENT_EDITIONS).values(**row)
    tx.execute(insert.on_conflict_do_update(index_elements=["statement_id", "edition"], set_={"body": edition}))


def editions(tx: Tx, statement_id: str) -> list[Edition]:
    """All editions of a statement, the latest first."""
    table = STATEMENT_EDITIONS
    query = sa.select(table).where(table.c.statement_id == statement_id).order_by(table.c.edition.desc())
    return [row.body for row in tx.rows(query)]


def promised(unit_path: str, year: int, state: PromiseState | None = None) -> sa.Select[Any]:
    """Promises, perhaps of the units at or under a path, of one year, in one state."""
    table = PROMISES.table
    query = sa.select(table)
    if unit_path:
        query = query.where(under(table.c.unit_path, unit_path))
    if year:
        query = query.where(table.c.year == year)
    return query if state is None else query.where(table.c.state == state)


def public() -> sa.ColumnElement[bool]:
    """Promises everybody may read: confirmed, or of a unit whose statement of that year or the next is public."""
    table, stated = PROMISES.table, STATEMENTS.table
    beside = sa.select(stated.c.id).where(
        stated.c.unit_path == table.c.unit_path,
        sa.or_(stated.c.year == table.c.year, stated.c.year == table.c.year + 1),
        stated.c.published_at.is_not(None),
    )
    return sa.or_(table.c.state == PromiseState.CONFIRMED, beside.exists())
