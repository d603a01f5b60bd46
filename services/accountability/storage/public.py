"""What everybody may read: circulars of typical cases, and who was cleared. Not sealed: it is written for all."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from chassis.db import Choice, Doc, Id, Instant
from chassis.store import Page, Tx
from chassis.tx import is_id
from services.accountability.domain.circular import Circular, CircularState, Entry
from services.accountability.domain.clearing import Clearing, Consent
from services.accountability.storage.tables import SCHEMA, WORDS

CIRCULARS = SCHEMA.resource(
    Circular,
    "circulars",
    Column("state", Choice(CircularState), nullable=False),
    Column("title", Text, nullable=False),
    Column("entries", Doc(tuple[Entry, ...]), nullable=False),
    Column("writers", Doc(WORDS), nullable=False),
    Column("drafted_at", Instant(), nullable=False),
    Column("reviewed_by", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", Instant()),
    Column("number", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("withdrawn_because", Text, nullable=False),
    Index("circulars_drafted", "jurisdiction_path", "drafted_at", "id"),
    Index("circulars_published", "state", "published_at", "id"),
)
# Which cases a circular tells of, for counting the cases that were circulated.
CIRCULAR_CASES: Table = SCHEMA.table(
    "circular_cases",
    Column("circular_id", Id(), primary_key=True),
    Column("case_id", Id(), primary_key=True),
    Index("circular_cases_case", "case_id"),
)
CLEARINGS = SCHEMA.resource(
    Clearing,
    "clearings",
    Column("case_id", Id(), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("consent", Doc(Consent | None)),
    Column("published_at", Instant(), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("withdrawn", sa.Boolean, nullable=False),
    Column("withdrawn_because", Text, nullable=False),
    Index("clearings_case", "case_id"),
    Index("clearings_published", "withdrawn", "published_at", "id"),
)


def told_of(tx: Tx, circular_id: str, case_ids: Sequence[str]) -> None:
    """Notes which cases a circular tells of now."""
    tx.execute(sa.delete(CIRCULAR_CASES).where(CIRCULAR_CASES.c.circular_id == circular_id))
    for case_id in dict.fromkeys(case_ids):
        tx.insert(CIRCULAR_CASES, {"circular_id": circular_id, "case_id": case_id})


def list_circulars(tx: Tx, state: CircularState | None, size: int, token: str) -> Page:
    """The circulars a caller may see, newest first."""
    table = CIRCULARS.table
    query = sa.select(table).where(tx.visible(table))
    if state is not None:
        query = query.where(table.c.state == state)
    return tx.page(query, (table.c.drafted_at, table.c.id), size, token)


def published_circulars(tx: Tx, size: int, token: str) -> Page:
    """What everybody may read, newest first."""
    table = CIRCULARS.table
    query = sa.select(table).where(table.c.state == CircularState.PUBLISHED)
    return tx.page(query, (table.c.published_at, table.c.id), size, token)


def published_circular(tx: Tx, circular_id: str) -> Circular | None:
    """One of them, whoever asks."""
    if not is_id(circular_id):
        return None
    table = CIRCULARS.table
    rows = tx.rows(sa.select(table).where(table.c.id == circular_id, table.c.state == CircularState.PUBLISHED))
    return CIRCULARS.value(rows[0]) if rows else None


def clearings_of(tx: Tx, case_id: str, size: int, token: str) -> Page:
    """What was published about a case, newest first."""
    table = CLEARINGS.table
    return tx.page(sa.select(table).where(table.c.case_id == case_id), (table.c.published_at, table.c.id), size, token)


def standing(tx: Tx, case_id: str) -> bool:
    """Whether a statement about the case stands."""
    table = CLEARINGS.table
    found = sa.select(table.c.id).where(table.c.case_id == case_id, table.c.withdrawn.is_(False)).limit(1)
    return bool(tx.rows(found))


def published_clearings(tx: Tx, size: int, token: str) -> Page:
    """Who was cleared in public, newest first."""
    table = CLEARINGS.table
    return tx.page(sa.select(table).where(table.c.withdrawn.is_(False)), (table.c.published_at, table.c.id), size, token)
