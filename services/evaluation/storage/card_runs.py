"""The register's tables of cards: runs, and whose each card is and where; and queries on them. No reading comes here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from chassis.store import Tx
from services.evaluation.domain.card_run import CardRun, CardTurnout, Mail, MailTold, RaterCard, Recorded
from services.evaluation.storage.register import RATERS, REGISTER
from services.evaluation.storage.schema import BIG

CARD_RUNS = REGISTER.resource(
    CardRun,
    "card_runs",
    Column("campaign_id", Id(), nullable=False),
    Column("design_id", Id(), nullable=False),
    Column("rater_group", Text, nullable=False),
    Column("cards", Integer, nullable=False),
    Column("first_number", BIG, nullable=False),
    Column("last_number", BIG, nullable=False),
    Column("printed_to", BIG, nullable=False),
    Column("started_at", Instant(), nullable=False),
    Index("card_runs_campaign", "campaign_id", "id"),
)

RATER_CARDS = REGISTER.resource(
    RaterCard,
    "rater_cards",
    Column("campaign_id", Id(), nullable=False),
    Column("run_id", Id(), nullable=False),
    Column("number", BIG, nullable=False),
    Column("rater_id", Id(), nullable=False),
    Column("reference", Text, nullable=False),
    Column("rater_group", Text, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("serial_hash", Bytes(), nullable=False, unique=True),
    Column("mail", Choice(Mail), nullable=False),
    Column("since", Instant(), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Index("rater_cards_number", "campaign_id", "number", unique=True),
    Index("rater_cards_run", "run_id", "number"),
    Index("rater_cards_rater", "rater_id", "issue", unique=True),
)

MAIL_TOLD = REGISTER.resource(
    MailTold,
    "card_mail_told",
    Column("campaign_id", Id(), nullable=False),
    Column("run_id", Text, nullable=False),
    Column("mail", Choice(Mail), nullable=False),
    Column("cards", Doc(tuple[Recorded, ...]), nullable=False),
    Column("recorded", Integer, nullable=False),
    Column("told_at", Instant(), nullable=False),
    Column("told_by", Text, nullable=False),
)


def claim(tx: Tx, campaign_id: str, rater_group: str, run_id: str) -> Sequence[sa.Row[Any]]:
    """Marks every rater of a group without a card as one of this run, and as given a code where none was; these raters.

    Who rates one object only gets a letter instead of a card.
    """
    table = RATERS
    without = (table.c.campaign_id == campaign_id, table.c.rater_group == rater_group, table.c.card_run == "")
    tx.execute(sa.update(table).where(*without, table.c.object_id == "").values(card_run=run_id))
    mine = table.c.card_run == run_id
    given = {"codes_issued": 1, "issued_to": f"card/{run_id}", "last_issued_at": tx.now}
    tx.execute(sa.update(table).where(mine, table.c.codes_issued == 0).values(given))
    return tx.rows(sa.select(table).where(mine).order_by(table.c.reference, table.c.id))


def to_print(tx: Tx, run_id: str, after: int, until: int, size: int) -> Sequence[sa.Row[Any]]:
    """The next cards of a run, up to a number, that are not void, each with its rater."""
    cards, raters = RATER_CARDS.table, RATERS
    whom = (raters.c.unit_id, raters.c.object_id, raters.c.codes_issued, raters.c.sealed, raters.c.sealed_key)
    query = sa.select(cards, *whom).join(raters, raters.c.id == cards.c.rater_id)
    query = query.where(cards.c.run_id == run_id, cards.c.mail != Mail.REISSUED)
    query = query.where(cards.c.number > after, cards.c.number <= until)
    return tx.rows(query.order_by(cards.c.number).limit(size))


def last_of(tx: Tx, rater_id: str) -> RaterCard | None:
    """The last card of a rater."""
    table = RATER_CARDS.table
    query = sa.select(table).where(table.c.rater_id == rater_id).order_by(table.c.issue.desc()).limit(1)
    return next((RATER_CARDS.value(row) for row in tx.rows(query)), None)


def by_hashes(tx: Tx, campaign_id: str, hashes: Sequence[bytes]) -> dict[bytes, RaterCard]:
    """The cards of a campaign with these serials, locked."""
    table = RATER_CARDS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.serial_hash.in_(hashes))
    rows = tx.execute(query.order_by(table.c.id).with_for_update()).all()
    return {row.serial_hash: RATER_CARDS.value(row) for row in rows}


def move_run(tx: Tx, run: CardRun, mail: Mail, late: bool) -> int:
    """Moves on every card of a run that has not come so far yet, at once; says how many. Locked as by `by_hashes`."""
    table = RATER_CARDS.table
    behind = (table.c.run_id == run.id, table.c.mail.in_(mail.comes_after()))
    locked = sa.select(table.c.id).where(*behind).order_by(table.c.id).with_for_update()
    there = {"mail": mail, "since": tx.now, "late": late, "version": table.c.version + 1}
    return tx.execute(sa.update(table).where(table.c.id.in_(locked), *behind).values(there)).rowcount


def listing(campaign_id: str, mail: Mail | None, rater_group: str) -> sa.Select[Any]:
    """Cards of a campaign, perhaps only those that are somewhere, or of one group."""
    table = RATER_CARDS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id)
    if mail is not None:
        query = query.where(table.c.mail == mail)
    return query.where(table.c.rater_group == rater_group) if rater_group else query


def turnout(tx: Tx, campaign_id: str) -> list[CardTurnout]:
    """How many cards of each rater group are where."""
    table = RATER_CARDS.table
    sums = (
        sa.func.count().label("number"),
        sa.func.sum(sa.cast(table.c.late, Integer)).label("late"),
        sa.func.sum(table.c.duplicates).label("duplicates"),
    )
    query = sa.select(table.c.rater_group, table.c.mail, *sums).where(table.c.campaign_id == campaign_id)
    groups: dict[str, CardTurnout] = {}
    for row in tx.rows(query.group_by(table.c.rater_group, table.c.mail).order_by(table.c.rater_group)):
        before = groups.get(row.rater_group, CardTurnout(row.rater_group, {}))
        where = before.where | {row.mail: row.number}
        late, duplicates = before.late + int(row.late or 0), before.duplicates + int(row.duplicates or 0)
        groups[row.rater_group] = CardTurnout(row.rater_group, where, late, duplicates)
    return list(groups.values())
