"""Lists and figures of the ledger. Every list walks an index and begins where the page before it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db import Instant
from chassis.store import Tx, under
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import OPEN
from services.complaints.domain.views import Figures, Filter
from services.complaints.storage.contents import Contents
from services.complaints.storage.tables import ACTS, COMPLAINTS

TABLE = COMPLAINTS.table
RECEIVED = (TABLE.c.received_at, TABLE.c.id)
DUE = (TABLE.c.due_at, TABLE.c.id)
KEYS: dict[str, sa.ColumnElement[Any]] = {
    "stage": TABLE.c.stage,
    "unit": TABLE.c.unit_path,
    "channel": TABLE.c.channel,
    "category": TABLE.c.category,
    "jurisdiction": TABLE.c.jurisdiction_path,
    "light": TABLE.c.light,
}


def page(tx: Tx, contents: Contents, wanted: Filter, sort: str, size: int, token: str) -> tuple[tuple[Complaint, ...], str]:
    """One page of the complaints the caller may see, sorted by receipt or by limit, and the token of the next.

    Nobody is shown a complaint about themselves.
    """
    query = sa.select(TABLE).where(tx.visible(TABLE), *conditions(tx, contents, wanted))
    if tx.caller.official_id:
        query = query.where(TABLE.c.accused_official_id != tx.caller.official_id)
    if sort == "due_asc":
        query = query.where(TABLE.c.due_at.is_not(None), TABLE.c.closed_at.is_(None))
        found = tx.page(query, DUE, size, token, descending=False)
    else:
        found = tx.page(query, RECEIVED, size, token, descending=sort != "received_asc")
    return tuple(COMPLAINTS.value(row) for row in found.rows), found.next_token


def conditions(tx: Tx, contents: Contents, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """The filter as conditions."""
    column = TABLE.c
    found: list[sa.ColumnElement[bool]] = []
    plain = ("category", "number", "origin", "source_number", "matter_id")
    found += [column[name] == getattr(wanted, name) for name in plain if getattr(wanted, name)]
    several = {"stage": wanted.stages, "light": wanted.lights, "channel": wanted.channels}
    found += [column[name].in_(values) for name, values in several.items() if values]
    paths = {"unit_path": wanted.unit_path, "jurisdiction_path": wanted.jurisdiction_path}
    found += [under(column[name], path) for name, path in paths.items() if path]
    if wanted.received_from is not None:
        found.append(column.received_at >= wanted.received_from)
    if wanted.received_before is not None:
        found.append(column.received_at < wanted.received_before)
    if wanted.open_only:
        found.append(column.stage.in_(sorted(OPEN, key=lambda stage: stage.value)))
    if wanted.text:
        found.append(contents.words.holds(tx, wanted.text))
    return found


def figures(tx: Tx, contents: Contents, wanted: Filter, by: str, as_of: datetime) -> list[Figures]:
    """Counts under each value of one key, for what had been received by then."""
    column = TABLE.c
    closed = sa.and_(column.closed_at.is_not(None), column.closed_at <= as_of)
    reached = sa.case((closed, column.closed_at), else_=sa.literal(as_of, Instant()))
    late = sa.and_(column.due_at.is_not(None), reached > column.due_at)
    proven = sa.and_(closed, column.conclusion.in_(("established", "partly")))
    counted = {
        "received": sa.true(),
        "matters": column.matter_id == "",
        "closed": closed,
        "overdue": late,
        "established": proven,
        "rated": column.grade > 0,
        "satisfied": column.grade >= 4,
    }
    sums = [sa.func.count().filter(condition).label(name) for name, condition in counted.items()]
    query = sa.select(KEYS[by].label("key"), *sums).where(
        tx.visible(TABLE), column.received_at <= as_of, *conditions(tx, contents, wanted)
    )
    rows = tx.rows(query.group_by(KEYS[by]).order_by(KEYS[by]))
    return [_figures(row) for row in rows]


def _figures(row: sa.Row[Any]) -> Figures:
    counted = {name: count for name, count in row._mapping.items() if name != "key"}
    key = getattr(row.key, "value", row.key)
    return Figures(key=str(key), on_time=counted["received"] - counted["overdue"], **counted)


def due_to_turn(tx: Tx, now: datetime, years: Sequence[int], limit: int) -> list[str]:
    """Complaints one of whose lights turns by now, and those that wait for the calendar of one of these years: two index
    ranges, as long as what is due and no longer."""
    column = TABLE.c
    turning = sa.select(column.id).where(column.next_light_at <= now).order_by(column.next_light_at)
    waiting = sa.select(column.id).where(column.pending_year.in_(years)).order_by(column.pending_year, column.id)
    return list(dict.fromkeys(row.id for query in (turning, waiting) for row in tx.rows(query.limit(limit))))


def look_again(tx: Tx, since: datetime, before: datetime, now: datetime) -> None:
    """Makes open complaints whose limit may run through the time between these moments due to be reckoned now."""
    column = TABLE.c
    running = sa.and_(column.closed_at.is_(None), column.next_light_at.is_not(None))
    through = sa.and_(column.due_at >= since, column.received_at < before)
    tx.execute(sa.update(TABLE).where(through, running).values(next_light_at=now))


def last_texts(tx: Tx, contents: Contents, complaint_id: str, acts: Sequence[str]) -> dict[str, str]:
    """The latest text of each of these acts, opened."""
    query = sa.select(ACTS.c.act, ACTS.c.text).where(ACTS.c.complaint_id == complaint_id, ACTS.c.act.in_(acts))
    latest = {row.act: row.text for row in tx.rows(query.order_by(ACTS.c.version))}
    opened = contents.texts(tx, complaint_id, list(latest.values()))
    return dict(zip(latest, opened, strict=True))


def by_ids(tx: Tx, ids: Sequence[str]) -> Iterator[Complaint]:
    """The complaints with these ids that the caller may see."""
    for row in tx.rows(sa.select(TABLE).where(TABLE.c.id.in_(ids), tx.visible(TABLE))):
        yield COMPLAINTS.value(row)
