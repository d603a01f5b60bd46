"""Happenings that several complaints are about: counted once as 事, their complaints as 件."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db import Id
from chassis.store import Tx, under
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import ENDED, Stage
from services.complaints.storage import recusals
from services.complaints.storage.tables import COMPLAINTS

_TABLE = COMPLAINTS.table
_C = _TABLE.c
_ENDED = sorted((*ENDED, Stage.CLOSED), key=lambda stage: stage.value)
Spread = tuple[int, datetime, datetime]


def page(tx: Tx, unit_path: str, open_only: bool, size: int, token: str) -> tuple[list[Complaint], str]:
    """One page of the complaints that are handled for others too, newest first: none the caller must stay out of."""
    mine = (tx.visible(_TABLE), *recusals.not_theirs(tx))
    query = sa.select(_TABLE).where(*mine, _C.matter_id == "", _C.id.in_(_joined_to(tx)))
    if unit_path:
        query = query.where(under(_C.unit_path, unit_path))
    if open_only:
        query = query.where(_C.stage.not_in(_ENDED))
    found = tx.page(query, (_C.received_at, _C.id), size, token)
    return [COMPLAINTS.value(row) for row in found.rows], found.next_token


def _joined_to(tx: Tx) -> sa.Select[Any]:
    """The ids other complaints were merged into; SQLite keeps ids without their dashes."""
    others = _TABLE.alias("others").c.matter_id
    plain = sa.func.replace(others, "-", "") if tx.dialect.name == "sqlite" else sa.cast(others, sa.Uuid)
    return sa.select(sa.type_coerce(plain, Id())).where(others != "")


def joined(tx: Tx, lead_id: str) -> list[Complaint]:
    """The complaints merged into one, and into these, at whatever stage; by their ids."""
    found: dict[str, Complaint] = {}
    heads = [lead_id]
    while heads:
        rows = tx.rows(sa.select(_TABLE).where(_C.matter_id.in_(heads)).order_by(_C.id))
        fresh = {one.id: one for one in map(COMPLAINTS.value, rows) if one.id not in found}
        found |= fresh
        heads = sorted(fresh)
    return list(found.values())


def whole(tx: Tx, complaint: Complaint) -> list[Complaint]:
    """Every complaint of the matter this one belongs to, the leading one first; itself alone where nothing is merged."""
    lead, passed = complaint, {complaint.id}
    while lead.matter_id and lead.matter_id not in passed:
        passed.add(lead.matter_id)
        row = next(iter(tx.rows(sa.select(_TABLE).where(_C.id == lead.matter_id))), None)
        if row is None:
            break
        lead = COMPLAINTS.value(row)
    return [lead, *joined(tx, lead.id)]


def spread(tx: Tx, leads: Iterable[Complaint]) -> dict[str, Spread]:
    """For each leading complaint: how many there are with it, and when the first and the last came in."""
    received = {lead.id: lead.received_at for lead in leads}
    counts = (sa.func.count().label("joined"), sa.func.min(_C.received_at), sa.func.max(_C.received_at))
    query = sa.select(_C.matter_id, *counts).where(_C.matter_id.in_(sorted(received))).group_by(_C.matter_id)
    found: dict[str, Spread] = {}
    for matter_id, joined, first, last in (tuple(row) for row in tx.rows(query)):
        own = received[matter_id]
        found[matter_id] = (joined + 1, min(own, first), max(own, last))
    return found
