"""What goes to an organ outside with a complaint's own words: what its complainant said later, and a list of its files."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa

from chassis.store import Tx
from services.complaints.domain.attachments import Sealed
from services.complaints.domain.handovers import Addition, ParcelFile
from services.complaints.storage.attachments import ATTACHMENTS
from services.complaints.storage.contents import Contents
from services.complaints.storage.tables import ACTS

SAID = ("add_evidence", "answer_question")


def additions(tx: Tx, contents: Contents, complaint_id: str, key: bytes | None) -> tuple[Addition, ...]:
    """What was said after it was filed, in the order it was said; `key` opens an isolated one."""
    query = sa.select(ACTS.c.at, ACTS.c.text).where(ACTS.c.complaint_id == complaint_id, ACTS.c.act.in_(SAID))
    rows = tx.rows(query.order_by(ACTS.c.version))
    texts = contents.texts(tx, complaint_id, [row.text for row in rows], key)
    return tuple(Addition(row.at, text) for row, text in zip(rows, texts, strict=True))


def files(tx: Tx, contents: Contents, complaint_id: str, key: bytes | None) -> tuple[ParcelFile, ...]:
    """Its files by place, each with the hash of what was handed in."""
    table = ATTACHMENTS.table
    query = sa.select(table).where(table.c.complaint_id == complaint_id).order_by(table.c.place)
    found = [ATTACHMENTS.value(row) for row in tx.rows(query)]
    texts = contents.texts(tx, complaint_id, [one.sealed for one in found], key)
    told = [Sealed(**json.loads(text)) if text else Sealed("", "") for text in texts]
    return tuple(
        ParcelFile(sealed.name or one.plain_name, one.media_type, one.size, sealed.sha256, one.received_at)
        for one, sealed in zip(found, told, strict=True)
    )


def last_given(tx: Tx, complaint_id: str) -> datetime | None:
    """When anything was last added to it."""
    table = ATTACHMENTS.table
    said = sa.select(sa.func.max(ACTS.c.at)).where(ACTS.c.complaint_id == complaint_id, ACTS.c.act.in_(SAID))
    given = sa.select(sa.func.max(table.c.received_at)).where(table.c.complaint_id == complaint_id)
    return max((row[0] for query in (said, given) for row in tx.rows(query) if row[0] is not None), default=None)
