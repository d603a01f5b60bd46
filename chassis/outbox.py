"""The outbox read by whatever carries facts away, and the leases by which two workers share one task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.db import upsert
from chassis.store import Store


@dataclass(frozen=True, slots=True)
class Unsent:
    """A row of the outbox that nobody has confirmed yet."""

    id: int
    event_id: str
    type: str
    subject_id: str
    version: int
    payload: bytes
    traceparent: str
    occurred_at: datetime


def unsent(store: Store, limit: int = 500, waiting: Collection[str] = ()) -> list[Unsent]:
    """The oldest unsent facts, without the types that wait for their listener.

    Facts of one subject have ascending ids, because its version lets one transaction at a time change it.
    """
    outbox = store.schema["outbox"]
    columns = [outbox.c[name] for name in Unsent.__dataclass_fields__]
    query = sa.select(*columns).where(outbox.c.sent_at.is_(None), outbox.c.type.not_in(waiting))
    with store.engine.connect() as connection:
        return [Unsent(**row._mapping) for row in connection.execute(query.order_by(outbox.c.id).limit(limit))]


def mark_sent(store: Store, ids: Iterable[int], receipt: str = "") -> None:
    """Marks rows as sent, once whoever received them has confirmed."""
    outbox = store.schema["outbox"]
    statement = sa.update(outbox).where(outbox.c.id.in_(list(ids)))
    _write(store, statement.values(sent_at=store.clock.now(), receipt=receipt))


def backlog(store: Store) -> tuple[int, float]:
    """How many rows wait to be sent, and for how many seconds the oldest has."""
    outbox = store.schema["outbox"]
    query = sa.select(sa.func.count(), sa.func.min(outbox.c.occurred_at)).where(outbox.c.sent_at.is_(None))
    with store.engine.connect() as connection:
        count, oldest = connection.execute(query).one()
    return count, max(0.0, (store.clock.now() - oldest).total_seconds()) if oldest else 0.0


def take_lease(store: Store, name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a lease; false while another holder's runs. A holder that dies loses it when it runs out.

    One that runs for longer than any holder asks for was taken before the clock stepped back, and counts as free.
    """
    leases = store.schema["leases"]
    now, length = store.clock.now(), timedelta(seconds=seconds)
    insert = upsert(store.engine.dialect, leases)
    row = insert.values(name=name, holder=holder, until=now + length)
    free = sa.or_(leases.c.until <= now, leases.c.holder == holder, leases.c.until > now + 2 * length)
    changed = {"holder": insert.excluded.holder, "until": insert.excluded.until}
    statement = row.on_conflict_do_update(index_elements=[leases.c.name], set_=changed, where=free)
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        return connection.execute(statement.returning(leases.c.name)).first() is not None


def replay_rows(store: Store, types: Sequence[str]) -> list[Unsent]:
    """Every fact of these types ever announced, oldest first, to refill a listener's copies."""
    outbox = store.schema["outbox"]
    columns = [outbox.c[name] for name in Unsent.__dataclass_fields__]
    query = sa.select(*columns).where(outbox.c.type.in_(types)).order_by(outbox.c.id)
    with store.engine.connect() as connection:
        return [Unsent(**row._mapping) for row in connection.execute(query)]


def _write(store: Store, statement: sa.Update) -> None:
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(statement)
