"""Transfers as people order them and as peers call them. What the courier does with them is in handing.py."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import transfers
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import HAND_OVER, Delivery, DeliveryState, Means
from services.complaints.domain.intake import Draft
from services.complaints.domain.redaction import Identity
from services.complaints.domain.stages import Conclusion, Manner, allow
from services.complaints.domain.transfers import (
    Parcel,
    Peer,
    PeerKind,
    Scope,
    Transfer,
    TransferDirection,
    TransferState,
    WantedTransfers,
    outcome_returned,
    transferred,
)
from services.complaints.storage import COMPLAINTS, recusals
from services.complaints.storage.outside import DELIVERIES, PEERS, TRANSFERS
from services.complaints.usecases.deliveries import order
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.intake import IntakeCases

HOLDER = "transfers"
"""Whose public key parcels to us are sealed to."""


@dataclass(frozen=True, slots=True)
class Told:
    """A transfer with its texts opened."""

    transfer: Transfer
    reason: str = ""
    outcome: str = ""


class TransferCases:
    """Handing over, taking in, and the outcome."""

    def __init__(self, desk: Desk, intake: IntakeCases) -> None:
        self._desk = desk
        self._intake = intake

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
            self._none_under_way(tx, complaint_id)
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
            self._desk.recuse(tx, _about(tx, found))
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
            return tuple(self._told(tx, TRANSFERS.value(row)) for row in page.rows), page.next_token

    def take_in(
        self, caller: Caller, reference: str, sender_number: str, jurisdiction_path: str, scope: Scope, parcel: bytes
    ) -> Transfer:
        """Takes a complaint over from the calling peer; asked again, it answers the first receipt."""
        with self._desk.store.begin(caller) as tx:
            peer = self._calling(tx)
            content = self._opened(parcel)
            digest = hashlib.sha256(content).digest()
            before = self._by_reference(tx, peer, TransferDirection.IN, reference)
            if before is not None:
                if before.parcel_hash != digest:
                    raise Conflict("REFERENCE_REUSED", "reference")
                return before
            said = Parcel.of(content)
            draft = Draft(jurisdiction_path, said.title, said.text, said.confidential_text, Manner.ANONYMOUS, Identity())
            received, _ = self._intake.enter_in(tx, draft, peer.kind.channel, caller.subject)
            taken = Transfer(
                id=tx.new_id(),
                version=1,
                unit_path="",
                jurisdiction_path=jurisdiction_path,
                complaint_id=received.id,
                number=received.number,
                direction=TransferDirection.IN,
                peer_id=peer.id,
                peer_name=peer.name,
                reference=reference,
                scope=scope,
                state=TransferState.TAKEN,
                ordered_by=caller.subject,
                ordered_at=tx.now,
                reason=self._desk.contents.text(tx, received.id, said.note),
                peer_number=sender_number,
                taken_at=tx.now,
                parcel_hash=digest,
            )
            tx.add(TRANSFERS, taken)
            tx.emit(transferred(taken, received))
            return taken

    def take_outcome(self, caller: Caller, reference: str, conclusion: Conclusion | None, parcel: bytes) -> Transfer:
        """Takes the outcome of what was handed to the calling peer."""
        with self._desk.store.begin(caller) as tx:
            peer = self._calling(tx)
            found = self._by_reference(tx, peer, TransferDirection.OUT, reference)
            if found is None:
                raise NotFound("TRANSFER_UNKNOWN", "reference")
            content = self._opened(parcel)
            digest = hashlib.sha256(content).digest()
            if found.outcome_hash == digest:
                return found
            found.check_open()
            text = self._desk.contents.text(tx, found.complaint_id, _text(content))
            answered = tx.save(TRANSFERS, found.answered(conclusion, text, digest, tx.now))
            tx.emit(outcome_returned(answered, _about(tx, found)))
            return answered

    def _told(self, tx: Tx, of: Transfer) -> Told:
        reason, outcome = self._desk.contents.texts(tx, of.complaint_id, [of.reason, of.outcome])
        return Told(of, reason, outcome)

    def _none_under_way(self, tx: Tx, complaint_id: str) -> None:
        table = TRANSFERS.table
        under_way = table.c.state == TransferState.ORDERED
        if tx.rows(sa.select(table.c.id).where(table.c.complaint_id == complaint_id, under_way).limit(1)):
            raise Conflict("TRANSFER_OPEN")

    def _known(self, tx: Tx, peer_id: str) -> Peer:
        """The peer a complaint goes to: any that the caller's place or one above it has."""
        found = tx.find(PEERS, PEERS.table.c.id == peer_id) if is_id(peer_id) else None
        if found is None:
            raise Invalid("PEER_UNKNOWN", "peer_id")
        found.check_runs()
        return found

    def _calling(self, tx: Tx) -> Peer:
        """The peer that calls, by the account of its certificate."""
        query = sa.select(PEERS.table).where(PEERS.table.c.account == tx.caller.subject)
        row = next(iter(tx.rows(query)), None)
        if row is None:
            raise NotAllowed("PEER_UNKNOWN")
        peer = PEERS.value(row)
        peer.check_runs()
        return peer

    def _opened(self, parcel: bytes) -> bytes:
        """What is in a parcel. Refused with PARCEL_UNREADABLE for one that is not sealed to us."""
        try:
            return self._desk.keys.open_sealed(HOLDER, parcel)
        except Unavailable as wrong:
            if wrong.reason != "RECORD_UNREADABLE":
                raise
            raise Invalid("PARCEL_UNREADABLE", "parcel") from wrong

    def _by_reference(self, tx: Tx, peer: Peer, direction: TransferDirection, reference: str) -> Transfer | None:
        table = TRANSFERS.table
        query = sa.select(table).where(
            table.c.peer_id == peer.id, table.c.direction == direction, table.c.reference == reference
        )
        row: Sequence[sa.Row[tuple[object, ...]]] = tx.rows(query)
        return TRANSFERS.value(row[0]) if row else None


