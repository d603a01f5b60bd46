"""Addresses for notices: of units, offices and duty leaders, and the one a complainant gives."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import notices
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import Means
from services.complaints.domain.notices import Contact, ContactKind
from services.complaints.storage import CONTENTS
from services.complaints.storage.outside import CONTACTS, NOTICE_ADDRESSES
from services.complaints.usecases.desk import Desk

HOLDER = "notice"
"""Who may open an address: the courier's keyring has the private key of this holder, a server needs the public one only."""
BY_CODE, BY_MAIL = "by_code", "by_mail"


class NoticeCases:
    """Giving and erasing addresses. None of them is ever told again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(
        self,
        caller: Caller,
        jurisdiction_path: str,
        unit_path: str,
        kind: ContactKind,
        means: Means,
        address: str,
        language: str,
    ) -> Contact:
        """Keeps the address of a unit, the office or the duty leader."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Contact, tx.answered)
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            self._check_unit(tx, jurisdiction_path, unit_path, kind)
            address = notices.clean(means, address)
            made = Contact(
                id=tx.new_id(),
                version=1,
                unit_path=unit_path,
                jurisdiction_path=jurisdiction_path,
                kind=kind,
                means=means,
                hint=notices.hint(means, address),
                language=language or "zh",
                sealed=self._desk.keys.seal_for(HOLDER, address.encode()),
            )
            return tx.answer(tx.add(CONTACTS, made))

    def page(
        self, caller: Caller, kind: ContactKind | None, contact_id: str, size: int, token: str
    ) -> tuple[tuple[Contact, ...], str]:
        """Whose addresses are kept, newest first."""
        table = CONTACTS.table
        if contact_id and not is_id(contact_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if kind is not None:
                query = query.where(table.c.kind == kind)
            if contact_id:
                query = query.where(table.c.id == contact_id)
            page = tx.page(query, (table.c.id,), size, token)
            return tuple(CONTACTS.value(row) for row in page.rows), page.next_token

    def remove(self, caller: Caller, contact_id: str, version: int) -> Contact:
        """Erases the address."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Contact, tx.answered)
            return tx.answer(tx.save(CONTACTS, tx.get(CONTACTS, contact_id, version).removed()))

    def give(self, caller: Caller, code: str, means: Means, address: str, consent: bool, language: str) -> str:
        """Keeps the address a complainant wants to be told at, in place of the one before; answers its ends."""
        with self._desk.store.begin(caller) as tx:
            own = self._desk.by_code(tx, code)
            if not consent:
                raise Invalid("CONSENT_MISSING", "consent")
            address = notices.clean(means, address)
            self.keep(tx, own, means, address, language or "zh", BY_CODE)
            return notices.hint(means, address)

    def stop(self, caller: Caller, code: str) -> None:
        """Erases that address."""
        with self._desk.store.begin(caller) as tx:
            own = self._desk.by_code(tx, code)
            tx.execute(sa.delete(NOTICE_ADDRESSES).where(NOTICE_ADDRESSES.c.complaint_id == own.id))
            tx.note("complaints", own.id, "stop_notices", own.unit_path, own.jurisdiction_path)

    def keep(self, tx: Tx, complaint: Complaint, means: Means, address: str, language: str, consent: str) -> None:
        """Seals an address to its holder, then under the complaint's own key: whatever erases one erases the other."""
        query = sa.select(CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id == complaint.id)
        key = next((row.wrapped_key for row in tx.rows(query)), None)
        if key is None:
            raise Conflict("TEXT_ERASED", number=complaint.number)
        sealed = self._desk.keys.add_to_record(self._desk.keys.seal_for(HOLDER, address.encode()), key)
        told = {"means": means, "language": language, "sealed": sealed, "consent": consent, "given_at": tx.now}
        insert = tx.upsert(NOTICE_ADDRESSES).values(complaint_id=complaint.id, **told)
        tx.execute(insert.on_conflict_do_update(index_elements=[NOTICE_ADDRESSES.c.complaint_id], set_=told))
        tx.note("complaints", complaint.id, "give_notice_address", complaint.unit_path, complaint.jurisdiction_path)

    def _check_unit(self, tx: Tx, jurisdiction_path: str, unit_path: str, kind: ContactKind) -> None:
        """A unit's address names a unit of the place; any other names none."""
        if kind is not ContactKind.UNIT:
            if unit_path:
                raise Invalid("UNIT_UNKNOWN", "unit_path")
            return
        if not unit_path.startswith(f"{jurisdiction_path}/"):
            raise Invalid("UNIT_UNKNOWN", "unit_path")
        self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
