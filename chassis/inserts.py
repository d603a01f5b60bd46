"""Rows on their way into the database: gathered during a transaction, sent together at its end.

One round trip a row would cost more than the rows. On PostgreSQL the rows of all tables travel as one statement, a chain of
INSERTs under WITH, which is also atomic by itself; bulk rows go by COPY. On SQLite each table's rows are one statement.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import sqltypes

Row = Mapping[str, Any]
Encode = Callable[[Any], Any]
Shape = tuple[Table, tuple[str, ...]]
MOST_TOGETHER = 64  # rows in one statement; more come in further statements of the same transaction


class Inserts:
    """Rows waiting to be inserted over one connection. Those of one table keep the order in which they were added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[Shape, list[tuple[Any, ...]]] = {}
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    def statements(self) -> int:
        """How many statements the waiting rows make."""
        if self._connection.dialect.name != "postgresql":
            return len(self._waiting)
        return -(-self._count // MOST_TOGETHER)

    def add(self, table: Table, row: Row) -> None:
        """Queues one row. Columns it does not name take their defaults."""
        shape = (table, tuple(row))
        encoders = _encoders(*shape, self._connection.dialect)
        self._waiting.setdefault(shape, []).append(_encoded(row.values(), encoders))
        self._count += 1

    def flush(self) -> None:
        """Sends what is waiting."""
        if not self._count:
            return
        waiting, self._waiting, self._count = self._waiting, {}, 0
        if self._connection.dialect.name != "postgresql":
            for shape, rows in waiting.items():
                self._connection.exec_driver_sql(_insert(*shape, self._connection.dialect), rows)
            return
        raw: Any = self._connection.connection.driver_connection
        for batch in _batches(waiting):
            shapes = tuple((shape, len(rows)) for shape, rows in batch)
            values = [value for _, rows in batch for row in rows for value in row]
            RawCursor(raw).execute(_chain(shapes, self._connection.dialect), values)

    def copy(self, table: Table, rows: Iterable[Row]) -> None:
        """Loads many rows of one shape: COPY on PostgreSQL, executemany on SQLite."""
        batch = list(rows)
        if not batch:
            return
        names = tuple(batch[0])
        encoders = _encoders(table, names, self._connection.dialect)
        encoded = [_encoded((row[name] for name in names), encoders) for row in batch]
        if self._connection.dialect.name != "postgresql":
            self._connection.exec_driver_sql(_insert(table, names, self._connection.dialect), encoded)
            return
        raw: Any = self._connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(_copy(table, names, self._connection.dialect)) as target:
            for row in encoded:
                target.write_row(row)


def _encoded(values: Iterable[Any], encoders: Sequence[Encode | None]) -> tuple[Any, ...]:
    return tuple(value if encode is None else encode(value) for value, encode in zip(values, encoders, strict=True))


def _batches(waiting: Mapping[Shape, list[tuple[Any, ...]]]) -> list[list[tuple[Shape, list[tuple[Any, ...]]]]]:
    """The waiting rows cut into statements of at most MOST_TOGETHER rows."""
    batches: list[list[tuple[Shape, list[tuple[Any, ...]]]]] = [[]]
    room = MOST_TOGETHER
    for shape, rows in waiting.items():
        while rows:
            part, rows = rows[:room], rows[room:]
            batches[-1].append((shape, part))
            room -= len(part)
            if room == 0:
                batches.append([])
                room = MOST_TOGETHER
    return [batch for batch in batches if batch]


@lru_cache(maxsize=1024)
def _chain(shapes: tuple[tuple[Shape, int], ...], dialect: Dialect) -> str:
    """One statement that inserts rows of several tables. Its text is kept, so that the server can keep its plan.

    Its places are numbered as PostgreSQL numbers them: psycopg would look for them anew in every long statement.
    """
    inserts = [_insert(*shape, dialect, count) for shape, count in shapes]
    chained = ", ".join(f"i{number} AS ({insert})" for number, insert in enumerate(inserts[:-1]))
    statement = f"WITH {chained} {inserts[-1]}" if chained else inserts[-1]
    numbers = itertools.count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", statement)


@lru_cache(maxsize=1024)
def _insert(table: Table, names: tuple[str, ...], dialect: Dialect, rows: int = 1) -> str:
    mark = "%s" if dialect.name == "postgresql" else "?"
    marks = ", ".join(_mark(table, name, mark, dialect) for name in names)
    values = ", ".join([f"({marks})"] * rows)
    return f"INSERT INTO {_target(table, names, dialect)} VALUES {values}"  # noqa: S608 - names are ours


def _copy(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return f"COPY {_target(table, names, dialect)} FROM STDIN"


def _target(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    return f"{dialect.identifier_preparer.format_table(table)} ({', '.join(quote(name) for name in names)})"


def _mark(table: Table, name: str, mark: str, dialect: Dialect) -> str:
    """The place of a value. psycopg sends text for ids and JSON; in a chain the server wants to be told what it is."""
    if dialect.name != "postgresql":
        return mark
    kind = table.c[name].type.dialect_impl(dialect)
    plain = getattr(kind, "impl", kind)
    if isinstance(plain, sqltypes.Uuid):
        return f"{mark}::uuid"
    if isinstance(plain, postgresql.JSONB):
        return f"{mark}::jsonb"
    if isinstance(plain, postgresql.ARRAY):
        return f"{mark}::text[]"
    return f"{mark}::json" if isinstance(plain, sqltypes.JSON) else mark


@lru_cache(maxsize=1024)
def _encoders(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[Encode | None, ...]:
    """How each value is encoded for the driver."""
    return tuple(_encoder(table.c[name].type, dialect) for name in names)


def _encoder(kind: sqltypes.TypeEngine[Any], dialect: Dialect) -> Encode | None:
    if isinstance(kind.dialect_impl(dialect), postgresql.ARRAY):
        return _array
    return kind._cached_bind_processor(dialect)


def _array(words: Sequence[str] | None) -> str | None:
    """Texts as PostgreSQL writes an array of them; the driver's own way takes ten times as long for an index of words."""
    if words is None:
        return None
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return '{"' + '","'.join(quoted) + '"}' if words else "{}"
