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
