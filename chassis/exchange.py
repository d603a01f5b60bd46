"""Facts on RabbitMQ: one durable topic exchange, one quorum queue for each listening service, batches both ways.

A fact's type is its routing key; its attributes travel as CloudEvents headers (AMQP binding 1.0.2), its protobuf event
as the body. What a fact changes is the inbox's business, when it travels chassis.broker's. Nothing here tries again: if
the broker is away, BrokerAway is raised, and whoever called decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import amqp
import kombu

from chassis.inbox import Arrival
from chassis.outbox import Unsent

EXCHANGE = "zhengfeng.facts"
UNREADABLE = "zhengfeng.unreadable"
CONFIRM_SECONDS = 30
HEARTBEAT_SECONDS = 30
# A broker that has just been killed and started may take a connection and never answer on it; without an end to
# each wait, a worker would listen to nothing until somebody noticed.
ANSWER_SECONDS = 10
# RabbitMQ 4 drops a message after 20 deliveries unless told otherwise; counting attempts is our own task.
_QUORUM = {"x-queue-type": "quorum", "x-delivery-limit": 2**31 - 1}


class BrokerAway(Exception):
    """The broker does not answer, or went away in between; nothing that was not confirmed may be taken as done."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a batch: event ids that a queue has stored, and those of types that no queue is bound to."""

    stored: frozenset[str]
    unheard: frozenset[str]


def queue_name(service: str) -> str:
    """The queue of a listening service. A queue that must change its kind gets a new number: a new queue."""
    return f"zhengfeng.{service}.facts.v1"


def declare(url: str, service: str, types: Collection[str]) -> None:
    """Make the exchange and the service's queue, bound to the fact types it hears. May be repeated."""
    with _connection(url) as connection, _faults():
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        if not types:
            return
        channel.exchange_declare(UNREADABLE, "fanout", durable=True, auto_delete=False)
        channel.queue_declare(UNREADABLE, durable=True, auto_delete=False, arguments=_QUORUM)
        channel.queue_bind(UNREADABLE, UNREADABLE)
        arguments = _QUORUM | {"x-dead-letter-exchange": UNREADABLE}
        channel.queue_declare(queue_name(service), durable=True, auto_delete=False, arguments=arguments)
        for kind in sorted(types):
            channel.queue_bind(queue_name(service), EXCHANGE, routing_key=kind)


class Sender:
    """Publishes batches; a fact counts as stored only when the broker has confirmed it."""

    def __init__(self, url: str) -> None:
        with _faults():
            self._connection = _connect(url)
            self._channel = self._connection.channel()
            self._channel.confirm_select()
        self._unconfirmed: dict[int, str] = {}
        self._refused: set[str] = set()
        self._unheard: set[str] = set()
        self._tag = 0
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)

    def send(self, facts: Sequence[Unsent]) -> Sent:
        """Publish the batch and wait until the broker has answered for each fact. Raises BrokerAway."""
        self._refused.clear()
        self._unheard.clear()
        with _faults():
            for fact in facts:
                self._tag += 1
                self._unconfirmed[self._tag] = fact.event_id
                self._channel.basic_publish(_message(fact), EXCHANGE, fact.type, mandatory=True)
            while self._unconfirmed:
                self._connection.drain_events(timeout=CONFIRM_SECONDS)
        stored = {fact.event_id for fact in facts} - self._refused - self._unheard
        return Sent(frozenset(stored), frozenset(self._unheard))

    def idle(self) -> None:
        """Keep the connection alive between batches. Raises BrokerAway if it is not."""
        _keep_alive(self._connection)

    def close(self) -> None:
        """Leave a connection that has failed."""
        _close(self._connection, answers=False)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._settle(tag, multiple))

    def _on_return(self, _error: object, _exchange: str, _routing_key: str, message: Any) -> None:
        self._unheard.add(message.properties["message_id"])

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        tags = [known for known in self._unconfirmed if known <= tag] if multiple else [tag]
        return [self._unconfirmed.pop(known) for known in tags if known in self._unconfirmed]


