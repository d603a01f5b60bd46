"""What is sent: read and worded at the moment of sending, so that no text and no address lies in a queue."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from carriage.letter import Letter
from chassis.store import Tx
from services.complaints.domain import notices
from services.complaints.domain.deliveries import COMPLAINANT, Delivery, Means
from services.complaints.domain.identity import Look
from services.complaints.domain.notices import Words
from services.complaints.storage import CONTENTS, IDENTITY_LOG
from services.complaints.storage.outside import CONTACTS, NOTICE_ADDRESSES, WEBHOOKS
from services.complaints.usecases.deliveries import COURIER, settle, still_due
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.notices import HOLDER
from services.complaints.usecases.webhooks import secret
from services.complaints.wire.outside import cloud_event, trial_event


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a notice goes and in which language."""

    address: str
    language: str


class PostCases:
    """Makes letters of deliveries. Peers are not here: they are called (see transfers)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def letter(self, delivery: Delivery) -> Letter | None:
        """The letter; None if there is nobody to send it to any more, and then the delivery is called off."""
        with self._desk.store.begin(COURIER) as tx:
            if not still_due(tx, delivery):
                return None
            made = self._to_webhook(tx, delivery) if delivery.means is Means.WEBHOOK else self._notice(tx, delivery)
            if made is None:
                settle(tx, delivery, lambda now: now.called_off(tx.now))
            return made

    def _to_webhook(self, tx: Tx, delivery: Delivery) -> Letter | None:
        webhook = tx.find(WEBHOOKS, WEBHOOKS.table.c.id == delivery.receiver)
        if webhook is None or not webhook.running:
            return None
        outbox = tx.store.schema["outbox"]
        if delivery.fact_row is None:
            body = trial_event(delivery.message_id, delivery.ordered_at)
        else:
            [row] = tx.rows(sa.select(outbox).where(outbox.c.id == delivery.fact_row))
            body = cloud_event(delivery.message_id, row.type, row.payload, row.occurred_at)
        secrets = tuple(secret(self._desk.keys, webhook.id, number) for number in webhook.secrets(tx.now))
        return Letter(delivery.message_id, webhook.url, body, secrets=secrets)

    def _notice(self, tx: Tx, delivery: Delivery) -> Letter | None:
        to = self._complainant(tx, delivery) if delivery.addressee == COMPLAINANT else self._contact(tx, delivery)
        words = self._words(tx, delivery, to.language) if to is not None else None
        if to is None or words is None:
            return None
        return Letter(delivery.id, to.address, words.text.encode(), words.subject, to.language)

    def _contact(self, tx: Tx, delivery: Delivery) -> _Address | None:
        found = tx.find(CONTACTS, CONTACTS.table.c.id == delivery.receiver)
        if found is None or found.sealed is None:
            return None
        return _Address(self._desk.keys.open_sealed(HOLDER, found.sealed).decode(), found.language)

    def _complainant(self, tx: Tx, delivery: Delivery) -> _Address | None:
        """Opens the address a complainant gave; that is a line of the identity log before it is used."""
        query = sa.select(NOTICE_ADDRESSES).where(NOTICE_ADDRESSES.c.complaint_id == delivery.complaint_id)
        given = next(iter(tx.rows(query)), None)
        key = next(iter(tx.rows(sa.select(CONTENTS.c.wrapped_key).where(_is(delivery)))), None)
        if given is None or key is None or key.wrapped_key is None:
            return None
        self._log(tx, delivery)
        keys = self._desk.keys
        return _Address(keys.open_sealed(HOLDER, keys.open_record(given.sealed, key.wrapped_key)).decode(), given.language)

    def _words(self, tx: Tx, delivery: Delivery, language: str) -> Words | None:
        """The notice: a number and what happened, nothing of what was written and no code."""
        templates = tx.setting("notices.templates", delivery.jurisdiction_path)
        office = tx.setting("notices.office", delivery.jurisdiction_path)
        known = {"number": delivery.number, "office": str(office[language])}
        return notices.worded(templates, delivery.kind, language, **known)

    def _log(self, tx: Tx, delivery: Delivery) -> None:
        tx.add(
            IDENTITY_LOG,
            Look(
                id=tx.new_id(),
                version=1,
                unit_path=delivery.unit_path,
                jurisdiction_path=delivery.jurisdiction_path,
                at=tx.now,
                complaint_id=delivery.complaint_id,
                number=delivery.number,
                identity_request_id=None,
                act="notice_sent",
                actor=tx.caller.subject,
                reader=tx.caller.subject,
                purpose=delivery.kind,
            ),
        )


def _is(delivery: Delivery) -> sa.ColumnElement[bool]:
    return CONTENTS.c.complaint_id == delivery.complaint_id
