"""The inbox: a fact is applied once, and its own failures are counted here, not by whatever carries it.

An applied fact leaves a row with its id in the same transaction as the change. A fact whose handler raised is kept with its
payload, tried again with growing delays, and parked after the last attempt; people look at what is parked and retry it.
A database that does not answer is nobody's fault: nothing is counted and the carrier waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.db import database_away, upsert
from chassis.facts import Heard, Hears, names_of, open_event
from chassis.store import Store, Tx
from chassis.telemetry import Telemetry

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=5)
ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Arrival:
    """A fact as it arrived from a carrier."""

    event_id: str
    type: str
    subject_id: str
    payload: bytes
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Parked:
    """A fact that failed too often, as `zhengfeng facts parked` shows it."""

    event_id: str
    type: str
    subject_id: str
    attempts: int
    error: str
    received_at: datetime


class Inbox:
    """Applies arriving facts to one service."""

    def __init__(self, store: Store, usecases: Any, hears: Hears, telemetry: Telemetry | None = None) -> None:
        self.store = store
        self._telemetry = telemetry or Telemetry()
        self._usecases = usecases
        self._hears = hears
        self.types = names_of(hears)

    def deliver(self, arrivals: Sequence[Arrival]) -> None:
        """Applies facts, together if they all succeed, else one by one with each failure counted by itself.

        Raises what `chassis.db.database_away` knows if the database does not answer: the carrier keeps the facts and waits.
        """
        wanted = [arrival for arrival in arrivals if arrival.type in self.types]
        try:
            self._apply(wanted)
        except Exception as wrong:
            if database_away(wrong):
                raise
            for arrival in wanted:
                self._deliver_alone(arrival)

    def retry_due(self, limit: int = 100) -> int:
        """Applies again what failed before and is due; says how many were tried."""
        inbox = self.store.schema["inbox"]
        due = sa.select(inbox).where(inbox.c.state == "waiting", inbox.c.next_at <= self.store.clock.now())
        with self.store.engine.connect() as connection:
            rows = connection.execute(due.order_by(inbox.c.next_at).limit(limit)).all()
        for row in rows:
            self._deliver_alone(Arrival(row.event_id, row.type, row.subject_id, row.payload, row.traceparent))
        return len(rows)

    def parked(self) -> list[Parked]:
        """Facts that need a person."""
        inbox = self.store.schema["inbox"]
        columns = [inbox.c[name] for name in Parked.__dataclass_fields__]
        with self.store.engine.connect() as connection:
            query = sa.select(*columns).where(inbox.c.state == "parked").order_by(inbox.c.received_at)
            return [Parked(**row._mapping) for row in connection.execute(query)]

    def retry_parked(self, event_id: str = "") -> int:
        """Makes parked facts, or one of them, due at once; says how many."""
        inbox = self.store.schema["inbox"]
        statement = sa.update(inbox).where(inbox.c.state == "parked")
        if event_id:
            statement = statement.where(inbox.c.event_id == event_id)
        with self.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
            values = {"state": "waiting", "attempts": 0, "next_at": self.store.clock.now()}
            return int(connection.execute(statement.values(values)).rowcount)

    def _deliver_alone(self, arrival: Arrival) -> None:
        try:
            self._apply([arrival])
        except Exception as wrong:
            if database_away(wrong):
                raise
            self._count_failure(arrival, type(wrong).__name__)

    def _apply(self, arrivals: Sequence[Arrival]) -> None:
        if not arrivals:
            return
        service = self.store.schema.service
        applied: dict[str, Heard] = {}
        with self.store.begin(Caller.service(service)) as tx:
            fresh = _claim(tx, arrivals)
            for arrival in arrivals:
                if arrival.event_id in fresh:
                    fresh.discard(arrival.event_id)
                    fact_class = self.types[arrival.type]
                    fact, heard = open_event(fact_class, arrival.payload)
                    with self._telemetry.span(arrival.type, arrival.traceparent):
                        self._hears[fact_class](self._usecases, tx, fact, heard)
                    applied[arrival.event_id] = heard
        for arrival in arrivals:
            known = applied.pop(arrival.event_id, None)
            delay = (self.store.clock.now() - known.occurred_at).total_seconds() if known else None
            self._telemetry.fact(service, arrival.type, "applied" if known else "duplicate", delay)

    def _count_failure(self, arrival: Arrival, error: str) -> None:
        inbox = self.store.schema["inbox"]
        now = self.store.clock.now()
        with self.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
            before = connection.execute(sa.select(inbox.c.attempts).where(inbox.c.event_id == arrival.event_id)).scalar()
            attempts = (before or 0) + 1
            row = {
                "event_id": arrival.event_id,
                "type": arrival.type,
                "subject_id": arrival.subject_id,
                "state": "parked" if attempts >= ATTEMPTS else "waiting",
                "attempts": attempts,
                "next_at": now + min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY),
                "error": error,
                "payload": arrival.payload,
                "traceparent": arrival.traceparent,
                "received_at": now,
            }
            insert = upsert(connection.dialect, inbox).values(row)
            changed = {name: row[name] for name in ("state", "attempts", "next_at", "error")}
            not_applied = inbox.c.state != "applied"
            connection.execute(
                insert.on_conflict_do_update(index_elements=[inbox.c.event_id], set_=changed, where=not_applied)
            )
        outcome = "parked" if attempts >= ATTEMPTS else "failed"
        self._telemetry.fact(self.store.schema.service, arrival.type, outcome)


def _claim(tx: Tx, arrivals: Sequence[Arrival]) -> set[str]:
    """Writes the inbox rows of facts not applied yet, in one statement, and says which these are."""
    inbox = tx.store.schema["inbox"]
    rows = {
        arrival.event_id: {
            "event_id": arrival.event_id,
            "type": arrival.type,
            "subject_id": arrival.subject_id,
            "state": "applied",
            "attempts": 0,
            "error": "",
            "traceparent": arrival.traceparent,
            "received_at": tx.now,
        }
        for arrival in arrivals
    }
    insert = upsert(tx.dialect, inbox).values(list(rows.values()))
    applied = {"state": "applied", "payload": None, "next_at": None}
    statement = insert.on_conflict_do_update(
        index_elements=[inbox.c.event_id], set_=applied, where=inbox.c.state != "applied"
    )
    return {str(row.event_id) for row in tx.execute(statement.returning(inbox.c.event_id))}
