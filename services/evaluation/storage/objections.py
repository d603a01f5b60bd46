"""The table of objections."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Text

from chassis.db import Choice, Id, Instant
from chassis.store import Tx
from services.evaluation.domain.objection import Objection, ObjectionState
from services.evaluation.storage.schema import SCHEMA

OBJECTIONS = SCHEMA.resource(
    Objection,
    "objections",
    Column("number", Text, nullable=False, unique=True),
    Column("campaign_id", Id(), nullable=False),
    Column("campaign_number", Text, nullable=False),
    Column("object_id", Id(), nullable=False),
    Column("object_name", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("adjustment_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Choice(ObjectionState), nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("filed_at", Instant(), nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answered_at", Instant()),
    Column("reasons", Text, nullable=False),
    # Nobody says the same against the same count twice.
    Index("objections_about", "campaign_id", "object_id", "count", "adjustment_id", unique=True),
)


def numbers(tx: Tx, campaign_id: str) -> Mapping[ObjectionState, int]:
    """How many objections a campaign has, by state."""
    table = OBJECTIONS.table
    query = sa.select(table.c.state, sa.func.count().label("many")).where(table.c.campaign_id == campaign_id)
    return {row.state: row.many for row in tx.rows(query.group_by(table.c.state))}
