"""Which rows of counted cards were asked once more for which sample, and what all that people keyed comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

from chassis.db import Id
from chassis.store import Tx
from services.evaluation.domain.card import DoubtState, Origin
from services.evaluation.domain.card_sample import RowsKeyed
from services.evaluation.storage.cards import DOUBTS
from services.evaluation.storage.schema import SCHEMA

SAMPLE_ROWS = SCHEMA.table(
    "card_sample_rows",
    Column("doubt_id", Id(), primary_key=True),
    Column("sample_id", Id(), nullable=False),
    sa.Index("card_sample_rows_sample", "sample_id"),
)


def note(tx: Tx, sample_id: str, doubt_ids: Sequence[str]) -> None:
    """Keeps which rows a sample asks for."""
    tx.bulk(SAMPLE_ROWS, [{"doubt_id": one, "sample_id": sample_id} for one in doubt_ids])


def keyed(tx: Tx, campaign_id: str) -> RowsKeyed:
    """What all keying of a campaign comes to, added up where it lies."""
    table = DOUBTS.table
    told = sa.or_(table.c.second_by != "", table.c.origin == Origin.SAMPLE)
    query = sa.select(table.c.campaign_id, *_sums()).where(table.c.campaign_id == campaign_id, told)
    found = tx.rows(query.group_by(table.c.campaign_id))
    return _rows_keyed(found[0]) if found else RowsKeyed()


def outcomes(tx: Tx, sample_ids: Sequence[str]) -> dict[str, RowsKeyed]:
    """What came of each of these samples."""
    joined = SAMPLE_ROWS.join(DOUBTS.table, DOUBTS.table.c.id == SAMPLE_ROWS.c.doubt_id)
    query = sa.select(SAMPLE_ROWS.c.sample_id, *_sums()).select_from(joined)
    query = query.where(SAMPLE_ROWS.c.sample_id.in_(sample_ids)).group_by(SAMPLE_ROWS.c.sample_id)
    return {row.sample_id: _rows_keyed(row) for row in tx.rows(query)}


def _sums() -> list[sa.ColumnElement[int]]:
    table = DOUBTS.table
    said = sa.type_coerce(table.c.keyings, sa.JSON())
    first, second = (said[(hand, "mark")].as_integer() for hand in (0, 1))
    twice, sampled = table.c.second_by != "", table.c.origin == Origin.SAMPLE
    decided = sa.and_(sampled, table.c.state == DoubtState.DECIDED)
    each = {
        "twice": twice,
        "alike": sa.and_(twice, first == second),
        "sampled": sampled,
        "decided": decided,
        "wrong": sa.and_(decided, table.c.mark != table.c.counted),
    }
    return [sa.func.sum(sa.case((one, 1), else_=0)).label(name) for name, one in each.items()]


def _rows_keyed(row: sa.Row[Any]) -> RowsKeyed:
    return RowsKeyed(*(int(row._mapping[name] or 0) for name in RowsKeyed.__dataclass_fields__))
