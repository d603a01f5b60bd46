"""Deliveries as people see them, and as the courier takes them in hand: what is due, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.deliveries import HAND_OVER, Delivery, DeliveryState, Means, Patience, WantedDeliveries
from services.complaints.domain.transfers import Transfer, TransferState
from services.complaints.storage import recusals
from services.complaints.storage.outside import DELIVERIES, TRANSFERS, complaint_of
from services.complaints.usecases.desk import Desk

COURIER = Caller.service("complaints", "deliver")
BATCH = 200


class DeliveryCases:
    """The ledger of deliveries."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, caller: Caller, wanted: WantedDeliveries, size: int, token: str) -> tuple[tuple[Delivery, ...], str]:
        """Deliveries, newest first."""
        table = DELIVERIES.table
        if wanted.id and not is_id(wanted.id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = recusals.without(tx, sa.select(table).where(tx.visible(table)), table.c.complaint_id)
            for name, value in ((one.name, getattr(wanted, one.name)) for one in fields(wanted)):
                if value:
                    query = query.where(table.c[name] == value)
            page = tx.page(query, (table.c.ordered_at, table.c.id), size, token)
            return tuple(DELIVERIES.value(row) for row in page.rows), page.next_token

    def retry(self, caller: Caller, delivery_id: str, version: int) -> Delivery:
        """Tries it again at once, and hands its complaint over again though the peer has refused it."""
        return self._change(caller, delivery_id, version, _retried)

    def call_off(self, caller: Caller, delivery_id: str, version: int) -> Delivery:
        """Calls it off, and with it the transfer it was to hand over."""
        return self._change(caller, delivery_id, version, _called_off)

    def due(self) -> list[Delivery]:
        """What is to be tried now: what is urgent first, then the oldest.

        Nothing overtakes what waits for the same webhook or peer; a notice is held up by no other.
        """
        table, now = DELIVERIES.table, self._desk.store.clock.now()
        waiting = table.c.state == DeliveryState.WAITING
        in_order = table.c.means.in_([means for means in Means if means.in_order])
        held = sa.select(table.c.receiver).where(waiting, in_order, table.c.next_at > now)
        query = sa.select(table).where(waiting, table.c.next_at <= now, table.c.receiver.not_in(held))
        with self._desk.store.read(COURIER) as tx:
            urgent = sa.case((table.c.kind.in_(tx.setting("deliveries.urgent")["kinds"]), 0), else_=1)
            order = (urgent, table.c.ordered_at, sa.func.coalesce(table.c.fact_row, 0), table.c.id)
            return [DELIVERIES.value(row) for row in tx.rows(query.order_by(*order).limit(BATCH))]

    def arrived(self, delivery: Delivery, receipt: str) -> None:
        """Keeps the receipt."""
        with self._desk.store.begin(COURIER) as tx:
            settle(tx, delivery, lambda now: now.arrived(receipt, tx.now))

    def failed(self, delivery: Delivery, why: str, final: bool) -> Delivery:
        """Puts it off, or gives it up, and with it the transfer it was to hand over; says how it stands now."""
        with self._desk.store.begin(COURIER) as tx:
            patience = _patience(tx, delivery)
            kept = settle(tx, delivery, lambda now: now.failed(why, final, patience, tx.now))
            if kept.kind == HAND_OVER and kept.state is DeliveryState.GIVEN_UP:
                transfer = tx.get(TRANSFERS, kept.transfer_id)
                if transfer.under_way:
                    tx.save(TRANSFERS, transfer.refused(why, tx.now))
            return kept

    def _change(self, caller: Caller, delivery_id: str, version: int, does: Callable[[Tx, Delivery], Delivery]) -> Delivery:
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Delivery, tx.answered)
            found = tx.get(DELIVERIES, delivery_id, version)
            if found.complaint_id:
                self._desk.recuse(tx, complaint_of(tx, found.complaint_id))
            changed = does(tx, found)
            tx.save(DELIVERIES, changed)
            return tx.answer(changed)


def settle(tx: Tx, delivery: Delivery, does: Callable[[Delivery], Delivery]) -> Delivery:
    """Keeps what became of a delivery on its way, as it stands by now: people may have changed it since it was taken in
    hand. What changes nothing is not written."""
    now = tx.get(DELIVERIES, delivery.id)
    changed = does(now)
    return now if changed is now else tx.save(DELIVERIES, changed)


def still_due(tx: Tx, delivery: Delivery) -> bool:
    """Whether it is still to be sent: between being taken in hand and being sent it may have been called off."""
    return tx.get(DELIVERIES, delivery.id).waits


def under_way(tx: Tx, complaint_id: str) -> bool:
    """Whether a transfer of a complaint is under way."""
    table = TRANSFERS.table
    ordered = (table.c.complaint_id == complaint_id, table.c.state == TransferState.ORDERED)
    return bool(tx.rows(sa.select(table.c.id).where(*ordered).limit(1)))


def _retried(tx: Tx, found: Delivery) -> Delivery:
    if found.kind == HAND_OVER:
        transfer = _transfer_of(tx, found)
        again = transfer.again()
        if again is not transfer:
            if under_way(tx, found.complaint_id):
                raise Conflict("TRANSFER_OPEN")
            tx.save(TRANSFERS, again)
    return found.retried(tx.now)


def _called_off(tx: Tx, found: Delivery) -> Delivery:
    if found.kind == HAND_OVER:
        transfer = _transfer_of(tx, found)
        if transfer.under_way:
            tx.save(TRANSFERS, transfer.called_off())
    return found.called_off(tx.now)


def _transfer_of(tx: Tx, delivery: Delivery) -> Transfer:
    [row] = tx.rows(sa.select(TRANSFERS.table).where(TRANSFERS.table.c.id == delivery.transfer_id))
    return TRANSFERS.value(row)


def _patience(tx: Tx, delivery: Delivery) -> Patience:
    """How long its receiver is waited for; what is urgent is tried again sooner."""
    urgent = tx.setting("deliveries.urgent", delivery.jurisdiction_path)
    hurries = delivery.kind in urgent["kinds"]
    return Patience.of(urgent if hurries else tx.setting("deliveries.patience", delivery.jurisdiction_path))


def order(tx: Tx, delivery: Delivery) -> None:
    """Orders a delivery; one that was ordered before for the same cause and receiver is not ordered twice."""
    row = {**DELIVERIES.row(delivery), "next_at": delivery.next_at or tx.now}
    tx.execute(tx.upsert(DELIVERIES.table).values(row).on_conflict_do_nothing())
