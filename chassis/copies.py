"""Small copies of neighbours' records, fed by their facts. A service never asks a neighbour: it looks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from chassis.db import upsert


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of a neighbour's record. `known` is false where only a reference to it has been seen."""

    kind: str
    id: str
    version: int = 0
    unit_path: str = ""
    jurisdiction_path: str = ""
    name: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    known: bool = True


def get(connection: sa.Connection, table: sa.Table, kind: str, id: str) -> Copy:
    """The copy, or a placeholder: an unknown reference is not an error, its fact is merely still on the way."""
    row = connection.execute(sa.select(table).where(table.c.kind == kind, table.c.id == id)).one_or_none()
    return Copy(**row._mapping) if row is not None else Copy(kind, id, known=False)


def find(connection: sa.Connection, table: sa.Table, kind: str, *conditions: sa.ColumnElement[bool]) -> list[Copy]:
    """All copies of a kind that meet the conditions, by id."""
    query = sa.select(table).where(table.c.kind == kind, *conditions).order_by(table.c.id)
    return [Copy(**row._mapping) for row in connection.execute(query)]


def keep(connection: sa.Connection, table: sa.Table, copy: Copy) -> bool:
    """Writes the copy unless the stored version is as new; says whether it did."""
    row = {name: getattr(copy, name) for name in table.c.keys()}
    row["body"] = dict(copy.body)
    insert = upsert(connection.dialect, table).values(row)
    changed = {name: insert.excluded[name] for name in row if name not in ("kind", "id")}
    statement = insert.on_conflict_do_update(
        index_elements=[table.c.kind, table.c.id], set_=changed, where=table.c.version < insert.excluded.version
    )
    return connection.execute(statement.returning(table.c.id)).first() is not None
