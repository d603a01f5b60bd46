"""Who stays out of which complaint: those the rules keep out, and those who recused themselves or were made to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text

from chassis.db import Id, Instant
from chassis.store import Tx
from services.complaints.domain.recusal import Recusal
from services.complaints.storage.neighbours import kept_from
from services.complaints.storage.tables import COMPLAINTS, IDENTITY_REQUESTS, SCHEMA

RECUSALS = SCHEMA.resource(
    Recusal,
    "recusals",
    Column("complaint_id", Id(), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("substitute_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Instant(), nullable=False),
    Index("recusals_one", "complaint_id", "account_id", unique=True),
    Index("recusals_account", "account_id"),
)


class HeldReasons:
    """Purposes and reasons beside a complaint. They are sealed with it; those of earlier releases are taken out."""

    def anonymise(self, tx: Tx, complaint_id: str) -> None:
        """They stay while its key does."""

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Nothing is left of them."""
        requests = IDENTITY_REQUESTS.table
        tx.execute(sa.update(RECUSALS.table).where(RECUSALS.table.c.complaint_id == complaint_id).values(reason=""))
        tx.execute(sa.update(requests).where(requests.c.complaint_id == complaint_id).values(purpose=""))


def stays_out(tx: Tx, complaint_id: str, account_id: str) -> bool:
    """Whether this account was taken off this complaint."""
    column = RECUSALS.table.c
    query = sa.select(column.id).where(column.complaint_id == complaint_id, column.account_id == account_id)
    return bool(tx.rows(query.limit(1)))


def not_theirs(tx: Tx) -> list[sa.ColumnElement[bool]]:
    """The conditions that keep from the caller what they must stay out of: nobody is shown or counts it."""
    column = COMPLAINTS.table.c
    near, taken_off = kept_from(tx, tx.caller.official_id), _taken_off(tx)
    conditions: list[sa.ColumnElement[bool]] = []
    if near:
        conditions.append(column.accused_official_id.not_in(sorted(near)))
    if taken_off:
        conditions.append(column.id.not_in(taken_off))
    return conditions


def theirs(tx: Tx) -> list[str]:
    """The complaints the caller must stay out of."""
    column = COMPLAINTS.table.c
    near = kept_from(tx, tx.caller.official_id)
    query = sa.select(column.id).where(column.accused_official_id.in_(sorted(near)))
    return [*_taken_off(tx), *(row.id for row in (tx.rows(query) if near else ()))]


def without(tx: Tx, query: sa.Select[Any], complaint_id: sa.ColumnElement[str]) -> sa.Select[Any]:
    """The query without rows about complaints the caller must stay out of."""
    out = theirs(tx)
    return query.where(complaint_id.not_in(out)) if out else query


def _taken_off(tx: Tx) -> list[str]:
    column = RECUSALS.table.c
    query = sa.select(column.complaint_id).where(column.account_id == tx.caller.subject)
    return [row.complaint_id for row in tx.rows(query)]
