"""What the courier hands to peers: a complaint or its outcome, read when it is sent, and the receipt kept afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.errors import Refusal
from chassis.store import Tx
from services.complaints.domain import triage
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import OUTCOME, Delivery
from services.complaints.domain.stages import Conclusion, allow
from services.complaints.domain.transfers import Parcel, Peer, Scope, Transfer, TransferState, transferred
from services.complaints.storage import ACTS, COMPLAINTS
from services.complaints.storage.outside import PEERS, TRANSFERS
from services.complaints.usecases.deliveries import COURIER, settle, still_due
from services.complaints.usecases.desk import SYSTEM, Desk

FORWARDED = "other"
"""The reason a complaint stands as forwarded by a transfer: the transfer says its own in words."""
ANSWERS = ("close", "decline_complaint")
"""Acts whose text is what the complainant, and so the peer that handed it over, is told."""


@dataclass(frozen=True, slots=True)
class Handing:
    """What a peer is called with; the content is sealed to its key by whoever calls."""

    peer: Peer
    transfer: Transfer
    content: bytes
    conclusion: Conclusion | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the content: what the receipt has to name."""
        return hashlib.sha256(self.content).hexdigest()


class HandingCases:
    """The courier's side of transfers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def prepare(self, delivery: Delivery) -> Handing | None:
        """What is handed; None if it cannot or need not be any more, and then the delivery is called off."""
        with self._desk.store.begin(COURIER) as tx:
            if not still_due(tx, delivery):
                return None
            transfer = tx.find(TRANSFERS, TRANSFERS.table.c.id == delivery.transfer_id)
            complaint = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == delivery.complaint_id)
            peer = tx.find(PEERS, PEERS.table.c.id == delivery.receiver)
            if transfer is None or complaint is None or peer is None:
                settle(tx, delivery, lambda now: now.called_off(tx.now))
                return None
            if delivery.kind == OUTCOME:
                return Handing(peer, transfer, self._outcome(tx, complaint).encode(), complaint.conclusion)
            why = _not_now(transfer, complaint)
            if why:
                if transfer.under_way:
                    tx.save(TRANSFERS, transfer.refused(why, tx.now))
                there = transfer.state in (TransferState.TAKEN, TransferState.ANSWERED)
                settle(tx, delivery, lambda now: now.arrived(why, tx.now) if there else now.called_off(tx.now))
                return None
            content = self._parcel(tx, transfer, complaint).packed()
            sent = transfer.sent(hashlib.sha256(content).digest())
            return Handing(peer, transfer if sent is transfer else tx.save(TRANSFERS, sent), content)

    def handed(self, delivery: Delivery, handing: Handing, peer_number: str, receipt: str, held: str = "") -> None:
        """Keeps the peer's receipt. A complaint handed over whole stands as forwarded from now on.

        `held` is the hash of what the peer holds where that is what came to it before and not what is handed now.
        """
        with self._desk.store.begin(COURIER) as tx:
            settle(tx, delivery, lambda now: now.arrived(receipt, tx.now))
            transfer = tx.get(TRANSFERS, handing.transfer.id)
            digest = bytes.fromhex(held or handing.digest)
            if delivery.kind == OUTCOME:
                tx.save(TRANSFERS, transfer.answered(handing.conclusion, None, digest, tx.now))
                return
            tx.save(TRANSFERS, transfer.taken(peer_number, digest, tx.now))
            self._forward(tx, transfer, handing.peer)

    def _forward(self, tx: Tx, transfer: Transfer, peer: Peer) -> None:
        complaint = tx.get(COMPLAINTS, transfer.complaint_id)
        if transfer.scope is Scope.WHOLE and not _stage_forbids(complaint):
            change = triage.forward(complaint, peer.name, FORWARDED, "", tx.now)
            tx.save(COMPLAINTS, change.complaint)
            self._desk.enter(tx, change, SYSTEM)
            complaint = change.complaint
        tx.emit(transferred(transfer, complaint))

    def _parcel(self, tx: Tx, transfer: Transfer, complaint: Complaint) -> Parcel:
        content = self._desk.contents.open_one(tx, complaint.id)
        [note] = self._desk.contents.texts(tx, complaint.id, [transfer.reason])
        whole = transfer.scope is Scope.WHOLE
        return Parcel(
            title=content.title if whole else content.unit_title,
            text=content.text if whole else content.unit_text,
            confidential_text=content.confidential_text if whole else "",
            channel=complaint.channel.value,
            manner=complaint.manner.value,
            received_at=complaint.received_at.isoformat(),
            note=note,
        )

    def _outcome(self, tx: Tx, complaint: Complaint) -> str:
        """What the complainant was told; of what was told to nobody no more than that: not where it went."""
        query = sa.select(ACTS.c.text).where(ACTS.c.complaint_id == complaint.id, ACTS.c.act.in_(ANSWERS))
        row = next(iter(tx.rows(query.order_by(ACTS.c.version.desc()).limit(1))), None)
        [text] = self._desk.contents.texts(tx, complaint.id, [row.text if row is not None else None])
        return text or str(tx.setting("transfers.untold", complaint.jurisdiction_path))


def _not_now(transfer: Transfer, complaint: Complaint) -> str:
    """Why a transfer ordered some time ago is not handed over any more; empty if it is."""
    if not transfer.under_way:
        return transfer.state.value
    return "STAGE_FORBIDS" if transfer.scope is Scope.WHOLE and _stage_forbids(complaint) else ""


def _stage_forbids(complaint: Complaint) -> bool:
    try:
        allow("ForwardComplaint", complaint.stage)
    except Refusal:
        return True
    return False
