"""Steps of the ladder that were taken, and where each overdue complaint stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Text

from chassis.db import Id, Instant, Path
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.escalation import Ladder, begun
from services.complaints.domain.views import TakenStep
from services.complaints.storage import recusals
from services.complaints.storage.tables import SCHEMA

ESCALATIONS = SCHEMA.table(
    "escalations",
    Column("id", Id(), primary_key=True),
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("step", Text, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("due_at", Instant()),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("escalations_complaint", "complaint_id", "at", "id"),
    Index("escalations_unit", "unit_path", "at", "id"),
    Index("escalations_jurisdiction", "jurisdiction_path", "at", "id"),
)
# One row for each complaint whose limit has run out, as long as that limit stands and steps are left.
LADDERS = SCHEMA.table(
    "ladders",
    Column("complaint_id", Id(), primary_key=True),
    Column("due_at", Instant(), nullable=False),
    Column("taken", Integer, nullable=False),
    Column("next_at", Instant(), nullable=False),
    Index("ladders_next", "next_at"),
)
_STEP = ESCALATIONS.c


def enter(tx: Tx, complaint: Complaint, step: str, reason: str, by: str, due_at: datetime | None) -> None:
    """Writes down that a step was taken, and for which limit: none where it came before it and belongs to none."""
    row = {
        "id": tx.new_id(),
        "complaint_id": complaint.id,
        "number": complaint.number,
        "unit_path": complaint.unit_path,
        "jurisdiction_path": complaint.jurisdiction_path,
        "step": step,
        "at": tx.now,
        "due_at": due_at,
        "actor": by,
        "reason": reason,
    }
    tx.insert(ESCALATIONS, row)


def taken(tx: Tx, complaint_id: str, due_at: datetime | None) -> frozenset[str]:
    """The steps taken for one limit of a complaint; for any limit where none is named."""
    query = sa.select(_STEP.step).where(_STEP.complaint_id == complaint_id)
    if due_at is not None:
        query = query.where(_STEP.due_at == due_at)
    return frozenset(row.step for row in tx.rows(query))


def page(tx: Tx, complaint_id: str, unit_path: str, step: str, size: int, token: str) -> tuple[list[TakenStep], str]:
    """One page of the steps the caller may see, newest first; none on a complaint they must stay out of."""
    wanted: list[sa.ColumnElement[bool]] = [tx.visible(ESCALATIONS)]
    wanted += [_STEP.complaint_id == complaint_id] if is_id(complaint_id) else [sa.false()] if complaint_id else []
    wanted += [under(_STEP.unit_path, unit_path)] if unit_path else []
    wanted += [_STEP.step == step] if step else []
    wanted += [_STEP.complaint_id.not_in(recusals.theirs(tx))]
    found = tx.page(sa.select(ESCALATIONS).where(*wanted), (_STEP.at, _STEP.id), size, token)
    return [_shown(row) for row in found.rows], found.next_token


def _shown(row: Any) -> TakenStep:
    """A step with the limit it follows; none where it came before that limit."""
    same = {name: getattr(row, name) for name in TakenStep.__slots__ if name not in ("by", "due_at")}
    return TakenStep(by=row.actor, due_at=row.due_at if row.due_at is not None and row.due_at <= row.at else None, **same)


def begin(tx: Tx, ladder: Ladder) -> None:
    """Puts a complaint on the ladder; one that stood there for an earlier limit begins anew."""
    leave(tx, ladder.complaint_id)
    tx.insert(LADDERS, {name: getattr(ladder, name) for name in Ladder.__slots__})


def stand(tx: Tx, complaint: Complaint) -> None:
    """Puts an overdue complaint on the ladder of the limit that governs now, where it does not stand on that one already."""
    query = sa.select(LADDERS.c.due_at).where(LADDERS.c.complaint_id == complaint.id)
    ladder = begun(complaint)
    if ladder is not None and [row.due_at for row in tx.rows(query)] != [ladder.due_at]:
        begin(tx, ladder)


def leave(tx: Tx, complaint_id: str) -> None:
    """Takes a complaint off the ladder."""
    tx.execute(sa.delete(LADDERS).where(LADDERS.c.complaint_id == complaint_id))


def move(tx: Tx, complaint_id: str, steps_taken: int, next_at: datetime) -> None:
    """Writes how far a complaint has climbed and when to look again."""
    row = LADDERS.c.complaint_id == complaint_id
    tx.execute(sa.update(LADDERS).where(row).values(taken=steps_taken, next_at=next_at))


def due(tx: Tx, now: datetime, limit: int) -> list[Ladder]:
    """The ladders to be looked at by now: an index range, as long as what is due and no longer."""
    query = sa.select(LADDERS).where(LADDERS.c.next_at <= now).order_by(LADDERS.c.next_at).limit(limit)
    return [Ladder(row.complaint_id, row.due_at, row.taken, row.next_at) for row in tx.rows(query)]
