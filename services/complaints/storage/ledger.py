"""Lists of the ledger. Every list walks an index and begins where the page before it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.store import Page, Tx, under
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import OPEN, Stage
from services.complaints.domain.views import Filter
from services.complaints.domain.weeks import begins, week_of
from services.complaints.storage.contents import Contents
from services.complaints.storage.figures import KEYS, counts, not_about
from services.complaints.storage.tables import ACTS, COMPLAINTS, CONTENTS

TABLE = COMPLAINTS.table
RECEIVED = (TABLE.c.received_at, TABLE.c.id)
DUE = (TABLE.c.due_at, TABLE.c.id)
SEARCHED_FIRST, SEARCHED_MORE = 1, 4
"""A search looks at this many weeks first, then at so many times more, until the page is full."""

FOUND_TOGETHER = 5_000
"""Up to so many are named one by one, so that the database sorts them and does not walk the ledger for them."""
HASHED_TOGETHER = 200


def page(tx: Tx, contents: Contents, wanted: Filter, sort: str, size: int, token: str) -> tuple[tuple[Complaint, ...], str]:
    """One page of the complaints the caller may see, sorted by receipt or by limit, and the token of the next.

    Nobody is shown a complaint about themselves.
    """
    query = sa.select(TABLE).where(tx.visible(TABLE), *not_about(tx), *conditions(tx, wanted))
    if sort == "due_asc":
        query = query.where(TABLE.c.due_at.is_not(None), TABLE.c.closed_at.is_(None))
        if wanted.text:
            query = query.where(holds(tx, contents, wanted.text))
        found = tx.page(query, DUE, size, token, descending=False)
    elif wanted.text:
        found = _search(tx, contents, query, wanted.text, sort != "received_asc", size, token)
    else:
        found = tx.page(query, RECEIVED, size, token, descending=sort != "received_asc")
    return tuple(COMPLAINTS.value(row) for row in found.rows), found.next_token


def _search(tx: Tx, contents: Contents, query: sa.Select[Any], text: str, descending: bool, size: int, token: str) -> Page:
    """A page of what holds the words: the weeks nearest to where it begins are asked first, then more and more of them, so
    that a word in every tenth complaint costs no more in a long ledger than in a short one."""
    received = TABLE.c.received_at
    begin = tx.page(sa.select(received).where(tx.visible(TABLE)), RECEIVED, 1, token, descending).rows
    if not begin:
        return Page([], "")
    first, every = week_of(begin[0].received_at), _weeks(tx)
    last = every.start if descending else every.stop - 1
    count = SEARCHED_FIRST
    while True:
        end = max(last, first - count + 1) if descending else min(last, first + count - 1)
        weeks = range(min(first, end), max(first, end) + 1)
        whole = end == last
        within = [] if whole else [received >= begins(weeks.start)] if descending else [received < begins(weeks.stop)]
        held = contents.words.holds(tx, text, weeks)
        ids = [row.id for row in tx.rows(query.with_only_columns(TABLE.c.id).where(held).limit(FOUND_TOGETHER + 1))]
        held = TABLE.c.id.in_(ids) if len(ids) <= FOUND_TOGETHER else held
        found = tx.page(query.where(held, *within), RECEIVED, size, token, descending)
        if whole or found.next_token:
            return found
        count *= SEARCHED_MORE


def holds(tx: Tx, contents: Contents, text: str) -> sa.ColumnElement[bool]:
    """The condition that a complaint of any week holds the words."""
    return contents.words.holds(tx, text, _weeks(tx))


def hash_words(tx: Tx, contents: Contents, most: int = HASHED_TOGETHER) -> int:
    """Hashes words that are not hashed by week yet; says of how many complaints."""
    waiting = sa.and_(CONTENTS.c.week.is_(None), CONTENTS.c.wrapped_key.is_not(None))
    query = sa.select(TABLE.c.id, TABLE.c.received_at).join(CONTENTS, CONTENTS.c.complaint_id == TABLE.c.id)
    rows = tx.rows(query.where(waiting).limit(most))
    for row in rows:
        contents.hash_words(tx, row.id, row.received_at)
    return len(rows)


def stage_left_by(tx: Tx, complaint_id: str, act: str) -> Stage | None:
    """Where the complaint stood before it was last acted on so, as its timeline tells; None where it tells of no such act.

    What a complaint keeps of the stage it comes from is one stage: a merger or isolation since then has used it up.
    """
    acts = tx.rows(sa.select(ACTS.c.act, ACTS.c.stage).where(ACTS.c.complaint_id == complaint_id).order_by(ACTS.c.version))
    before = [acts[at - 1].stage for at, row in enumerate(acts) if row.act == act and at]
    return before[-1] if before else None


def _weeks(tx: Tx) -> range:
    """The weeks in which anything was received."""
    ends = sa.select(sa.func.min(TABLE.c.received_at), sa.func.max(TABLE.c.received_at))
    found: Any = tx.rows(ends)[0]
    first, last = found
    return range(0) if first is None else range(week_of(first), week_of(last) + 1)


def conditions(tx: Tx, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """The filter as conditions; the words of its text are `_search`'s."""
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
    if wanted.figure:
        found += [column.received_at <= tx.now, counts(tx.now)[wanted.figure]]
    if wanted.counted_by:
        found.append(KEYS[wanted.counted_by] == wanted.key)
    if wanted.matters_only:
        found.append(column.matter_id == "")
    return found


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
