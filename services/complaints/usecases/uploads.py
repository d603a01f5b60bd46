"""How attachments come in: a ticket first, then the file under it, sealed as it arrives, looked at, put on the shelf.

The file lies on this machine only sealed, in a folder of its own that goes when the upload ends however it ends. What is
refused leaves nothing; what was put on the shelf and found no attachment in the end is noted as loose before it is put.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from carriage.shelves import Shelf
from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound
from chassis.keys import clean_code
from chassis.store import Tx
from services.complaints.domain import attachments
from services.complaints.domain.attachments import MEGABYTE, Attachment, Kind, Limits, Scan, Sealed, Shown, Upload
from services.complaints.domain.complaint import Complaint
from services.complaints.evidence import HEAD, Bounds, media_type_of, travelling_copy
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.attachments import ATTACHMENTS, UPLOADS, both, fasten, loosen, of_complaint
from services.complaints.storage.sealed_files import SealedWriter, reader
from services.complaints.storage.shelf import COPY, answering
from services.complaints.usecases.attachments import LIMITS, AttachmentCases, packed, sizes
from services.complaints.usecases.desk import COMPLAINANT, Desk
from services.complaints.usecases.ledger import is_unit

TICKET = "complaints.upload"
TYPES = "attachments.types"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is told of a ticket."""

    code: str
    good_until: datetime
    largest: int


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived whole: sealed in two copies on this machine, and what it is."""

    upload: Upload
    size: int
    copy_size: int
    sha256: str
    kind: Kind
    media_type: str
    file: str
    folder: Path


class UploadCases:
    """Tickets and files."""

    def __init__(self, desk: Desk, shelf: Shelf, read: AttachmentCases, staging: Path) -> None:
        self._desk, self._shelf, self._read, self._staging = desk, shelf, read, staging

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

    def begin_own(self, caller: Caller, code: str, name: str, size: int) -> Ticket:
        """A ticket for the holder of a receipt code."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._ticket(tx, cast(Upload, tx.answered))
            return self._begin(tx, self._desk.by_code(tx, code), COMPLAINANT, name, size)

    def take(self, caller: Caller, ticket: str, pieces: Iterator[bytes]) -> Shown:
        """One file under its ticket."""
        with self._desk.store.read(caller) as tx:
            upload = self._upload(tx, ticket)
            if upload.attachment_id:
                return self._before(tx, upload.attachment_id)
            key = self._desk.contents.file_key(tx, upload.complaint_id)
            limits = self._limits(tx, upload.jurisdiction_path)
            kinds = {row["id"]: Kind(row["kind"]) for row in tx.setting(TYPES, upload.jurisdiction_path)}
        if key is None:
            raise Conflict("COMPLAINT_ENDED")
        self._staging.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._staging, prefix="upload-") as folder:
            received = self._received(upload, key, limits, kinds, pieces, Path(folder))
            return self._keep(caller, received, limits)

    def _begin(self, tx: Tx, complaint: Complaint, given_by: str, name: str, size: int, unit_path: str = "") -> Ticket:
        attachments.check_giving(complaint, given_by == COMPLAINANT)
        limits = self._limits(tx, complaint.jurisdiction_path)
        limits.check_room(sizes(of_complaint(tx, complaint.id)), size)
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
        tx.add(UPLOADS, upload)
        return self._ticket(tx, tx.answer(upload))

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
        if found is None or not (found.good(tx.now) or found.attachment_id):
            raise NotFound("UPLOAD_UNKNOWN", "ticket")
        return found

    def _received(
        self,
        upload: Upload,
        key: bytes,
        limits: Limits,
        kinds: Mapping[str, Kind],
        pieces: Iterator[bytes],
        folder: Path,
    ) -> Received:
        """Seals the file as it comes, refuses what it must as early as it can, and makes the travelling copy of it."""
        digest, size = hashlib.sha256(), 0
        media_type = ""
        with (folder / "original").open("wb") as file:
            original = SealedWriter(file, key)
            for piece in _from_head(pieces):
                if not size:
                    media_type = _allowed(piece, kinds)
                size += len(piece)
                if size > limits.largest:
                    raise limits.too_large()
                digest.update(piece)
                original.write(piece)
            original.close()
        if not size:
            raise Invalid("FILE_EMPTY", "content")
        bounds = Bounds(limits.million_pixels * 1_000_000, limits.longest_edge, limits.unpacked_megabytes * MEGABYTE)
        with (folder / "copy").open("wb") as file, reader(folder / "original", key) as source:
            copy = SealedWriter(file, key)
            media_type = travelling_copy(source, copy, media_type, bounds)
            copy.close()
        sha256 = digest.hexdigest()
        named = self._desk.keys.mac("complaints.files", upload.complaint_id, sha256).hex()
        kind = kinds.get(media_type) or Kind.PICTURE
        return Received(upload, size, copy.size, sha256, kind, media_type, named, folder)

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
        found = tx.find(ATTACHMENTS, ATTACHMENTS.table.c.id == attachment_id)
        if found is None:
            raise NotFound("UPLOAD_UNKNOWN", "ticket")
        return self._read.shown(tx, found)


def _from_head(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of them long enough to tell what the file is."""
    head = b""
    for piece in pieces:
        if len(head) >= HEAD:
            yield piece
            continue
        head += piece
        if len(head) >= HEAD:
            yield head
    if 0 < len(head) < HEAD:
        yield head


def _allowed(head: bytes, kinds: Mapping[str, Kind]) -> str:
    """The media type told by the first bytes. Refused with FILE_TYPE_REFUSED unless it is on the list."""
    found = media_type_of(head)
    if found not in kinds:
        raise Invalid("FILE_TYPE_REFUSED", "content")
    return found
