"""Numbers of records: each series counts up, none is given twice, some may be skipped.

A process takes a block at a time in a transaction of its own, so that filing does not queue at one row. In a rush blocks
grow, because everybody waits while one is taken; a quiet process skips few numbers when it ends.
"""

from __future__ import annotations

import threading

import sqlalchemy as sa

from chassis.clock import monotonic
from chassis.db import upsert

BLOCK, LARGEST_BLOCK = 20, 320
RUSH_SECONDS = 1.0  # a block that lasts no longer than this is followed by one twice as large


class Numbers:
    """The series of one database, as one process draws on them."""

    def __init__(self, engine: sa.Engine, table: sa.Table) -> None:
        self._engine = engine
        self._table = table
        self._blocks: dict[str, range] = {}
        self._sizes: dict[str, tuple[int, float]] = {}  # of the last block, and when it was taken
        self._lock = threading.Lock()

    def take(self, series: str) -> int:
        """The next number of the series, from this process's block."""
        with self._lock:
            block = self._blocks.get(series) or self._reserve(series)
            self._blocks[series] = block[1:]
            return block[0]

    def _reserve(self, series: str) -> range:
        before, at = self._sizes.get(series, (0, 0.0))
        size = min(2 * before, LARGEST_BLOCK) if before and monotonic() - at < RUSH_SECONDS else BLOCK
        with self._engine.begin() as connection:
            last = self.advance(connection, series, size)
        self._sizes[series] = size, monotonic()
        return range(last - size + 1, last + 1)

    def advance(self, connection: sa.Connection, series: str, step: int) -> int:
        """Moves the series on by `step` inside the connection's transaction; the last number that makes."""
        table = self._table
        statement = (
            upsert(connection.dialect, table)
            .values(series=series, last=step)
            .on_conflict_do_update(index_elements=[table.c.series], set_={"last": table.c.last + step})
        )
        last: int = connection.execute(statement.returning(table.c.last)).scalar_one()
        return last
