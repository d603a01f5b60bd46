"""Queries on the box: codes, ballots, batches, heads. Whoever adds to a box holds its lock first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from chassis.columns import Id
from chassis.store import Tx
from services.evaluation.domain.campaign import State
from services.evaluation.log import HASH_BYTES, Frontier, TreeHead
from services.evaluation.storage import pages
from services.evaluation.storage.pages import Box
from services.evaluation.storage.schema import BATCHES, BOXES, CAMPAIGNS, CODES, PAGES, TREE_HEADS

HEAD_ORDER = (TREE_HEADS.c.tree_size, TREE_HEADS.c.signed_at)
_CAMPAIGN = sa.bindparam("campaign", type_=Id())
_LOCKED = sa.select(BOXES).where(BOXES.c.campaign_id == _CAMPAIGN).with_for_update()
_LATEST = (
    sa.select(BATCHES)
    .where(BATCHES.c.campaign_id == _CAMPAIGN, BATCHES.c.source == sa.bindparam("source"))
    .order_by(BATCHES.c.sequence.desc())
    .limit(1)
    .subquery()
)
_STATE = (
    sa.select(CAMPAIGNS.table.c.version, _LATEST.c.sequence, _LATEST.c.batch)
    .select_from(CAMPAIGNS.table.outerjoin(_LATEST, sa.true()))
    .where(CAMPAIGNS.table.c.id == _CAMPAIGN)
)


_LOCKED_PLAIN = "SELECT size, frontier, batches, signed_size FROM boxes WHERE campaign_id = $1::uuid FOR UPDATE"
_STATE_PLAIN = """
    SELECT version, sequence, batch FROM campaigns LEFT JOIN LATERAL (
        SELECT sequence, batch FROM batches WHERE campaign_id = $1::uuid AND source = $2 ORDER BY sequence DESC LIMIT 1
    ) AS latest ON true
    WHERE id = $1::uuid
"""


class Standing(NamedTuple):
    """The version of a campaign, and the last batch of a source that is in its box: its sequence there (0 for none) and its
    number in the box."""

    version: int
    sequence: int
    batch: int | None


def open_box(tx: Tx, campaign_id: str) -> None:
    """A new, empty box."""
    empty = {"campaign_id": campaign_id, "size": 0, "frontier": b"", "batches": 0, "signed_size": -1}
    tx.insert(BOXES, empty)


def box(tx: Tx, campaign_id: str, lock: bool = False) -> Box | None:
    """The box of a campaign, None before it opens. With `lock`, others who would add to it wait for this transaction."""
    if lock:
        found = tx.execute(_LOCKED, {"campaign": campaign_id}).all()
    else:
        found = tx.rows(sa.select(BOXES).where(BOXES.c.campaign_id == campaign_id))
    row = next(iter(found), None)
    return (
        None if row is None else Box(campaign_id, Frontier.from_bytes(row.size, row.frontier), row.batches, row.signed_size)
    )


def save_box(tx: Tx, grown: Box) -> None:
    """Writes a grown box."""
    changed = {
        "size": grown.frontier.size,
        "frontier": grown.frontier.to_bytes(),
        "batches": grown.batches,
        "signed_size": grown.signed_size,
    }
    tx.execute(sa.update(BOXES).where(BOXES.c.campaign_id == grown.campaign_id).values(changed))


def boxes_to_sign(tx: Tx) -> list[str]:
    """Campaigns whose box has grown since its last head."""
    query = sa.select(BOXES.c.campaign_id).where(BOXES.c.size > BOXES.c.signed_size)
    return [row.campaign_id for row in tx.rows(query)]


def code(tx: Tx, code_hash: bytes, states: Collection[State]) -> sa.Row[Any] | None:
    """The code of this hash with the version of its campaign, unless it is void or the campaign stands otherwise.

    Whatever is wrong, the same single statement finds nothing: neither answer nor time tells one reason from another.
    """
    campaigns = CAMPAIGNS.table
    query = sa.select(CODES, campaigns.c.version).join(campaigns, campaigns.c.id == CODES.c.campaign_id)
    good = (CODES.c.code_hash == code_hash, sa.not_(CODES.c.void), campaigns.c.state.in_(states))
    return next(iter(tx.rows(query.where(*good))), None)


def add_codes(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Enters codes in the order of their hashes, so that nothing of the register's order remains; known ones stay."""
    if rows:
        ordered = sorted(rows, key=lambda row: row["code_hash"])
        tx.execute(tx.upsert(CODES).values(ordered).on_conflict_do_nothing())


def void_code(tx: Tx, code_hash: bytes) -> None:
    """A code opens nothing any more."""
    tx.execute(sa.update(CODES).where(CODES.c.code_hash == code_hash).values(void=True))


