"""Counting and listing from one and the same question: what a figure says is what its list holds.

Here: the SQL behind each figure, one set at a time. Not here: which measure is counted where (domain/figures).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import day_start, local_day
from chassis.store import Page, Tx
from services.accountability.domain.circular import CircularState
from services.accountability.domain.documents import DocumentKind
from services.accountability.domain.figures import Figure, FigureRow, Period, TableForm
from services.accountability.domain.states import EffectState
from services.accountability.storage.cases import SERVICE
from services.accountability.storage.documents import ISSUED
from services.accountability.storage.public import CIRCULAR_CASES, CIRCULARS
from services.accountability.storage.tables import CASES, EFFECTS, LINKS

_UNKNOWN = -1


def persons_by_measure(tx: Tx, form: TableForm, period: Period) -> dict[str, int]:
    """How many persons have which measure as the heaviest of those that count."""
    held = _heaviest(tx, form, period, form.counted)
    query = sa.select(held.c.measure, sa.func.count().label("persons")).group_by(held.c.measure)
    return {row.measure: row.persons for row in tx.rows(query)}


def count(tx: Tx, form: TableForm, period: Period, figure: Figure) -> int:
    """What a figure says."""
    return int(tx.rows(sa.select(sa.func.count()).select_from(_behind(tx, form, period, figure, "")))[0][0])


def rows(tx: Tx, form: TableForm, period: Period, figure: Figure, column: str, size: int, token: str) -> Page:
    """What stands behind it, newest first."""
    found = _behind(tx, form, period, figure, column)
    return tx.page(sa.select(found), (found.c.on, found.c.id), size, token)


def row(found: Any) -> FigureRow:
    """One row of them."""
    on = local_day(found.on) if isinstance(found.on, datetime) else found.on
    return FigureRow(found.case_id, found.case_number, found.official_id, found.unit_path, found.measure, on)


def _behind(tx: Tx, form: TableForm, period: Period, figure: Figure, column: str) -> sa.Subquery:
    match figure:
        case Figure.PERSONS_BY_MEASURE:
            held = _heaviest(tx, form, period, form.counted)
            return sa.select(held).where(held.c.measure.in_(sorted(form.measures_in(column)))).subquery()
        case Figure.SANCTIONED:
            return _heaviest(tx, form, period, form.sanctions)
        case Figure.HANDLED_AFTER_COMPLAINTS:
            of_complaints = sa.select(LINKS.c.case_id).where(
                LINKS.c.kind == SERVICE, LINKS.c.ref.in_(form.complaint_services)
            )
            return _heaviest(tx, form, period, form.ranks, EFFECTS.table.c.case_id.in_(of_complaints))
        case Figure.CASES_FILED:
            table = CASES.table
            return _cases(tx, table.c.filed_at, _within(table.c.filed_at, period))
        case Figure.CASES_CIRCULATED:
            return _circulated(tx, period)


def _heaviest(
    tx: Tx, form: TableForm, period: Period, measures: Iterable[str], *further: sa.ColumnElement[bool]
) -> sa.Subquery:
    """One row for each person: the heaviest of these measures decided in the period that was not revoked."""
    table = EFFECTS.table
    rank = sa.case(dict(form.ranks), value=table.c.measure, else_=_UNKNOWN)
    place = sa.func.row_number().over(
        partition_by=table.c.official_id, order_by=(rank.desc(), table.c.starts_on, table.c.id)
    )
    held = (
        sa.select(
            table.c.id,
            table.c.case_id,
            table.c.case_number,
            table.c.official_id,
            table.c.unit_path,
            table.c.measure,
            table.c.starts_on.label("on"),
            place.label("place"),
        )
        .where(tx.visible(table), table.c.official_id != "", table.c.state != EffectState.REVOKED)
        .where(table.c.starts_on.between(period.first, period.last), table.c.measure.in_(sorted(measures)), *further)
        .subquery()
    )
    return sa.select(held).where(held.c.place == 1).subquery()


def _circulated(tx: Tx, period: Period) -> sa.Subquery:
    """Cases told of in a circular that stands, or in one issued about the case alone; each once, on the first such day."""
    circulars, issued = CIRCULARS.table, ISSUED.table
    told = sa.select(CIRCULAR_CASES.c.case_id, circulars.c.published_at.label("at")).where(
        CIRCULAR_CASES.c.circular_id == circulars.c.id,
        circulars.c.state == CircularState.PUBLISHED,
        _within(circulars.c.published_at, period),
    )
    alone = sa.select(issued.c.case_id, issued.c.issued_at.label("at")).where(
        issued.c.kind == DocumentKind.CIRCULAR, _within(issued.c.issued_at, period)
    )
    every = sa.union_all(told, alone).subquery()
    first = sa.select(every.c.case_id, sa.func.min(every.c.at).label("at")).group_by(every.c.case_id).subquery()
    return _cases(tx, first.c.at, CASES.table.c.id == first.c.case_id)


def _cases(tx: Tx, on: sa.ColumnElement[Any], *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    table = CASES.table
    nothing = sa.literal("", sa.Text)
    columns = (
        table.c.id,
        table.c.id.label("case_id"),
        table.c.number.label("case_number"),
        nothing.label("official_id"),
        table.c.unit_path,
        nothing.label("measure"),
        on.label("on"),
    )
    return sa.select(*columns).where(tx.visible(table), *conditions).subquery()


def _within(column: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[bool]:
    return (column >= day_start(period.first)) & (column < day_start(period.last + timedelta(days=1)))
