"""Row `facts`: a queue of 20,000 facts drained into a listening service, each applied with its inbox row, durably.

Ours is a worker as it is deployed: nameko, inbox, one domain row a fact. The ceiling is a plain kombu consumer that does
one psycopg insert and commit a message and then acknowledges it. Beside it: how long a fact takes from its commit to
being applied when 200 a second are announced.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from zhengfeng.complaints.v1 import events_pb2

from bench.harness import Row, Sides
from chassis.auth import Caller
from chassis.clock import SystemClock, new_id
from chassis.exchange import Sender, declare
from chassis.outbox import Unsent
from chassis.store import Store
from tests.faults.small_service import NAMES, open_store
from tests.faults.workers import Worker
from tests.servers import PostgreSQL, RabbitMQ
from tests.servers.programs import ServerFault, wait_until

FACTS = 20_000
BATCH = 1_000
PACE_SECONDS, PACE = 20, 200
TYPE = events_pb2.ComplaintFiled.DESCRIPTOR.full_name


class Drain:
    """One PostgreSQL, one RabbitMQ, and what lies in them."""

    def __init__(self, server: PostgreSQL, broker: RabbitMQ) -> None:
        self._server, self._broker = server, broker
        self.delays = ""

    def ours(self) -> float:
        """Facts applied a second by our worker."""
        return self._drained("tests.faults.small_service", "listener")

    def ceiling(self) -> float:
        """Messages inserted and committed a second by a plain consumer."""
        return self._drained("bench.plain.consumer")

    def pace(self) -> str:
        """The delay from commit to applied, facts being announced at a steady pace."""
        url, database = self._broker.create_vhost(), {part: self._database() for part in NAMES}
        workers = [self._worker("tests.faults.small_service", part, database[part], url) for part in NAMES]
        announcer, listener = (open_store(part, database[part]) for part in NAMES)
        try:
            for worker in workers:
                worker.start()
            wait_until(lambda: all("worker.started" in worker.story() for worker in workers), 30, workers[0].story)
            _announce(announcer)
            wait_until(lambda: _count(listener) >= PACE * PACE_SECONDS, 60, workers[1].story)
            delays = sorted(_delays(announcer, listener))
        finally:
            for worker in workers:
                worker.stop()
            announcer.engine.dispose()
            listener.engine.dispose()
        p50, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
        return f"commit to applied at {PACE}/s: median {p50:.2f} s, p99 {p99:.2f} s (must be under 1 s)"

    def _drained(self, module: str, *arguments: str) -> float:
        url, database = self._broker.create_vhost(), self._database()
        store = open_store("listener", database)
        declare(url, NAMES["listener"], [TYPE])
        _preload(url)
        worker = self._worker(module, *arguments, database, url)
        try:
            worker.start()
            wait_until(lambda: _count(store) >= FACTS or worker.ended(), 300, worker.story)
            if worker.ended():
                raise ServerFault(worker.story())
            return _rate(store)
        finally:
            worker.stop()
            store.engine.dispose()

    def _worker(self, *arguments: str) -> Worker:
        return Worker(arguments, Path(self._server.folder) / f"worker-{time.time_ns()}.log")

    def _database(self) -> str:
        return self._server.create_database(f"facts_{time.time_ns()}")


@contextmanager
def prepare() -> Iterator[Sides]:
    """A durable PostgreSQL and a RabbitMQ."""
    with PostgreSQL(durable=True) as server, RabbitMQ() as broker:
        drain = Drain(server, broker)
        yield Sides(ours=drain.ours, ceiling=drain.ceiling, notes=drain.pace)


def _preload(url: str) -> None:
    """Put the facts into the listener's queue."""
    clock, sender = SystemClock(), Sender(url)
    for start in range(0, FACTS, BATCH):
        sent = sender.send([_fact(clock, number) for number in range(start, start + BATCH)])
        assert len(sent.stored) == BATCH, "the broker has stored them"
    sender.close()


def _fact(clock: SystemClock, number: int) -> Unsent:
    event = events_pb2.ComplaintEvent(event_id=new_id(clock), subject_id=f"s{number % 500}", version=number // 500 + 1)
    event.occurred_at.FromDatetime(clock.now())
    event.filed.channel = "web"
    return Unsent(
        number, event.event_id, TYPE, event.subject_id, event.version, event.SerializeToString(), "", clock.now(), "", 0
    )


def _announce(store: Store) -> None:
    """Announce facts at a steady pace, one transaction each."""
    started = time.monotonic()
    for number in range(PACE * PACE_SECONDS):
        with store.begin(Caller.service(NAMES["announcer"])) as tx:
            tx.emit((f"s{number % 500}", number // 500 + 1))
        time.sleep(max(0.0, started + (number + 1) / PACE - time.monotonic()))


def _count(store: Store) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(store.schema["applied"])).scalar_one())


def _rate(store: Store) -> float:
    """Facts a second from the first to the last, by the database's clock; each must be there exactly once."""
    applied = store.schema["applied"]
    first, last = sa.func.min(applied.c.applied_at), sa.func.max(applied.c.applied_at)
    with store.engine.connect() as connection:
        query = sa.select(first, last, sa.func.count(), sa.func.count(sa.distinct(applied.c.event_id)))
        began, ended, lines, facts = connection.execute(query).one()
    if (lines, facts) != (FACTS, FACTS):
        sys.exit(f"applied {lines} lines of {facts} facts instead of {FACTS}")
    return FACTS / float((ended - began).total_seconds())


def _delays(announcer: Store, listener: Store) -> list[float]:
    outbox, applied = announcer.schema["outbox"], listener.schema["applied"]
    with announcer.engine.connect() as connection:
        began = {str(row.event_id): row.occurred_at for row in connection.execute(sa.select(outbox))}
    with listener.engine.connect() as connection:
        ended: dict[str, datetime] = {row.event_id: row.applied_at for row in connection.execute(sa.select(applied))}
    return [(ended[event_id].astimezone(UTC) - moment).total_seconds() for event_id, moment in began.items()]


ROW = Row(
    name="facts",
    what=f"{FACTS:,} preloaded facts drained through RabbitMQ into a listening service, against a plain kombu consumer",
    unit="facts/s",
    must=0.5,
    prepare=prepare,
)
