"""Who stays out of which complaint: those the rules keep out, and those who recused themselves or were made to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text

from chassis.db import Id, Instant
from chassis.store import Tx
from services.complaints.domain.recusal import Recusal
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

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


def stays_out(tx: Tx, complaint_id: str, account_id: str) -> bool:
    """Whether this account was taken off this complaint."""
    column = RECUSALS.table.c
    query = sa.select(column.id).where(column.complaint_id == complaint_id, column.account_id == account_id)
    return bool(tx.rows(query.limit(1)))


def none_of_theirs(tx: Tx) -> sa.ColumnElement[bool]:
    """The condition that leaves out what the caller was taken off."""
    column = RECUSALS.table.c
    own = sa.select(column.complaint_id).where(column.account_id == tx.caller.subject)
    return COMPLAINTS.table.c.id.not_in(own)
