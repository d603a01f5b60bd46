"""The tables of retention: what each closed complaint's time stands at, and the record of what was done.

`retention_log` is only ever added to; each of its lines has its digest in the audit trail (see `untouched`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text

from chassis.db import Choice, Id, Instant, Path
from chassis.store import Tx
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.retention import RetentionEntry, Step
from services.complaints.domain.stages import Stage
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

KEEPINGS = SCHEMA.table(
    "keepings",
    Column("complaint_id", Id(), primary_key=True),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("rule", Text, nullable=False),
    Column("step", Choice(Step), nullable=False),
    Column("since", Instant(), nullable=False),
    # Which rules were in force when `rule` was chosen among them, so that others are noticed.
    Column("rules", Text, nullable=False, server_default=""),
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


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints of one place that one rule holds for and that are equally far."""

    step: Step
    jurisdiction_path: str
    rule: str


def not_entered(tx: Tx, over_before: datetime, limit: int) -> list[Complaint]:
    """Complaints that were over by a moment and are not entered, or were over at another moment when they were."""
    over, column = COMPLAINTS.table, KEEPINGS.c
    entered = sa.exists().where(column.complaint_id == over.c.id, column.since == over.c.closed_at)
    query = sa.select(over).where(over.c.closed_at <= over_before, ~entered).order_by(over.c.closed_at, over.c.id)
    return [COMPLAINTS.value(row) for row in tx.rows(query.limit(limit))]


def enter(tx: Tx, complaint: Complaint, rule: str, rules: str, step: Step = Step.KEPT) -> None:
    """Writes how far a complaint is, and by which rule of which rules."""
    row = {
        "rules": rules,
        "complaint_id": complaint.id,
        "jurisdiction_path": complaint.jurisdiction_path,
        "rule": rule,
        "step": step,
        "since": complaint.closed_at,
    }
    insert = tx.upsert(KEEPINGS).values(row)
    changed = {name: insert.excluded[name] for name in row if name != "complaint_id"}
    tx.execute(insert.on_conflict_do_update(index_elements=[KEEPINGS.c.complaint_id], set_=changed))


def forget(tx: Tx, complaint_id: str) -> None:
    """Takes a complaint out that is not over any more."""
    tx.execute(sa.delete(KEEPINGS).where(KEEPINGS.c.complaint_id == complaint_id))


def of(tx: Tx, complaint_id: str) -> sa.Row[Any] | None:
    """How far a complaint is."""
    return next(iter(tx.rows(sa.select(KEEPINGS).where(KEEPINGS.c.complaint_id == complaint_id))), None)


def entered_under(tx: Tx) -> list[tuple[str, str]]:
    """Under which rules of which place there is anything that may still be due."""
    column = KEEPINGS.c
    query = sa.select(column.jurisdiction_path, column.rules).where(column.step != Step.ERASED).distinct()
    return [(row.jurisdiction_path, row.rules) for row in tx.rows(query)]


def under(tx: Tx, jurisdiction_path: str, rules: str, limit: int) -> list[tuple[Complaint, Step]]:
    """Some of those of a place that were entered under these rules and are not erased."""
    column, complaint = KEEPINGS.c, COMPLAINTS.table
    query = sa.select(complaint, column.step.label("done")).join(KEEPINGS, column.complaint_id == complaint.c.id)
    same = (column.jurisdiction_path == jurisdiction_path, column.rules == rules, column.step != Step.ERASED)
    return [(COMPLAINTS.value(row), row.done) for row in tx.rows(query.where(*same).limit(limit))]


def without_rule() -> sa.ColumnElement[bool]:
    """The condition of those no rule speaks of."""
    return (KEEPINGS.c.rule == "") & (KEEPINGS.c.step != Step.ERASED)


def count_without_rule(tx: Tx) -> int:
    """How many no rule speaks of."""
    return int(tx.rows(sa.select(sa.func.count()).select_from(KEEPINGS).where(without_rule()))[0][0])


def groups(tx: Tx) -> list[Group]:
    """Which groups there are that anything may still be due for."""
    column = KEEPINGS.c
    query = sa.select(column.step, column.jurisdiction_path, column.rule).where(column.step != Step.ERASED).distinct()
    return [Group(row.step, row.jurisdiction_path, row.rule) for row in tx.rows(query)]


def older(tx: Tx, group: Group, moment: datetime) -> list[str]:
    """Those of a group that were over by a moment: an index range, oldest first."""
    column = KEEPINGS.c
    same = (column.step == group.step, column.jurisdiction_path == group.jurisdiction_path, column.rule == group.rule)
    query = sa.select(column.complaint_id).where(*same, column.since <= moment).order_by(column.since)
    return [row.complaint_id for row in tx.rows(query)]


def joined(tx: Tx, complaint_id: str) -> list[Complaint]:
    """The complaints merged into one, and into these: they are over when it is."""
    found: dict[str, Complaint] = {}
    heads = [complaint_id]
    while heads:
        column = COMPLAINTS.table.c
        query = sa.select(COMPLAINTS.table).where(column.matter_id.in_(heads), column.stage == Stage.MERGED)
        fresh = {one.id: one for one in map(COMPLAINTS.value, tx.rows(query)) if one.id not in found}
        found |= fresh
        heads = sorted(fresh)
    return list(found.values())
