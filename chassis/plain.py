"""Plain statements on PostgreSQL that travel together: a round trip saved is one wait less."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
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


def post(connection: Connection, statement: Plain, under_way: ExitStack) -> None:
    """Sends a statement without waiting for its end. Closing `under_way` waits for it, and raises what it raised; a commit
    before that travels with it."""
    raw: Any = connection.connection.driver_connection
    under_way.enter_context(raw.pipeline())
    RawCursor(raw).execute(*statement)
