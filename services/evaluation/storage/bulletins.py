"""The table of bulletins and the counter of their series."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Text

from chassis.db import Choice, Instant
from chassis.store import Tx
from services.evaluation.domain.bulletin import Bulletin, BulletinState
from services.evaluation.storage.schema import SCHEMA

BULLETINS = SCHEMA.resource(
    Bulletin,
    "bulletins",
    Column("state", Choice(BulletinState), nullable=False),
    Column("title", Text, nullable=False),
    Column("campaign_id", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("opening", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", Instant(), nullable=False),
    Column("number", Text, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("issued_at", Instant()),
    Column("paper", Text, nullable=False),
)
# Unlike the numbers of records, those of papers leave no gap: the counter moves in the transaction that issues.
SERIES = SCHEMA.table(
    "bulletin_series",
    Column("word", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)


def next_place(tx: Tx, word: str, year: int) -> int:
    """The next place of a series in a year. Whoever comes next waits until this transaction has ended, and if it comes to
    nothing takes the same place."""
    statement = tx.upsert(SERIES).values(word=word, year=year, last=1)
    moved = statement.on_conflict_do_update(index_elements=[SERIES.c.word, SERIES.c.year], set_={"last": SERIES.c.last + 1})
    last: int = tx.execute(moved.returning(SERIES.c.last)).scalar_one()
    return last
