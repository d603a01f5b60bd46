"""Webhooks: created, renewed, stopped, tried; and signed reports taken from outside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa

from carriage.reach import Reach
from carriage.signing import in_time, signed_by, told_secret
from chassis.auth import Caller
from chassis.db import taken_meanwhile
from chassis.errors import Conflict, Invalid, NotAllowed
from chassis.keys import Keyring
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import webhooks
from services.complaints.domain.deliveries import TEST, Delivery, DeliveryState, Means
from services.complaints.domain.webhooks import Direction, Report, Webhook
from services.complaints.storage.outside import DELIVERIES, SEEN, WEBHOOKS
from services.complaints.usecases.desk import Desk

SECRET = "complaints.webhook"
_SEEN = "complaints.webhook_message"


@dataclass(frozen=True, slots=True)
class WithSecret:
    """A webhook and its secret, which is told this once."""

    webhook: Webhook
    secret: str


class WebhookCases:
    """Both directions."""

    def __init__(self, desk: Desk, facts: Collection[str], reach: Reach) -> None:
        self._desk = desk
        self._facts = facts
        self._reach = reach

    def create(
        self, caller: Caller, jurisdiction_path: str, name: str, direction: Direction, url: str, facts: tuple[str, ...]
    ) -> WithSecret:
        """Creates one; a repeated request is told the same secret. Where it leads is looked up before all else."""
        if self._reach.closed(webhooks.host(url)):
            raise Invalid("HOST_NOT_ALLOWED", "url")
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._with_secret(cast(Webhook, tx.answered))
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            plain = tx.setting("webhooks.plain_hosts", jurisdiction_path)
            webhooks.check(direction, url, facts, self._facts, plain)
            made = Webhook(
                id=tx.new_id(),
                version=1,
                unit_path="",
                jurisdiction_path=jurisdiction_path,
                name=name,
                direction=direction,
                url=url,
                facts=facts,
                running=True,
                since=tx.now,
                created_at=tx.now,
            )
            return self._with_secret(tx.answer(tx.add(WEBHOOKS, made)))

    def page(
        self, caller: Caller, direction: Direction | None, webhook_id: str, size: int, token: str
    ) -> tuple[tuple[Webhook, ...], str]:
        """Webhooks, newest first."""
        table = WEBHOOKS.table
        if webhook_id and not is_id(webhook_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if direction is not None:
                query = query.where(table.c.direction == direction)
            if webhook_id:
                query = query.where(table.c.id == webhook_id)
            page = tx.page(query, (table.c.created_at, table.c.id), size, token)
            return tuple(WEBHOOKS.value(row) for row in page.rows), page.next_token

    def switch(self, caller: Caller, webhook_id: str, version: int, running: bool) -> Webhook:
        """Stops it, or starts it again."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Webhook, tx.answered)
            switched = tx.get(WEBHOOKS, webhook_id, version).switched(running, tx.now)
            return tx.answer(tx.save(WEBHOOKS, switched))

    def renew(self, caller: Caller, webhook_id: str, version: int) -> WithSecret:
        """Draws another secret; the one before holds for a while, so that nothing is lost while the other side changes."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._with_secret(cast(Webhook, tx.answered))
            found = tx.get(WEBHOOKS, webhook_id, version)
            hours = int(tx.setting("webhooks.overlap_hours", found.jurisdiction_path))
            return self._with_secret(tx.answer(tx.save(WEBHOOKS, found.renewed(tx.now, timedelta(hours=hours)))))

    def try_out(self, caller: Caller, webhook_id: str) -> Delivery:
        """Orders a delivery that says nothing but that it is a test."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Delivery, tx.answered)
            found = tx.get(WEBHOOKS, webhook_id)
            found.check_sends()
            ordered = Delivery(
                id=tx.new_id(),
                version=1,
                unit_path="",
                jurisdiction_path=found.jurisdiction_path,
                means=Means.WEBHOOK,
                addressee=found.name,
                receiver=found.id,
                kind=TEST,
                message_id=tx.new_id(),
                complaint_id="",
                number="",
                ordered_at=tx.now,
                next_at=tx.now,
            )
            return tx.answer(tx.add(DELIVERIES, ordered))

    def take(self, caller: Caller, webhook_id: str, message_id: str, timestamp: str, signature: str, body: bytes) -> None:
        """Takes a report of another system on one of our deliveries, if it is signed, fresh and new."""
        try:
            with self._desk.store.begin(caller) as tx:
                found = self._signed(tx, webhook_id, message_id, timestamp, signature, body)
                window = timedelta(seconds=int(tx.setting("webhooks.window_seconds", found.jurisdiction_path)))
                if not in_time(timestamp, tx.now, window):
                    raise Invalid("MESSAGE_TOO_OLD", "timestamp")
                self._once(tx, found, message_id, window)
                self._report(tx, found, Report.of(body))
        except Exception as fault:
            if taken_meanwhile(fault):  # the same message at the same moment through another door
                raise Conflict("SEEN_BEFORE", "message_id") from fault
            raise

    def _signed(self, tx: Tx, webhook_id: str, message_id: str, timestamp: str, signature: str, body: bytes) -> Webhook:
        """The webhook it was signed for. One that does not exist is refused alike, after as much work."""
        found = tx.find(WEBHOOKS, WEBHOOKS.table.c.id == webhook_id) if is_id(webhook_id) else None
        takes = found is not None and found.direction is Direction.IN and found.running
        drawn = found.secrets(tx.now) if found is not None and takes else (0,)
        known = [secret(self._desk.keys, webhook_id, number) for number in drawn]
        good = signed_by(known, message_id, timestamp, signature, body)
        if found is None or not takes or not good:
            raise NotAllowed("SIGNATURE_WRONG", "signature")
        return found

    def _once(self, tx: Tx, webhook: Webhook, message_id: str, window: timedelta) -> None:
        """Refuses a message seen before; what is older than the window twice over cannot be believed anyway."""
        mac = self._desk.keys.mac(_SEEN, webhook.id, message_id)
        before = tx.rows(sa.select(SEEN).where(SEEN.c.webhook_id == webhook.id, SEEN.c.message_mac == mac))
        if before:
            raise Conflict("SEEN_BEFORE", "message_id")
        tx.execute(sa.delete(SEEN).where(SEEN.c.at < tx.now - 2 * window))
        tx.insert(SEEN, {"webhook_id": webhook.id, "message_mac": mac, "at": tx.now})

    def _report(self, tx: Tx, webhook: Webhook, report: Report) -> None:
        """What became of a delivery by mail or SMS of the webhook's place. Of one we do not know nothing is kept."""
        table = DELIVERIES.table
        if not is_id(report.delivery):
            return
        found = tx.find(DELIVERIES, table.c.id == report.delivery, table.c.means.in_((Means.MAIL, Means.SMS)))
        place = webhook.jurisdiction_path
        if found is None or not f"{found.jurisdiction_path}/".startswith(f"{place}/"):
            return
        if found.state is not DeliveryState.CALLED_OFF:
            tx.save(DELIVERIES, found.reported(report.delivered, report.receipt, tx.now))

    def _with_secret(self, webhook: Webhook) -> WithSecret:
        return WithSecret(webhook, told_secret(secret(self._desk.keys, webhook.id, webhook.drawn)))


def secret(keys: Keyring, webhook_id: str, drawn: int) -> bytes:
    """A webhook's secret: derived, so that none is stored and a repeated request is told the same one."""
    return keys.prf(SECRET, webhook_id, str(drawn))
