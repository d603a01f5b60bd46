"""The store of one service: transactions in which state, audit, facts and the answer are written together or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from chassis import numbers, settings
from chassis.auth import Caller
from chassis.clock import Clock
from chassis.copies import Copy
from chassis.db import Schema
from chassis.paging import Page
from chassis.telemetry import traceparent
from chassis.tx import Envelope, Tx, under

# PostgreSQL: transactions are begun by hand, so that a single statement needs none. SQLite: see chassis.db.
WRITING: dict[str, dict[str, Any]] = {"postgresql": {"isolation_level": "AUTOCOMMIT"}, "sqlite": {"writes": True}}
READING: dict[str, dict[str, Any]] = {"postgresql": {"isolation_level": "AUTOCOMMIT"}, "sqlite": {}}
__all__ = ["Copy", "Envelope", "Page", "Store", "Tx", "under"]


EncodeFact = Callable[[Any, Envelope], Any]


class Store:
    """One service's database. `encode_fact` is the service's wire function from a domain fact to its event message."""

    def __init__(
        self,
        engine: sa.Engine,
        schema: Schema,
        clock: Clock,
        encode_fact: EncodeFact,
        traceparent: Callable[[], str] = traceparent,
    ) -> None:
        self.engine = engine
        self.schema = schema
        self.clock = clock
        self.encode_fact = encode_fact
        self.traceparent = traceparent
        self.numbers = numbers.Numbers(engine, schema["sequences"])
        self.settings = settings.Settings(engine, schema["settings"])
        self.committed: list[Callable[[], None]] = []  # called after a transaction that announced something
        self._writer = threading.Lock()

    @contextmanager
    def begin(self, caller: Caller) -> Iterator[Tx]:
        """A transaction that may write. Commits when the block ends, leaves nothing behind when it raises.

        Writers of one process queue here for SQLite's single writer, which is fairer than its busy handler.
        """
        with self._turn(), self.engine.connect() as plain:
            tx = Tx(self, plain.execution_options(**WRITING[self.engine.dialect.name]), caller)
            try:
                yield tx
                tx.finish()
            except BaseException:
                tx.abandon()
                raise
        if tx.announced:
            for listener in self.committed:
                listener()

    @contextmanager
    def read(self, caller: Caller) -> Iterator[Tx]:
        """A transaction that only reads."""
        with self.engine.connect() as plain:
            yield Tx(self, plain.execution_options(**READING[self.engine.dialect.name]), caller)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with self._writer:
            yield
