"""The carrier inside one process: facts go from each service's outbox to the services that hear them; timers run.

It takes RabbitMQ's place in the embedded default. The inboxes are the same ones, so a fact is applied once here too, and
what was announced before a crash is carried after the restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis import audit, outbox
from chassis.clock import monotonic
from chassis.facts import Every, Hears, Timer
from chassis.inbox import Arrival, Inbox
from chassis.logs import log
from chassis.store import Store
from chassis.telemetry import Telemetry

IDLE_SECONDS = 1.0
BATCH = 200


@dataclass(frozen=True)
class Member:
    """One service as the carrier sees it."""

    name: str
    store: Store
    usecases: Any
    hears: Hears
    every: Every = field(default_factory=dict)


class Relay:
    """Carries facts between members and runs their timers, on one thread."""

    def __init__(self, members: Sequence[Member], telemetry: Telemetry | None = None) -> None:
        self._members = members
        self._telemetry = telemetry or Telemetry()
        self._inboxes = [Inbox(member.store, member.usecases, member.hears, self._telemetry) for member in members]
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._next: dict[tuple[str, str], float] = {}
        for member in members:
            member.store.committed.append(self._wake.set)

    def start(self) -> None:
        """Begins carrying."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the batch in hand."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def carry(self) -> int:
        """Carries everything announced so far, and what follows from it; says how many facts that were."""
        carried = 0
        while batch := sum(self._carry_from(member) for member in self._members):
            carried += batch
        for inbox in self._inboxes:
            inbox.retry_due()
        return carried

    def run_timers(self, whether_due_or_not: bool = False) -> None:
        """Runs each timer that is due, or all of them."""
        moment = monotonic()
        for member in self._members:
            for name, timer in {**HOUSEKEEPING, **member.every}.items():
                if whether_due_or_not or moment >= self._next.get((member.name, name), 0.0):
                    self._next[member.name, name] = moment + timer.seconds
                    self._run_timer(member, name, timer)

    def _carry_from(self, source: Member) -> int:
        rows = outbox.unsent(source.store, BATCH)
        if not rows:
            return 0
        arrivals = [Arrival(row.event_id, row.type, row.subject_id, row.payload, row.traceparent) for row in rows]
        for inbox in self._inboxes:
            inbox.deliver(arrivals)
        outbox.mark_sent(source.store, [row.id for row in rows])
        return len(rows)

    def _run_timer(self, member: Member, name: str, timer: Timer) -> None:
        try:
            timer.run(member.usecases)
            self._telemetry.timer(member.name, name, "ran")
        except Exception as wrong:
            log().error("timer.failed", service=member.name, timer=name, exc_info=wrong)
            self._telemetry.timer(member.name, name, "failed")

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.run_timers()
                self.carry()
            except Exception as wrong:
                log().error("relay.failed", exc_info=wrong)
                self._stop.wait(IDLE_SECONDS)
            self._wake.wait(IDLE_SECONDS)


HOUSEKEEPING: Every = {
    "audit seal": Timer(60.0, lambda usecases: audit.seal(usecases.store)),
    "requests": Timer(3600.0, lambda usecases: audit.forget_requests(usecases.store)),
}
