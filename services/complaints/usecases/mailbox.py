"""Letters taken from a mailbox: each becomes one complaint, however often it is found, and its sender is told the number."""

from __future__ import annotations

import sqlalchemy as sa

from carriage.mailbox import Arrived
from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import intake
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import ACKNOWLEDGE, COMPLAINANT, Delivery, Means
from services.complaints.domain.intake import Draft
from services.complaints.domain.notices import addressed
from services.complaints.domain.redaction import Identity
from services.complaints.domain.stages import Channel, Manner
from services.complaints.storage.outside import LETTERS
from services.complaints.usecases.deliveries import order
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.intake import IntakeCases
from services.complaints.usecases.notices import BY_MAIL, NoticeCases

TAKER = Caller.service("complaints", "take_letter")
LETTER = "complaints.letter"


class MailboxCases:
    """Intake by mail."""

    def __init__(self, desk: Desk, intake: IntakeCases, notices: NoticeCases) -> None:
        self._desk = desk
        self._intake = intake
        self._notices = notices

    def take(self, jurisdiction_path: str, letter: Arrived) -> str:
        """Enters a letter and answers its number; empty for one that was taken before, or that no person wrote.

        Whoever writes by mail is known by an address and has not said how they want to be known: it is confidential.
        """
        with self._desk.store.begin(TAKER) as tx:
            mac = self._desk.keys.mac(LETTER, letter.message_id)
            if tx.rows(sa.select(LETTERS.c.message_mac).where(LETTERS.c.message_mac == mac)):
                return ""
            received = self._entered(tx, jurisdiction_path, letter)
            taken = {"message_mac": mac, "complaint_id": received.id if received else "", "at": tx.now}
            tx.insert(LETTERS, taken)
            return received.number if received else ""

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
        kept = str(words["attachments"]).format(count=letter.attachments) if letter.attachments else ""
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
        order(tx, _acknowledgement(tx, received))
        return received


def _acknowledgement(tx: Tx, received: Complaint) -> Delivery:
    return Delivery(
        id=tx.new_id(),
        version=1,
        unit_path=received.unit_path,
        jurisdiction_path=received.jurisdiction_path,
        means=Means.MAIL,
        addressee=COMPLAINANT,
        receiver="",
        kind=ACKNOWLEDGE,
        message_id=received.id,
        complaint_id=received.id,
        number=received.number,
        ordered_at=tx.now,
    )
