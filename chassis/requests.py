"""Requests carried out before: the same id with the same body is answered as the first time, with another body refused."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chassis.auth import RequestKey
from chassis.columns import plain_converter
from chassis.db import Schema
from chassis.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from chassis.store import Tx

_CONVERTER = plain_converter()


class RequestUnderWay(Unavailable):
    """Another call carried out the same request meanwhile. Whoever asks again gets its answer; chassis.rpc does so."""

    def __init__(self) -> None:
        super().__init__("REQUEST_UNDER_WAY", "request_id")


def look(tx: Tx, key: RequestKey) -> Any:
    """The first answer, or None if there is none yet. Raises Conflict if the id came with another body."""
    table = tx.store.schema["requests"]
    match = (table.c.caller == tx.caller.subject, table.c.rpc == key.rpc, table.c.request_id == key.request_id)
    rows = tx.rows(sa.select(table).where(*match))
    if not rows:
        return None
    first = rows[0]
    if not hmac.compare_digest(first.body_hash, key.body_hash):
        raise Conflict("REQUEST_ID_REUSED", "request_id")
    resource = tx.store.schema.resources.get(first.resource)
    if resource is None:
        return True
    return _CONVERTER.structure(json.loads(first.answer), resource.cls)


def plain(schema: Schema, value: Any) -> tuple[str, str]:
    """A resource's name and its content as kept. Secrets are never part of a resource: they are derived again."""
    resource = next((name for name, entry in schema.resources.items() if entry.cls is type(value)), "")
    return resource, json.dumps(_CONVERTER.unstructure(value), ensure_ascii=False) if resource else ""


def row(tx: Tx, key: RequestKey, answer: tuple[str, str]) -> dict[str, Any]:
    """The row that remembers a request."""
    return {
        "caller": tx.caller.subject,
        "rpc": key.rpc,
        "request_id": key.request_id,
        "body_hash": key.body_hash,
        "resource": answer[0],
        "answer": answer[1],
        "at": tx.now,
    }


@contextmanager
def collisions() -> Iterator[None]:
    """Turns the key's refusal of a second row for one request into RequestUnderWay."""
    try:
        yield
    except Exception as wrong:
        if "requests_pkey" in str(wrong) or "requests.caller" in str(wrong):
            raise RequestUnderWay from wrong
        raise
