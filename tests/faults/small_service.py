"""Two of the smallest services there can be, with real workers: one announces, the other writes down what it hears.

`python -m tests.faults.small_service announcer|listener DATABASE_URL AMQP_URL` runs one's worker until it is stopped.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chassis.relay import Member
    from chassis.store import Store

NAMES = {"announcer": "complaints", "listener": "accountability"}


def open_store(part: str, database_url: str) -> Store:
    """The store of one of the two, its tables made if they are not there."""
    import sqlalchemy as sa

    from chassis.clock import SystemClock
    from chassis.db import Schema, open_engine
    from chassis.store import Store

    schema = Schema(NAMES[part])
    schema.table(
        "applied",
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp()),
    )
    engine = open_engine(database_url)
    schema.metadata.create_all(engine)
    return Store(engine, schema, SystemClock(), _event)


def member(part: str, database_url: str) -> Member:
    """One of the two as a worker sees it."""
    from zhengfeng.complaints.v1 import events_pb2

    from chassis.relay import Member

    store = open_store(part, database_url)
    hears = {events_pb2.ComplaintFiled: _write_down} if part == "listener" else {}
    return Member(NAMES[part], store, _UseCases(store), hears)


class _UseCases:
    def __init__(self, store: Store) -> None:
        self.store = store


def _event(fact: tuple[str, int], envelope: Any) -> Any:
    """(subject, version) as a ComplaintFiled."""
    from zhengfeng.complaints.v1 import events_pb2

    event = events_pb2.ComplaintEvent(event_id=envelope.event_id, subject_id=fact[0], version=fact[1])
    event.occurred_at.FromDatetime(envelope.occurred_at)
    event.recorded_at.FromDatetime(envelope.recorded_at)
    event.filed.SetInParent()
    return event


def _write_down(usecases: _UseCases, tx: Any, fact: Any, heard: Any) -> None:
    """Write the fact down; a subject called `poison` always fails."""
    if heard.subject_id == "poison":
        raise ValueError("this fact cannot be applied")
    row = {"event_id": heard.event_id, "subject_id": heard.subject_id, "version": heard.version}
    tx.insert(usecases.store.schema["applied"], row)


def main(part: str, database_url: str, amqp_url: str) -> None:
    """Run the worker."""
    from chassis.patch import make_cooperative

    make_cooperative()
    from chassis.broker import run_worker
    from chassis.logs import configure_logging
    from chassis.telemetry import Telemetry

    configure_logging(NAMES[part], "worker")
    run_worker(member(part, database_url), amqp_url, Telemetry(NAMES[part]))


if __name__ == "__main__":
    main(*sys.argv[1:])
