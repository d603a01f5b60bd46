"""The pages of a box: putting ballots in, finding one, reading all.

A page holds at most one batch and is written once. Its columns are blocks of bytes, a ballot's part found by its place: five
hundred ballots cost PostgreSQL one row, and a count reads them as one table. On PostgreSQL the blocks are stored as they are
(STORAGE EXTERNAL): ratings hardly shrink, and a part can be read without the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from chassis.errors import Conflict
from chassis.store import Tx
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.log import HASH_BYTES, Frontier, leaf_type
from services.evaluation.storage.schema import BATCHES, BOXES, CAMPAIGNS, CODES, PAGES

_GROW = (
    sa.update(BOXES)
    .where(BOXES.c.campaign_id == sa.bindparam("campaign"))
    .values({name: sa.bindparam(name) for name in ("size", "frontier", "batches")})
)
_PUT = """
    WITH announced AS (
        INSERT INTO batches (campaign_id, batch, source, sequence, around, content)
        SELECT $1::uuid, $2::bigint, $3::text, $4::bigint, $5::timestamptz, $6::bytea WHERE $7::boolean
    ), grown AS (
        UPDATE boxes SET size = $8::bigint, frontier = $9::bytea, batches = $10::bigint WHERE campaign_id = $1::uuid
    )
    INSERT INTO pages (campaign_id, first, number, code_hashes, leaf_hashes, leaves)
    VALUES ($1::uuid, $11::bigint, $12::integer, $13::bytea, $14::bytea, $15::bytea)
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A box as it must be known to be added to."""

    campaign_id: str
    frontier: Frontier
    batches: int
    signed_size: int


class Batch(NamedTuple):
    """The batch ballots come in: its number in the box, whose it is, about when, a keyed hash of what was sent (None for
    what raters cast themselves), and whether the box knows it yet."""

    batch: int
    source: str
    sequence: int
    around: datetime
    content: bytes | None
    fresh: bool


class Page(NamedTuple):
    """Ballots that lie together: the position of the first, how many, and a block of bytes for each column."""

    first: int
    number: int
    code_hashes: bytes
    leaf_hashes: bytes
    leaves: bytes

    def kept(self, at: int, cells: int) -> Kept:
        """The ballot at a place of the page, of so many cells."""
        width = leaf_type(cells).itemsize
        leaf_hash = self.leaf_hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]
        return _kept(self.first + at, leaf_hash, self.leaves[at * width : (at + 1) * width], cells)


class Kept(NamedTuple):
    """A ballot as it lies in the box; `earlier` is the position of the one before it under the same code."""

    position: int
    leaf_hash: bytes
    ballot_class: BallotClass
    ordinal: int
    earlier: int
    ratings: bytes
    salt: bytes


def put(tx: Tx, grown: Box, batch: Batch, page: Page | None) -> None:
    """Puts a page at the end of a box, which has grown by it, and writes down its batch if that is fresh.

    On PostgreSQL this is one statement, which travels with the commit.
    """
    box = {"size": grown.frontier.size, "frontier": grown.frontier.to_bytes(), "batches": grown.batches}
    if page is not None and tx.dialect.name == "postgresql":
        tx.post((_PUT, (grown.campaign_id, *batch, *box.values(), *page)))
        return
    if batch.fresh:
        row = {"campaign_id": grown.campaign_id, "batch": batch.batch, "source": batch.source}
        tx.insert(BATCHES, {**row, "sequence": batch.sequence, "around": batch.around, "content": batch.content})
    if page is not None:
        tx.insert(PAGES, {"campaign_id": grown.campaign_id, **page._asdict()})
    tx.execute(_GROW, {"campaign": grown.campaign_id, **box})


def begun(tx: Tx, campaign_id: str, start: int, until: int, column: str = "leaves") -> tuple[int, bytes]:
    """One column of the pages that begin at a position from `start` up to `until`, as one block; and its beginning."""
    place = (PAGES.c.campaign_id == campaign_id, PAGES.c.first >= start, PAGES.c.first < until)
    rows: Sequence[Any] = tx.rows(sa.select(PAGES.c.first, PAGES.c[column]).where(*place).order_by(PAGES.c.first))
    return (rows[0].first, b"".join([row[1] for row in rows])) if rows else (start, b"")


def between(tx: Tx, campaign_id: str, start: int, until: int, width: int, column: str = "leaves") -> bytes:
    """One column, `width` bytes a ballot, of the ballots from position `start` up to `until`."""
    place = (PAGES.c.campaign_id == campaign_id, PAGES.c.first <= start)
    [row] = tx.rows(sa.select(sa.func.coalesce(sa.func.max(PAGES.c.first), start).label("first")).where(*place))
    first, block = begun(tx, campaign_id, row.first, until, column)
    return block[(start - first) * width : (until - first) * width]


def under(tx: Tx, code_hash: bytes, cells: int) -> Iterator[Kept]:
    """The ballots cast with a code, last ones first."""
    query = sa.select(CODES.c.campaign_id, CODES.c.page).where(CODES.c.code_hash == code_hash, CODES.c.page.is_not(None))
    for code in tx.rows(query):
        yield from back(tx, code.campaign_id, last(tx, code.campaign_id, code.page, code_hash, cells), cells)


def back(tx: Tx, campaign_id: str, kept: Kept, cells: int) -> Iterator[Kept]:
    """A ballot and those cast before it under the same code, last ones first."""
    yield kept
    while kept.ordinal:
        kept = _at(tx, campaign_id, kept.earlier, cells)
        yield kept


def last(tx: Tx, campaign_id: str, first: int, code_hash: bytes, cells: int) -> Kept:
    """The ballot cast with a code, on the page that begins at position `first`. Raises Conflict BOX_DAMAGED if it is not."""
    found = sa.func.instr(PAGES.c.code_hashes, code_hash)
    if tx.dialect.name == "postgresql":
        found = sa.func.position(sa.literal(code_hash).op("IN")(PAGES.c.code_hashes))
    match = (PAGES.c.campaign_id == campaign_id, PAGES.c.first == first)
    row = next(iter(tx.rows(sa.select(PAGES.c.first, found.label("at")).where(*match))), None)
    if row is None or not row.at or (row.at - 1) % HASH_BYTES:
        raise _damaged(tx, campaign_id)
    return _at(tx, campaign_id, row.first + (row.at - 1) // HASH_BYTES, cells)


def _at(tx: Tx, campaign_id: str, position: int, cells: int) -> Kept:
    """The ballot at a position of the box."""
    width = leaf_type(cells).itemsize
    place = sa.cast(position - PAGES.c.first, sa.Integer)
    leaf = sa.func.substr(PAGES.c.leaves, place * width + 1, width, type_=sa.LargeBinary)
    leaf_hash = sa.func.substr(PAGES.c.leaf_hashes, place * HASH_BYTES + 1, HASH_BYTES, type_=sa.LargeBinary)
    columns: Sequence[sa.ColumnElement[Any]] = (leaf.label("leaf"), leaf_hash.label("leaf_hash"))
    query = sa.select(*columns).where(PAGES.c.campaign_id == campaign_id, PAGES.c.first <= position)
    row = next(iter(tx.rows(query.order_by(PAGES.c.first.desc()).limit(1))), None)
    if row is None or len(row.leaf) != width or len(row.leaf_hash) != HASH_BYTES:
        raise _damaged(tx, campaign_id)
    return _kept(position, row.leaf_hash, row.leaf, cells)


def _damaged(tx: Tx, campaign_id: str) -> Conflict:
    """A code says that its ballot lies where none of it lies."""
    table = CAMPAIGNS.table
    number = tx.execute(sa.select(table.c.number).where(table.c.id == campaign_id)).scalar()
    return Conflict("BOX_DAMAGED", number=number)


def _kept(position: int, leaf_hash: bytes, leaf: bytes, cells: int) -> Kept:
    [one] = np.frombuffer(leaf, dtype=leaf_type(cells))
    found = (BallotClass(int(one["class"])), int(one["ordinal"]), int(one["earlier"]))
    return Kept(position, leaf_hash, *found, one["ratings"].tobytes(), one["salt"].tobytes())
