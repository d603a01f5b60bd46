"""Bulletins, the counter of their series, and what each complaint of a bulletin counted as when it was drafted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Index, Integer, PrimaryKeyConstraint, Text

from chassis.clock import day_start
from chassis.db import Choice, Doc, Id, Instant, Path
from chassis.store import Page, Tx, under
from services.complaints.domain.bulletins import BulletinState, ComplaintBulletin, CountedRows, Frozen, Period
from services.complaints.domain.views import Figures
from services.complaints.storage.figures import COUNTERS, KEYS, TABLE, counts, not_about
from services.complaints.storage.tables import SCHEMA

BULLETINS = SCHEMA.resource(
    ComplaintBulletin,
    "bulletins",
    Column("state", Choice(BulletinState), nullable=False),
    Column("period", Choice(Period), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("opening", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", Instant(), nullable=False),
    Column("frozen", Doc(Frozen), nullable=False),
    Column("names", Doc(dict), nullable=False),
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
FROZEN = SCHEMA.table(
    "bulletin_complaints",
    Column("bulletin_id", Id(), nullable=False),
    Column("complaint_id", Id(), nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("channel", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("light", Text, nullable=False),
    Column("merged", Boolean, nullable=False),
    *(Column(name, Integer, nullable=False) for name in COUNTERS),
    PrimaryKeyConstraint("bulletin_id", "complaint_id"),
    Index("bulletin_complaints_received", "bulletin_id", "received_at", "complaint_id"),
)
_KEYS = {"unit": FROZEN.c.unit_path, "jurisdiction": FROZEN.c.jurisdiction_path}


def freeze(tx: Tx, bulletin: ComplaintBulletin) -> None:
    """Notes what each complaint received in the period counts as at this moment."""
    column, is_counted = TABLE.c, counts(tx.now)
    words = [sa.type_coerce(KEYS[name], sa.Text) for name in ("channel", "category", "stage", "light")]
    noted = sa.select(
        sa.literal(bulletin.id, FROZEN.c.bulletin_id.type),
        column.id,
        column.received_at,
        column.jurisdiction_path,
        column.unit_path,
        *words,
        column.matter_id != "",
        *(sa.case((is_counted[name], 1), else_=0) for name in COUNTERS),
    ).where(
        column.received_at >= day_start(bulletin.since),
        column.received_at < day_start(bulletin.period.after(bulletin.since)),
        under(column.jurisdiction_path, bulletin.jurisdiction_path),
    )
    tx.execute(sa.insert(FROZEN).from_select([one.name for one in FROZEN.c], noted))


def table(tx: Tx, bulletin_id: str, by: str = "", matters_only: bool = False) -> tuple[Figures, ...]:
    """The frozen figures by one key, most received first; one row of everything where none is named."""
    column = FROZEN.c
    matters = sa.case((column.merged, 0), else_=1)
    sums = {"matters": matters, **{name: column[name] for name in COUNTERS}}
    totals = [sa.func.coalesce(sa.func.sum(one), 0).label(name) for name, one in sums.items()]
    key: Any = _key(by) if by else sa.literal("")
    query = sa.select(key.label("key"), *totals).where(column.bulletin_id == bulletin_id)
    query = query.where(sa.not_(column.merged)) if matters_only else query
    rows = tx.execute(query.group_by(key) if by else query)
    found = []
    for row in rows:
        counted = {name: int(count) for name, count in row._mapping.items() if name != "key"}
        found.append(Figures(key=row.key, on_time=counted["received"] - counted["overdue"], **counted))
    return tuple(sorted(found, key=lambda one: (-one.received, one.key)))


def counted(tx: Tx, bulletin_id: str, wanted: CountedRows, size: int, token: str) -> Page:
    """The complaints a frozen figure counted, oldest first, as far as the caller may see them."""
    frozen = FROZEN.c
    beside = sa.join(TABLE, FROZEN, TABLE.c.id == frozen.complaint_id)
    query = sa.select(TABLE).select_from(beside).where(frozen.bulletin_id == bulletin_id, tx.visible(TABLE))
    query = query.where(*not_about(tx), *_figure(wanted.figure))
    if wanted.by:
        query = query.where(_key(wanted.by) == wanted.key)
    if wanted.matters_only:
        query = query.where(sa.not_(frozen.merged))
    return tx.page(query, (frozen.received_at, frozen.complaint_id), size, token, descending=False)


def _key(by: str) -> sa.ColumnElement[Any]:
    return _KEYS[by] if by in _KEYS else FROZEN.c[by]


def _figure(name: str) -> list[sa.ColumnElement[bool]]:
    special = {"": [], "matters": [sa.not_(FROZEN.c.merged)], "on_time": [FROZEN.c.overdue == 0]}
    return special[name] if name in special else [FROZEN.c[name] == 1]


def next_place(tx: Tx, word: str, year: int) -> int:
    """The next place of a series in a year. Whoever comes next waits until this transaction has ended, and if it comes to
    nothing takes the same place."""
    statement = tx.upsert(SERIES).values(word=word, year=year, last=1)
    moved = statement.on_conflict_do_update(index_elements=[SERIES.c.word, SERIES.c.year], set_={"last": SERIES.c.last + 1})
    last: int = tx.execute(moved.returning(SERIES.c.last)).scalar_one()
    return last
