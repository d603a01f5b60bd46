"""Parts of cooperating units, and the one way by which such a unit reads a complaint that is not its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text, UniqueConstraint

from chassis.db import Choice, Id, Instant, Path
from chassis.errors import NotFound
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain import parts
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.parts import Part, PartState
from services.complaints.domain.views import WantedParts
from services.complaints.storage import recusals
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

PARTS = SCHEMA.resource(
    Part,
    "parts",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("lead_unit_path", Path(), nullable=False),
    Column("state", Choice(PartState), nullable=False),
    Column("asked_at", Instant(), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("signed_for_by", Text, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", Instant()),
    UniqueConstraint("complaint_id", "unit_path", name="parts_once"),
    Index("parts_unit", "unit_path", "asked_at", "id"),
    Index("parts_lead", "lead_unit_path", "asked_at", "id"),
    Index("parts_jurisdiction", "jurisdiction_path", "asked_at", "id"),
)
_PART = PARTS.table.c


def ask_all(tx: Tx, complaint: Complaint, unit_paths: Iterable[str]) -> None:
    """Asks each of these units for its part of a complaint just dispatched; one asked before keeps its part."""
    before = units_of(tx, complaint.id)
    for path in unit_paths:
        if path not in before:
            tx.add(PARTS, parts.asked(tx.new_id(), complaint, path, tx.caller.subject, tx.now))


def units_of(tx: Tx, complaint_id: str) -> frozenset[str]:
    """The units asked for a part of a complaint."""
    return frozenset(row.unit_path for row in tx.rows(sa.select(_PART.unit_path).where(_PART.complaint_id == complaint_id)))


def readable(tx: Tx, complaint_id: str) -> Complaint:
    """A complaint the caller may read: their own, or one that a unit of theirs cooperates in.

    Raises NotFound with COMPLAINT_NOT_FOUND.
    """
    found = None
    if is_id(complaint_id):
        found = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == complaint_id)
        if found is None and _cooperates(tx, complaint_id):
            found = of(tx, complaint_id)
    if found is None:
        raise NotFound("COMPLAINT_NOT_FOUND", "complaint_id")
    return found


def of(tx: Tx, complaint_id: str) -> Complaint | None:
    """The complaint a part belongs to, for whoever has the part before them."""
    row = next(iter(tx.rows(sa.select(COMPLAINTS.table).where(COMPLAINTS.table.c.id == complaint_id))), None)
    return None if row is None else COMPLAINTS.value(row)


def has(tx: Tx, complaint: Complaint) -> bool:
    """Whether the caller has the complaint itself, not a part of it only."""
    return tx.find(COMPLAINTS, COMPLAINTS.table.c.id == complaint.id) is not None


def page(tx: Tx, wanted: WantedParts, size: int, token: str) -> tuple[list[Part], str]:
    """One page of the parts the caller may see, newest first: their own, and those of complaints they lead on now.

    None belongs to a complaint they must stay out of.
    """
    lead = COMPLAINTS.table.c
    leading = [
        sa.exists().where(lead.id == _PART.complaint_id, under(lead.unit_path, path)) for path in tx.caller.rows.units
    ]
    asked: list[sa.ColumnElement[bool]] = [sa.or_(tx.visible(PARTS.table), *leading)]
    ids = {_PART.id: wanted.part_id, _PART.complaint_id: wanted.complaint_id}
    asked += [column == id if is_id(id) else sa.false() for column, id in ids.items() if id]
    asked += [under(_PART.unit_path, wanted.unit_path)] if wanted.unit_path else []
    asked += [_PART.state == wanted.state] if wanted.state else []
    asked += [_PART.complaint_id.not_in(recusals.theirs(tx))]
    found = tx.page(sa.select(PARTS.table).where(*asked), (_PART.asked_at, _PART.id), size, token)
    shown = [PARTS.value(row) for row in found.rows]
    query = sa.select(lead.id, lead.unit_path).where(lead.id.in_({part.complaint_id for part in shown}))
    leads = {row.id: row.unit_path for row in tx.rows(query)}
    return [replace(part, lead_unit_path=leads[part.complaint_id]) for part in shown], found.next_token


def _cooperates(tx: Tx, complaint_id: str) -> bool:
    own = sa.select(_PART.id).where(_PART.complaint_id == complaint_id, tx.visible(PARTS.table)).limit(1)
    return bool(tx.rows(own))
