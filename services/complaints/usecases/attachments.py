"""What was given with complaints: who sees which of it, and the bytes as they leave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import cast

import sqlalchemy as sa

from carriage.sealed_files import opened
from carriage.shelves import Shelf
from carriage.shelving import answering
from chassis.auth import Caller
from chassis.errors import NotFound, Unavailable
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.attachments import Attachment, Given, Limits, Look, Sealed, Shown
from services.complaints.domain.complaint import Complaint
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.attachments import ATTACHMENTS, COPY, ORIGINAL_LOOKS
from services.complaints.usecases.desk import COMPLAINANT, Desk
from services.complaints.usecases.ledger import is_unit

UNSCANNED, LIMITS = "attachments.unscanned", "attachments.limits"
_TABLE = ATTACHMENTS.table
_PLACES = (_TABLE.c.place, _TABLE.c.id)
File = tuple[Shown, Iterator[bytes]]


class AttachmentCases:
    """Lists, copies and originals."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf

    def of_complaint(self, caller: Caller, complaint_id: str, size: int, token: str) -> Given:
        """What was given with a complaint, for somebody who works on it; a unit is told of what is shown to it."""
        with self._desk.store.read(caller) as tx:
            complaint = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, complaint)
            query = sa.select(_TABLE).where(_TABLE.c.complaint_id == complaint.id)
            unit = is_unit(caller, complaint)
            if unit:
                query = query.where(_TABLE.c.shown_to_unit.is_(True))
            page = tx.page(query, _PLACES, size, token, descending=False)
            found = self._all_shown(tx, complaint.id, [ATTACHMENTS.value(row) for row in page.rows], plain=unit)
            return self._given(tx, complaint, found, page.next_token)

    def own(self, caller: Caller, code: str, size: int, token: str) -> Given:
        """What came under one's own receipt code."""
        with self._desk.store.read(caller) as tx:
            own = self._desk.by_code(tx, code)
            query = sa.select(_TABLE).where(_TABLE.c.complaint_id == own.id, _TABLE.c.given_by == COMPLAINANT)
            page = tx.page(query, _PLACES, size, token, descending=False)
            found = self._all_shown(tx, own.id, [ATTACHMENTS.value(row) for row in page.rows])
            return self._given(tx, own, found, page.next_token)

    def copy(self, caller: Caller, attachment_id: str) -> File:
        """The travelling copy, for somebody who works on the complaint."""
        with self._desk.store.read(caller) as tx:
            found = self._found(tx, attachment_id)
            return self._file(tx, found, COPY)

    def own_copy(self, caller: Caller, code: str, attachment_id: str) -> File:
        """The travelling copy, for who gave it. Refused with RECEIPT_UNKNOWN for what is not the code's own."""
        with self._desk.store.read(caller) as tx:
            own = self._desk.by_code(tx, code)
            found = self._row(tx, attachment_id)
            if found is None or (found.complaint_id, found.given_by) != (own.id, COMPLAINANT):
                raise NotFound("RECEIPT_UNKNOWN", "receipt_code")
            return self._file(tx, found, COPY)

    def original(self, caller: Caller, attachment_id: str, purpose: str) -> File:
        """The original; the look is on record before it is given out."""
        with self._desk.store.begin(caller) as tx:
            found = self._found(tx, attachment_id)
            file = self._file(tx, found, "")
            look = {
                "id": tx.new_id(),
                "at": tx.now,
                "jurisdiction_path": found.jurisdiction_path,
                "complaint_id": found.complaint_id,
                "attachment_id": found.id,
                "reader": caller.subject,
                "purpose": self._desk.contents.text(tx, found.complaint_id, purpose),
            }
            tx.insert(ORIGINAL_LOOKS, look)
            tx.note("attachments", found.id, "original_read", "", found.jurisdiction_path)
            return file

    def looks(self, caller: Caller, complaint_id: str, size: int, token: str) -> tuple[tuple[Look, ...], str]:
        """Who read originals of a complaint's attachments, newest first."""
        table = ORIGINAL_LOOKS
        with self._desk.store.read(caller) as tx:
            complaint = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, complaint)
            query = sa.select(table).where(table.c.complaint_id == complaint.id)
            page = tx.page(query, (table.c.at, table.c.id), size, token)
            purposes = self._desk.contents.texts(tx, complaint.id, [row.purpose for row in page.rows])
        rows = zip(page.rows, purposes, strict=True)
        looks = tuple(Look(row.at, row.complaint_id, row.attachment_id, row.reader, purpose) for row, purpose in rows)
        return looks, page.next_token

    def show_to_unit(self, caller: Caller, attachment_id: str, version: int, shown: bool) -> Shown:
        """Shows it to the unit, or hides it."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self.shown(tx, cast(Attachment, tx.answered))
            self._found(tx, attachment_id)
            changed = tx.get(ATTACHMENTS, attachment_id, version).show(shown)
            tx.save(ATTACHMENTS, changed)
            return self.shown(tx, tx.answer(changed))

    def _given(self, tx: Tx, complaint: Complaint, found: tuple[Shown, ...], token: str) -> Given:
        """A page of them, with how many more the complaint takes."""
        limits = Limits.of(tx.setting(LIMITS, complaint.jurisdiction_path))
        query = sa.select(sa.func.count()).where(_TABLE.c.complaint_id == complaint.id)
        [[count]] = tx.rows(query)
        return Given(found, token, limits.largest, max(0, limits.files - count))

    def shown(self, tx: Tx, attachment: Attachment, plain: bool = False) -> Shown:
        """An attachment with its own name and hash, or with neither."""
        return self._all_shown(tx, attachment.complaint_id, [attachment], plain)[0]

    def _all_shown(self, tx: Tx, complaint_id: str, found: Sequence[Attachment], plain: bool = False) -> tuple[Shown, ...]:
        """Attachments of one complaint, whose key is asked for once."""
        texts = self._desk.contents.texts(tx, complaint_id, [None if plain else one.sealed for one in found])
        told = [Sealed(**json.loads(text)) if text else Sealed("", "") for text in texts]
        return tuple(
            Shown(one, said.name or one.plain_name, said.sha256, one.openable(self._unscanned(tx, one)))
            for one, said in zip(found, told, strict=True)
        )

    def pieces(self, attachment: Attachment, key: bytes, ending: str) -> Iterator[bytes]:
        """A file from the shelf, opened piece by piece. Raises Unavailable with FILE_UNREADABLE."""
        with answering():
            yield from opened(self._shelf.read(attachment.file + ending), key)

    def _file(self, tx: Tx, found: Attachment, ending: str) -> File:
        """What is to be read and its bytes, which are fetched once the transaction is over. A copy has a plain name: whoever
        it reaches learns nothing by it."""
        found.check_openable(self._unscanned(tx, found))
        key = self._desk.contents.file_key(tx, found.complaint_id)
        if key is None:
            raise Unavailable("FILE_UNREADABLE")
        shown = self.shown(tx, found)
        if ending:
            shown = replace(shown, file_name=found.plain_name)
        return shown, self.pieces(found, key, ending)

    def _found(self, tx: Tx, attachment_id: str) -> Attachment:
        """An attachment of a complaint the caller may see. Refused with ATTACHMENT_NOT_FOUND, RECUSED."""
        found = self._row(tx, attachment_id)
        complaint = None if found is None else tx.find(COMPLAINTS, COMPLAINTS.table.c.id == found.complaint_id)
        if found is None or complaint is None or (is_unit(tx.caller, complaint) and not found.shown_to_unit):
            raise NotFound("ATTACHMENT_NOT_FOUND", "attachment_id")
        self._desk.recuse(tx, complaint)
        return found

    def _row(self, tx: Tx, attachment_id: str) -> Attachment | None:
        if not is_id(attachment_id):
            return None
        rows = tx.rows(sa.select(_TABLE).where(_TABLE.c.id == attachment_id))
        return next((ATTACHMENTS.value(row) for row in rows), None)

    def _unscanned(self, tx: Tx, attachment: Attachment) -> str:
        return str(tx.setting(UNSCANNED, attachment.jurisdiction_path))


def packed(sealed: Sealed) -> str:
    """What is sealed of an attachment, as one text."""
    return json.dumps(asdict(sealed), ensure_ascii=False)


def sizes(rows: Sequence[sa.Row[tuple[str, int, int]]]) -> list[int]:
    """The sizes of what was given already."""
    return [row.size for row in rows]
