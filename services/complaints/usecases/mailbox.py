"""Letters taken from a mailbox: each becomes one complaint, however often it is found, and its sender is told the number.

What was enclosed is evidence as any other: stripped, or refused, and then the sender is told. A letter of somebody who has
sent too many stays in the mailbox, flagged, for a person, and is not answered: its sender may be forged, and an answer to a
flood is a flood.
"""

from __future__ import annotations

import sqlalchemy as sa

from carriage.mailbox import Arrived, Enclosed
from chassis.auth import Caller
from chassis.errors import Refusal, Unavailable
from chassis.logs import log
from chassis.store import Tx
from services.complaints.domain import intake
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import ACKNOWLEDGE, COMPLAINANT, NOT_TAKEN, Delivery, Means
from services.complaints.domain.flood import Visitor
from services.complaints.domain.intake import Draft
from services.complaints.domain.notices import addressed
from services.complaints.domain.redaction import Identity
from services.complaints.domain.stages import Channel, Manner
from services.complaints.storage.outside import LETTERS, complaint_of
from services.complaints.usecases.deliveries import order
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.flood import FloodCases
from services.complaints.usecases.intake import IntakeCases
from services.complaints.usecases.notices import BY_MAIL, NoticeCases
from services.complaints.usecases.uploads import UploadCases

TAKER = Caller.service("complaints", "take_letter")
LETTER = "complaints.letter"
NAME_LONGEST = 200


class MailboxCases:
    """Intake by mail."""

    def __init__(self, desk: Desk, intake: IntakeCases, notices: NoticeCases, uploads: UploadCases) -> None:
        self._desk, self._intake, self._notices, self._uploads = desk, intake, notices, uploads
        self._flood = FloodCases(desk)

    def take(self, jurisdiction_path: str, letter: Arrived) -> str:
        """Enters a letter with what is enclosed and answers its number; empty for one taken before, or that no person wrote.

        Refused with FILED_TOO_OFTEN. One that is found again after a fault goes on with its files.

        Whoever writes by mail is known by an address and has not said how they want to be known: it is confidential.
        """
        mac = self._desk.keys.mac(LETTER, letter.message_id)
        with self._desk.store.read(TAKER) as tx:
            before = next(iter(tx.rows(sa.select(LETTERS.c.complaint_id).where(LETTERS.c.message_mac == mac))), None)
            limits = tx.setting("flood.mail", jurisdiction_path)
        if before is not None:
            self._enclose(before.complaint_id, letter)
            return ""
        if not letter.automatic:
            self._flood.enter(Visitor(letter.sender.lower()), limits, "mail.")
        with self._desk.store.begin(TAKER) as tx:
            received = self._entered(tx, jurisdiction_path, letter)
            taken = {"message_mac": mac, "complaint_id": received.id if received else "", "at": tx.now}
            tx.insert(LETTERS, taken)
        if received is None:
            return ""
        self._enclose(received.id, letter)
        return received.number

    def _enclose(self, complaint_id: str, letter: Arrived) -> None:
        """Hands in what is enclosed, file by file; of what is refused the log says why and the sender is told once."""
        refused = [file for file in letter.files if not self._enclosed(complaint_id, file)] if complaint_id else []
        if refused:
            with self._desk.store.begin(TAKER) as tx:
                order(tx, _answer(tx, complaint_of(tx, complaint_id), NOT_TAKEN))

    def _enclosed(self, complaint_id: str, file: Enclosed) -> bool:
        try:
            self._uploads.enclose(TAKER, complaint_id, file.name[:NAME_LONGEST], file.content)
        except Unavailable:
            raise
        except Refusal as refusal:
            log().warning("letter.file_refused", complaint_id=complaint_id, reason=refusal.reason)
            return False
        return True

    def most_bytes(self) -> int:
        """How large a letter may be."""
        with self._desk.store.read(TAKER) as tx:
            return int(tx.setting("mailbox.most_bytes"))

    def look_seconds(self) -> int:
        """How often the mailbox is looked into."""
        with self._desk.store.read(TAKER) as tx:
            return int(tx.setting("mailbox.look_seconds"))

    def _entered(self, tx: Tx, jurisdiction_path: str, letter: Arrived) -> Complaint | None:
        if letter.automatic or not addressed(letter.sender) or not (letter.subject or letter.text):
            return None
        words = tx.setting("mailbox.words", jurisdiction_path)
        kept = str(words["attachments"]).format(count=len(letter.files)) if letter.files else ""
        most = int(words["most_characters"])
        draft = Draft(
            jurisdiction_path=jurisdiction_path,
            title=(letter.subject or str(words["untitled"]))[: int(words["most_title"])],
            text=(letter.text or letter.subject)[:most],
            confidential_text=kept,
            manner=Manner.CONFIDENTIAL,
            identity=Identity(name=letter.sender_name.strip() or letter.sender, address=letter.sender),
        )
        intake.check(draft)
        received = self._intake.enter_in(tx, draft, Channel.EMAIL, SYSTEM).complaint
        self._notices.keep(tx, received, Means.MAIL, letter.sender, "zh", BY_MAIL)
        order(tx, _answer(tx, received, ACKNOWLEDGE))
        return received


def _answer(tx: Tx, received: Complaint, kind: str) -> Delivery:
    return Delivery(
        id=tx.new_id(),
        version=1,
        unit_path=received.unit_path,
        jurisdiction_path=received.jurisdiction_path,
        means=Means.MAIL,
        addressee=COMPLAINANT,
        receiver="",
        kind=kind,
        message_id=received.id,
        complaint_id=received.id,
        number=received.number,
        ordered_at=tx.now,
    )
