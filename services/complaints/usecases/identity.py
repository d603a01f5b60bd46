"""Opening sealed identities. Every request, grant, refusal and read is a line of the identity log before it is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar, cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotAllowed
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.identity import IdentityRequest, Look, RequestState, WantedLooks, WantedRequests
from services.complaints.domain.redaction import Identity
from services.complaints.storage import COMPLAINTS, IDENTITY_LOG, IDENTITY_REQUESTS, untouched
from services.complaints.storage.untouched import Finding
from services.complaints.usecases.desk import Desk

_Kept = TypeVar("_Kept", IdentityRequest, Look)
SERVICE = Caller.service("complaints", "verify_identity_log")
LONGEST_GRANT = "identity.longest_grant_hours"
DECIDING = ("leader", "identity_keeper")
"""Who decides on requests of others, and therefore sees them."""


class IdentityCases:
    """Asking for, granting and reading who raised a complaint."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def request(self, caller: Caller, complaint_id: str, reader: str, purpose: str) -> IdentityRequest:
        """Asks for somebody to be allowed to read. Refused with NO_IDENTITY, RECUSED."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._told(tx, cast(IdentityRequest, tx.answered))
            complaint = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, complaint)
            if not self._desk.contents.named(tx, complaint_id):
                raise Conflict("NO_IDENTITY", "complaint_id", number=complaint.number)
            asked = IdentityRequest(
                id=tx.new_id(),
                version=1,
                unit_path="",
                jurisdiction_path=complaint.jurisdiction_path,
                complaint_id=complaint_id,
                number=complaint.number,
                state=RequestState.ASKED,
                asked_by=caller.subject,
                reader=reader or caller.subject,
                purpose=self._desk.contents.note(tx, complaint_id, purpose),
                asked_at=tx.now,
            )
            tx.add(IDENTITY_REQUESTS, asked)
            self._log(tx, asked, "asked")
            return self._told(tx, tx.answer(asked))

    def decide(
        self, caller: Caller, identity_request_id: str, version: int, granted: bool, hours: int, reason: str
    ) -> IdentityRequest:
        """Grants or refuses it, for a time. Refused with RECUSED for whoever must stay out of the complaint."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._told(tx, cast(IdentityRequest, tx.answered))
            asked = tx.get(IDENTITY_REQUESTS, identity_request_id, version)
            self._desk.recuse(tx, tx.get(COMPLAINTS, asked.complaint_id))
            most = int(tx.setting(LONGEST_GRANT, asked.jurisdiction_path))
            decided = asked.decide(granted, caller.subject, hours, most, tx.now)
            tx.save(IDENTITY_REQUESTS, decided)
            self._log(tx, decided, "granted" if granted else "refused", reason)
            return self._told(tx, tx.answer(decided))

    def open(self, caller: Caller, identity_request_id: str) -> Identity:
        """Reads it, for the person the grant names; a refused try is logged too, and stays logged."""
        with self._desk.store.begin(caller) as tx:
            asked = tx.get(IDENTITY_REQUESTS, identity_request_id)
            complaint = tx.get(COMPLAINTS, asked.complaint_id)
            good = asked.opens_for(caller.subject, tx.now) and not self._desk.recused(tx, complaint)
            self._log(tx, asked, "read" if good else "read_refused")
            identity = self._desk.contents.identity(tx, asked.complaint_id) if good else None
        if not good:
            raise NotAllowed("IDENTITY_NOT_GRANTED")
        if identity is None:
            raise Conflict("NO_IDENTITY", "identity_request_id", number=asked.number)
        return identity

    def requests(
        self, caller: Caller, wanted: WantedRequests, size: int, token: str
    ) -> tuple[tuple[IdentityRequest, ...], str]:
        """Requests to read, newest first: all for who decides on them, else those the caller asked for or is to read."""
        table = IDENTITY_REQUESTS.table
        if not all(is_id(one) for one in (wanted.id, wanted.complaint_id) if one):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if not any(caller.has(role) for role in DECIDING):
                query = query.where(sa.or_(table.c.asked_by == caller.subject, table.c.reader == caller.subject))
            for name, value in ((one.name, getattr(wanted, one.name)) for one in fields(wanted)):
                if value:
                    query = query.where(table.c[name] == value)
            page = tx.page(query, (table.c.asked_at, table.c.id), size, token)
            return self._all_told(tx, [IDENTITY_REQUESTS.value(row) for row in page.rows]), page.next_token

    def log(self, caller: Caller, wanted: WantedLooks, size: int, token: str) -> tuple[tuple[Look, ...], str]:
        """The identity log, newest first."""
        column = IDENTITY_LOG.table.c
        with self._desk.store.read(caller) as tx:
            query = sa.select(IDENTITY_LOG.table).where(tx.visible(IDENTITY_LOG.table))
            if wanted.complaint_id:
                query = query.where(column.complaint_id == tx.get(COMPLAINTS, wanted.complaint_id).id)
            for name in ("number", "act", "actor", "reader"):
                if value := getattr(wanted, name):
                    query = query.where(column[name] == value)
            if wanted.since is not None:
                query = query.where(column.at >= wanted.since)
            if wanted.before is not None:
                query = query.where(column.at < wanted.before)
            page = tx.page(query, (column.at, column.id), size, token)
            return self._all_told(tx, [IDENTITY_LOG.value(row) for row in page.rows]), page.next_token

    def verify(self, caller: Caller) -> Finding:
        """Holds the logs that are only added to against the audit trail."""
        with self._desk.store.read(caller) as tx:
            return untouched.look(tx)

    def untouched(self) -> Finding:
        """The same for whoever sits at the machine."""
        return self.verify(SERVICE)

    def _told(self, tx: Tx, asked: IdentityRequest) -> IdentityRequest:
        return self._all_told(tx, [asked])[0]

    def _all_told(self, tx: Tx, kept: Sequence[_Kept]) -> tuple[_Kept, ...]:
        """What is kept with its purposes readable; they are sealed with what they are about."""
        purposes = self._desk.contents.notes(tx, [(one.complaint_id, one.purpose) for one in kept])
        return tuple(replace(one, purpose=purpose) for one, purpose in zip(kept, purposes, strict=True))

    def _log(self, tx: Tx, asked: IdentityRequest, act: str, reason: str = "") -> None:
        """A line, whose digest stands in the audit trail from the same transaction on."""
        tx.add(
            IDENTITY_LOG,
            Look(
                id=tx.new_id(),
                version=1,
                unit_path=asked.unit_path,
                jurisdiction_path=asked.jurisdiction_path,
                at=tx.now,
                complaint_id=asked.complaint_id,
                number=asked.number,
                identity_request_id=asked.id,
                act=act,
                actor=tx.caller.subject,
                reader=asked.reader,
                purpose=self._desk.contents.note(tx, asked.complaint_id, reason or self._told(tx, asked).purpose),
            ),
        )
