"""The courier: takes outbox rows with an addressee out of the house and stores the receipt.

An addressee is `channel:name`; the only channel so far is `webhook`. It goes to configured addressees only: a row for
anybody else waits, counted and logged, until somebody configures the addressee. A webhook is an HTTP POST of the fact
as a CloudEvent (JSON), signed as Standard Webhooks 1.0 says: HMAC-SHA256 over id, timestamp and body. It may arrive
twice (the receipt is stored after the answer), always with the same `webhook-id`. Plain threads, no nameko.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import groupby

import httpx
from google.protobuf.json_format import MessageToDict

from chassis import outbox
from chassis.config import Config
from chassis.db import database_away
from chassis.facts import whole_event
from chassis.keys import Keyring
from chassis.logs import log
from chassis.outbox import Unsent
from chassis.store import Store
from chassis.telemetry import Telemetry

LOOK_SECONDS = 1.0
LEASE_SECONDS = 60.0
ANSWER_SECONDS = 10.0
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(hours=1)
THREADS = 4


def webhook_secret(keys: Keyring, name: str) -> str:
    """The secret shared with one receiver, in the form Standard Webhooks gives it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(keys.mac("webhook", name)).decode()


class Courier:
    """Delivers what one service's outbox holds for the outside, until it is stopped."""

    def __init__(self, store: Store, config: Config, telemetry: Telemetry | None = None) -> None:
        self._store, self._webhooks = store, dict(config.webhooks)
        self._keys = Keyring(config.keys_dir, create=config.create_keys)
        self._telemetry = telemetry or Telemetry.start(config)
        self._client = httpx.Client(timeout=ANSWER_SECONDS, follow_redirects=False)
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier")

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Let deliveries under way end, then stop."""
        self._stopping.set()
        self._thread.join()
        self._client.close()

    def deliver(self) -> int:
        """Try every row that is due once; say how many arrived. A receiver's rows go one after another, in order."""
        rows = sorted(outbox.unsent(self._store, outside=True), key=lambda row: (row.addressee, row.id))
        by_addressee = [list(group) for _, group in groupby(rows, key=lambda row: row.addressee)]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="delivery") as threads:
            return sum(threads.map(self._deliver_to_one, by_addressee))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if outbox.take_lease(self._store, "courier", self._holder, LEASE_SECONDS):
                    self.deliver()
            except Exception as fault:
                log().warning("database.away" if database_away(fault) else "courier.failed", exc_info=fault)
            self._stopping.wait(LOOK_SECONDS)

    def _deliver_to_one(self, rows: Iterable[Unsent]) -> int:
        """Deliver in order; after a failure the rest waits for the next look, so a dead receiver costs one try."""
        arrived = 0
        for row in rows:
            if self._stopping.is_set() or not self._deliver_row(row):
                break
            arrived += 1
        return arrived

    def _deliver_row(self, row: Unsent) -> bool:
        receipt, arrived = self._post(row)
        channel = row.addressee.partition(":")[0]
        self._telemetry.delivery(self._store.schema.service, channel, "delivered" if arrived else "retried")
        if arrived:
            outbox.mark_sent(self._store, [row.id], receipt)
            return True
        delay = min(FIRST_DELAY * 2 ** min(row.attempts, 20), LONGEST_DELAY)
        outbox.put_off(self._store, row, delay, receipt)
        log().warning("delivery.failed", addressee=row.addressee, attempts=row.attempts + 1, reason=receipt)
        return False

    def _post(self, row: Unsent) -> tuple[str, bool]:
        """What the receiver answered, in a few words, and whether it took the fact."""
        channel, _, name = row.addressee.partition(":")
        if channel != "webhook" or name not in self._webhooks:
            return "addressee not configured", False
        body = _cloud_event(row)
        try:
            answer = self._client.post(self._webhooks[name], content=body, headers=self._headers(row, name, body))
        except httpx.HTTPError as fault:
            return type(fault).__name__, False
        return f"HTTP {answer.status_code} at {self._store.clock.now().isoformat()}", answer.is_success

    def _headers(self, row: Unsent, name: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._store.clock.now().timestamp()))
        signed = f"{row.event_id}.{timestamp}.".encode() + body
        signature = hmac.new(self._keys.mac("webhook", name), signed, hashlib.sha256).digest()
        return {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": row.event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + base64.b64encode(signature).decode(),
        }


def _cloud_event(row: Unsent) -> bytes:
    """The fact as a CloudEvent in JSON (CloudEvents 1.0.2, JSON format)."""
    event = {
        "specversion": "1.0",
        "id": row.event_id,
        "source": row.type.split(".")[1],
        "type": row.type,
        "subject": row.subject_id,
        "time": row.occurred_at.isoformat(),
        "datacontenttype": "application/json",
        "data": MessageToDict(whole_event(row.type, row.payload)),
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
