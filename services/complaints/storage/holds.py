"""The table of holds, and what is kept by one or by a wish nobody has answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Text

from chassis.db import Id, Instant
from chassis.store import Tx
from services.complaints.domain.holds import RetentionHold
from services.complaints.domain.second import SecondRequestState
from services.complaints.storage.aftermath import SECOND_REQUESTS
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

HOLDS = SCHEMA.resource(
    RetentionHold,
    "retention_holds",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", Instant(), nullable=False),
    Column("until", sa.Date),
    Column("ended_by", Text, nullable=False),
    Column("ended_at", Instant()),
    Column("joined", Boolean, nullable=False),
    Index("retention_holds_complaint", "complaint_id"),
    Index("retention_holds_placed", "placed_at", "id"),
    Index("retention_holds_case", "case_id"),
)


def holding(today: date) -> sa.ColumnElement[bool]:
    """The condition of those that keep something today."""
    column = HOLDS.table.c
    return column.ended_at.is_(None) & sa.or_(column.until.is_(None), column.until >= today)


def kept_back(tx: Tx, complaint_ids: Collection[str], today: date) -> bool:
    """Whether any of these is held, or waits for the office's word on second handling."""
    held, asked, complaint = HOLDS.table.c, SECOND_REQUESTS.table.c, COMPLAINTS.table.c
    if tx.rows(sa.select(held.id).where(held.complaint_id.in_(complaint_ids), holding(today)).limit(1)):
        return True
    query = sa.select(asked.id).join(COMPLAINTS.table, complaint.id == asked.complaint_id)
    open_wish = (asked.state == SecondRequestState.ASKED) & (asked.closed_at == complaint.closed_at)
    return bool(tx.rows(query.where(asked.complaint_id.in_(complaint_ids), open_wish).limit(1)))


def of_case(tx: Tx, case_id: str) -> list[RetentionHold]:
    """The holds a case has set that are not ended."""
    table = HOLDS.table
    query = sa.select(table).where(table.c.case_id == case_id, table.c.ended_at.is_(None))
    return [HOLDS.value(row) for row in tx.rows(query)]


def by_cases(tx: Tx, complaint_id: str) -> list[RetentionHold]:
    """Every hold any case ever set on a complaint."""
    table = HOLDS.table
    return [
        HOLDS.value(row)
        for row in tx.rows(sa.select(table).where(table.c.complaint_id == complaint_id, table.c.case_id != ""))
    ]
