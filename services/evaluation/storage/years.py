"""The tables of the yearly composite: what was heard, the tables of a year, the scores of each edition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, Text

from chassis.auth import covers
from chassis.db import Choice, Doc, Id, Instant
from chassis.store import Tx, under
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.year import Correction, Input, Part, PartScore, Weight, YearScore, YearTable
from services.evaluation.storage.schema import SCHEMA

YEAR_INPUTS = SCHEMA.resource(
    Input,
    "year_inputs",
    Column("year", Integer, nullable=False),
    Column("part", Choice(Part), nullable=False),
    Column("what", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("record_version", sa.BigInteger, nullable=False),
    Column("value", Doc(Fraction), nullable=False),
    Column("origin", Doc(Origin), nullable=False),
    Column("happened_at", Instant(), nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_by", Text, nullable=False, server_default=""),
    Column("confirmed_by", Text, nullable=False, server_default=""),
    Index("year_inputs_record", "record_id", "what", "unit_path", unique=True),
    Index("year_inputs_year", "year", "jurisdiction_path", "unit_path"),
)

YEAR_TABLES = SCHEMA.resource(
    YearTable,
    "year_tables",
    Column("year", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("weights", Doc(tuple[Weight, ...]), nullable=False),
    Column("scored", Integer, nullable=False),
    Column("unscored", Integer, nullable=False),
    Column("scored_at", Instant(), nullable=False),
    Column("approvals", Doc(tuple[str, ...]), nullable=False),
    Column("released_at", Instant()),
    Column("released_edition", Integer, nullable=False, server_default="0"),
    Column("corrections", Doc(tuple[Correction, ...]), nullable=False, server_default="[]"),
    Index("year_tables_year", "jurisdiction_path", "year", unique=True),
)

YEAR_SCORES = SCHEMA.resource(
    YearScore,
    "year_scores",
    Column("table_id", Id(), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("latest", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("group", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("ranked", Integer, nullable=False),
    Column("total", Doc(Fraction)),
    Column("decimals", Integer, nullable=False),
    Column("parts", Doc(tuple[PartScore, ...]), nullable=False),
    Column("table_path", Text, nullable=False, server_default=""),
    Column("in_force", Boolean, nullable=False, server_default=sa.false()),
    Column("score_public", Boolean, nullable=False, server_default=sa.false()),
    Column("rank_public", Boolean, nullable=False, server_default=sa.false()),
    Index("year_scores_table", "table_id", "edition", "unit_path", unique=True),
    Index("year_scores_list", "latest", "year", "table_path", "group", "rank", "id"),
    Index("year_scores_in_force", "in_force", "year", "table_path", "group", "rank", "id"),
)

_SCORES = YEAR_SCORES.table.c
# One for whoever has no score and so no place, and comes after those who have one; nought for them.
UNSCORED: sa.ColumnElement[int] = sa.case((_SCORES.rank == 0, 1), else_=0)
# The same for everybody: where a place is not shown, the order of the list must not tell it.
PUBLIC_RANK: sa.ColumnElement[int] = sa.case((_SCORES.rank_public, _SCORES.rank), else_=0)
PUBLIC_UNSCORED: sa.ColumnElement[int] = sa.case((PUBLIC_RANK == 0, 1), else_=0)


def heard(tx: Tx, record_id: str, what: str, unit_path: str) -> Input | None:
    """What was heard of a record under this word about this unit before."""
    table = YEAR_INPUTS.table
    return tx.find(YEAR_INPUTS, table.c.record_id == record_id, table.c.what == what, table.c.unit_path == unit_path)


def inputs(tx: Tx, jurisdiction_path: str, year: int) -> list[Input]:
    """Everything a year of a jurisdiction rests on: what happened in it, and what ran over before but was closed in it."""
    table, closed = YEAR_INPUTS.table, YEAR_INPUTS.table.alias("closed")
    same = (closed.c.record_id == table.c.record_id, closed.c.unit_path == table.c.unit_path)
    later = sa.exists().where(*same, closed.c.what == "closed", closed.c.year == year)
    carried = sa.and_(table.c.what == "overdue", table.c.year < year, later)
    query = sa.select(table).where(sa.or_(table.c.year == year, carried), under(table.c.unit_path, jurisdiction_path))
    found = [YEAR_INPUTS.value(row) for row in tx.rows(query.order_by(table.c.id))]
    return [one for one in found if one.counts]


def released_above(tx: Tx, unit_path: str, year: int) -> bool:
    """Whether a jurisdiction over this unit has released the year and is not correcting it."""
    table = YEAR_TABLES.table
    released = sa.select(table.c.jurisdiction_path).where(table.c.year == year, table.c.released_at.is_not(None))
    return any(covers(row.jurisdiction_path, unit_path) for row in tx.rows(released))


def table_of(tx: Tx, jurisdiction_path: str, year: int) -> YearTable | None:
    """The table of a jurisdiction's year."""
    table = YEAR_TABLES.table
    return tx.find(YEAR_TABLES, table.c.jurisdiction_path == jurisdiction_path, table.c.year == year)


def edition(tx: Tx, table_id: str, number: int) -> Sequence[YearScore]:
    """The scores of one edition."""
    table = YEAR_SCORES.table
    query = sa.select(table).where(table.c.table_id == table_id, table.c.edition == number)
    return [YEAR_SCORES.value(row) for row in tx.rows(query.order_by(table.c.unit_path))]


def supersede(tx: Tx, table_id: str) -> None:
    """Marks the scores of earlier editions as such."""
    table = YEAR_SCORES.table
    earlier = sa.update(table).where(table.c.table_id == table_id, table.c.latest)
    tx.execute(earlier.values(latest=False, version=table.c.version + 1))


def replace_released(tx: Tx, table_id: str) -> None:
    """The released edition so far stands no longer; it stays on record."""
    table = YEAR_SCORES.table
    standing = sa.update(table).where(table.c.table_id == table_id, table.c.in_force)
    tx.execute(standing.values(in_force=False, version=table.c.version + 1))
