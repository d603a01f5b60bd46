"""How attachments come in: a ticket first, then the file under it, sealed as it arrives, looked at, put on the shelf.

The file lies on this machine only sealed, in a folder of its own that goes when the upload ends however it ends. What is
refused leaves nothing; what was put on the shelf and found no attachment in the end is noted as loose before it is put.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, cast

import sqlalchemy as sa

from carriage.shelves import Shelf
from carriage.shelving import answering
from chassis.auth import Caller
from chassis.errors import Conflict, NotFound, TooMany
from chassis.keys import clean_code
from chassis.store import Tx
from services.complaints.domain import attachments
from services.complaints.domain.attachments import Attachment, Kind, Limits, Scan, Sealed, Shown, Upload
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.flood import Visitor
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.attachments import (
    ATTACHMENTS,
    COPY,
    UPLOADS,
    both,
    fasten,
    loosen,
    of_complaint,
    open_tickets,
)
from services.complaints.usecases.attachments import LIMITS, AttachmentCases, packed, sizes
from services.complaints.usecases.desk import COMPLAINANT, Desk
from services.complaints.usecases.flood import FloodCases
from services.complaints.usecases.ledger import is_unit
from services.complaints.usecases.pace import PACE, Pace, Paced, Turns
from services.complaints.usecases.receiving import Received, receive
from services.complaints.usecases.staging import Staging

TICKET = "complaints.upload"
TYPES = "attachments.types"
FLOOD = "flood.uploads"
NOWHERE = Visitor()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is told of a ticket."""

    code: str
    good_until: datetime
    largest: int


