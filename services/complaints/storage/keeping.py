"""The tables of retention: what each closed complaint's time stands at, and the record of what was done.

`retention_log` is only ever added to; each of its lines has its digest in the audit trail (see `untouched`).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from chassis.db import Choice, Id, Instant, Path
from services.complaints.domain.retention import RetentionEntry, Step
from services.complaints.storage.tables import SCHEMA

KEEPINGS = SCHEMA.table(
    "keepings",
    Column("complaint_id", Id(), primary_key=True),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("rule", Text, nullable=False),
    Column("step", Choice(Step), nullable=False),
    Column("since", Instant(), nullable=False),
    Index("keepings_due", "step", "jurisdiction_path", "rule", "since"),
)

RETENTION_LOG = SCHEMA.resource(
    RetentionEntry,
    "retention_log",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("step", Choice(Step), nullable=False),
    Column("rule", Text, nullable=False),
    Column("since", Instant(), nullable=False),
    Column("at", Instant(), nullable=False),
    Index("retention_log_at", "at", "id"),
)
