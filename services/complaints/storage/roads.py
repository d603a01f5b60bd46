"""Tables of special roads: alerts where life is in danger, and handovers to organs outside.

A key that is withdrawn leaves nothing of a complaint readable: not its words, not its identity, not its timeline.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Column, Index, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from chassis.store import Tx
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.handovers import Handover, HandoverKind, HandoverState
from services.complaints.domain.roads import DangerAlert, DangerKind, DangerSource
from services.complaints.storage.contents import Contents
from services.complaints.storage.tables import ACTS, CONTENTS, SCHEMA
from workdays import Limit

DANGER_ALERTS = SCHEMA.resource(
    DangerAlert,
    "danger_alerts",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Choice(DangerKind), nullable=False),
    Column("source", Choice(DangerSource), nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", Instant(), nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("taken_at", Instant()),
    Index("danger_alerts_raised", "raised_at", "id"),
    Index("danger_alerts_complaint", "complaint_id"),
)
HANDOVERS = SCHEMA.resource(
    Handover,
    "handovers",
    Column("complaint_id", Id(), nullable=False, unique=True),
    Column("number", Text, nullable=False),
    Column("kind", Choice(HandoverKind), nullable=False),
    Column("state", Choice(HandoverState), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Instant(), nullable=False),
    Column("since", Instant(), nullable=False),
    Column("budget", Doc(Limit)),
    Column("taken_by", Text, nullable=False),
    Column("taken_at", Instant()),
    Column("organ", Text, nullable=False),
    Column("handed_over_by", Text, nullable=False),
    Column("handed_over_at", Instant()),
    Column("receipt_number", Text, nullable=False),
    Column("receipted_on", sa.Date),
    Column("held_key", Bytes()),
    Index("handovers_opened", "opened_at", "id"),
)


def handover_of(tx: Tx, complaint_id: str) -> Handover | None:
    """The handover of a complaint, if there is one the caller may see."""
    return tx.find(HANDOVERS, HANDOVERS.table.c.complaint_id == complaint_id)


def declined_for(tx: Tx, complaint_id: str) -> str:
    """The reason a complaint was not accepted for, empty if there was none."""
    query = sa.select(ACTS.c.reason).where(ACTS.c.complaint_id == complaint_id, ACTS.c.act == "decline_complaint")
    rows = tx.rows(query.order_by(ACTS.c.version.desc()).limit(1))
    return rows[0].reason if rows else ""


def waiting_kinds(tx: Tx, complaint_id: str) -> Sequence[DangerKind]:
    """The kinds of danger somebody still has to take."""
    table = DANGER_ALERTS.table
    query = sa.select(table.c.kind).where(table.c.complaint_id == complaint_id, table.c.taken_at.is_(None))
    return [row.kind for row in tx.rows(query)]


def withdraw_key(tx: Tx, contents: Contents, complaint_id: str) -> bytes | None:
    """Takes away the key that opens a complaint, and its search words; gives the key, still wrapped."""
    contents.lock(tx, complaint_id)
    held = next(iter(tx.rows(sa.select(CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id == complaint_id))), None)
    tx.execute(_at(complaint_id).values(wrapped_key=None, words=sa.null()))
    if tx.dialect.name == "sqlite":
        contents.words.erase(tx, complaint_id)
    return None if held is None else held.wrapped_key


def return_key(tx: Tx, contents: Contents, complaint: Complaint, key: bytes | None) -> None:
    """Lets a complaint be read and found again."""
    tx.execute(_at(complaint.id).values(wrapped_key=key))
    words = contents.words.entries(contents.open_one(tx, complaint.id), complaint.received_at)
    if tx.dialect.name == "sqlite":
        contents.words.add(tx, complaint.id, words)
    else:
        tx.execute(_at(complaint.id).values(words=words))


def _at(complaint_id: str) -> sa.Update:
    return sa.update(CONTENTS).where(CONTENTS.c.complaint_id == complaint_id)
