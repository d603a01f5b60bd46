"""Keyset pages: each page begins after the last row of the one before, however far down the list it is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, Uuid, tuple_

from chassis.errors import Invalid

DEFAULT_SIZE = 50
LARGEST_SIZE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the token of the next; an empty token means there is none."""

    rows: Sequence[Row[Any]]
    next_token: str


def page(
    connection: Connection,
    query: Select[Any],
    by: Sequence[ColumnElement[Any]],
    size: int,
    token: str,
    descending: bool,
) -> Page:
    """One page of `query` sorted by the columns `by`, none of them nullable and the last of them unique.

    Raises Invalid PAGE_TOKEN_INVALID for a token that was not given out for this list.
    """
    size = min(size or DEFAULT_SIZE, LARGEST_SIZE)
    labelled = [column.label(f"_key{number}") for number, column in enumerate(by)]
    query = query.add_columns(*labelled)
    if token:
        after = tuple_(*by).__lt__ if descending else tuple_(*by).__gt__
        query = query.where(after(tuple_(*_values(token, by))))
    query = query.order_by(*(column.desc() if descending else column.asc() for column in by)).limit(size + 1)
    rows = connection.execute(query).all()
    if len(rows) <= size:
        return Page(rows, "")
    last = rows[size - 1]
    return Page(rows[:size], _token([last._mapping[column.name] for column in labelled]))


def _token(values: Sequence[Any]) -> str:
    plain = [{"t": value.isoformat()} if isinstance(value, datetime | date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).decode().rstrip("=")


def _values(token: str, by: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    from sqlalchemy import literal

    try:
        plain = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = [_value(value) for value in plain]
        if len(values) != len(by):
            raise ValueError("another list's token")
        for value, column in zip(values, by, strict=True):
            _check(value, column)
    except (ValueError, TypeError, KeyError, binascii.Error, NotImplementedError, RecursionError) as wrong:
        raise Invalid("PAGE_TOKEN_INVALID", "page_token") from wrong
    return [literal(value, column.type) for value, column in zip(values, by, strict=True)]


def _check(value: Any, column: ColumnElement[Any]) -> None:
    """Raises ValueError for a key no row of this list can have; asked for it, a database would fail."""
    if not isinstance(value, column.type.python_type) or isinstance(value, bool):
        raise ValueError("another list's token")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("no text of a row")
    if isinstance(value, int) and value.bit_length() > (63 if isinstance(column.type, BigInteger) else 31):
        raise ValueError("no number of a row")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("no moment of a row")
    if isinstance(column.type, Uuid):
        UUID(value)


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    text = plain["t"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
