"""Tables of attachments: tickets under which files come, what was given, who read originals, what lies loose on the shelf.

The files themselves lie on a shelf outside the database, sealed. A file that no attachment names is loose: it is on its way
in, was refused at the last step, or belonged to a complaint that was erased. What stays loose is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, Text, UniqueConstraint

from chassis.db import Bytes, Choice, Id, Instant, Path
from chassis.store import Tx
from services.complaints.domain.attachments import Attachment, Kind, Scan, Upload
from services.complaints.storage.tables import CONTENTS, SCHEMA

ATTACHMENTS = SCHEMA.resource(
    Attachment,
    "attachments",
    Column("complaint_id", Id(), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", Choice(Kind), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("copy_size", sa.BigInteger, nullable=False),
    Column("scan", Choice(Scan), nullable=False),
    Column("shown_to_unit", Boolean, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("file", Text, nullable=False),
    Column("sealed", Bytes()),
    UniqueConstraint("complaint_id", "place"),
    UniqueConstraint("complaint_id", "file"),
    Index(
        "attachments_waiting",
        "received_at",
        "id",
        sqlite_where=sa.text("scan = 'waiting'"),
        postgresql_where=sa.text("scan = 'waiting'"),
    ),
)
COPY = ".copy"
"""The ending of a travelling copy's name on the shelf; its original has the same name without it."""

UPLOADS = SCHEMA.resource(
    Upload,
    "uploads",
    Column("complaint_id", Id(), nullable=False),
    Column("ticket_mac", Bytes(), nullable=False, unique=True),
    Column("given_by", Text, nullable=False),
    Column("sealed_name", Bytes()),
    Column("good_until", Instant(), nullable=False),
    Column("attachment_id", Text, nullable=False),
    Index("uploads_complaint", "complaint_id"),
    Index("uploads_good_until", "good_until"),
)
ORIGINAL_LOOKS = SCHEMA.table(
    "original_looks",
    Column("id", Id(), primary_key=True),
    Column("at", Instant(), nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("complaint_id", Id(), nullable=False),
    Column("attachment_id", Id(), nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Bytes()),
    Index("original_looks_complaint", "complaint_id", "at", "id"),
)
LOOSE_FILES = SCHEMA.table(
    "loose_files",
    Column("file", Text, primary_key=True),
    Column("since", Instant(), nullable=False),
    Index("loose_files_since", "since"),
)


def of_complaint(tx: Tx, complaint_id: str) -> Sequence[sa.Row[tuple[str, int, int]]]:
    """File, place and size of all that was given with a complaint; nobody else may add to it until the transaction ends."""
    tx.execute(sa.select(CONTENTS.c.complaint_id).where(CONTENTS.c.complaint_id == complaint_id).with_for_update())
    table = ATTACHMENTS.table
    return tx.rows(sa.select(table.c.file, table.c.place, table.c.size).where(table.c.complaint_id == complaint_id))


def open_tickets(tx: Tx, complaint_id: str) -> int:
    """How many tickets of a complaint wait for their files."""
    table = UPLOADS.table
    waiting = (table.c.complaint_id == complaint_id, table.c.attachment_id == "", table.c.good_until >= tx.now)
    [[count]] = tx.rows(sa.select(sa.func.count()).where(*waiting))
    return int(count)


def both(file: str) -> list[str]:
    """The names of an attachment's two copies on the shelf."""
    return [file, file + COPY]


def loosen(tx: Tx, names: Sequence[str], at: datetime) -> None:
    """Notes names on the shelf that belong to no attachment."""
    for name in names:
        row = tx.upsert(LOOSE_FILES).values(file=name, since=at)
        tx.execute(row.on_conflict_do_update(index_elements=[LOOSE_FILES.c.file], set_={"since": at}))


def fasten(tx: Tx, file: str) -> None:
    """A file has its attachment."""
    tx.execute(sa.delete(LOOSE_FILES).where(LOOSE_FILES.c.file.in_(both(file))))


class HeldFiles:
    """What else is held of a complaint, erased and anonymised with it. Without their key the files say nothing to anybody;
    that their bytes go too is the courier's work."""

    def anonymise(self, tx: Tx, complaint_id: str) -> None:
        """Originals, the names they came under, and what the unit was never shown, go: they may tell who gave them."""
        for row in self._rows(tx, complaint_id):
            loosen(tx, [row.file] if row.shown_to_unit else both(row.file), tx.now)
        table = ATTACHMENTS.table
        own = table.c.complaint_id == complaint_id
        tx.execute(sa.delete(table).where(own, table.c.shown_to_unit.is_(False)))
        tx.execute(sa.update(table).where(own).values(sealed=None, version=table.c.version + 1))
        tx.execute(sa.delete(UPLOADS.table).where(UPLOADS.table.c.complaint_id == complaint_id))

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Every trace of what was given with it."""
        for row in self._rows(tx, complaint_id):
            loosen(tx, both(row.file), tx.now)
        for gone in (ATTACHMENTS.table, UPLOADS.table, ORIGINAL_LOOKS):
            tx.execute(sa.delete(gone).where(gone.c.complaint_id == complaint_id))

    def _rows(self, tx: Tx, complaint_id: str) -> Sequence[sa.Row[tuple[str, bool]]]:
        table = ATTACHMENTS.table
        return tx.rows(sa.select(table.c.file, table.c.shown_to_unit).where(table.c.complaint_id == complaint_id))