class Reader:
    """Takes batches from a service's queue; what is not settled goes back to the queue when the reader closes."""

    def __init__(self, url: str, queue: str, batch_size: int) -> None:
        self._arrived: list[Any] = []
        self._batch_size = batch_size
        with _faults():
            self._connection = _connect(url)
            self._channel = self._connection.channel()
            self._channel.basic_qos(0, 2 * batch_size, False)
            self._channel.basic_consume(queue, callback=self._arrived.append, on_cancel=_cancelled)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _close(self._connection, answers=kind is None)

    def batch(self, seconds: float) -> tuple[list[Arrival], int]:
        """The facts that have arrived, oldest first, and the tag that settles them; waits up to `seconds` for the first.

        A message that is no fact goes to the queue of unreadable ones, for a person to look at. Raises BrokerAway.
        """
        with _faults():
            self._wait(seconds)
            messages, self._arrived[:] = self._arrived[: self._batch_size], self._arrived[self._batch_size :]
            facts, tag = [], 0
            for message in messages:
                try:
                    facts.append(_arrival(message))
                    tag = message.delivery_tag
                except (KeyError, ValueError, AttributeError, TypeError):
                    self._channel.basic_reject(message.delivery_tag, requeue=False)
        return facts, tag

    def settle(self, tag: int) -> None:
        """Tell the broker that everything up to this tag is done. Raises BrokerAway."""
        with _faults():
            self._channel.basic_ack(tag, multiple=True)

    def idle(self) -> None:
        """Keep the connection alive while a batch cannot be applied. Raises BrokerAway if it is not."""
        _keep_alive(self._connection, arrivals=True)

    def _wait(self, seconds: float) -> None:
        """Wait for the first message, then take those that have come with it, without waiting for more."""
        patience = seconds
        while len(self._arrived) < self._batch_size:
            try:
                self._connection.drain_events(timeout=0 if self._arrived else patience)
            except TimeoutError:
                break
        self._connection.heartbeat_tick()


def _cancelled(consumer_tag: str) -> None:
    raise BrokerAway(f"the queue went away: {consumer_tag}")


def _connect(url: str) -> Any:
    opened: Any = kombu.Connection(  # type: ignore[attr-defined,no-untyped-call]
        url, heartbeat=HEARTBEAT_SECONDS, connect_timeout=5
    )
    connection = opened.connect()
    connection.transport.sock.settimeout(ANSWER_SECONDS)
    return connection


@contextmanager
def _connection(url: str) -> Iterator[Any]:
    answers = False
    with _faults():
        connection = _connect(url)
    try:
        yield connection
        answers = True
    finally:
        _close(connection, answers)


@contextmanager
def _faults() -> Iterator[None]:
    """Every way in which the broker can fail us is BrokerAway to those who call."""
    try:
        yield
    except (OSError, amqp.AMQPError, kombu.exceptions.OperationalError) as fault:
        raise BrokerAway(f"{type(fault).__name__}: {fault}") from fault


def _keep_alive(connection: Any, arrivals: bool = False) -> None:
    with _faults():
        connection.heartbeat_tick()
        try:
            while True:
                connection.drain_events(timeout=0)
        except TimeoutError:
            return


def _close(connection: Any, answers: bool = True) -> None:
    """Takes leave of a broker that answers; from one that does not it walks away, without waiting for its word."""
    try:
        if answers:
            connection.close()
    except (OSError, amqp.AMQPError):
        answers = False
    if not answers:
        connection.collect()


def _message(fact: Unsent) -> amqp.Message:
    headers = {
        "cloudEvents:specversion": "1.0",
        "cloudEvents:id": fact.event_id,
        "cloudEvents:source": _source(fact.type),
        "cloudEvents:type": fact.type,
        "cloudEvents:subject": fact.subject_id,
        "cloudEvents:time": fact.occurred_at.isoformat(),
        "cloudEvents:subjectversion": fact.version,
        "cloudEvents:traceparent": fact.traceparent,
    }
    return amqp.Message(
        fact.payload,
        content_type="application/protobuf",
        content_encoding="binary",
        delivery_mode=2,
        message_id=fact.event_id,
        application_headers=headers,
    )


def _source(fact_type: str) -> str:
    """The service a fact comes from: `zhengfeng.complaints.v1.ComplaintClosed` comes from complaints."""
    return fact_type.split(".")[1]


def _arrival(message: Any) -> Arrival:
    headers = message.headers
    body = message.body
    return Arrival(
        event_id=headers["cloudEvents:id"],
        type=headers["cloudEvents:type"],
        subject_id=headers["cloudEvents:subject"],
        payload=body if isinstance(body, bytes) else body.encode(),
        traceparent=headers.get("cloudEvents:traceparent", ""),
    )
