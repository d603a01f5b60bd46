"""Facts through RabbitMQ under bad luck: nothing announced is lost, nothing is applied twice, no healthy fact is parked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import amqp
import pytest
import sqlalchemy as sa

from chassis.auth import Caller
from chassis.exchange import EXCHANGE, UNREADABLE
from chassis.store import Store
from tests.faults.small_service import open_store
from tests.faults.workers import Worker
from tests.servers import PostgreSQL, RabbitMQ
from tests.servers.programs import wait_until
from tests.servers.silence import SilentAtFirst

PATIENCE = 60


class Pair:
    """An announcing and a listening service on one PostgreSQL and one RabbitMQ, each with a worker."""

    def __init__(self, server: PostgreSQL, amqp_url: str, folder: Path) -> None:
        self.amqp_url = amqp_url
        urls = {part: server.create_database(f"{part}_{time.time_ns()}") for part in ("announcer", "listener")}
        self.announcer_store: Store = open_store("announcer", urls["announcer"])
        self.listener_store: Store = open_store("listener", urls["listener"])
        self._urls, self._folder = urls, folder
        self.workers: list[Worker] = []
        self.announcer, self.listener = self.add_worker("announcer"), self.add_worker("listener")

    def add_worker(self, part: str) -> Worker:
        """One more worker of a part, not yet started."""
        log = self._folder / f"{part}-{len(self.workers)}.log"
        self.workers.append(Worker(("tests.faults.small_service", part, self._urls[part], self.amqp_url), log))
        return self.workers[-1]

    def start(self) -> None:
        """Start every worker and wait until each says that it has started."""
        for worker in self.workers:
            worker.start()
        for worker in self.workers:
            wait_until(lambda: "worker.started" in worker.story(), PATIENCE, worker.story)  # noqa: B023 - asked at once

    def announce(self, count: int, subjects: int = 50, name: str = "s") -> None:
        """Announce `count` facts, one transaction each, versions ascending in each subject."""
        for number in range(count):
            with self.announcer_store.begin(Caller.service("complaints")) as tx:
                tx.emit((f"{name}{number % subjects}", number // subjects + 1))

    def applied(self) -> list[tuple[str, str, int]]:
        """What the listener has written down, in its order: (event id, subject, version)."""
        table = self.listener_store.schema["applied"]
        query = sa.select(table.c.event_id, table.c.subject_id, table.c.version).order_by(table.c.line)
        with self.listener_store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def inbox(self) -> Counter[str]:
        """How many facts are in which state at the listener."""
        inbox = self.listener_store.schema["inbox"]
        with self.listener_store.engine.connect() as connection:
            return Counter(str(row.state) for row in connection.execute(sa.select(inbox.c.state)))

    def wait_for(self, count: int) -> None:
        """Wait until the listener has applied `count` facts."""
        wait_until(
            lambda: self.inbox()["applied"] >= count,
            PATIENCE,
            lambda: f"{self.inbox()} of {count}:\n" + "\n".join(worker.story() for worker in self.workers),
        )

    def close(self) -> None:
        """Kill what still runs."""
        for worker in self.workers:
            worker.kill9()
        self.announcer_store.engine.dispose()
        self.listener_store.engine.dispose()


@pytest.fixture
def pair(postgresql: PostgreSQL, rabbitmq_url: str, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(postgresql, rabbitmq_url, tmp_path)
    yield made
    made.close()


def assert_applied_once_in_order(pair: Pair, count: int) -> None:
    applied = pair.applied()
    assert len(applied) == count, "every fact is applied"
    assert len({event_id for event_id, _, _ in applied}) == count, "no fact is applied twice"
    last: Counter[str] = Counter()
    for _, subject, version in applied:
        assert version == last[subject] + 1, f"facts of {subject} are applied in order"
        last[subject] = version
    assert pair.inbox() == {"applied": count}, "no healthy fact is parked or waiting"


def test_facts_survive_broker_restarts_and_killed_workers(pair: Pair, rabbitmq: RabbitMQ) -> None:
    faults: list[Callable[[], None]] = [
        pair.listener.kill9,
        pair.listener.start,
        rabbitmq.restart,
        pair.announcer.kill9,
        pair.announcer.start,
        rabbitmq.kill9,
        rabbitmq.start,
    ]
    pair.start()

    for number, fault in enumerate(faults):
        pair.announce(250, name=f"round{number}-")
        fault()
    pair.announce(250, name="last-")

    pair.wait_for(250 * (len(faults) + 1))
    assert_applied_once_in_order(pair, 250 * (len(faults) + 1))


def test_workers_wait_for_a_broker_that_is_not_there_yet(pair: Pair, rabbitmq: RabbitMQ) -> None:
    rabbitmq.stop()
    pair.start()
    pair.announce(10)
    wait_until(lambda: "broker.away" in pair.listener.story(), PATIENCE, pair.listener.story)

    rabbitmq.start()

    pair.wait_for(10)
    assert_applied_once_in_order(pair, 10)


def test_workers_leave_a_broker_that_takes_their_connection_and_never_answers(
    postgresql: PostgreSQL, rabbitmq_url: str, tmp_path: Path
) -> None:
    with SilentAtFirst(rabbitmq_url, silent_connections=2) as broker:
        pair = Pair(postgresql, broker.url, tmp_path)
        pair.start()
        pair.announce(10)

        pair.wait_for(10)

        assert broker.silenced == 2, "a listener and an announcer were left without an answer"
        assert_applied_once_in_order(pair, 10)
        pair.close()


def test_facts_that_wait_for_their_listener_are_not_overtaken_by_later_ones(pair: Pair) -> None:
    pair.announcer.start()
    pair.announce(20, subjects=5)
    wait_until(lambda: "worker.started" in pair.announcer.story(), PATIENCE, pair.announcer.story)

    pair.listener.start()
    for round_number in range(1, 20):  # while the listener is binding its queue, and after
        for number in range(20):
            with pair.announcer_store.begin(Caller.service("complaints")) as tx:
                tx.emit((f"s{number % 5}", round_number * 4 + number // 5 + 1))
        time.sleep(0.1)

    pair.wait_for(400)
    assert_applied_once_in_order(pair, 400)


def test_a_database_outage_is_no_facts_fault(pair: Pair, postgresql: PostgreSQL) -> None:
    pair.start()
    pair.announce(300)

    postgresql.stop_immediately()
    time.sleep(2)
    postgresql.start()
    for store in (pair.announcer_store, pair.listener_store):
        store.engine.dispose()

    pair.wait_for(300)
    assert_applied_once_in_order(pair, 300)


def test_two_workers_of_one_service_share_the_queue(pair: Pair) -> None:
    second_announcer, second_listener = pair.add_worker("announcer"), pair.add_worker("listener")
    pair.start()

    pair.announce(400, subjects=400)
    pair.announcer.kill9()
    second_listener.kill9()
    pair.announce(400, subjects=400, name="t")

    pair.wait_for(800)
    assert_applied_once_in_order(pair, 800)
    assert not second_announcer.ended()


def test_a_failing_fact_waits_apart_and_holds_nobody_up(pair: Pair) -> None:
    pair.start()
    pair.announce(5)
    pair.announce(1, name="poison", subjects=1)
    with pair.announcer_store.begin(Caller.service("complaints")) as tx:
        tx.emit(("poison", 1))
    pair.announce(5, name="later")

    pair.wait_for(11)
    wait_until(lambda: _attempts(pair) >= 2, PATIENCE, pair.listener.story)

    assert pair.inbox() == {"applied": 11, "waiting": 1}


def test_a_message_that_is_no_fact_is_put_aside_for_people(pair: Pair, rabbitmq: RabbitMQ) -> None:
    pair.start()
    pair.announce(1)
    pair.wait_for(1)

    with _channel(pair, rabbitmq) as channel:
        channel.basic_publish(amqp.Message(b"rubbish"), EXCHANGE, "zhengfeng.complaints.v1.ComplaintFiled")
        wait_until(lambda: channel.basic_get(UNREADABLE) is not None, PATIENCE, pair.listener.story)
    pair.announce(1, name="later")

    pair.wait_for(2)
    assert_applied_once_in_order(pair, 2)


def test_a_worker_asked_to_stop_finishes_what_it_holds(pair: Pair) -> None:
    pair.start()
    pair.announce(500)

    codes = [pair.announcer.stop(), pair.listener.stop()]

    assert codes == [0, 0]
    pair.start()
    pair.wait_for(500)
    assert_applied_once_in_order(pair, 500)


def _attempts(pair: Pair) -> int:
    inbox = pair.listener_store.schema["inbox"]
    with pair.listener_store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.max(inbox.c.attempts))).scalar_one())


def _channel(pair: Pair, rabbitmq: RabbitMQ) -> amqp.Channel:
    vhost = pair.amqp_url.rpartition("/")[2]
    connection = amqp.Connection(f"127.0.0.1:{rabbitmq.port}", virtual_host=vhost)
    connection.connect()
    return connection.channel()
