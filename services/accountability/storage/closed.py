"""Closed cases, as the back-test reads them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chassis.store import Tx
from services.accountability.domain.states import CaseState
from services.accountability.rules.backtest import ClosedCase
from services.accountability.storage.tables import CASES, PROPOSALS


def closed_cases(tx: Tx, after_id: str, count: int) -> list[ClosedCase]:
    """The next closed cases with their last proposal, as plain JSON values: typing each would cost more than judging it."""
    table, proposals = CASES.table, PROPOSALS.table
    query = sa.select(table.c.id, table.c.number, table.c.proposal_id).where(*_closed(tx))
    if after_id:
        query = query.where(table.c.id > after_id)
    found = tx.rows(query.order_by(table.c.id).limit(count))
    wanted = sa.select(proposals.c.id, sa.type_coerce(proposals.c.questions, sa.JSON), *_said(tx))
    told = tx.rows(wanted.where(proposals.c.id.in_([row.proposal_id for row in found])))
    said: dict[str, tuple[Any, Any]] = {id: (asked, _answers(*answers)) for id, asked, *answers in map(tuple, told)}
    return [ClosedCase(row.id, row.number, *said[row.proposal_id]) for row in found]


def _said(tx: Tx) -> list[sa.ColumnElement[Any]]:
    """What the proposal says: on PostgreSQL only who it is about and the rows that fired, a quarter of the whole."""
    parties = PROPOSALS.table.c.parties
    if tx.dialect.name != "postgresql":
        return [sa.type_coerce(parties, sa.JSON)]
    paths: list[sa.ColumnElement[Any]] = [sa.literal_column(f"'$[*].{name}'::jsonpath") for name in ("party_id", "fired")]
    return [sa.func.jsonb_path_query_array(parties, path, type_=sa.JSON) for path in paths]


def _answers(first: list[Any], fired: list[Any] | None = None) -> list[dict[str, Any]]:
    if fired is None:
        return first
    return [{"party_id": party, "fired": rows} for party, rows in zip(first, fired, strict=True)]


def count_closed(tx: Tx, up_to_id: str = "") -> int:
    """How many closed cases the caller may see, or how many of them up to an id."""
    query = sa.select(sa.func.count()).select_from(CASES.table).where(*_closed(tx))
    return int(tx.rows(query.where(CASES.table.c.id <= up_to_id) if up_to_id else query)[0][0])


def _closed(tx: Tx) -> tuple[sa.ColumnElement[bool], ...]:
    table = CASES.table
    closed = table.c.state.in_([CaseState.CLOSED, CaseState.ARCHIVED])
    return tx.visible(table), closed, table.c.proposal_id != ""
