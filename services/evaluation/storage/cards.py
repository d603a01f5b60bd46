"""The box's tables of cards: designs, which code a serial stands for, cards, doubtful rows, samples; and queries on them.

Whoever changes a card holds its row first. A serial itself is nowhere kept, nor its rater.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Index, Integer, SmallInteger, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from chassis.store import Tx
from services.evaluation.domain.card import Card, CardState, Doubt, DoubtState, Keyed, Origin
from services.evaluation.domain.card_run import CardDesign
from services.evaluation.domain.card_sample import CardSample
from services.evaluation.storage.schema import BIG, SCHEMA

CARD_DESIGNS = SCHEMA.resource(
    CardDesign,
    "card_designs",
    Column("campaign_id", Id(), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("rater_group", Text, nullable=False),
    Column("digest", Bytes(), nullable=False),
    Column("mark", Text, nullable=False),
    Column("geometry", Text, nullable=False),
    Column("questions", Bytes(), nullable=False),
    Column("form", Text, nullable=False),
    Column("sides", SmallInteger, nullable=False),
    Column("return_to", Doc(tuple[str, ...]), nullable=False),
    Column("return_by", Date),
    Column("made_at", Instant(), nullable=False),
    Index("card_designs_edition", "campaign_id", "edition", unique=True),
)

# Which code a card stands for. `mask` opens the own unit under the code once it is unmasked with the keyring (`Serials`).
CARD_SERIALS = SCHEMA.table(
    "card_serials",
    Column("serial_hash", Bytes(), primary_key=True),
    Column("campaign_id", Id(), nullable=False),
    Column("design_id", Id(), nullable=False),
    Column("code_hash", Bytes(), nullable=False),
    Column("mask", Bytes(), nullable=False),
    Column("void", Boolean, nullable=False),
)

CARDS = SCHEMA.resource(
    Card,
    "cards",
    Column("campaign_id", Id(), nullable=False),
    Column("serial_hash", Bytes(), nullable=False, unique=True),
    Column("design_id", Id(), nullable=False),
    Column("state", Choice(CardState), nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Column("paper_place", Text, nullable=False),
    Column("marks", Bytes(), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("ballot_class", SmallInteger, nullable=False),
    Column("position", BIG, nullable=False),
    Column("leaf_hash", Bytes(), nullable=False),
    Index("cards_state", "campaign_id", "state", "id"),
)

DOUBTS = SCHEMA.resource(
    Doubt,
    "card_doubts",
    Column("campaign_id", Id(), nullable=False),
    Column("card_id", Id(), nullable=False),
    Column("row", Integer, nullable=False),
    Column("origin", Choice(Origin), nullable=False),
    Column("state", Choice(DoubtState), nullable=False),
    Column("first_by", Text, nullable=False),
    Column("second_by", Text, nullable=False),
    Column("third_by", Text, nullable=False, server_default=""),
    Column("keyings", Doc(tuple[Keyed, ...]), nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("counted", SmallInteger, nullable=False),
    Index("card_doubts_waiting", "campaign_id", "state", "id"),
    Index("card_doubts_card", "card_id", "row"),
)

SAMPLES = SCHEMA.resource(
    CardSample,
    "card_samples",
    Column("campaign_id", Id(), nullable=False),
    Column("seed", Text, nullable=False),
    Column("card_ids", Doc(tuple[str, ...]), nullable=False),
    Column("drawn_at", Instant(), nullable=False),
    Column("drawn_by", Text, nullable=False),
    Index("card_samples_seed", "campaign_id", "seed", unique=True),
)


def lock(tx: Tx, card_id: str) -> None:
    """Nobody else changes a card, or what people key of it, before this transaction ends."""
    tx.execute(sa.select(CARDS.table.c.id).where(CARDS.table.c.id == card_id).with_for_update())


def next_edition(tx: Tx, campaign_id: str) -> int:
    """The edition after the last one of a campaign."""
    table = CARD_DESIGNS.table
    query = sa.select(sa.func.max(table.c.edition)).where(table.c.campaign_id == campaign_id)
    return int(tx.execute(query).scalar() or 0) + 1


def designs(tx: Tx, campaign_id: str) -> list[CardDesign]:
    """The designs of a campaign, whoever asks."""
    table = CARD_DESIGNS.table
    return [CARD_DESIGNS.value(row) for row in tx.rows(sa.select(table).where(table.c.campaign_id == campaign_id))]


def add_serials(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Enters serials in the order of their hashes, so that nothing of the register's order remains; known ones stay."""
    if rows:
        ordered = sorted(rows, key=lambda row: row["serial_hash"])
        tx.execute(tx.upsert(CARD_SERIALS).values(ordered).on_conflict_do_nothing())