def code_used(tx: Tx, code_hash: bytes) -> bool:
    """Whether a ballot was cast with a code."""
    query = sa.select(CODES.c.page).where(CODES.c.code_hash == code_hash, CODES.c.page.is_not(None))
    return bool(tx.rows(query))


def locked(tx: Tx, campaign_id: str, source: str) -> tuple[Box | None, Standing]:
    """The box of a campaign, locked; and how things stand with a source once it is. On PostgreSQL in one round trip."""
    if tx.dialect.name == "postgresql":
        asked = ((_LOCKED_PLAIN, (campaign_id,)), (_STATE_PLAIN, (campaign_id, source)))
        found, [(version, sequence, batch)] = tx.together(*asked)
        boxes = [Box(campaign_id, Frontier.from_bytes(row[0], row[1]), *row[2:]) for row in found]
        return next(iter(boxes), None), Standing(version, sequence or 0, batch)
    known = box(tx, campaign_id, lock=True)
    row = tx.execute(_STATE, {"campaign": campaign_id, "source": source}).one()
    return known, Standing(row.version, row.sequence or 0, row.batch)


def content(tx: Tx, campaign_id: str, source: str, sequence: int) -> bytes | None:
    """The keyed hash of what a source sent as this batch; None where it was not kept."""
    match = (BATCHES.c.campaign_id == campaign_id, BATCHES.c.source == source, BATCHES.c.sequence == sequence)
    return next((row.content for row in tx.rows(sa.select(BATCHES.c.content).where(*match))), None)


def issued(tx: Tx, campaign_id: str) -> dict[int, int]:
    """Good codes by rater group."""
    query = (
        sa.select(CODES.c.rater_group, sa.func.count().label("number"))
        .where(CODES.c.campaign_id == campaign_id, sa.not_(CODES.c.void))
        .group_by(CODES.c.rater_group)
    )
    return {row.rater_group: row.number for row in tx.rows(query)}


def known_codes(tx: Tx, campaign_id: str) -> int:
    """How many codes the box knows, void ones included."""
    query = sa.select(sa.func.count()).where(CODES.c.campaign_id == campaign_id)
    return int(tx.execute(query).scalar() or 0)


def filled(tx: Tx, campaign_id: str) -> int:
    """How many ballots lie on the pages of a box, whatever the box says of itself."""
    query = sa.select(sa.func.sum(PAGES.c.number)).where(PAGES.c.campaign_id == campaign_id)
    return int(tx.execute(query).scalar() or 0)


def used(tx: Tx, campaign_id: str) -> int:
    """How many codes a ballot was cast with: as many as there are first ballots."""
    query = sa.select(sa.func.count()).where(CODES.c.campaign_id == campaign_id, CODES.c.page.is_not(None))
    return int(tx.execute(query).scalar() or 0)


def leaves(tx: Tx, campaign_id: str, size: int, first: int = 0) -> list[bytes]:
    """The leaf hashes of the ballots from place `first` up to `size`."""
    block = pages.between(tx, campaign_id, first, size, HASH_BYTES, "leaf_hashes")
    return [block[at : at + HASH_BYTES] for at in range(0, len(block), HASH_BYTES)]


def keep_head(tx: Tx, head: TreeHead) -> None:
    """Keeps a signed head. Each is later than the one before it, so none takes the place of another."""
    tx.insert(TREE_HEADS, {name: getattr(head, name) for name in TREE_HEADS.c.keys()})


def latest_head(tx: Tx, campaign_id: str) -> TreeHead | None:
    """The head signed last."""
    query = sa.select(TREE_HEADS).where(TREE_HEADS.c.campaign_id == campaign_id)
    query = query.order_by(TREE_HEADS.c.tree_size.desc(), TREE_HEADS.c.signed_at.desc()).limit(1)
    return next((head_from(row) for row in tx.rows(query)), None)


def heads(tx: Tx, campaign_id: str) -> list[TreeHead]:
    """Every signed head of a box, first one first."""
    return [head_from(row) for row in tx.rows(heads_query(campaign_id).order_by(*HEAD_ORDER))]


def heads_query(campaign_id: str) -> sa.Select[Any]:
    """The query for the heads of a box, to be paged."""
    return sa.select(TREE_HEADS).where(TREE_HEADS.c.campaign_id == campaign_id)


def head_from(row: sa.Row[Any]) -> TreeHead:
    """The head a row holds; a page's row holds its keys too."""
    return TreeHead(**{name: row._mapping[name] for name in TREE_HEADS.c.keys()})


def head_of_size(tx: Tx, campaign_id: str, size: int) -> TreeHead | None:
    """A head over exactly so many ballots."""
    query = heads_query(campaign_id).where(TREE_HEADS.c.tree_size == size).limit(1)
    return next((head_from(row) for row in tx.rows(query)), None)
