"""Databases: engines that behave alike on SQLite and PostgreSQL, the tables every service has, resources mapped by name.

The column types are re-exported here, because whoever declares a table needs both.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Engine, Index, Integer, MetaData, Row, RowMapping, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url

from chassis.columns import Bytes, Choice, Doc, Id, Instant, Path

__all__ = [
    "Bytes",
    "Choice",
    "Doc",
    "Id",
    "Instant",
    "Path",
    "Resource",
    "Schema",
    "database_away",
    "open_engine",
    "taken_meanwhile",
    "upsert",
]

T = TypeVar("T")
# No call waits for its database longer than its caller would wait for it: not for a server that accepts and stays silent,
# nor for one that is gone without a word (the time until sent bytes must be acknowledged).
STATEMENT_MS, LOCK_MS = 30_000, 10_000
CONNECT_SECONDS, SILENCE_MS = 10, 30_000
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


@dataclass(frozen=True)
class Resource(Generic[T]):
    """A frozen dataclass and the table it lives in; fields and columns have the same names."""

    cls: type[T]
    table: Table
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name, which is also the word in the audit trail."""
        return str(self.table.name)

    def row(self, value: T) -> dict[str, Any]:
        """The value as a row."""
        return {name: getattr(value, name) for name in self.fields}

    def value(self, row: Row[Any] | RowMapping | Mapping[str, Any]) -> T:
        """The value a row holds; other columns of the row are left alone."""
        mapping = row._mapping if isinstance(row, Row) else row
        return self.cls(**{name: mapping[name] for name in self.fields})


class Schema:
    """The tables of one service: those every service has, and the resources it declares."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.metadata = MetaData()
        self.resources: dict[str, Resource[Any]] = {}
        _add_standard_tables(self.metadata)

    def __getitem__(self, name: str) -> Table:
        return self.metadata.tables[name]

    def table(self, name: str, *columns: sa.schema.SchemaItem) -> Table:
        """A table that is no resource: a child, an index, a ledger of entries."""
        return Table(name, self.metadata, *columns)

    def resource(self, cls: type[T], name: str, *columns: sa.schema.SchemaItem) -> Resource[T]:
        """Declares the table of `cls`. id, version, unit_path and jurisdiction_path are added; each is a field of `cls`."""
        table = Table(
            name,
            self.metadata,
            Column("id", Id(), primary_key=True),
            Column("version", Integer, nullable=False),
            Column("unit_path", Path(), nullable=False),
            Column("jurisdiction_path", Path(), nullable=False),
            *columns,
        )
        fields = tuple(field.name for field in dataclasses.fields(cast(Any, cls)))
        unmapped = set(fields) - set(table.c.keys())
        if unmapped:
            raise TypeError(f"{cls.__name__}: no column for {', '.join(sorted(unmapped))}")
        resource = Resource(cls, table, fields)
        self.resources[name] = resource
        return resource


def _add_standard_tables(metadata: MetaData) -> None:
    Table(
        "outbox",
        metadata,
        Column("id", BIG, primary_key=True, autoincrement=True),
        Column("event_id", Id(), nullable=False),
        Column("type", Text, nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("version", BIG, nullable=False),
        Column("payload", Bytes(), nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("occurred_at", Instant(), nullable=False),
        Column("sent_at", Instant()),
        Column("receipt", Text),
        Index(
            "outbox_unsent",
            "id",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
    )
    Table(
        "inbox",
        metadata,
        Column("event_id", Id(), primary_key=True),
        Column("type", Text, nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("state", String(8), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("next_at", Instant()),
        Column("error", Text, nullable=False),
        Column("payload", Bytes()),
        Column("traceparent", Text, nullable=False),
        Column("received_at", Instant(), nullable=False),
        Index(
            "inbox_waiting",
            "state",
            "next_at",
            sqlite_where=sa.text("state <> 'applied'"),
            postgresql_where=sa.text("state <> 'applied'"),
        ),
    )
    Table(
        "requests",
        metadata,
        Column("caller", Text, primary_key=True),
        Column("rpc", Text, primary_key=True),
        Column("request_id", Text, primary_key=True),
        Column("body_hash", Bytes(), nullable=False),
        Column("resource", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("at", Instant(), nullable=False),
        Index("requests_at", "at"),
    )
    Table(
        "audit",
        metadata,
        Column("seq", BIG, primary_key=True, autoincrement=True),
        Column("at", Instant(), nullable=False),
        Column("actor", Text, nullable=False),
        Column("act", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("version", BIG, nullable=False),
        Column("before", Bytes()),
        Column("after", Bytes()),
        Column("unit_path", Path(), nullable=False),
        Column("jurisdiction_path", Path(), nullable=False),
        Index("audit_subject", "subject_id", "seq"),
    )
    Table(
        "audit_seals",
        metadata,
        Column("seq", BIG, primary_key=True, autoincrement=False),
        Column("audit_seq", BIG, nullable=False, unique=True),
        Column("hash", Bytes(), nullable=False),
    )
    Table(
        "copies",
        metadata,
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("version", BIG, nullable=False),
        Column("unit_path", Path(), nullable=False),
        Column("jurisdiction_path", Path(), nullable=False),
        Column("name", Text, nullable=False),
        Column("body", Doc(dict), nullable=False),
        Column("known", Boolean, nullable=False),
        Index("copies_path", "kind", "unit_path"),
    )
    Table(
        "settings",
        metadata,
        Column("jurisdiction_path", Path(), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("valid_from", sa.Date, primary_key=True),
        Column("valid_to", sa.Date),
        Column("value", sa.JSON, nullable=False),
        Column("source", Text, nullable=False),
    )
    Table("sequences", metadata, Column("series", Text, primary_key=True), Column("last", BIG, nullable=False))
    Table(
        "leases",
        metadata,
        Column("name", Text, primary_key=True),
        Column("holder", Text, nullable=False),
        Column("until", Instant(), nullable=False),
    )


def database_away(fault: BaseException) -> bool:
    """Whether the database and not the work is at fault: it does not answer, ends connections, or is out of resources."""
    ours = sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError  # the last: no connection was free
    return isinstance(fault, ours | psycopg.OperationalError)


def taken_meanwhile(fault: BaseException) -> bool:
    """Whether a row could not be written because another transaction has just written one with the same unique key."""
    driver = fault.orig if isinstance(fault, sa.exc.IntegrityError) else fault
    if isinstance(driver, sqlite3.IntegrityError):  # one class for every constraint; only its text tells which
        return "UNIQUE constraint failed" in str(driver)
    return isinstance(driver, psycopg.errors.UniqueViolation)


def upsert(dialect: sa.Dialect, table: Table) -> Any:
    """The dialect's INSERT with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return (postgresql if dialect.name == "postgresql" else sqlite).insert(table)


def open_engine(url: str, pool_size: int = 8) -> Engine:
    """An engine on `url` that hides parameters from errors and logs.

    On SQLite a write transaction begins IMMEDIATE, so that it waits for its turn at the start and cannot fail at its end;
    reads begin deferred and see one snapshot (WAL).
    """
    parsed: URL = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        options = {
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}",
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": SILENCE_MS,
            "keepalives_idle": 10,
            "keepalives_interval": 10,
        }
        return sa.create_engine(
            parsed, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True, connect_args=options
        )
    engine = sa.create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"timeout": 30, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
