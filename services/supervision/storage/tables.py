"""The tables of supervision."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Index, Integer, Text, UniqueConstraint

from chassis.db import BIG, Choice, Doc, Id, Instant, Path, Schema
from services.supervision.domain.facts import Origin
from services.supervision.domain.finding import Finding
from services.supervision.domain.inspection import Inspection, Inspector, Seed, Supervisor
from services.supervision.domain.keylist import KeyUnit
from services.supervision.domain.limits import LimitClock
from services.supervision.domain.notice import Evidence, Notice, Rectification, Referral
from services.supervision.domain.point import Point, PointReport, Round
from services.supervision.domain.words import (
    FindingStage,
    FoundBy,
    InspectionKind,
    InspectionStage,
    PointKind,
    ReportOutcome,
    Turn,
)
from workdays import Light

SCHEMA = Schema("supervision")

POINTS = SCHEMA.resource(
    Point,
    "points",
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Choice(PointKind), nullable=False),
    Column("phone", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("appointed_on", Date, nullable=False),
    Column("ended_on", Date),
    # An account reports for one point at a time.
    Index(
        "points_account",
        "account_id",
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    ),
    Index("points_name", "name", "id"),
)

ROUNDS = SCHEMA.resource(
    Round,
    "rounds",
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("opened_at", Instant(), nullable=False),
    Index("rounds_opened", "opened_at", "id"),
)

POINT_REPORTS = SCHEMA.resource(
    PointReport,
    "point_reports",
    Column("number", Text, nullable=False),
    Column("point_id", Id(), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("round_id", Id()),
    Column("about_unit_path", Path(), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("evidence", Doc(tuple[Evidence, ...]), nullable=False),
    Column("occurred_at", Instant(), nullable=False),
    Column("reported_at", Instant(), nullable=False),
    Column("outcome", Choice(ReportOutcome), nullable=False),
    Column("outcome_id", Id()),
    Column("outcome_reason", Text, nullable=False),
    Index("point_reports_reported", "reported_at", "id"),
    Index("point_reports_outcome", "outcome", "reported_at", "id"),
    Index("point_reports_point", "point_id", "reported_at", "id"),
    Index("point_reports_account", "account_id", "reported_at", "id"),
    Index("point_reports_round", "round_id"),
)

SUPERVISORS = SCHEMA.resource(
    Supervisor,
    "supervisors",
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("term_from", Date, nullable=False),
    Column("term_to", Date, nullable=False),
    Column("recused_unit_paths", Doc(tuple[str, ...]), nullable=False),
    Index("supervisors_account", "account_id"),
    Index("supervisors_term", "term_to"),
)

INSPECTIONS = SCHEMA.resource(
    Inspection,
    "inspections",
    Column("number", Text, nullable=False),
    Column("stage", Choice(InspectionStage), nullable=False),
    Column("kind", Choice(InspectionKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("plan_number", Text, nullable=False),
    Column("checklist", Doc(tuple[str, ...]), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("targets_wanted", Integer, nullable=False),
    Column("inspectors_wanted", Integer, nullable=False),
    Column("target_pool", Doc(tuple[str, ...]), nullable=False),
    Column("inspector_pool", Doc(tuple[str, ...]), nullable=False),
    Column("planned_by", Text, nullable=False),
    Column("planned_at", Instant(), nullable=False),
    Column("point_report_id", Id()),
    Column("targets", Doc(tuple[str, ...]), nullable=False),
    Column("inspectors", Doc(tuple[Inspector, ...]), nullable=False),
    Column("seed", Doc(Seed | None)),
    Column("sealed_at", Instant()),
    Column("started_at", Instant()),
    Column("released_at", Instant()),
    Column("released_by", Text, nullable=False),
    Column("closed_at", Instant()),
    Index("inspections_planned", "planned_at", "id"),
)

# Who may read a sealed inspection, and whom it concerns: one row each, so that both are look-ups.
INSPECTORS = SCHEMA.table(
    "inspectors",
    Column("inspection_id", Id(), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Index("inspectors_account", "account_id"),
)
TARGETS = SCHEMA.table(
    "targets",
    Column("inspection_id", Id(), primary_key=True),
    Column("unit_path", Path(), primary_key=True),
    Index("targets_unit", "unit_path"),
)

FINDINGS = SCHEMA.resource(
    Finding,
    "findings",
    Column("number", Text, nullable=False, unique=True),
    Column("stage", Choice(FindingStage), nullable=False),
    Column("found_by", Choice(FoundBy), nullable=False),
    Column("undercover", Boolean, nullable=False),
    Column("misconduct", Doc(tuple[str, ...]), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("occurred_at", Instant(), nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("evidence", Doc(tuple[Evidence, ...]), nullable=False),
    Column("origin", Doc(Origin), nullable=False),
    Column("inspection_id", Id()),
    Column("confirmed_by", Text, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("repeat_of", Id()),
    Column("repeats", Integer, nullable=False),
    Column("notice", Doc(Notice | None)),
    Column("clock", Doc(LimitClock | None)),
    Column("light", Choice(Light), nullable=False),
    Column("due_at", Instant()),
    Column("pending_year", Integer),
    Column("next_turn", Choice(Turn)),
    Column("next_turn_at", Instant()),
    Column("rectification", Doc(Rectification | None)),
    Column("referral", Doc(Referral | None)),
    Column("notified_at", Instant()),
    Column("overdue_at", Instant()),
    Column("reminded_at", Instant()),
    Column("escalated_at", Instant()),
    Column("referred_at", Instant()),
    Column("closed_at", Instant()),
    Index("findings_recorded", "recorded_at", "id"),
    Index("findings_unit", "unit_path", "recorded_at", "id"),
    Index("findings_inspection", "inspection_id"),
    Index("findings_due", "due_at", "id"),
    # The timer reads only what is due, however many findings are open.
    Index(
        "findings_turning",
        "next_turn_at",
        "id",
        sqlite_where=sa.text("next_turn_at IS NOT NULL"),
        postgresql_where=sa.text("next_turn_at IS NOT NULL"),
    ),
    Index(
        "findings_pending",
        "pending_year",
        sqlite_where=sa.text("pending_year IS NOT NULL"),
        postgresql_where=sa.text("pending_year IS NOT NULL"),
    ),
)

# Each word of each finding, so that repeats and a filter by word are look-ups.
FINDING_WORDS = SCHEMA.table(
    "finding_words",
    Column("finding_id", Id(), primary_key=True),
    Column("word", Text, primary_key=True),
    Column("unit_path", Path(), nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Index("finding_words_unit", "unit_path", "word", "recorded_at"),
)

TIMELINE = SCHEMA.table(
    "timeline",
    Column("id", BIG, primary_key=True, autoincrement=True),
    Column("finding_id", Id(), nullable=False),
    Column("at", Instant(), nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("stage", Choice(FindingStage), nullable=False),
    Column("text", Text, nullable=False),
    Index("timeline_finding", "finding_id", "id"),
)

# Numbers of issued papers: without gaps in their series and year.
PAPER_NUMBERS = SCHEMA.table(
    "paper_numbers",
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

KEY_UNITS = SCHEMA.resource(
    KeyUnit,
    "key_units",
    Column("unit_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("listed_at", Instant(), nullable=False),
    Column("origins", Doc(tuple[Origin, ...]), nullable=False),
    Column("taken_off_at", Instant()),
    Column("taken_off_by", Text, nullable=False),
    Column("taken_off_reason", Text, nullable=False),
    Index("key_units_listed", "listed_at", "id"),
    UniqueConstraint("unit_path", name="key_units_unit"),
)

# Overdue complaints as heard: one a complaint, however often it is told.
OVERDUE_COMPLAINTS = SCHEMA.table(
    "overdue_complaints",
    Column("complaint_id", Id(), primary_key=True),
    Column("number", Text, nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("at", Instant(), nullable=False),
    Index("overdue_complaints_unit", "unit_path", "at"),
)
