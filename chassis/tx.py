"""One transaction of one caller: resources, queries, facts, answers, numbers, neighbours.

Rows that are added gather until somebody could see them or the transaction ends (see `chassis.inserts`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import RawCursor

from chassis import copies, plain, requests
from chassis.auth import Caller
from chassis.clock import new_id
from chassis.copies import Copy
from chassis.db import Resource, upsert
from chassis.errors import NotFound, Stale
from chassis.facts import fact_type
from chassis.inserts import Inserts
from chassis.paging import Page, page
from chassis.plain import Plain
from chassis.words import shout, snake

if TYPE_CHECKING:
    from chassis.store import Store

T = TypeVar("T")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every fact carries besides itself."""

    event_id: str
    occurred_at: datetime
    recorded_at: datetime


class Tx:
    """One transaction of one caller."""

    def __init__(self, store: Store, connection: sa.Connection, caller: Caller) -> None:
        self.store = store
        self.dialect = store.engine.dialect
        self.caller = caller
        self.now = store.clock.now()
        self.announced = False
        self._connection = connection
        self._inserts = Inserts(connection)
        self._begun = False
        self._road = plain.Road()
        self._looked = False
        self._answered: Any = None
        self._answer: tuple[str, str] | None = None
        self._digests: dict[tuple[str, str], bytes] = {}

    # -- resources ------------------------------------------------------------------------------------------------

    def get(self, resource: Resource[T], id: str, expected_version: int | None = None) -> T:
        """The resource, if the caller may see it. Raises NotFound with `<CLASS>_NOT_FOUND`, also for a row outside the
        caller's rows; Stale if it has moved on."""
        found = self.find(resource, resource.table.c.id == id) if is_id(id) else None
        if found is None:
            raise NotFound(f"{shout(resource.cls.__name__)}_NOT_FOUND", f"{snake(resource.cls.__name__)}_id")
        version: int = found.version  # type: ignore[attr-defined]
        if expected_version is not None and version != expected_version:
            raise Stale(expected=expected_version, actual=version)
        return found

    def find(self, resource: Resource[T], *conditions: sa.ColumnElement[bool]) -> T | None:
        """The one resource that meets the conditions and that the caller may see, or None."""
        query = sa.select(resource.table).where(self.visible(resource.table), *conditions)
        row = self._reading().execute(query).one_or_none()
        if row is None:
            return None
        value = resource.value(row)
        self._digests[resource.name, value.id] = digest(resource.row(value))  # type: ignore[attr-defined]
        return value

    def add(self, resource: Resource[T], value: T) -> T:
        """Writes a new resource, with its line in the audit trail."""
        row = resource.row(value)
        self._inserts.add(resource.table, row)
        self._audit(resource.name, row, None)
        return value

    def save(self, resource: Resource[T], value: T) -> T:
        """Writes a changed resource whose version is one above the stored one. Raises Stale if that is no longer so."""
        row = resource.row(value)
        table = resource.table
        changed = {name: content for name, content in row.items() if name != "id"}
        match = (table.c.id == row["id"]) & (table.c.version == row["version"] - 1)
        if self._writing().execute(sa.update(table).where(match).values(changed)).rowcount != 1:
            raise Stale(expected=row["version"] - 1)
        self._audit(resource.name, row, self._digests.get((resource.name, row["id"])))
        return value

    def visible(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition that keeps a query to the caller's rows."""
        rows = self.caller.rows
        if rows.everything:
            return sa.true()
        reach = [under(table.c.jurisdiction_path, path) for path in rows.jurisdictions]
        reach += [under(table.c.unit_path, path) for path in rows.units]
        return sa.or_(sa.false(), *reach)

    # -- queries --------------------------------------------------------------------------------------------------

    def rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """All rows of a query that only reads."""
        return self._reading().execute(query).all()

    def execute(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> sa.CursorResult[Any]:
        """Runs a statement that writes or locks, with its values if it is one made before; it sees what was added so far."""
        result: sa.CursorResult[Any] = self._writing().execute(statement, values)
        return result

    def together(self, *statements: Plain) -> list[list[tuple[Any, ...]]]:
        """PostgreSQL only: the rows of several plain statements, inside the transaction, in one round trip."""
        if self._begun:
            self._writing()
        begun, self._begun = self._begun, True
        return plain.together(self._connection, begun, statements)

    def post(self, statement: Plain) -> RawCursor[Any]:
        """PostgreSQL only: a plain statement nobody waits for, unless something else comes after it, which finds it done."""
        ready = self._road and not self._inserts
        return self._road.send(self._connection if ready else self._writing(), statement)

    def page(
        self, query: sa.Select[Any], by: Sequence[sa.ColumnElement[Any]], size: int, token: str, descending: bool = True
    ) -> Page:
        """A keyset page; see `chassis.paging.page`."""
        return page(self._reading(), query, by, size, token, descending)

    def insert(self, table: sa.Table, row: dict[str, Any]) -> None:
        """Writes a row that is no resource; it travels with the rest at the end of the transaction."""
        self._inserts.add(table, row)

    def upsert(self, table: sa.Table) -> Any:
        """The database's own INSERT, which knows ON CONFLICT; run it with `execute`."""
        return upsert(self.dialect, table)

    def bulk(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
        """Loads many rows of one shape, without audit lines: the caller writes one for the whole."""
        self._writing()
        self._inserts.copy(table, rows)

    # -- facts, answers, audit ------------------------------------------------------------------------------------

    def emit(self, fact: Any, occurred_at: datetime | None = None) -> None:
        """Announces a fact once this transaction has committed."""
        envelope = Envelope(new_id(self.store.clock), occurred_at or self.now, self.now)
        event = self.store.encode_fact(fact, envelope)
        row = {
            "event_id": envelope.event_id,
            "type": fact_type(event),
            "subject_id": str(event.subject_id),
            "version": event.version,
            "payload": event.SerializeToString(),
            "traceparent": self.store.traceparent(),
            "occurred_at": envelope.occurred_at,
        }
        self._inserts.add(self.store.schema["outbox"], row)
        self.announced = True

    @property
    def answered(self) -> Any:
        """What this request was answered with before, or None the first time. Raises Conflict for another body."""
        if self.caller.request is not None and not self._looked:
            self._looked = True
            self._answered = requests.look(self, self.caller.request)
        return self._answered

    @property
    def answered_meanwhile(self) -> Any:
        """The same, asked again by whoever has waited for a lock: the same request may have been carried out under it."""
        self._looked = False
        return self.answered

    def answer(self, value: T) -> T:
        """Remembers `value`, a resource of this service, as the answer to this request."""
        self._answer = requests.plain(self.store.schema, value)
        return value

    def note(self, resource: str, subject_id: str, act: str = "", unit_path: str = "", jurisdiction_path: str = "") -> None:
        """Writes a line in the audit trail for an act that changes no resource, for example opening an identity."""
        row = {"id": subject_id, "version": 0, "unit_path": unit_path, "jurisdiction_path": jurisdiction_path}
        self._line(act or self.caller.act, resource, row, None, None)

    def _audit(self, resource: str, row: dict[str, Any], before: bytes | None) -> None:
        after = digest(row)
        self._digests[resource, row["id"]] = after
        self._line(self.caller.act, resource, row, before, after)

    def _line(self, act: str, resource: str, row: dict[str, Any], before: bytes | None, after: bytes | None) -> None:
        line = {
            "at": self.now,
            "actor": self.caller.subject,
            "act": act,
            "resource": resource,
            "subject_id": row["id"],
            "version": row["version"],
            "before": before,
            "after": after,
            "unit_path": row["unit_path"],
            "jurisdiction_path": row["jurisdiction_path"],
        }
        self._inserts.add(self.store.schema["audit"], line)

    # -- numbers, settings, neighbours ----------------------------------------------------------------------------

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return new_id(self.store.clock)

    def number(self, series: str) -> int:
        """The next number of a series; numbers may be skipped, none is given twice."""
        if self.dialect.name == "sqlite":
            return self.store.numbers.advance(self._writing(), series, 1)
        return self.store.numbers.take(series)

    def setting(self, key: str, jurisdiction_path: str = "", on: date | None = None) -> Any:
        """The value of a setting on a day, from the nearest jurisdiction up the path. Raises KeyError if there is none."""
        return self.store.settings.value(key, jurisdiction_path, on or self.store.clock.today())

    def copy(self, kind: str, id: str) -> Copy:
        """What is known of a neighbour's record: a placeholder with `known` false where nothing has been heard yet."""
        return copies.get(self._reading(), self.store.schema["copies"], kind, id)

    def copies(self, kind: str, *conditions: sa.ColumnElement[bool]) -> list[Copy]:
        """All copies of a kind that meet the conditions on the columns of the table `copies`."""
        return copies.find(self._reading(), self.store.schema["copies"], kind, *conditions)

    def keep_copy(self, copy: Copy) -> bool:
        """Keeps a neighbour's record unless a newer version is kept already; says whether it was kept."""
        return copies.keep(self._writing(), self.store.schema["copies"], copy)

    # -- the connection -------------------------------------------------------------------------------------------

    def _reading(self) -> sa.Connection:
        """The connection, with everything added so far visible. On PostgreSQL a query needs no transaction around it."""
        self._road.arrive()
        return self._writing() if self._inserts else self._connection

    def _writing(self) -> sa.Connection:
        """The connection inside a transaction. SQLite has begun one with the first statement, PostgreSQL is told here."""
        if not self._begun:
            self._begun = True
            if self.dialect.name == "postgresql":
                self._connection.exec_driver_sql("BEGIN")
        self._road.arrive()
        self._inserts.flush()
        return self._connection

    def finish(self) -> None:
        """Sends what is waiting and commits; where nothing was written before, one statement is the whole transaction.
        Raises RequestUnderWay if the same request was carried out meanwhile by another call."""
        if self._answer is not None and self.caller.request is not None:
            self._inserts.add(self.store.schema["requests"], requests.row(self, self.caller.request, self._answer))
        with requests.collisions():
            if self._inserts.statements() > (not self._begun):
                self._writing()
            self._inserts.flush()
        self._connection.commit()
        self._road.arrive()

    def abandon(self) -> None:
        """Leaves nothing behind."""
        with suppress(psycopg.Error):  # what was posted may have failed: then that is what is being told
            self._road.arrive()
        self._connection.rollback()


def under(column: sa.ColumnElement[str], path: str) -> sa.ColumnElement[bool]:
    """Rows at or under a path, as an index range: `0` is the character after `/`."""
    stem = path.rstrip("/")
    return sa.or_(column == stem, sa.and_(column >= f"{stem}/", column < f"{stem}0"))


def digest(row: dict[str, Any]) -> bytes:
    def plain(value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else repr(value)

    return hashlib.sha256(json.dumps(row, default=plain, sort_keys=True, ensure_ascii=False).encode()).digest()


def is_id(text: str) -> bool:
    """Whether a text can be an id at all: PostgreSQL compares a column of ids with nothing else."""
    return _ID.fullmatch(text) is not None
