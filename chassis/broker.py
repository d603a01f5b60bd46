"""The worker of a service: nameko calls its duties (chassis.duties) when facts arrive and when time has passed.

The only file that knows nameko and eventlet's ways. The process must have been made cooperative (chassis.patch) before
this is imported. Two workers of a service may run: they share its queue, and timers and outbox hang on leases.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket
from collections.abc import Sequence
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event
from nameko.containers import ServiceContainer
from nameko.extensions import Entrypoint

from chassis.clock import SystemClock, settled_clock
from chassis.config import read_or_exit
from chassis.duties import Announcing, Hearing, Keeping, Lease, Outage
from chassis.exchange import BrokerAway, Reader, declare, queue_name
from chassis.inbox import Arrival
from chassis.logs import configure_logging, log
from chassis.relay import HOUSEKEEPING, Member
from chassis.telemetry import Telemetry

HEAR_BATCH = 100
LOOK_SECONDS = 0.2  # how long a fact may lie in the outbox before it is looked for
RETRY_SECONDS = 1.0
MEASURE_SECONDS = 15.0
PAUSE_SECONDS = 1.0  # between two tries while broker or database are away
LEASE_SECONDS = 6.0


def run(service: str) -> None:
    """Run the worker of `service` as the environment configures it, until it is told to stop."""
    config = read_or_exit(service, "worker")
    configure_logging(service, "worker")
    telemetry = Telemetry.start(config)
    usecases = importlib.import_module(f"services.{service}.usecases").UseCases.build(
        config, settled_clock() or SystemClock()
    )
    worker = importlib.import_module(f"services.{service}.worker")
    member = Member(service, usecases.store, usecases, worker.HEARS, worker.EVERY)
    run_worker(member, config.amqp_url, telemetry)


def run_worker(member: Member, amqp_url: str, telemetry: Telemetry) -> None:
    """Run the worker of one service until SIGTERM or SIGINT; what is in hand is finished first."""
    container = ServiceContainer(_service(member, amqp_url, telemetry), config={})
    stop = partial(eventlet.spawn_n, container.stop)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop())
    container.start()
    log().info("worker.started")
    container.wait()
    log().info("worker.stopped")


def _service(member: Member, amqp_url: str, telemetry: Telemetry) -> type:
    """The nameko service of one member; its name and its methods' names are part of the contract."""
    holder = f"{socket.gethostname()}:{os.getpid()}"
    hearing = Hearing(member, telemetry, Lease(member, "inbox", holder, LEASE_SECONDS))
    announcing = Announcing(member, amqp_url, Lease(member, "outbox", holder, LEASE_SECONDS))

    class Worker:
        name = member.name

        announce = Ticks.decorator(seconds=LOOK_SECONDS)(lambda _self: announcing.run())
        retry = Ticks.decorator(seconds=RETRY_SECONDS)(lambda _self: hearing.retry())
        measure = Ticks.decorator(seconds=MEASURE_SECONDS)(lambda _self: hearing.measure())

    if member.hears:
        Worker.hear = Batches.decorator(amqp_url, member.name, tuple(hearing.types))(  # type: ignore[attr-defined]
            lambda _self, facts: hearing.apply(facts)
        )
    for name, timer in {**HOUSEKEEPING, **member.every}.items():
        keeping = Keeping(member, name, timer, telemetry, Lease(member, f"timer {name}", holder, 2 * timer.seconds))
        method = Ticks.decorator(seconds=timer.seconds)(lambda _self, run=keeping.run: run())
        setattr(Worker, "every_" + name.replace(" ", "_"), method)
    return Worker


class Ticks(Entrypoint):  # type: ignore[misc]
    """Calls its method at once and then every so many seconds, measured on a clock that never steps back."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._stopping = Event()

    def start(self) -> None:
        """Begin to tick."""
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"ticks {self.method_name}")

    def stop(self) -> None:
        """Let the present call end; there is no further one."""
        self._stopping.send()
        self._thread.wait()

    def kill(self) -> None:
        """End at once."""
        self._thread.kill()

    def _run(self) -> None:
        while not self._stopping.ready():
            _call(self, ()).wait()
            with eventlet.Timeout(self._seconds, False):
                self._stopping.wait()


class Batches(Entrypoint):  # type: ignore[misc]
    """Hands its method the facts of the service's queue, batch after batch; settles a batch once it has been handled."""

    def __init__(self, amqp_url: str, service: str, types: tuple[str, ...]) -> None:
        super().__init__()
        self._url, self._service, self._types = amqp_url, service, types
        self._stopping = False

    def start(self) -> None:
        """Begin to listen."""
        self._thread = self.container.spawn_managed_thread(self._run, identifier="batches")

    def stop(self) -> None:
        """Finish the batch in hand; what else has arrived goes back to the queue."""
        self._stopping = True
        self._thread.wait()

    def kill(self) -> None:
        """End at once; what is in hand goes back to the queue."""
        self._thread.kill()

    def _run(self) -> None:
        broker = Outage("broker")
        while not self._stopping:
            try:
                declare(self._url, self._service, self._types)
                with Reader(self._url, queue_name(self._service), HEAR_BATCH) as reader:
                    broker.ended()
                    log().info("queue.listening", key=queue_name(self._service))
                    self._listen(reader)
            except BrokerAway as fault:
                broker.began(fault)
                eventlet.sleep(PAUSE_SECONDS)

    def _listen(self, reader: Reader) -> None:
        while not self._stopping:
            facts, tag = reader.batch(seconds=0.5)
            if facts and self._handled(reader, facts):
                reader.settle(tag)

    def _handled(self, reader: Reader, facts: Sequence[Arrival]) -> bool:
        """Try until the batch has been handled; False if the worker is stopped while the database is away."""
        while not self._stopping:
            answer = _call(self, (facts,))
            while not answer.ready():
                with eventlet.Timeout(5, False):
                    answer.wait()
                reader.idle()
            if answer.wait():
                return True
            eventlet.sleep(PAUSE_SECONDS)
        return False


def _call(entrypoint: Any, arguments: tuple[Any, ...]) -> Event:
    """Run an entrypoint's method as a nameko worker; the event gives what it returned, or raises what it raised."""
    ended = Event()

    def finish(_context: Any, result: Any, fault: Any) -> tuple[Any, Any]:
        ended.send_exception(*fault) if fault else ended.send(result)
        return result, fault

    entrypoint.container.spawn_worker(entrypoint, arguments, {}, handle_result=finish)
    return ended
