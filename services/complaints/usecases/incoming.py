"""What peers hand in: complaints, and the outcomes of what was handed to them. All of it is read as a stranger's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.db import taken_meanwhile
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from chassis.store import Tx
from services.complaints.domain.intake import Draft
from services.complaints.domain.redaction import Identity
from services.complaints.domain.stages import Conclusion, Manner
from services.complaints.domain.transfers import (
    OUTCOME_LONGEST,
    Parcel,
    Peer,
    Scope,
    Transfer,
    TransferDirection,
    TransferState,
    outcome_returned,
    readable,
    transferred,
)
from services.complaints.storage.outside import PEERS, TRANSFERS, complaint_of
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.intake import IntakeCases

HOLDER = "transfers"
"""Whose public key parcels to us are sealed to."""


class IncomingCases:
    """Taking in, and the outcome."""

    def __init__(self, desk: Desk, intake: IntakeCases) -> None:
        self._desk = desk
        self._intake = intake

    def take_in(
        self, caller: Caller, reference: str, sender_number: str, jurisdiction_path: str, scope: Scope, parcel: bytes
    ) -> Transfer:
        """Takes a complaint over from the calling peer; asked again, even at once, it answers the first receipt."""
        told = (caller, reference, sender_number, jurisdiction_path, scope, parcel)
        try:
            return self._take_in(*told)
        except Exception as fault:
            if taken_meanwhile(fault):
                return self._take_in(*told)
            raise

    def _take_in(
        self, caller: Caller, reference: str, sender_number: str, jurisdiction_path: str, scope: Scope, parcel: bytes
    ) -> Transfer:
        with self._desk.store.begin(caller) as tx:
            peer = self._calling(tx)
            content = self._opened(parcel)
            digest = hashlib.sha256(content).digest()
            before = self._by_reference(tx, peer, TransferDirection.IN, reference)
            if before is not None:
                if before.parcel_hash != digest:
                    held = {"number": before.number, "parcel": before.parcel_hash.hex()}
                    raise Conflict("REFERENCE_REUSED", "reference", **held)
                return before
            said = Parcel.of(content)
            draft = Draft(jurisdiction_path, said.title, said.text, said.confidential_text, Manner.ANONYMOUS, Identity())
            received = self._intake.enter_in(tx, draft, peer.kind.channel, caller.subject).complaint
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
            tx.emit(outcome_returned(answered, complaint_of(tx, found.complaint_id)))
            return answered

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


def _text(content: bytes) -> str:
    """What an outcome says. Refused with PARCEL_UNREADABLE."""
    text = content.decode(errors="surrogateescape")  # what is no UTF-8 becomes what `readable` refuses
    if not readable(text, OUTCOME_LONGEST):
        raise Invalid("PARCEL_UNREADABLE", "parcel")
    return text
