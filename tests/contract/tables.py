"""What lies in a service's databases, row by row, so that a call that should change nothing can be shown to have."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Table

from chassis import process
from chassis.config import Config

# What may move although nothing has happened: numbers drawn and not used, remembered requests, who runs a timer, how
# often somebody signed in wrongly.
ASIDE = frozenset({"requests", "sequences", "leases", "audit_seals", "attempts"})
Row = tuple[str, str]


class Tables:
    """The databases of one service, as an onlooker sees them."""

    def __init__(self, config: Config) -> None:
        self._databases = process.module(config.service, "storage").databases(config)
        self._watches = [_watch(engine) for _, _, engine in self._databases]
        self._seen: tuple[list[Any], dict[Row, str]] = ([], {})

    def rows(self) -> dict[Row, str]:
        """Every row outside ASIDE as text, by table and key; read anew only if somebody has written meanwhile."""
        stamps = [watch() for watch in self._watches]
        if self._seen[0] != stamps:
            self._seen = (stamps, self._read())
        return self._seen[1]

    def _read(self) -> dict[Row, str]:
        found: dict[Row, str] = {}
        for name, schema, engine in self._databases:
            with engine.connect() as connection:
                for table in schema.metadata.sorted_tables:
                    if table.name not in ASIDE:
                        found |= _rows(connection, name, table)
        return found

    def count(self, path: str) -> dict[str, int]:
        """How many rows of each table that has paths lie at or under one."""
        counted: dict[str, int] = {}
        for _, schema, engine in self._databases:
            with engine.connect() as connection:
                for name in schema.resources:
                    rows = connection.execute(schema[name].select())
                    counted[name] = sum(_under(row, path) for row in rows)
        return counted

    def close(self) -> None:
        """Lets go of the databases."""
        for _, _, engine in self._databases:
            engine.dispose()


def _watch(engine: Engine) -> Callable[[], Any]:
    """Tells by its answer whether anybody has written to the database since it was last asked."""
    if engine.dialect.name == "sqlite":
        file = sqlite3.connect(str(engine.url.database), isolation_level=None, check_same_thread=False)
        return lambda: file.execute("PRAGMA data_version").fetchone()
    server = psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
    return lambda: server.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()


def moved(before: dict[Row, str], after: dict[Row, str]) -> list[str]:
    """Rows that came, went or changed; an entry of the audit trail that says who was refused is no change."""
    came = [text for (table, key), text in after.items() if before.get((table, key)) != text and not _refused(table, text)]
    return came + [text for key, text in before.items() if key not in after]


def _refused(table: str, text: str) -> bool:
    return table.endswith(".audit") and "Refused|" in text


def mentioning(rows: dict[Row, str], words: Iterable[str]) -> dict[Row, str]:
    """Those rows in which one of the words occurs."""
    wanted = tuple(words)
    return {key: text for key, text in rows.items() if any(word in text for word in wanted)}


def _rows(connection: Connection, database: str, table: Table) -> dict[Row, str]:
    keys = [column.name for column in table.primary_key] or list(table.c.keys())
    read = connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()
    return {(f"{database}.{table.name}", "|".join(_plain(row[key]) for key in keys)): _text(row) for row in read}


def _text(row: Any) -> str:
    return "|".join(f"{name}={_plain(value)}" for name, value in row.items())


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw.hex() if len(raw) <= 64 else hashlib.sha256(raw).hexdigest()
    return str(value)


def _under(row: Any, path: str) -> bool:
    return any(str(place) == path or str(place).startswith(f"{path}/") for place in (row.unit_path, row.jurisdiction_path))
