"""What leaves the house by webhook: signed, once for the receiver who checks ids, kept until it has arrived."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import SettableClock
from chassis.config import Config
from chassis.courier import Courier, webhook_secret
from chassis.keys import Keyring
from chassis.outbox import backlog
from chassis.store import Store
from tests.faults.small_service import open_store


class Receiver(HTTPServer):
    """A neighbour's web server; it answers with `status` and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/facts"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:  # the name http.server gives it
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Store:
    opened = open_store("announcer", f"sqlite:///{tmp_path / 'outbox.db'}")
    opened.clock = clock
    return opened


def courier_for(store: Store, folder: Path, **webhooks: str) -> Courier:
    """A courier that is not started: the tests call each of its looks themselves."""
    config = Config("complaints", str(store.engine.url), keys_dir=folder / "keys", create_keys=True, webhooks=webhooks)
    return Courier(store, config)


def send(store: Store, addressee: str, subject: str = "s1") -> None:
    with store.begin(Caller.service("complaints")) as tx:
        tx.emit((subject, 1), addressee=addressee)


def receipts(store: Store) -> list[tuple[object, int, str]]:
    outbox = store.schema["outbox"]
    query = sa.select(outbox.c.sent_at, outbox.c.attempts, outbox.c.receipt).order_by(outbox.c.id)
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_fact_arrives_signed_and_leaves_a_receipt(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    send(store, "webhook:bureau")

    courier = courier_for(store, tmp_path, bureau=receiver.url)
    courier.deliver()

    [(headers, body)] = receiver.received
    secret = base64.b64decode(webhook_secret(Keyring(tmp_path / "keys"), "bureau").removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    event = json.loads(body)
    assert event["id"] == headers["webhook-id"]
    assert event["type"] == "zhengfeng.complaints.v1.ComplaintFiled"
    assert event["data"]["subjectId"] == "s1"
    [(sent_at, _, receipt)] = receipts(store)
    assert sent_at is not None and receipt.startswith("HTTP 204")


def test_what_has_arrived_is_not_sent_again(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    send(store, "webhook:bureau")
    courier = courier_for(store, tmp_path, bureau=receiver.url)

    assert [courier.deliver(), courier.deliver()] == [1, 0]
    assert len(receiver.received) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_refused_delivery_waits_and_is_tried_again(
    store: Store, clock: SettableClock, receiver: Receiver, tmp_path: Path, status: int
) -> None:
    receiver.status = status
    send(store, "webhook:bureau")

    courier = courier_for(store, tmp_path, bureau=receiver.url)
    courier.deliver()
    courier.deliver()
    assert len(receiver.received) == 1, "not before its time"
    receiver.status = 200
    clock.advance(timedelta(seconds=2))
    assert courier.deliver() == 1

    first, second = receiver.received
    assert first[0]["webhook-id"] == second[0]["webhook-id"], "the receiver can tell a repetition"
    [(_, attempts, _)] = receipts(store)
    assert attempts == 2


def test_nothing_goes_to_an_address_nobody_configured(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    send(store, "webhook:stranger")
    send(store, "mail:somebody")

    courier = courier_for(store, tmp_path, bureau=receiver.url)
    courier.deliver()

    assert receiver.received == []
    assert backlog(store)[0] == 2, "nothing is dropped"
    assert {receipt for _, _, receipt in receipts(store)} == {"addressee not configured"}


def test_a_dead_receiver_does_not_hold_up_another(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    send(store, "webhook:dead", "first")
    send(store, "webhook:bureau", "second")

    courier = courier_for(store, tmp_path, dead="http://127.0.0.1:1/", bureau=receiver.url)
    courier.deliver()

    [(_, body)] = receiver.received
    assert json.loads(body)["subject"] == "second"
    assert backlog(store)[0] == 1


def test_after_a_failure_later_facts_wait_for_the_one_that_failed(
    store: Store, clock: SettableClock, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.status = 500
    for subject in ("first", "second"):
        send(store, "webhook:bureau", subject)
    courier = courier_for(store, tmp_path, bureau=receiver.url)
    courier.deliver()
    receiver.status = 200
    receiver.received.clear()
    assert courier.deliver() == 0, "the first one's time has not come"
    clock.advance(timedelta(seconds=2))
    assert courier.deliver() == 2
    assert [json.loads(body)["subject"] for _, body in receiver.received] == ["first", "second"]


def test_a_dead_receivers_backlog_does_not_crowd_out_another(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    for number in range(501):
        send(store, "webhook:dead", str(number))
    send(store, "webhook:bureau")
    courier = courier_for(store, tmp_path, dead="http://127.0.0.1:1/", bureau=receiver.url)
    assert sum(courier.deliver() for _ in range(2)) == 1
