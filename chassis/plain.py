"""Plain statements on PostgreSQL that travel together: a round trip saved is one wait less."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from select import select
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection

Plain = tuple[str, Sequence[Any]]  # a statement with its values at $1, $2 and so on


def together(connection: Connection, begun: bool, statements: Sequence[Plain]) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements, sent in one go inside the transaction, which begins with them if it has not yet.

    Each sees what the ones before it did, and what others had committed when its turn came.
    """
    if not connection.in_transaction():
        connection.begin()  # SQLAlchemy must know, or it would not commit
    raw: Any = connection.connection.driver_connection
    with raw.pipeline():
        if not begun:
            raw.execute("BEGIN")
        cursors = [RawCursor(raw).execute(text, values, binary=True) for text, values in statements]
    return [cursor.fetchall() for cursor in cursors]


class Road:
    """Statements on their way, one after another, nobody waiting for their end. A commit behind them travels with them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._raw: Any = None

    def __bool__(self) -> bool:
        return self._raw is not None

    def send(self, connection: Connection, statement: Plain) -> RawCursor[Any]:
        """Sends one; whoever fetches its rows waits for all that are on their way."""
        if self._raw is None:
            raw: Any = connection.connection.driver_connection
            self._open.enter_context(raw.pipeline())
            self._raw = raw
        cursor = RawCursor(self._raw).execute(*statement, binary=True)
        while self._raw.pgconn.flush():  # what does not go out now would wait until somebody asks for an answer
            select((), (self._raw.fileno(),), ())
        return cursor

    def arrive(self) -> None:
        """Waits for all of them. Raises what one of them raised."""
        self._raw = None
        self._open.close()
