"""What runs beside a case: suspensions of duties, and decisions of other organs that nobody here asked for."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text

from chassis.db import Choice, Doc, Id
from chassis.store import Tx
from services.accountability.domain.suspension import Suspension
from services.accountability.domain.tracks import TrackDecision
from services.accountability.rules.words import Track
from services.accountability.storage.tables import SCHEMA, WORDS

SUSPENSIONS = SCHEMA.resource(
    Suspension,
    "suspensions",
    Column("case_id", Id(), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("party_id", Id(), nullable=False),
    Column("official_id", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("starts_on", sa.Date, nullable=False),
    Column("ended_on", sa.Date),
    Column("document_number", Text, nullable=False),
    Index("suspensions_official", "official_id", "starts_on"),
    Index("suspensions_case", "case_id", "id"),
)

TRACK_DECISIONS = SCHEMA.resource(
    TrackDecision,
    "track_decisions",
    Column("case_id", Id(), nullable=False),
    Column("party_id", Id(), nullable=False),
    Column("track", Choice(Track), nullable=False),
    Column("organ", Text, nullable=False),
    Column("measures", Doc(WORDS), nullable=False),
    Column("decided_on", sa.Date, nullable=False),
    Column("document_number", Text, nullable=False),
    Index("track_decisions_case", "case_id", "id"),
)


def suspensions_of(tx: Tx, case_id: str) -> Sequence[Suspension]:
    """The suspensions of a case, oldest first."""
    table = SUSPENSIONS.table
    query = sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id)
    return [SUSPENSIONS.value(row) for row in tx.rows(query)]


def suspensions_about(tx: Tx, official_id: str) -> Sequence[Suspension]:
    """The suspensions of a person the caller may see, oldest first."""
    table = SUSPENSIONS.table
    query = sa.select(table).where(tx.visible(table), table.c.official_id == official_id)
    return [SUSPENSIONS.value(row) for row in tx.rows(query.order_by(table.c.starts_on, table.c.id))]


def track_decisions_of(tx: Tx, case_id: str) -> Sequence[TrackDecision]:
    """What other organs decided on their own tracks about a case, oldest first."""
    table = TRACK_DECISIONS.table
    query = sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id)
    return [TRACK_DECISIONS.value(row) for row in tx.rows(query)]
