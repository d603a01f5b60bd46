"""Keeping FIGURES counted: by a timer, so that filing and handling pay nothing for it.

Each step is one transaction that takes complaints out of the sums as they were counted and puts them in as they are. What
has changed is known from the audit trail; beside that the whole ledger is walked in small parts again and again, so that
what came in by any other way, or was ever missed, is counted too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.store import Tx
from services.complaints.storage.figures import (
    COUNTED,
    COUNTERS,
    FACES,
    FIGURES,
    MARKS,
    TABLE,
    begins,
    changed,
    counts,
    month_of,
)

BATCH = 2_000
WALKED = 5_000
LAG = timedelta(minutes=2)
"""Audit lines younger than this are looked at again: one drawn before them may commit after them."""
_LEDGER = "ledger"
Which = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]


def step(tx: Tx) -> bool:
    """One step; says whether more is waiting."""
    mark = _taken(tx)
    if not mark.ready:
        return _first_walk(tx, mark)
    waiting = changed(tx, mark, BATCH)
    if settled := _to_fold(tx, waiting):
        _fold(tx, lambda column: column.in_(settled[:BATCH]))
    if settled and len(waiting) > BATCH:
        return True
    walked_to = _look_over(tx, mark.walked_to)
    _note(tx, audit_seq=_counted_in(tx, mark.audit_seq), late_until=tx.now, walked_to=walked_to)
    return False


def _taken(tx: Tx) -> Any:
    """The marks, held until this transaction ends: two workers fold one after the other."""
    begun = {"name": _LEDGER, "audit_seq": 0, "late_until": tx.now, "walked_to": None, "ready": False}
    made = tx.upsert(MARKS).values(begun).on_conflict_do_nothing(index_elements=[MARKS.c.name])
    if tx.execute(made.returning(MARKS.c.name)).first() is not None:
        _note(tx, audit_seq=_counted_in(tx, 0))
    return tx.execute(sa.select(MARKS).with_for_update()).one()


def _note(tx: Tx, **marks: Any) -> None:
    tx.execute(sa.update(MARKS).where(MARKS.c.name == _LEDGER).values(marks))


def _counted_in(tx: Tx, since: int) -> int:
    """The last audit line before which none can appear any more."""
    audit = tx.store.schema["audit"].c
    young = sa.select(sa.func.min(audit.seq)).where(audit.seq > since, audit.at >= tx.now - LAG)
    if since == 0:  # the whole trail: read it from its end
        old = sa.select(audit.seq).where(audit.at < tx.now - LAG).order_by(audit.seq.desc()).limit(1)
        return int(tx.execute(old).scalar() or 0)
    first = tx.execute(young).scalar()
    last = first - 1 if first is not None else tx.execute(sa.select(sa.func.max(audit.seq))).scalar()
    return max(since, int(last or 0))


def _to_fold(tx: Tx, ids: list[str]) -> list[str]:
    """Without those that only wait for a time ahead."""
    ahead = sa.or_(TABLE.c.received_at > tx.now, TABLE.c.closed_at > tx.now)
    query = sa.select(TABLE.c.id).join(COUNTED, COUNTED.c.complaint_id == TABLE.c.id)
    same = query.where(TABLE.c.id.in_(ids[: BATCH * 2]), ahead, COUNTED.c.version == TABLE.c.version)
    waiting = {row.id for row in tx.execute(same)}
    return [one for one in ids if one not in waiting]


def _first_walk(tx: Tx, mark: Any) -> bool:
    """The next part of the ledger, from its beginning to its end; then the figures are ready."""
    last = _end_of_part(tx, mark.walked_to)
    if last is None:
        _note(tx, ready=True, walked_to=None)
        return True
    _fold(tx, _part(mark.walked_to, last))
    _note(tx, walked_to=last)
    return True


def _look_over(tx: Tx, begin: str | None) -> str | None:
    """The next part looked over for what is not counted as it stands, or counted and gone; None at the end."""
    last, here = _end_of_part(tx, begin), _part(begin, None)
    if last is not None:
        here = _part(begin, last)
    other = sa.or_(COUNTED.c.version.is_(None), COUNTED.c.version != TABLE.c.version)
    beside = sa.outerjoin(TABLE, COUNTED, COUNTED.c.complaint_id == TABLE.c.id)
    missed = sa.select(TABLE.c.id).select_from(beside).where(here(TABLE.c.id), other).limit(BATCH)
    stood = sa.exists().where(TABLE.c.id == COUNTED.c.complaint_id)
    gone = sa.select(COUNTED.c.complaint_id).where(here(COUNTED.c.complaint_id), ~stood).limit(BATCH)
    found = [row[0] for query in (missed, gone) for row in tx.execute(query)]
    if found:
        _fold(tx, lambda column: column.in_(found))
    return last


def _end_of_part(tx: Tx, begin: str | None) -> str | None:
    ids = sa.select(TABLE.c.id).order_by(TABLE.c.id).limit(WALKED)
    part = (ids if begin is None else ids.where(TABLE.c.id > begin)).subquery()
    found: str | None = tx.execute(sa.select(part.c.id).order_by(part.c.id.desc()).limit(1)).scalar()
    return found


def _part(begin: str | None, last: str | None) -> Which:
    def within(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        ends = [] if begin is None else [column > begin]
        return sa.and_(sa.true(), *ends, *([] if last is None else [column <= last]))

    return within


def _fold(tx: Tx, which: Which) -> None:
    """Takes them out as they were counted, looks at them, and puts them in as they are."""
    tx.execute(_sums(tx, which, -1))
    tx.execute(sa.delete(COUNTED).where(which(COUNTED.c.complaint_id)))
    looked = _looked_at(tx, which)
    if looked is None:
        return
    tx.execute(sa.insert(COUNTED).from_select([column.name for column in COUNTED.c], looked))
    tx.execute(_sums(tx, which, 1))


def _looked_at(tx: Tx, which: Which) -> sa.Select[Any] | None:
    """What these complaints count as now, in the order of COUNTED's columns; None if there are none."""
    column = TABLE.c
    ends = sa.select(sa.func.min(column.received_at), sa.func.max(column.received_at)).where(which(column.id))
    found: Any = tx.execute(ends).one()
    first, last = found
    if first is None:
        return None
    low, high = month_of(first), month_of(last)
    ends_of = [(column.received_at < begins(month + 1), month) for month in range(low, high)]
    month = sa.case(*ends_of, else_=high) if ends_of else sa.literal(high)
    is_counted = counts(tx.now)
    ahead = sa.or_(column.received_at > tx.now, sa.and_(column.closed_at.is_not(None), column.closed_at > tx.now))
    plain = [sa.type_coerce(column[name], sa.Text) for name in ("channel", "category", "stage", "light")]
    return sa.select(
        column.id,
        column.version,
        month,
        column.jurisdiction_path,
        column.unit_path,
        *plain,
        column.matter_id != "",
        *(sa.case((is_counted[name], 1), else_=0) for name in COUNTERS),
        ahead,
    ).where(which(column.id))


def _sums(tx: Tx, which: Which, sign: int) -> Any:
    """Adds what these complaints are counted as to every face of FIGURES, or takes it away."""
    column = COUNTED.c
    sums = [(sa.func.sum(column[name]) * sign).label(name) for name in COUNTERS]
    nothing = sa.literal("", sa.Text)
    faces = []
    for face in FACES:
        unit, key = (column.unit_path, nothing) if face == "unit" else (nothing, column[face])
        cell = (sa.literal(face, sa.Text), column.month, column.jurisdiction_path, unit, key, column.merged)
        told = [part.label(name) for name, part in zip(_CELL, cell, strict=True)]
        grouped = [part for part in cell[1:] if part is not nothing]
        faces.append(sa.select(*told, *sums).where(which(column.complaint_id)).group_by(*grouped))
    every = sa.union_all(*faces).subquery()
    insert = tx.upsert(FIGURES).from_select([*_CELL, *COUNTERS], sa.select(every).where(sa.true()))
    added = {name: FIGURES.c[name] + insert.excluded[name] for name in COUNTERS}
    return insert.on_conflict_do_update(index_elements=[FIGURES.c[name] for name in _CELL], set_=added)


_CELL = ("face", "month", "jurisdiction_path", "unit_path", "key", "merged")