def point_serial(tx: Tx, row: dict[str, Any]) -> None:
    """A serial stands for another code from now on, whether it was known before or not; one that is void stays so."""
    add_serials(tx, [row])
    led = {"code_hash": row["code_hash"], "mask": row["mask"]}
    tx.execute(sa.update(CARD_SERIALS).where(CARD_SERIALS.c.serial_hash == row["serial_hash"]).values(led))


def void_serial(tx: Tx, serial_hash: bytes) -> None:
    """A serial stands for nothing any more."""
    tx.execute(sa.update(CARD_SERIALS).where(CARD_SERIALS.c.serial_hash == serial_hash).values(void=True))


def any_printed(tx: Tx, campaign_id: str) -> bool:
    """Whether cards of a campaign were printed that are not void."""
    match = (CARD_SERIALS.c.campaign_id == campaign_id, sa.not_(CARD_SERIALS.c.void))
    return bool(tx.rows(sa.select(CARD_SERIALS.c.serial_hash).where(*match).limit(1)))


def serial(tx: Tx, serial_hash: bytes) -> sa.Row[Any] | None:
    """What is known of a serial."""
    return next(iter(tx.rows(sa.select(CARD_SERIALS).where(CARD_SERIALS.c.serial_hash == serial_hash))), None)


def serials(tx: Tx, hashes: Sequence[bytes]) -> dict[bytes, sa.Row[Any]]:
    """What is known of these serials."""
    rows = tx.rows(sa.select(CARD_SERIALS).where(CARD_SERIALS.c.serial_hash.in_(hashes)))
    return {row.serial_hash: row for row in rows}


def card_of(tx: Tx, serial_hash: bytes) -> Card | None:
    """The card of a serial as far as any of it came in, locked."""
    table = CARDS.table
    tx.execute(sa.select(table.c.id).where(table.c.serial_hash == serial_hash).with_for_update())
    return tx.find(CARDS, table.c.serial_hash == serial_hash)


def refuse(tx: Tx, card: Card, reason: str) -> None:
    """A card that will not be counted, and why; nobody is asked for its rows any more."""
    tx.save(CARDS, card.refused(reason))
    table = DOUBTS.table
    waiting = (table.c.card_id == card.id, table.c.state != DoubtState.DECIDED)
    ended = {"state": DoubtState.DECIDED, "version": table.c.version + 1}
    tx.execute(sa.update(table).where(*waiting).values(ended))


def complete(tx: Tx, campaign_id: str, after: str, most: int) -> list[str]:
    """Ids of cards of which no row is open any more, in their order."""
    table = CARDS.table
    query = sa.select(table.c.id).where(table.c.campaign_id == campaign_id, table.c.state == CardState.COMPLETE)
    query = query.where(table.c.id > after) if after else query
    return [row.id for row in tx.rows(query.order_by(table.c.id).limit(most))]


