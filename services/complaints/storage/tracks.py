"""Tables of what follows from a track: undertakings with their clocks, reports upwards with their receipts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Date, Index, Integer, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.tracks import Undertaking, UndertakingState, UpwardReport, UpwardReportState
from services.complaints.storage.tables import SCHEMA

_TURNS = sa.text("next_light_at IS NOT NULL")

UNDERTAKINGS = SCHEMA.resource(
    Undertaking,
    "undertakings",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Choice(UndertakingState), nullable=False),
    Column("effect_by", Date, nullable=False),
    Column("text", Bytes()),
    Column("undertaken_by", Text, nullable=False),
    Column("undertaken_at", Instant(), nullable=False),
    Column("clock", Doc(RunningClock), nullable=False),
    Column("light", Text, nullable=False),
    Column("due_at", Instant()),
    Column("pending_year", Integer),
    Column("next_light_at", Instant()),
    Column("result", Bytes()),
    Column("settled_by", Text, nullable=False),
    Column("settled_at", Instant()),
    Index("undertakings_complaint", "complaint_id"),
    Index("undertakings_effect", "effect_by", "id"),
    Index("undertakings_unit", "unit_path", "effect_by", "id"),
    Index("undertakings_next_light", "next_light_at", sqlite_where=_TURNS, postgresql_where=_TURNS),
)

UPWARD_REPORTS = SCHEMA.resource(
    UpwardReport,
    "upward_reports",
    Column("complaint_id", Id(), nullable=False, unique=True),
    Column("number", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", Choice(UpwardReportState), nullable=False),
    Column("organ", Text, nullable=False),
    Column("text", Bytes()),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", Instant(), nullable=False),
    Column("receipt_number", Text, nullable=False),
    Column("received_on", Date),
    Column("recorded_by", Text, nullable=False),
    Index("upward_reports_reported", "reported_at", "id"),
    Index("upward_reports_year", "year", "reported_at", "id"),
)