class UploadCases:
    """Tickets and files."""

    def __init__(self, desk: Desk, shelf: Shelf, read: AttachmentCases, staging: Staging) -> None:
        self._desk, self._shelf, self._read, self._staging = desk, shelf, read, staging
        self._turns, self._flood = Turns(), FloodCases(desk)
        staging.sweep_now_and_then()

    def limits(self, caller: Caller, jurisdiction_path: str) -> Limits:
        """How much may be given with a complaint of a place, or of any that has no limits of its own."""
        with self._desk.store.read(caller) as tx:
            if jurisdiction_path:
                self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            return self._limits(tx, jurisdiction_path)

    def begin(self, caller: Caller, complaint_id: str, name: str, size: int) -> Ticket:
        """A ticket for somebody who works on the complaint."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._ticket(tx, cast(Upload, tx.answered))
            complaint = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, complaint)
            unit_path = complaint.unit_path if is_unit(caller, complaint) else ""
            return self._begin(tx, complaint, caller.subject, name, size, unit_path)

    def begin_own(self, caller: Caller, code: str, name: str, size: int, visitor: Visitor = NOWHERE) -> Ticket:
        """A ticket for the holder of a receipt code. Refused with UPLOADED_TOO_OFTEN to who asks for too many."""
        self._enter(visitor)
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._ticket(tx, cast(Upload, tx.answered))
            return self._begin(tx, self._desk.by_code(tx, code), COMPLAINANT, name, size)

    def enclose(self, caller: Caller, complaint_id: str, name: str, content: bytes) -> Shown:
        """One file of the complainant's that came with their letter; refused as any other; the same again is one."""
        with self._desk.store.begin(caller) as tx:
            upload = self._opened(tx, tx.get(COMPLAINTS, complaint_id), COMPLAINANT, name, len(content))
        return self._take(caller, upload, iter([content] if content else []))

    def take(self, caller: Caller, told: Iterator[tuple[str, bytes]]) -> Shown:
        """One file under its ticket, which stands beside its first piece."""
        pace = Pace.of(self._setting(PACE))
        with self._turns.any(pace), Paced(told, pace) as pieces:
            ticket, first = next(pieces, ("", b""))
            with self._desk.store.read(caller) as tx:
                upload = self._upload(tx, ticket)
            with self._turns.of(upload.id, upload.complaint_id, pace):
                return self._take(caller, upload, chain([first], (piece for _, piece in pieces)))

    def _take(self, caller: Caller, upload: Upload, pieces: Iterator[bytes]) -> Shown:
        with self._desk.store.read(caller) as tx:
            if upload.attachment_id:
                return self._before(tx, upload.attachment_id)
            key = self._desk.contents.file_key(tx, upload.complaint_id)
            limits = self._limits(tx, upload.jurisdiction_path)
            kinds = {row["id"]: Kind(row["kind"]) for row in tx.setting(TYPES, upload.jurisdiction_path)}
        if key is None:
            raise Conflict("COMPLAINT_ENDED")
        with self._staging.place() as folder:
            received = receive(self._desk.keys, upload, key, limits, kinds, pieces, folder)
            return self._keep(caller, received, limits)

    def _begin(self, tx: Tx, complaint: Complaint, given_by: str, name: str, size: int, unit_path: str = "") -> Ticket:
        return self._ticket(tx, tx.answer(self._opened(tx, complaint, given_by, name, size, unit_path)))

    def _opened(self, tx: Tx, complaint: Complaint, given_by: str, name: str, size: int, unit_path: str = "") -> Upload:
        attachments.check_giving(complaint, given_by == COMPLAINANT)
        limits = self._limits(tx, complaint.jurisdiction_path)
        limits.check_room(sizes(of_complaint(tx, complaint.id)), size)
        Pace.of(tx.setting(PACE, complaint.jurisdiction_path)).check_open(open_tickets(tx, complaint.id))
        if self._desk.contents.file_key(tx, complaint.id) is None:
            raise Conflict("COMPLAINT_ENDED")
        upload = Upload(
            id=tx.new_id(),
            version=1,
            unit_path=unit_path,
            jurisdiction_path=complaint.jurisdiction_path,
            complaint_id=complaint.id,
            ticket_mac=b"",
            given_by=given_by,
            sealed_name=self._desk.contents.text(tx, complaint.id, name),
            good_until=attachments.ticket_until(limits, tx.now),
        )
        upload = replace(upload, ticket_mac=self._mac(self._code(tx, upload)))
        return tx.add(UPLOADS, upload)

    def _ticket(self, tx: Tx, upload: Upload) -> Ticket:
        """The ticket of an upload, derived again for a repeated request and stored nowhere."""
        return Ticket(self._code(tx, upload), upload.good_until, self._limits(tx, upload.jurisdiction_path).largest)

    def _code(self, tx: Tx, upload: Upload) -> str:
        request = tx.caller.request.request_id if tx.caller.request else ""
        return self._desk.keys.code(TICKET, upload.id, request)

    def _mac(self, code: str) -> bytes:
        return self._desk.keys.mac(TICKET, clean_code(code))

    def _limits(self, tx: Tx, jurisdiction_path: str) -> Limits:
        return Limits.of(tx.setting(LIMITS, jurisdiction_path))

    def _upload(self, tx: Tx, ticket: str) -> Upload:
        found = tx.find(UPLOADS, UPLOADS.table.c.ticket_mac == self._mac(ticket))
        if found is None or not found.good(tx.now):
            raise NotFound("UPLOAD_UNKNOWN", "ticket")
        return found

    def _keep(self, caller: Caller, received: Received, limits: Limits) -> Shown:
        """Puts both copies on the shelf and writes the attachment; the same file again is the same attachment."""
        with self._desk.store.begin(caller) as tx:
            known = self._known(tx, received)
            if known is not None:
                return self._settle(tx, received.upload, known)
            loosen(tx, both(received.file), tx.now)
        with answering():
            self._shelf.put(received.file, received.folder / "original")
            self._shelf.put(received.file + COPY, received.folder / "copy")
        with self._desk.store.begin(caller) as tx:
            given = of_complaint(tx, received.upload.complaint_id)
            known = self._known(tx, received)
            if known is not None:
                return self._settle(tx, received.upload, known)
            limits.check_room(sizes(given), received.size)
            made = self._made(tx, received, max((row.place for row in given), default=0) + 1)
            tx.add(ATTACHMENTS, made)
            fasten(tx, made.file)
            return self._settle(tx, received.upload, made)

    def _made(self, tx: Tx, received: Received, place: int) -> Attachment:
        upload = received.upload
        complaint = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == upload.complaint_id)
        if complaint is None or self._desk.contents.file_key(tx, complaint.id) is None:
            raise Conflict("COMPLAINT_ENDED")
        own = upload.given_by == COMPLAINANT
        attachments.check_giving(complaint, own)
        [name] = self._desk.contents.texts(tx, complaint.id, [upload.sealed_name])
        return Attachment(
            id=tx.new_id(),
            version=1,
            unit_path="",
            jurisdiction_path=complaint.jurisdiction_path,
            complaint_id=complaint.id,
            place=place,
            kind=received.kind,
            media_type=received.media_type,
            size=received.size,
            copy_size=received.copy_size,
            scan=Scan.WAITING,
            shown_to_unit=attachments.shown_at_first(upload),
            given_by=upload.given_by,
            received_at=tx.now,
            file=received.file,
            sealed=self._desk.contents.text(tx, complaint.id, packed(Sealed(name, received.sha256))),
        )

    def _known(self, tx: Tx, received: Received) -> Attachment | None:
        table = ATTACHMENTS.table
        match = (table.c.complaint_id == received.upload.complaint_id, table.c.file == received.file)
        return tx.find(ATTACHMENTS, *match)

    def _settle(self, tx: Tx, upload: Upload, attachment: Attachment) -> Shown:
        """The ticket has its file."""
        table = UPLOADS.table
        settled = {"attachment_id": attachment.id, "version": upload.version + 1}
        tx.execute(sa.update(table).where(table.c.id == upload.id).values(settled))
        return self._read.shown(tx, attachment)

    def _before(self, tx: Tx, attachment_id: str) -> Shown:
        """What came under a ticket that was used: neither its name nor its hash, a ticket is shown by whoever found it."""
        found = tx.find(ATTACHMENTS, ATTACHMENTS.table.c.id == attachment_id)
        if found is None:
            raise NotFound("UPLOAD_UNKNOWN", "ticket")
        return self._read.shown(tx, found, plain=True)

    def _enter(self, visitor: Visitor) -> None:
        try:
            self._flood.enter(visitor, self._setting(FLOOD), "upload.")
        except TooMany as full:
            raise TooMany("UPLOADED_TOO_OFTEN", **full.params) from None

    def _setting(self, key: str) -> Any:
        return self._desk.store.settings.value(key, "", self._desk.store.clock.today())
