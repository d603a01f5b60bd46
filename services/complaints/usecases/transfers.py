"""Transfers as people order them. What peers hand in is in incoming.py, what the courier does with them in handing.py."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.deliveries import HAND_OVER, Delivery, DeliveryState, Means
from services.complaints.domain.stages import allow
from services.complaints.domain.transfers import (
    Peer,
    Scope,
    Transfer,
    TransferDirection,
    TransferState,
    WantedTransfers,
)
from services.complaints.storage import recusals
from services.complaints.storage.outside import DELIVERIES, PEERS, TRANSFERS, complaint_of
from services.complaints.usecases.deliveries import order, under_way
from services.complaints.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Told:
    """A transfer with its texts opened."""

    transfer: Transfer
    reason: str = ""
    outcome: str = ""


class TransferCases:
    """Handing over, calling off, and the list."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hand_over(
        self, caller: Caller, complaint_id: str, version: int, peer_id: str, scope: Scope, reason: str
    ) -> Transfer:
        """Orders that a complaint be handed to a peer."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Transfer, tx.answered)
            complaint = self._desk.take(tx, complaint_id, version)
            if scope is Scope.WHOLE:
                allow("ForwardComplaint", complaint.stage)
            peer = self._known(tx, peer_id)
            if under_way(tx, complaint_id):
                raise Conflict("TRANSFER_OPEN")
            transfer_id = tx.new_id()
            made = Transfer(
                id=transfer_id,
                version=1,
                unit_path=complaint.unit_path,
                jurisdiction_path=complaint.jurisdiction_path,
                complaint_id=complaint_id,
                number=complaint.number,
                direction=TransferDirection.OUT,
                peer_id=peer.id,
                peer_name=peer.name,
                reference=transfer_id,
                scope=scope,
                state=TransferState.ORDERED,
                ordered_by=caller.subject,
                ordered_at=tx.now,
                reason=self._desk.contents.text(tx, complaint_id, reason),
            )
            tx.add(TRANSFERS, made)
            order(tx, _delivery(tx, made))
            return tx.answer(made)

    def call_off(self, caller: Caller, transfer_id: str, version: int) -> Transfer:
        """Calls off what the peer has not taken."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Transfer, tx.answered)
            found = tx.get(TRANSFERS, transfer_id, version)
            self._desk.recuse(tx, complaint_of(tx, found.complaint_id))
            called_off = tx.save(TRANSFERS, found.called_off())
            table = DELIVERIES.table
            mine = tx.find(DELIVERIES, table.c.transfer_id == transfer_id, table.c.kind == HAND_OVER)
            if mine is not None and mine.state is not DeliveryState.DELIVERED:
                tx.save(DELIVERIES, mine.called_off(tx.now))
            return tx.answer(called_off)

    def page(self, caller: Caller, wanted: WantedTransfers, size: int, token: str) -> tuple[tuple[Told, ...], str]:
        """Transfers, newest first, with their texts."""
        table = TRANSFERS.table
        if not all(is_id(one) for one in (wanted.id, wanted.complaint_id) if one):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = recusals.without(tx, sa.select(table).where(tx.visible(table)), table.c.complaint_id)
            for name, value in ((one.name, getattr(wanted, one.name)) for one in fields(wanted)):
                if value:
                    query = query.where(table.c[name] == value)
            page = tx.page(query, (table.c.ordered_at, table.c.id), size, token)
            found = [TRANSFERS.value(row) for row in page.rows]
            texts = self._desk.contents.texts_of_many(tx, [(one.complaint_id, (one.reason, one.outcome)) for one in found])
            return tuple(Told(one, *said) for one, said in zip(found, texts, strict=True)), page.next_token

    def _known(self, tx: Tx, peer_id: str) -> Peer:
        """The peer a complaint goes to: any that the caller's place or one above it has."""
        found = tx.find(PEERS, PEERS.table.c.id == peer_id) if is_id(peer_id) else None
        if found is None:
            raise Invalid("PEER_UNKNOWN", "peer_id")
        found.check_runs()
        return found


def _delivery(tx: Tx, transfer: Transfer) -> Delivery:
    return Delivery(
        id=tx.new_id(),
        version=1,
        unit_path=transfer.unit_path,
        jurisdiction_path=transfer.jurisdiction_path,
        means=Means.PEER,
        addressee=transfer.peer_name,
        receiver=transfer.peer_id,
        kind=HAND_OVER,
        message_id=transfer.id,
        complaint_id=transfer.complaint_id,
        number=transfer.number,
        ordered_at=tx.now,
        transfer_id=transfer.id,
    )
