"""A batch of ballots in as few statements as it takes: one to look codes up, one to put ballots in.

On PostgreSQL each column of a batch travels as one block of bytes, and the server cuts it into rows: five hundred ballots
cost a dozen values instead of five thousand. On SQLite, where nothing travels, the same rows go in one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import BigInteger, LargeBinary, bindparam

from chassis.columns import Id, Instant
from chassis.store import Tx
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.log import HASH_BYTES, SALT_BYTES
from services.evaluation.storage.box import Box, Kept, save_box
from services.evaluation.storage.schema import BALLOTS, BATCHES, CODES

# OFFSET 0 keeps the planner from joining whole tables where five hundred index look-ups are wanted.
_LOOK_UP = sa.text(
    """
    SELECT c.code_hash, c.rater_group, c.own_unit, b.position, b.ordinal, b.leaf, b.class, b.ratings
    FROM generate_series(0, :number - 1) AS i
    CROSS JOIN LATERAL (
        SELECT code_hash, rater_group, own_unit FROM codes
        WHERE code_hash = substr(:hashes, i * 32 + 1, 32) AND campaign_id = :campaign AND NOT void OFFSET 0
    ) AS c
    LEFT JOIN LATERAL (
        SELECT position, ordinal, leaf, class, ratings FROM ballots
        WHERE code_hash = c.code_hash ORDER BY ordinal DESC LIMIT 1
    ) AS b ON true
    """
).bindparams(bindparam("hashes", type_=LargeBinary), bindparam("campaign", type_=Id()))

_PUT = sa.text(
    """
    WITH announced AS (
        INSERT INTO batches (campaign_id, batch, source, sequence, around)
        SELECT :campaign, :batch, :source, :sequence, :around WHERE :fresh_batch
    ), grown AS (
        UPDATE boxes SET size = :size, frontier = :frontier, batches = :batches WHERE campaign_id = :campaign
    )
    INSERT INTO ballots (campaign_id, position, code_hash, ordinal, rater_group, channel, batch, class, salt, leaf, ratings)
    SELECT :campaign, :first + i, substr(:hashes, i * 32 + 1, 32), get_byte(:ordinals, i),
           get_byte(:groups, i * 2) * 256 + get_byte(:groups, i * 2 + 1), :channel, :batch, get_byte(:classes, i),
           substr(:salts, i * 16 + 1, 16), substr(:leaves, i * 32 + 1, 32), substr(:ratings, i * :cells + 1, :cells)
    FROM generate_series(0, :number - 1) AS i
    """
).bindparams(
    bindparam("campaign", type_=Id()),
    bindparam("around", type_=Instant()),
    *(bindparam(name, type_=BigInteger) for name in ("first", "batch", "sequence", "size", "batches")),
    *(
        bindparam(name, type_=LargeBinary)
        for name in ("frontier", "hashes", "ordinals", "groups", "classes", "salts", "leaves", "ratings")
    ),
)


class Opened(NamedTuple):
    """What a code opens: the group its rater is of, and the sealed own unit."""

    rater_group: int
    own_unit: bytes


class Batch(NamedTuple):
    """The batch ballots come in: its number in the box, whose it is, about when, and whether the box knows it yet."""

    number: int
    source: str
    sequence: int
    around: datetime
    fresh: bool


class Fresh(NamedTuple):
    """A ballot on its way into the box. Its leaf comes first, so that ballots sort by their leaves."""

    leaf: bytes
    code_hash: bytes
    ordinal: int
    rater_group: int
    ballot_class: BallotClass
    salt: bytes
    ratings: bytes


def opened(tx: Tx, campaign_id: str, hashes: Sequence[bytes]) -> tuple[dict[bytes, Opened], dict[bytes, Kept | Fresh]]:
    """The codes of a campaign with these hashes that are not void, and the last ballot cast with each, if there is one."""
    hashes = list(dict.fromkeys(hashes))  # a code that comes twice in a batch is looked up once
    if tx.dialect.name == "postgresql":
        blocks = {"number": len(hashes), "hashes": b"".join(hashes), "campaign": campaign_id}
        rows: Sequence[Any] = tx.execute(_LOOK_UP.bindparams(**blocks)).all()
    else:
        columns = [BALLOTS.c[name] for name in ("position", "ordinal", "leaf", "class", "ratings")]
        query = sa.select(CODES.c.code_hash, CODES.c.rater_group, CODES.c.own_unit, *columns)
        query = query.select_from(CODES.outerjoin(BALLOTS, BALLOTS.c.code_hash == CODES.c.code_hash))
        match = (CODES.c.code_hash.in_(hashes), CODES.c.campaign_id == campaign_id, sa.not_(CODES.c.void))
        rows = tx.rows(query.where(*match).order_by(BALLOTS.c.ordinal))  # a later ballot overwrites an earlier one below
    known = {row[0]: Opened(row[1], row[2]) for row in rows}
    return known, {row[0]: Kept(row[3], row[4], row[5], BallotClass(row[6]), row[7]) for row in rows if row[3] is not None}


def put(tx: Tx, grown: Box, batch: Batch, channel: int, ballots: Sequence[Fresh]) -> None:
    """Puts ballots at the end of the box, which has grown by them, and writes down their batch if it is fresh."""
    first = grown.frontier.size - len(ballots)
    if tx.dialect.name != "postgresql":
        if batch.fresh:
            row = {"campaign_id": grown.campaign_id, "batch": batch.number, "source": batch.source}
            tx.insert(BATCHES, {**row, "sequence": batch.sequence, "around": batch.around})
        tx.bulk(BALLOTS, [_row(grown.campaign_id, first + n, channel, batch.number, one) for n, one in enumerate(ballots)])
        save_box(tx, grown)
        return
    known: dict[str, Any] = {
        "campaign": grown.campaign_id,
        "batch": batch.number,
        "source": batch.source,
        "sequence": batch.sequence,
        "around": batch.around,
        "fresh_batch": batch.fresh,
        "size": grown.frontier.size,
        "frontier": grown.frontier.to_bytes(),
        "batches": grown.batches,
        "first": first,
        "number": len(ballots),
        "channel": channel,
        "cells": len(ballots[0].ratings) if ballots else 0,
    }
    tx.execute(_PUT.bindparams(**known, **_blocks(ballots)))


def _blocks(ballots: Sequence[Fresh]) -> dict[str, bytes]:
    """Each column of the ballots as one block of bytes."""
    blocks = {
        "hashes": b"".join([one.code_hash for one in ballots]),
        "ordinals": bytes([one.ordinal for one in ballots]),
        "groups": b"".join([one.rater_group.to_bytes(2, "big") for one in ballots]),
        "classes": bytes([one.ballot_class.value for one in ballots]),
        "salts": b"".join([one.salt for one in ballots]),
        "leaves": b"".join([one.leaf for one in ballots]),
        "ratings": b"".join([one.ratings for one in ballots]),
    }
    assert (len(blocks["salts"]), len(blocks["leaves"])) == (SALT_BYTES * len(ballots), HASH_BYTES * len(ballots))
    return blocks


def _row(campaign_id: str, position: int, channel: int, batch: int, one: Fresh) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "position": position,
        "code_hash": one.code_hash,
        "ordinal": one.ordinal,
        "rater_group": one.rater_group,
        "channel": channel,
        "batch": batch,
        "class": one.ballot_class.value,
        "salt": one.salt,
        "leaf": one.leaf,
        "ratings": one.ratings,
    }