class PeerCases:
    """The other systems."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, caller: Caller, peer: Peer) -> Peer:
        """Registers one, given without its id."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Peer, tx.answered)
            self._desk.neighbours.check_jurisdiction(tx, peer.jurisdiction_path, "jurisdiction_path")
            transfers.check_target(peer.target)
            taken = sa.select(PEERS.table.c.id).where(PEERS.table.c.account == peer.account)
            if tx.rows(taken):
                raise Conflict("PEER_ACCOUNT_TAKEN", "machine_account")
            return tx.answer(tx.add(PEERS, replace(peer, id=tx.new_id())))

    def switch(self, caller: Caller, peer_id: str, version: int, running: bool) -> Peer:
        """Stops it, or starts it again."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Peer, tx.answered)
            return tx.answer(tx.save(PEERS, tx.get(PEERS, peer_id, version).switched(running)))

    def page(
        self, caller: Caller, kind: PeerKind | None, peer_id: str, size: int, token: str
    ) -> tuple[tuple[Peer, ...], str]:
        """Peers, newest first."""
        table = PEERS.table
        if peer_id and not is_id(peer_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if kind is not None:
                query = query.where(table.c.kind == kind)
            if peer_id:
                query = query.where(table.c.id == peer_id)
            page = tx.page(query, (table.c.id,), size, token)
            return tuple(PEERS.value(row) for row in page.rows), page.next_token

    def transfer_key(self) -> str:
        """The public key parcels to us are sealed to, in hexadecimal."""
        public, _ = self._desk.keys.pair(HOLDER)
        return public.hex()


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


def _about(tx: Tx, transfer: Transfer) -> Complaint:
    """The complaint, wherever it lies by now: the transfer was found, its peer or its place need not see more."""
    [row] = tx.rows(sa.select(COMPLAINTS.table).where(COMPLAINTS.table.c.id == transfer.complaint_id))
    return COMPLAINTS.value(row)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as wrong:
        raise Invalid("PARCEL_UNREADABLE", "parcel") from wrong
