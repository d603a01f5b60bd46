"""What each figure counts, said once: the slow count over the rows, filters of lists and what a timer keeps all ask here.

`slow` walks the rows a filter names. `quick` answers what boards and tables ask from FIGURES, which holds whole months of
receipt (Asia/Shanghai) by one face each, corrected by what has changed since the timer last looked: COUNTED says what each
complaint counts as in FIGURES, so whoever has changed is taken out as it was and put in as it is. Both give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Text

from chassis.clock import day_start, local_day
from chassis.db import BIG, Id, Instant, Path
from chassis.store import Tx, under
from services.complaints.domain.stages import OPEN, Conclusion
from services.complaints.domain.views import Figures, Filter
from services.complaints.storage import recusals
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

TABLE = COMPLAINTS.table
KEYS: dict[str, sa.ColumnElement[Any]] = {
    "stage": TABLE.c.stage,
    "unit": TABLE.c.unit_path,
    "channel": TABLE.c.channel,
    "category": TABLE.c.category,
    "jurisdiction": TABLE.c.jurisdiction_path,
    "light": TABLE.c.light,
}
COUNTERS = ("received", "closed", "overdue", "established", "rated", "satisfied", "open", "yellow", "red")
FACES = ("unit", "channel", "category", "stage", "light")
MOST_CHANGED = 5_000
"""More changes than this since the timer looked are not corrected for: then the slow count answers."""


def _counters() -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in COUNTERS]


# Sums by month of receipt. `unit_path` is told on the face "unit" only, `key` on the others; months are year * 12 + month.
FIGURES = SCHEMA.table(
    "figures",
    Column("face", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("key", Text, nullable=False),
    Column("merged", Boolean, nullable=False),
    *_counters(),
    PrimaryKeyConstraint("face", "month", "jurisdiction_path", "unit_path", "key", "merged"),
)
# What each complaint counts as in FIGURES. `unsettled` are those with a time ahead, which will count differently unchanged.
COUNTED = SCHEMA.table(
    "counted",
    Column("complaint_id", Id(), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("channel", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("light", Text, nullable=False),
    Column("merged", Boolean, nullable=False),
    *_counters(),
    Column("unsettled", Boolean, nullable=False),
    Index(
        "counted_unsettled",
        "complaint_id",
        sqlite_where=sa.text("unsettled"),
        postgresql_where=sa.text("unsettled"),
    ),
)
# How far the timer has come: audit lines up to `audit_seq` are counted in, limits up to `late_until` are judged.
MARKS = SCHEMA.table(
    "figure_marks",
    Column("name", Text, primary_key=True),
    Column("audit_seq", BIG, nullable=False),
    Column("late_until", Instant(), nullable=False),
    Column("walked_to", Id()),
    Column("ready", Boolean, nullable=False),
)


def counts(as_of: datetime) -> dict[str, sa.ColumnElement[bool]]:
    """The condition under which a complaint is counted by each figure, as of a moment."""
    column = TABLE.c
    closed = sa.and_(column.closed_at.is_not(None), column.closed_at <= as_of)
    reached = sa.case((closed, column.closed_at), else_=sa.literal(as_of, Instant()))
    overdue = sa.and_(column.due_at.is_not(None), reached > column.due_at)
    proven = [one for one in Conclusion if one.proven]
    established = sa.and_(closed, column.conclusion.is_not(None), column.conclusion.in_(proven))
    open_ = column.stage.in_(sorted(OPEN, key=lambda stage: stage.value))
    return {
        "received": sa.true(),
        "matters": column.matter_id == "",
        "closed": closed,
        "on_time": sa.not_(overdue),
        "overdue": overdue,
        "established": established,
        "rated": column.grade > 0,
        "satisfied": column.grade >= 4,
        "open": open_,
        "yellow": sa.and_(open_, column.light == "yellow"),
        "red": sa.and_(open_, column.light == "red"),
    }


def not_about(tx: Tx) -> list[sa.ColumnElement[bool]]:
    """Nobody is shown or counts complaints they have to stay out of."""
    return recusals.not_theirs(tx)


def slow(tx: Tx, conditions: Iterable[sa.ColumnElement[bool]], by: str, as_of: datetime) -> list[Figures]:
    """Counts under each value of one key, row by row, of what had been received by then."""
    received = (tx.visible(TABLE), TABLE.c.received_at <= as_of, *not_about(tx), *conditions)
    return _merged(tx.rows(_live(by, as_of).where(*received)))


def quick(tx: Tx, wanted: Filter, by: str) -> list[Figures] | None:
    """The same as `slow` says now, from what is kept; None where it does not hold what is asked, or is not ready."""
    if not _is_kept(tx, wanted, by):
        return None
    mark = marks(tx)
    if mark is None or not mark.ready or mark.late_until > tx.now:
        return None
    moved = changed(tx, mark, MOST_CHANGED)
    if len(moved) > MOST_CHANGED:
        return None
    months, edges = _cut(wanted, tx.now)
    common = [sa.not_(TABLE.c.matter_id != "")] if wanted.matters_only else []
    common += [tx.visible(TABLE), TABLE.c.received_at <= tx.now, *not_about(tx), *_scope(TABLE, wanted)]
    parts = [_live(by, tx.now).where(*common, *_between(*edge)) for edge in edges]
    if months is not None:
        parts += _kept(tx, wanted, by, months)
        if ids := sorted({*moved, *_own(tx)}):
            parts.append(_before(tx, wanted, by, months, ids))
            parts.append(_live(by, tx.now).where(TABLE.c.id.in_(ids), *common, *_between(*_moments(months))))
    return _merged(tx.rows(sa.union_all(*parts))) if parts else []  # type: ignore[arg-type]


def marks(tx: Tx) -> Any:
    """How far the timer has come; None before its first run."""
    return next(iter(tx.rows(sa.select(MARKS))), None)


def changed(tx: Tx, mark: Any, most: int) -> list[str]:
    """Complaints that count otherwise now than FIGURES says, or may; a little more than `most` where there are more.

    Three ranges of indexes: audit lines since the timer looked, limits that have passed since, and times that lie ahead.
    """
    audit, column = tx.store.schema["audit"].c, TABLE.c
    behind = sa.or_(COUNTED.c.version.is_(None), COUNTED.c.version < audit.version)
    since = (audit.seq > mark.audit_seq, audit.resource == COMPLAINTS.name, behind)
    beside = sa.outerjoin(tx.store.schema["audit"], COUNTED, COUNTED.c.complaint_id == _subject(tx))
    lines = sa.select(audit.subject_id).select_from(beside).where(*since).distinct()
    found = {row.subject_id: None for row in tx.rows(lines.limit(most + 1))}
    passed = sa.and_(column.closed_at.is_(None), column.due_at >= mark.late_until, column.due_at < tx.now)
    late = sa.select(column.id).join(COUNTED, COUNTED.c.complaint_id == column.id)
    for query in (late.where(passed, COUNTED.c.overdue == 0), sa.select(COUNTED.c.complaint_id).where(COUNTED.c.unsettled)):
        found |= {row[0]: None for row in tx.rows(query.limit(most + 1))}
    return list(found)


def _subject(tx: Tx) -> sa.ColumnElement[Any]:
    """The complaint an audit line is about, as its own column holds it."""
    audit = tx.store.schema["audit"].c
    if tx.dialect.name == "sqlite":
        return sa.func.replace(audit.subject_id, "-", "")
    return sa.case((audit.resource == COMPLAINTS.name, sa.cast(audit.subject_id, sa.Uuid(as_uuid=False))))


def _own(tx: Tx) -> list[str]:
    """Complaints the caller has to stay out of, and does not count."""
    return recusals.theirs(tx)


def _is_kept(tx: Tx, wanted: Filter, by: str) -> bool:
    """Whether FIGURES can tell: units are told on one face only, and nothing is kept by two keys at once."""
    by_unit = by in ("unit", "jurisdiction")
    rest = replace(wanted, jurisdiction_path="", received_from=None, received_before=None, matters_only=False)
    if by_unit:
        rest = replace(rest, unit_path="")
    return rest == Filter() and (by_unit or not tx.caller.rows.units)


def _live(by: str, as_of: datetime) -> sa.Select[Any]:
    wanted = {name: condition for name, condition in counts(as_of).items() if name != "on_time"}
    sums: list[Any] = [sa.func.sum(sa.case((condition, 1), else_=0)).label(name) for name, condition in wanted.items()]
    columns: list[Any] = [_plain(KEYS[by]).label("key"), *sums]
    return sa.select(*columns).group_by(KEYS[by])


def _kept(tx: Tx, wanted: Filter, by: str, months: Months) -> list[sa.Select[Any]]:
    column = FIGURES.c
    key = {"unit": column.unit_path, "jurisdiction": column.jurisdiction_path}.get(by, column.key)
    face = "unit" if by == "jurisdiction" else by
    within = [column.face == face, *_months(column, months), tx.visible(FIGURES), *_scope(FIGURES, wanted)]
    within += [sa.not_(column.merged)] if wanted.matters_only else []
    return [_sums(FIGURES, key, 1).where(*within)]


def _before(tx: Tx, wanted: Filter, by: str, months: Months, ids: Sequence[str]) -> sa.Select[Any]:
    column = COUNTED.c
    key = {"unit": column.unit_path, "jurisdiction": column.jurisdiction_path}.get(by)
    within = [column.complaint_id.in_(ids), *_months(column, months), tx.visible(COUNTED), *_scope(COUNTED, wanted)]
    within += [sa.not_(column.merged)] if wanted.matters_only else []
    return _sums(COUNTED, column[by] if key is None else key, -1).where(*within)


def _sums(table: sa.Table, key: sa.ColumnElement[Any], sign: int) -> sa.Select[Any]:
    matters = sa.case((table.c.merged, 0), else_=table.c.received)
    columns = {"received": table.c.received, "matters": matters, **{name: table.c[name] for name in COUNTERS[1:]}}
    sums = [(sa.func.sum(column) * sign).label(name) for name, column in columns.items()]
    return sa.select(_plain(key).label("key"), *sums).group_by(key)


def _plain(key: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.type_coerce(key, sa.Text)


def _scope(table: sa.Table, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    paths = {"unit_path": wanted.unit_path, "jurisdiction_path": wanted.jurisdiction_path}
    return [under(table.c[name], path) for name, path in paths.items() if path]


def _merged(rows: Iterable[sa.Row[Any]]) -> list[Figures]:
    """One row a key, in the order of keys, without those that count nothing."""
    by_key: dict[str, dict[str, int]] = {}
    for row in rows:
        sums = by_key.setdefault(row.key, dict.fromkeys(("matters", *COUNTERS), 0))
        for name in sums:
            sums[name] += int(row._mapping[name])
    return [
        Figures(key=key, on_time=sums["received"] - sums["overdue"], **sums)
        for key, sums in sorted(by_key.items())
        if sums["received"]
    ]


# -- months -----------------------------------------------------------------------------------------------------------

Months = tuple[int | None, int | None]  # the first, and the one after the last; None has no end
Moments = tuple[datetime | None, datetime | None]


def month_of(moment: datetime) -> int:
    """The month of a moment, counted through the years."""
    day = local_day(moment)
    return day.year * 12 + day.month - 1


def begins(month: int) -> datetime:
    """The first moment of a month."""
    return day_start(date(month // 12, month % 12 + 1, 1))


def _cut(wanted: Filter, now: datetime) -> tuple[Months | None, list[Moments]]:
    """The period as whole months, and what is left of it at its ends. One that reaches to now or beyond has no end."""
    since, before = wanted.received_from, wanted.received_before
    first = None if since is None else month_of(since) + (begins(month_of(since)) < since)
    after = None if before is None or before > now else month_of(before)
    if first is not None and after is not None and first >= after:
        return None, [(since, before)]
    edges: list[Moments] = []
    if first is not None and since is not None and since < begins(first):
        edges.append((since, begins(first)))
    if after is not None and before is not None and begins(after) < before:
        edges.append((begins(after), before))
    return (first, after), edges


def _months(column: Any, months: Months) -> list[sa.ColumnElement[bool]]:
    first, after = months
    found = [] if first is None else [column.month >= first]
    return found if after is None else [*found, column.month < after]


def _moments(months: Months) -> Moments:
    first, after = months
    return None if first is None else begins(first), None if after is None else begins(after)


def _between(since: datetime | None, before: datetime | None) -> list[sa.ColumnElement[bool]]:
    found = [] if since is None else [TABLE.c.received_at >= since]
    return found if before is None else [*found, TABLE.c.received_at < before]
