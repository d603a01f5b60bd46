"""The buckets of flood limits, shared by every process: by keyed hash, and only until they are empty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Column, Index

from chassis.db import Bytes, Instant
from chassis.store import Tx
from services.complaints.storage.tables import SCHEMA

FLOOD_BUCKETS = SCHEMA.table(
    "flood_buckets",
    Column("bucket", Bytes(), primary_key=True),
    Column("empty_at", Instant(), nullable=False),
    Index("flood_buckets_empty", "empty_at"),
)


def held(tx: Tx, buckets: Collection[bytes]) -> dict[bytes, datetime]:
    """When each bucket will be empty; nobody else fills one of them before this transaction ends."""
    ordered = sorted(buckets)  # the same order for everybody, so that no two wait for each other
    for bucket in ordered:
        insert = tx.upsert(FLOOD_BUCKETS).values(bucket=bucket, empty_at=tx.now)
        tx.execute(insert.on_conflict_do_nothing(index_elements=[FLOOD_BUCKETS.c.bucket]))
    query = sa.select(FLOOD_BUCKETS).where(FLOOD_BUCKETS.c.bucket.in_(ordered)).order_by(FLOOD_BUCKETS.c.bucket)
    return {bytes(row.bucket): row.empty_at for row in tx.execute(query.with_for_update())}


def fill(tx: Tx, filled: Mapping[bytes, datetime]) -> None:
    """Writes when each will be empty now."""
    for bucket, empty_at in filled.items():
        tx.execute(sa.update(FLOOD_BUCKETS).where(FLOOD_BUCKETS.c.bucket == bucket).values(empty_at=empty_at))


def forget(tx: Tx) -> int:
    """Takes out those that are empty; says how many that was."""
    gone: int = tx.execute(sa.delete(FLOOD_BUCKETS).where(FLOOD_BUCKETS.c.empty_at <= tx.now)).rowcount
    return gone
