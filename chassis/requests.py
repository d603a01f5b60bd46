"""Requests carried out before: the same id with the same body is answered as the first time, with another body refused."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.auth import RequestKey
from chassis.columns import plain_converter
from chassis.errors import Conflict

if TYPE_CHECKING:
    from chassis.store import Tx

_CONVERTER = plain_converter()


def claim(tx: Tx, key: RequestKey) -> Any:
    """The first answer, or None if this is the first time.

    The row is written before the work: a second request that comes meanwhile waits for the first one's end.
    """
    table = tx.store.schema["requests"]
    row = {
        "caller": tx.caller.subject,
        "rpc": key.rpc,
        "request_id": key.request_id,
        "body_hash": key.body_hash,
        "resource": "",
        "answer": "",
        "at": tx.now,
    }
    insert = (postgresql if tx.connection.dialect.name == "postgresql" else sqlite).insert(table).values(row)
    if tx.execute(insert.on_conflict_do_nothing().returning(table.c.request_id)).first() is not None:
        return None
    first = tx.execute(sa.select(table).where(*_match(tx, key))).one()
    if not hmac.compare_digest(first.body_hash, key.body_hash):
        raise Conflict("REQUEST_ID_REUSED", "request_id")
    resource = tx.store.schema.resources.get(first.resource)
    if resource is None:
        return first.answer or True
    return _CONVERTER.structure(json.loads(first.answer), resource.cls)


def remember(tx: Tx, key: RequestKey, value: Any) -> None:
    """Stores the answer. Secrets are never part of a resource: they are derived again."""
    table = tx.store.schema["requests"]
    resource = next((name for name, entry in tx.store.schema.resources.items() if entry.cls is type(value)), "")
    answer = json.dumps(_CONVERTER.unstructure(value), ensure_ascii=False) if resource else ""
    match = {"caller": tx.caller.subject, "rpc": key.rpc, "request_id": key.request_id}
    tx.amend(table, match, {"resource": resource, "answer": answer})


def _match(tx: Tx, key: RequestKey) -> tuple[sa.ColumnElement[bool], ...]:
    table = tx.store.schema["requests"]
    return (table.c.caller == tx.caller.subject, table.c.rpc == key.rpc, table.c.request_id == key.request_id)
