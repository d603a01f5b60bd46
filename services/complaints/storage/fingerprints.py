"""Fingerprints: for each complaint of the last months, a sample of its telling words as keyed hashes.

The sample is the smallest hashes (a bottom-k sketch, Cohen and Kaplan 2007): two texts that share words share hashes in
proportion, and what is stored reveals no text without the key. A complaint's fingerprint is erased with its text
(`Contents.erase`), and with its age, since a happening of long ago is not what somebody calls about today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, PrimaryKeyConstraint, Text

from chassis.db import Id, Instant
from chassis.store import Tx
from services.complaints.storage.tables import COMPLAINTS, CONTENTS, SCHEMA

FINGERPRINTS = SCHEMA.table(
    "fingerprints",
    Column("complaint_id", Id(), nullable=False),
    Column("hash", BigInteger, nullable=False),
    Column("place", Boolean, nullable=False),
    Column("received_at", Instant(), nullable=False),
    PrimaryKeyConstraint("complaint_id", "hash"),
    Index("fingerprints_hash", "hash", "received_at"),
)

# Which complaints have one, so that those of a certain age are found without walking the hashes.
FINGERPRINTED = SCHEMA.table(
    "fingerprinted",
    Column("complaint_id", Id(), primary_key=True),
    Column("received_at", Instant(), nullable=False),
    Index("fingerprinted_received", "received_at"),
)

# Up to which complaint everything has been looked at. Ids rise with time, so this is all there is to remember.
FINGERPRINT_REACH = SCHEMA.table("fingerprint_reach", Column("name", Text, primary_key=True), Column("up_to", Id()))

_BYTES = 8
_SHIFT = 1  # a BIGINT is signed
_WORD, _PLACE = b"word", b"place"
_BEHIND = timedelta(minutes=2)  # a transaction that took an id earlier than another may still commit after it
_BATCH = 500
_FIRST = "00000000-0000-0000-0000-000000000000"


class Fingerprints:
    """The fingerprints under one key."""

    def __init__(self, key: bytes) -> None:
        self._begun = {kind: blake2b(key=key, digest_size=_BYTES, person=kind) for kind in (_WORD, _PLACE)}

    def hashes(self, words: Iterable[str], size: int) -> list[int]:
        """The smallest hashes of the words."""
        return sorted(self._hash(word, _WORD) for word in words)[:size]

    def place_hashes(self, places: Iterable[str], size: int) -> list[int]:
        """The smallest hashes of the places."""
        return sorted(self._hash(place, _PLACE) for place in places)[:size]

    def write(self, tx: Tx, complaint_id: str, received_at: datetime, hashes: Sequence[int], places: Sequence[int]) -> None:
        """Writes one complaint's fingerprint."""
        tx.insert(FINGERPRINTED, {"complaint_id": complaint_id, "received_at": received_at})
        of_places = frozenset(places)
        for one in {*hashes, *of_places}:
            place = one in of_places
            row = {"complaint_id": complaint_id, "hash": one, "place": place, "received_at": received_at}
            tx.insert(FINGERPRINTS, row)

    def anonymise(self, tx: Tx, complaint_id: str) -> None:
        """Erases it: a name may have stood among the words."""
        erase(tx, [complaint_id])

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Erases one complaint's fingerprint, with its text."""
        erase(tx, [complaint_id])

    def _hash(self, word: str, kind: bytes) -> int:
        one = self._begun[kind].copy()
        one.update(word.encode())
        return int.from_bytes(one.digest(), "big") >> _SHIFT


def erase(tx: Tx, complaint_ids: Collection[str]) -> None:
    """Erases the fingerprints of these complaints."""
    for table in (FINGERPRINTS, FINGERPRINTED):
        tx.execute(sa.delete(table).where(table.c.complaint_id.in_(complaint_ids)))


def erase_older(tx: Tx, before: datetime) -> None:
    """Erases those of complaints received before a moment, a batch at a time."""
    query = sa.select(FINGERPRINTED.c.complaint_id).where(FINGERPRINTED.c.received_at < before)
    if old := [row.complaint_id for row in tx.rows(query.limit(_BATCH))]:
        erase(tx, old)


def waiting(tx: Tx, since: datetime) -> Mapping[str, datetime]:
    """Complaints received since then that have no fingerprint yet, by id with the moment of receipt.

    Their contents' rows are locked where the database can: what is erased meanwhile is erased afterwards.
    """
    complaints = COMPLAINTS.table.c
    has_one = sa.select(FINGERPRINTED.c.complaint_id).where(FINGERPRINTED.c.complaint_id == complaints.id).exists()
    query = (
        sa.select(complaints.id, complaints.received_at)
        .join(CONTENTS, CONTENTS.c.complaint_id == complaints.id)
        .where(complaints.id > _reach(tx), complaints.received_at >= since, CONTENTS.c.wrapped_key.is_not(None), ~has_one)
        .order_by(complaints.id)
        .limit(_BATCH)
        .with_for_update(of=CONTENTS)
    )
    return {row.id: row.received_at for row in tx.execute(query)}


def reached(tx: Tx, looked_at: Collection[str]) -> None:
    """Remembers how far everything has been looked at: to the last of a full batch, else to a little while ago."""
    settled = _first_id(tx.now - _BEHIND)
    up_to = min(max(looked_at), settled) if len(looked_at) == _BATCH else settled
    row = {"name": "complaints", "up_to": up_to}
    insert = tx.upsert(FINGERPRINT_REACH).values(row)
    tx.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"up_to": up_to}))


def alike(tx: Tx, hashes: Collection[int], since: datetime, place_worth: int, limit: int) -> list[str]:
    """The complaints received since then that share most with these hashes; a place is worth several words."""
    column = FINGERPRINTS.c
    shared = sa.func.sum(sa.case((column.place, place_worth), else_=1))
    query = (
        sa.select(column.complaint_id)
        .where(column.hash.in_(list(hashes)), column.received_at >= since)
        .group_by(column.complaint_id)
        .order_by(shared.desc(), column.complaint_id.desc())
        .limit(limit)
    )
    return [row.complaint_id for row in tx.rows(query)]


def of_complaints(tx: Tx, complaint_ids: Collection[str]) -> dict[str, list[int]]:
    """The words' hashes of these complaints."""
    found: dict[str, list[int]] = {}
    column = FINGERPRINTS.c
    query = sa.select(column.complaint_id, column.hash).where(column.complaint_id.in_(complaint_ids), sa.not_(column.place))
    for row in tx.rows(query):
        found.setdefault(row.complaint_id, []).append(row.hash)
    return found


def _reach(tx: Tx) -> Any:
    rows = tx.rows(sa.select(FINGERPRINT_REACH.c.up_to).where(FINGERPRINT_REACH.c.name == "complaints"))
    return next((row.up_to for row in rows if row.up_to), _FIRST)


def _first_id(at: datetime) -> str:
    """The smallest UUIDv7 of a moment (RFC 9562: 48 bits of milliseconds lead)."""
    hexadecimal = f"{int(at.timestamp() * 1000):012x}"
    return f"{hexadecimal[:8]}-{hexadecimal[8:]}-0000-0000-000000000000"
