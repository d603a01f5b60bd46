"""Rows on their way into the database: gathered during a transaction, sent together at its end.

One round trip a row would cost more than the rows. On PostgreSQL the statements and the COMMIT travel in one pipeline; bulk
rows go by COPY. On SQLite the same statements run one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import sqltypes

Row = Mapping[str, Any]
Encode = Callable[[Any], Any]


class Inserts:
    """Rows waiting to be inserted over one connection, in the order in which they were added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, tuple[Any, ...]]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, table: Table, row: Row) -> None:
        """Queues one row. Columns it does not name take their defaults."""
        names = tuple(row)
        statement, encoders = _statement(table, names, self._connection.dialect)
        values = tuple(
            row[name] if encode is None else encode(row[name]) for name, encode in zip(names, encoders, strict=True)
        )
        self._waiting.append((statement, values))

    def amend(self, table: Table, match: Row, changed: Row) -> None:
        """Queues a change of the rows that match; nobody learns how many there were."""
        names = (*changed, *match)
        statement, encoders = _amendment(table, tuple(changed), tuple(match), self._connection.dialect)
        values = [*changed.values(), *match.values()]
        encoded = tuple(
            value if encode is None else encode(value) for _, value, encode in zip(names, values, encoders, strict=True)
        )
        self._waiting.append((statement, encoded))

    def flush(self, commit: bool = False) -> None:
        """Sends what is waiting; with `commit` the transaction ends in the same round trip where the database can."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        if self._connection.dialect.name != "postgresql":
            for statement, values in waiting:
                self._connection.exec_driver_sql(statement, values)
            return
        raw: Any = self._connection.connection.driver_connection
        with raw.pipeline(), raw.cursor() as cursor:
            for statement, values in waiting:
                cursor.execute(statement, values)
            if commit:
                raw.commit()

    def copy(self, table: Table, rows: Iterable[Row]) -> None:
        """Loads many rows of one shape: COPY on PostgreSQL, executemany on SQLite."""
        self.flush()
        batch = list(rows)
        if not batch:
            return
        names = tuple(batch[0])
        statement, encoders = _statement(table, names, self._connection.dialect)
        encoded = [
            tuple(row[name] if encode is None else encode(row[name]) for name, encode in zip(names, encoders, strict=True))
            for row in batch
        ]
        if self._connection.dialect.name != "postgresql":
            self._connection.exec_driver_sql(statement, encoded)
            return
        _copy(self._connection, table, names, encoded)


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    raw: Any = connection.connection.driver_connection
    columns = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY {_quoted(table, connection.dialect)} ({columns}) FROM STDIN") as target,
    ):
        for row in rows:
            target.write_row(row)


@cache
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[Encode | None, ...]]:
    """The INSERT for these columns, and how each value is encoded for the driver."""
    quote = dialect.identifier_preparer.quote
    mark = "%s" if dialect.name == "postgresql" else "?"
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join(_mark(table, name, mark, dialect) for name in names)
    encoders = tuple(_encoder(table, name, dialect) for name in names)
    return f"INSERT INTO {_quoted(table, dialect)} ({columns}) VALUES ({marks})", encoders  # noqa: S608 - names are ours


@cache
def _amendment(
    table: Table, changed: tuple[str, ...], match: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[Encode | None, ...]]:
    """The UPDATE for these columns, and how each value is encoded for the driver."""
    quote = dialect.identifier_preparer.quote
    mark = "%s" if dialect.name == "postgresql" else "?"
    sets = ", ".join(f"{quote(name)} = {_mark(table, name, mark, dialect)}" for name in changed)
    where = " AND ".join(f"{quote(name)} = {_mark(table, name, mark, dialect)}" for name in match)
    encoders = tuple(_encoder(table, name, dialect) for name in (*changed, *match))
    return f"UPDATE {_quoted(table, dialect)} SET {sets} WHERE {where}", encoders  # noqa: S608 - names are ours


def _mark(table: Table, name: str, mark: str, dialect: Dialect) -> str:
    if dialect.name != "postgresql":
        return mark
    kind = table.c[name].type.dialect_impl(dialect)
    plain = getattr(kind, "impl", kind)
    if isinstance(plain, sqltypes.Uuid):
        return f"{mark}::uuid"
    if isinstance(plain, postgresql.JSONB | postgresql.JSON | sqltypes.JSON):
        return f"{mark}::jsonb" if isinstance(plain, postgresql.JSONB) else f"{mark}::json"
    return mark


def _encoder(table: Table, name: str, dialect: Dialect) -> Encode | None:
    processor: Encode | None = table.c[name].type._cached_bind_processor(dialect)
    return processor


def _quoted(table: Table, dialect: Dialect) -> str:
    return dialect.identifier_preparer.format_table(table)
