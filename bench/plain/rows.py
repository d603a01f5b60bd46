"""The rows one call has written, written again by bare psycopg: the least that storing them can cost."""

from __future__ import annotations

import itertools
import os
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb


class SameRows:
    """Copies of one transaction's rows, to be inserted into bare tables of the same shape and indexes.

    `url` is a libpq address; the transaction is the one that wrote the row of `table` with this id.
    """

    def __init__(self, url: str, table: str, row_id: str) -> None:
        self._url = url
        self._numbers = itertools.count(1_000_000_000)
        self._own = threading.local()
        with psycopg.connect(url, autocommit=True) as connection:
            query = sql.SQL("SELECT xmin::text FROM {} WHERE id = %s").format(sql.Identifier(table))
            xmin = _one(connection, query, row_id)
            connection.execute("CREATE SCHEMA IF NOT EXISTS bare")
            self._statements = [
                statement for name in _tables(connection) for statement in self._copied(connection, name, xmin)
            ]
        if not self._statements:
            raise LookupError("that transaction wrote no rows")

    @property
    def count(self) -> int:
        """How many rows one transaction writes."""
        return len(self._statements)

    def per_second(self, transactions: int, threads: int) -> float:
        """Transactions a second: all rows in one pipeline and a commit, from so many threads of this process."""
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: self._connection(), range(threads)))
            started = time.perf_counter()
            list(pool.map(lambda _: self._write(), range(transactions)))
            return transactions / (time.perf_counter() - started)

    def _write(self) -> None:
        connection = self._connection()
        with connection.pipeline(), connection.cursor() as cursor:
            for statement, values, fresh in self._statements:
                cursor.execute(
                    statement, [self._fresh(value) if new else value for value, new in zip(values, fresh, strict=True)]
                )
            connection.commit()

    def _connection(self) -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = psycopg.connect(self._url)
        return connection

    def _fresh(self, value: Any) -> Any:
        """Another value of the same kind and size, where an index wants it unique."""
        if isinstance(value, uuid.UUID):
            return uuid.uuid4()
        if isinstance(value, bytes):
            return os.urandom(len(value))
        if isinstance(value, int):
            return next(self._numbers)
        return f"{value}{next(self._numbers)}"

    def _copied(self, connection: Any, name: str, xmin: str) -> list[tuple[Any, list[Any], list[bool]]]:
        """The INSERTs for the rows of one table that the transaction wrote."""
        kinds = dict(connection.execute(_COLUMNS, (name,)).fetchall())
        columns = list(kinds)
        unique = {row[0] for row in connection.execute(_UNIQUE, (name,))}
        where = sql.SQL("SELECT {} FROM {} WHERE xmin::text = %s").format(_names(columns), sql.Identifier(name))
        rows = connection.execute(where, (xmin,)).fetchall()
        if rows:
            like = sql.SQL("CREATE TABLE IF NOT EXISTS bare.{} (LIKE public.{} INCLUDING ALL)")
            connection.execute(like.format(sql.Identifier(name), sql.Identifier(name)))
        insert = sql.SQL("INSERT INTO bare.{} ({}) VALUES ({})").format(
            sql.Identifier(name), _names(columns), sql.SQL(", ").join(sql.Placeholder() for _ in columns)
        )
        fresh = [column in unique for column in columns]
        return [
            (
                insert.as_string(connection),
                [_sent(value, kinds[column]) for column, value in zip(columns, row, strict=True)],
                fresh,
            )
            for row in rows
        ]


_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
ORDER BY ordinal_position
"""
_UNIQUE = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = ('public.' || quote_ident(%s))::regclass AND i.indisunique
"""


def _tables(connection: Any) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    return [row[0] for row in connection.execute(query)]


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def _sent(value: Any, kind: str) -> Any:
    return Jsonb(value) if kind in ("json", "jsonb") and value is not None else value


def _one(connection: Any, query: Any, *values: Any) -> str:
    row = connection.execute(query, values).fetchone()
    return str(row[0])
