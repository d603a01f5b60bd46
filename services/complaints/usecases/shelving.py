"""What the courier does with files: has them scanned for viruses, and takes away what lies loose on the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from carriage.letter import NotDelivered
from carriage.shelves import Shelf
from chassis.auth import Caller
from chassis.errors import Unavailable
from chassis.logs import log
from services.complaints.domain.attachments import Attachment, Scan
from services.complaints.storage.attachments import ATTACHMENTS, LOOSE_FILES, UPLOADS, both, loosen
from services.complaints.usecases.attachments import AttachmentCases
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.staging import Staging

LOOKED_AT = 20
LOOSE_FOR = timedelta(hours=2)
"""Longer than any upload takes: what is loose for longer belongs to nobody."""
PASSED_OVER_FOR = timedelta(minutes=15)
"""How long what had no verdict is left alone, so that the others have their turn."""
Scanner = Callable[[Iterable[bytes]], str]


class ShelvingCases:
    """Scanning and tidying."""

    def __init__(self, desk: Desk, shelf: Shelf, read: AttachmentCases, staging: Staging) -> None:
        self._desk, self._shelf, self._read, self._staging = desk, shelf, read, staging
        self._passed_over: dict[str, datetime] = {}

    def scan(self, scanner: Scanner) -> int:
        """Has the oldest unscanned originals scanned, and says how many. What a scanner calls what it found goes to the log.

        One that cannot be read now, or has no verdict, is passed over for a while and keeps no other waiting; where the
        scanner is away, its exception ends the look.
        """
        table, now = ATTACHMENTS.table, self._desk.store.clock.now()
        self._passed_over = {id: at for id, at in self._passed_over.items() if now - at < PASSED_OVER_FOR}
        with self._desk.store.read(self._courier()) as tx:
            due = table.c.scan == Scan.WAITING, table.c.id.not_in(self._passed_over)
            query = sa.select(table).where(*due).order_by(table.c.received_at, table.c.id)
            waiting = [ATTACHMENTS.value(row) for row in tx.rows(query.limit(LOOKED_AT))]
        return sum(self._scan_one(one, scanner) for one in waiting)

    def _scan_one(self, attachment: Attachment, scanner: Scanner) -> bool:
        with self._desk.store.read(self._courier()) as tx:
            key = self._desk.contents.file_key(tx, attachment.complaint_id)
        if key is None:
            return self._pass_over(attachment)
        try:
            found = scanner(self._read.pieces(attachment, key, ""))
        except Unavailable as fault:
            log().warning("attachment.unreadable", attachment_id=attachment.id, exc_info=fault)
            return self._pass_over(attachment)
        except NotDelivered as fault:
            if fault.away:
                raise
            log().warning("attachment.no_verdict", attachment_id=attachment.id, reason=fault.why)
            return self._pass_over(attachment)
        with self._desk.store.begin(self._courier()) as tx:
            scanned = tx.get(ATTACHMENTS, attachment.id).scanned(Scan.INFECTED if found else Scan.CLEAN)
            tx.save(ATTACHMENTS, scanned)
            if found:
                loosen(tx, both(attachment.file), tx.now - LOOSE_FOR)
                log().warning("attachment.infected", attachment_id=attachment.id, found=found)
        return True

    def _pass_over(self, attachment: Attachment) -> bool:
        self._passed_over[attachment.id] = self._desk.store.clock.now()
        return False

    def tidy(self) -> int:
        """Takes away files no attachment names, what killed uploads left behind, and tickets that are over; how many."""
        self._staging.sweep_now_and_then()
        table = UPLOADS.table
        with self._desk.store.read(self._courier()) as tx:
            before = tx.now - LOOSE_FOR
            query = sa.select(LOOSE_FILES.c.file).where(LOOSE_FILES.c.since <= before).order_by(LOOSE_FILES.c.since)
            loose = [row.file for row in tx.rows(query.limit(LOOKED_AT))]
            over = table.c.good_until < before
            unused = [row.id for row in tx.rows(sa.select(table.c.id).where(over).limit(LOOKED_AT))]
        for name in loose:
            self._shelf.remove(name)
        if loose or unused:
            with self._desk.store.begin(self._courier()) as tx:
                tx.execute(sa.delete(LOOSE_FILES).where(LOOSE_FILES.c.file.in_(loose), LOOSE_FILES.c.since <= before))
                tx.execute(sa.delete(table).where(table.c.id.in_(unused)))
        return len(loose)

    def _courier(self) -> Caller:
        return Caller.service("complaints")
