"""Numbers of records: each series counts up, none is given twice, some may be skipped.

On PostgreSQL a process takes a block at a time in a transaction of its own, so that filing does not queue at one row.
"""

from __future__ import annotations

import threading

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

BLOCK = 20


class Numbers:
    """The series of one database, as one process draws on them."""

    def __init__(self, engine: sa.Engine, table: sa.Table) -> None:
        self._engine = engine
        self._table = table
        self._blocks: dict[str, range] = {}
        self._lock = threading.Lock()

    def take(self, connection: sa.Connection, series: str) -> int:
        """The next number of the series."""
        if connection.dialect.name == "sqlite":
            return self._advance(connection, series, 1)
        with self._lock:
            block = self._blocks.get(series) or self._reserve(series)
            self._blocks[series] = block[1:]
            return block[0]

    def _reserve(self, series: str) -> range:
        with self._engine.begin() as connection:
            last = self._advance(connection, series, BLOCK)
        return range(last - BLOCK + 1, last + 1)

    def _advance(self, connection: sa.Connection, series: str, step: int) -> int:
        table = self._table
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
        statement = insert.values(series=series, last=step).on_conflict_do_update(
            index_elements=[table.c.series], set_={"last": table.c.last + step}
        )
        last: int = connection.execute(statement.returning(table.c.last)).scalar_one()
        return last
