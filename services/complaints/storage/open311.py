"""Tables of Open311: the keys programs file by, and which complaint was filed by which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Text

from chassis.db import Bytes, Id, Instant
from chassis.paging import Page
from chassis.store import Tx, under
from services.complaints.domain.open311 import CLOSED, GONE, Open311Key, Span, Wanted, long
from services.complaints.domain.stages import Channel, Origin
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

OPEN311_KEYS = SCHEMA.resource(
    Open311Key,
    "open311_keys",
    Column("holder", Text, nullable=False),
    Column("token_only", Boolean, nullable=False),
    Column("key_mac", Bytes(), nullable=False, unique=True),
    Column("issued_by", Text, nullable=False),
    Column("issued_at", Instant(), nullable=False),
    Column("withdrawn_at", Instant()),
    Index("open311_keys_issued", "issued_at", "id"),
)
# `post_mac` is the keyed hash of what was posted by which key on which day: the same again the same day is a replay.
OPEN311_POSTS = SCHEMA.table(
    "open311_posts",
    Column("complaint_id", Id(), primary_key=True),
    Column("number", Text, nullable=False),
    Column("key_id", Id(), nullable=False),
    Column("token_mac", Bytes(), nullable=False, unique=True),
    Column("post_mac", Bytes(), nullable=False, unique=True),
    Column("at", Instant(), nullable=False),
    Index("open311_posts_key", "key_id"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """One complaint as it was posted."""

    complaint_id: str
    number: str
    key_id: str
    token_mac: bytes
    post_mac: bytes
    at: datetime


def posted_before(tx: Tx, macs: Sequence[bytes]) -> str:
    """The number the same post was given before, empty for a new one."""
    rows = tx.rows(sa.select(OPEN311_POSTS.c.number).where(OPEN311_POSTS.c.post_mac.in_(macs)))
    return rows[0].number if rows else ""


def number_of_token(tx: Tx, token_mac: bytes) -> str:
    """The number a token stands for, empty for none."""
    rows = tx.rows(sa.select(OPEN311_POSTS.c.number).where(OPEN311_POSTS.c.token_mac == token_mac))
    return rows[0].number if rows else ""


def filed_by_keys(tx: Tx, key_ids: Sequence[str]) -> dict[str, int]:
    """How many complaints were filed by each key."""
    count = sa.func.count().label("filed")
    query = sa.select(OPEN311_POSTS.c.key_id, count).where(OPEN311_POSTS.c.key_id.in_(key_ids))
    return {row.key_id: row.filed for row in tx.rows(query.group_by(OPEN311_POSTS.c.key_id))}


def public_page(tx: Tx, wanted: Wanted, span: Span | None, size: int, token: str) -> Page:
    """One page of complaints filed by Open311, newest first: those with these numbers, else of a span."""
    table = COMPLAINTS.table
    query = sa.select(table).where(table.c.channel == Channel.OPEN311, table.c.origin == Origin.FILED)
    if wanted.jurisdiction_path:
        query = query.where(under(table.c.jurisdiction_path, wanted.jurisdiction_path))
    if wanted.numbers:
        query = query.where(table.c.number.in_([long(number) for number in wanted.numbers]))
    elif span is not None:
        query = query.where(table.c.received_at >= span.since, table.c.received_at < span.before)
        if wanted.service_codes:
            gone = table.c.stage.in_(sorted(GONE, key=lambda stage: stage.value))
            query = query.where(table.c.category.in_(wanted.service_codes), ~gone)
        if wanted.status:
            ended = table.c.stage.in_(sorted(CLOSED, key=lambda stage: stage.value))
            query = query.where(ended if wanted.status == "closed" else ~ended)
    return tx.page(query, (table.c.received_at, table.c.id), size, token)
