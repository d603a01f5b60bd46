"""The counts of a campaign that are on record: each with its turnout, its lines, and whether it was released.

A count that was never released gives way to the next one. A released one stays when an objection sends the campaign back to
be counted again, so that both can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Integer

from chassis.db import Doc, Id, Instant
from chassis.store import Tx
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.result import GroupTurnout, ObjectResult, ResultRow
from services.evaluation.domain.shown import Kept
from services.evaluation.storage.schema import OBJECT_RESULTS, SCHEMA

COUNTS = SCHEMA.table(
    "counts",
    Column("campaign_id", Id(), primary_key=True),
    Column("count", Integer, primary_key=True, autoincrement=False),
    Column("counted_at", Instant(), nullable=False),
    Column("released_at", Instant()),
    # Kept with the result: it must not change when a later reader counts again.
    Column("turnout", Doc(list[dict[str, Any]]), nullable=False),
)


def kept(tx: Tx, campaign_id: str) -> list[Kept]:
    """Every count on record, first things first."""
    query = sa.select(COUNTS).where(COUNTS.c.campaign_id == campaign_id).order_by(COUNTS.c.count)
    rows = [row._mapping for row in tx.rows(query)]
    return [Kept(row["count"], row["counted_at"], row["released_at"], _turnout(row["turnout"])) for row in rows]


def last(tx: Tx, campaign_id: str, released: bool = False) -> Kept | None:
    """The last count, or the last one released."""
    return next((one for one in reversed(kept(tx, campaign_id)) if one.released_at or not released), None)


def begin(tx: Tx, campaign_id: str, turnout: Sequence[GroupTurnout]) -> int:
    """The number of a new count, written down with its turnout; a last one that was never released is gone."""
    before = kept(tx, campaign_id)
    number = len(before) + 1
    if before and before[-1].released_at is None:
        number -= 1
        for table in (COUNTS, OBJECT_RESULTS.table):
            tx.execute(sa.delete(table).where(table.c.campaign_id == campaign_id, table.c.count == number))
    plain = [_plain(one) for one in turnout]
    row = {"campaign_id": campaign_id, "count": number, "counted_at": tx.now, "released_at": None, "turnout": plain}
    tx.insert(COUNTS, row)
    return number


def release(tx: Tx, campaign_id: str) -> None:
    """Marks the last count as released."""
    waiting = (COUNTS.c.campaign_id == campaign_id, COUNTS.c.released_at.is_(None))
    tx.execute(sa.update(COUNTS).where(*waiting).values(released_at=tx.now))


def add(tx: Tx, results: Iterable[ObjectResult]) -> None:
    """Keeps the lines of a count."""
    for result in results:
        tx.add(OBJECT_RESULTS, result)


def results(tx: Tx, campaign_id: str, count: int) -> list[ObjectResult]:
    """Everything kept of one count, group by group, first place first."""
    table = OBJECT_RESULTS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.count == count)
    return [OBJECT_RESULTS.value(row) for row in tx.rows(query.order_by(table.c.place))]


def rows(tx: Tx, campaign_id: str, count: int) -> list[ResultRow]:
    """The lines of one count, in the same order."""
    table = OBJECT_RESULTS.table
    query = sa.select(table.c.row).where(table.c.campaign_id == campaign_id, table.c.count == count)
    return [row.row for row in tx.rows(query.order_by(table.c.place))]


def released(tx: Tx, campaign_ids: Iterable[str]) -> dict[tuple[str, int], datetime]:
    """When each released count of these campaigns was released, by campaign and count."""
    query = sa.select(COUNTS.c.campaign_id, COUNTS.c.count.label("number"), COUNTS.c.released_at)
    wanted = (COUNTS.c.campaign_id.in_(campaign_ids), COUNTS.c.released_at.is_not(None))
    return {(row.campaign_id, row.number): row.released_at for row in tx.rows(query.where(*wanted))}


def ranked(tx: Tx, campaign_ids: Iterable[str]) -> dict[tuple[str, int, str], int]:
    """How many objects have a rank, by campaign, count and object group: one query for them all."""
    table = OBJECT_RESULTS.table
    row = sa.type_coerce(table.c.row, sa.JSON)
    group = row["object_group"].as_string().label("object_group")
    wanted = (table.c.campaign_id.in_(campaign_ids), row["rank"].as_integer() > 0)
    with_rank = sa.select(table.c.campaign_id, table.c.count.label("number"), group).where(*wanted).subquery()
    by = (with_rank.c.campaign_id, with_rank.c.number, with_rank.c.object_group)
    found = tx.rows(sa.select(*by, sa.func.count().label("many")).group_by(*by))
    return {(one.campaign_id, one.number, one.object_group): one.many for one in found}


def _plain(one: GroupTurnout) -> dict[str, Any]:
    numbers = {name: getattr(one, name) for name in ("issued", "received", "counted", "superseded")}
    return {**numbers, "classes": {each.name: number for each, number in one.classes.items()}}


def _turnout(plain: Sequence[dict[str, Any]]) -> tuple[GroupTurnout, ...]:
    return tuple(
        GroupTurnout(**{**one, "classes": {BallotClass[name]: number for name, number in one["classes"].items()}})
        for one in plain
    )