def complete_locked(tx: Tx, campaign_id: str, after: str, until: str) -> list[Card]:
    """Those cards between two ids, the second among them, of which no row is open; locked."""
    table = CARDS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.state == CardState.COMPLETE)
    query = (query.where(table.c.id > after) if after else query).where(table.c.id <= until)
    return [CARDS.value(row) for row in tx.execute(query.order_by(table.c.id).with_for_update()).all()]


def campaigns_with_complete(tx: Tx) -> list[str]:
    """Campaigns in which cards wait to be counted."""
    table = CARDS.table
    query = sa.select(table.c.campaign_id).where(table.c.state == CardState.COMPLETE).distinct()
    return [row.campaign_id for row in tx.rows(query)]


def counted(tx: Tx, campaign_id: str) -> Sequence[sa.Row[Any]]:
    """Id and leaf hash of every counted card."""
    table = CARDS.table
    query = sa.select(table.c.id, table.c.leaf_hash)
    return tx.rows(query.where(table.c.campaign_id == campaign_id, table.c.state == CardState.COUNTED))


def papers(tx: Tx, card_ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    """The design of each of these cards, and where its paper lies, as the desk said: design_id, paper_place."""
    table = CARDS.table
    query = sa.select(table.c.id, table.c.design_id, table.c.paper_place).where(table.c.id.in_(card_ids))
    return {row.id: row for row in tx.rows(query)}


def doubts_of(tx: Tx, card_id: str) -> list[Doubt]:
    """Every row of a card that people were asked for, by row."""
    table = DOUBTS.table
    query = sa.select(table).where(table.c.card_id == card_id).order_by(table.c.row, table.c.id)
    return [DOUBTS.value(row) for row in tx.rows(query)]


def asked_of(campaign_id: str, by: str) -> sa.Select[Any]:
    """Rows that wait for an answer of this person: not keyed by them, nor ever before where it is a sample."""
    table = DOUBTS.table
    mine = (
        table.c.first_by != by,
        _no_work_of(by),
        table.c.origin != Origin.DESK,  # whole cards are keyed from the paper, by both
    )
    return sa.select(table).where(table.c.campaign_id == campaign_id, table.c.state == DoubtState.ASKED, *mine)


def disputed(campaign_id: str, by: str) -> sa.Select[Any]:
    """Rows that two others keyed differently, and where it is a sample, that this person never keyed."""
    table = DOUBTS.table
    others = (table.c.first_by != by, table.c.second_by != by, _no_work_of(by))
    return sa.select(table).where(table.c.campaign_id == campaign_id, table.c.state == DoubtState.DISPUTED, *others)


def _no_work_of(by: str) -> sa.ColumnElement[bool]:
    """A sampled row is keyed and decided by people who never keyed it: else it would be their own work again."""
    table, before = DOUBTS.table, DOUBTS.table.alias("before")
    own = sa.or_(before.c.first_by == by, before.c.second_by == by, before.c.third_by == by)
    known = sa.select(before.c.id).where(before.c.card_id == table.c.card_id, before.c.row == table.c.row, own)
    return sa.or_(table.c.origin != Origin.SAMPLE, sa.not_(sa.exists(known)))


def states(tx: Tx, table: sa.Table, campaign_id: str) -> dict[str, int]:
    """How many rows of a table of a campaign stand where, by the word of the state."""
    query = sa.select(table.c.state, sa.func.count().label("number")).where(table.c.campaign_id == campaign_id)
    return {row.state.value: row.number for row in tx.rows(query.group_by(table.c.state))}


def doubt_states(tx: Tx, campaign_id: str) -> dict[str, int]:
    """How many rows wait for a checker or for a third person, or are decided; those that wait for the paper are not told."""
    table = DOUBTS.table
    query = sa.select(table.c.state, sa.func.count().label("number")).where(
        table.c.campaign_id == campaign_id, sa.or_(table.c.state != DoubtState.ASKED, table.c.origin != Origin.DESK)
    )
    return {row.state.value: row.number for row in tx.rows(query.group_by(table.c.state))}
