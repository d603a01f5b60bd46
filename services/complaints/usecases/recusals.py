"""Keeping people out of a complaint: by their own word or by decision, and what a change of posts makes of open ones."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotAllowed
from chassis.store import Tx
from services.complaints.domain import routing
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.recusal import Recusal
from services.complaints.storage import COMPLAINTS, RECUSALS, recusals
from services.complaints.usecases.desk import SYSTEM, Desk

DECIDING = ("office", "leader")
"""Who may keep somebody else out."""


class RecusalCases:
    """Recusals, and routing away from the accused when posts change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def recuse(
        self, caller: Caller, complaint_id: str, version: int, account: str, substitute: str, reason: str
    ) -> Complaint:
        """Takes somebody off a complaint; the timeline tells that it was done, the record of recusals whom and why."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Complaint, tx.answered)
            found = self._desk.take(tx, complaint_id, version)
            recusal = self._recusal(tx, found, account or caller.subject, substitute, reason)
            tx.add(RECUSALS, recusal)
            after = replace(found, version=found.version + 1)
            return self._desk.keep(tx, Change(after, "recuse", text=reason))

    def of(self, caller: Caller, complaint_id: str, size: int, token: str) -> tuple[tuple[Recusal, ...], str]:
        """Who stays out of a complaint, newest first."""
        column = RECUSALS.table.c
        with self._desk.store.read(caller) as tx:
            found = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, found)
            query = sa.select(RECUSALS.table).where(column.complaint_id == found.id)
            page = tx.page(query, (column.decided_at, column.id), size, token)
            recusals = [RECUSALS.value(row) for row in page.rows]
            reasons = self._desk.contents.notes(tx, [(one.complaint_id, one.reason) for one in recusals])
        told = zip(recusals, reasons, strict=True)
        return tuple(replace(one, reason=reason) for one, reason in told), page.next_token

    def posts_changed(self, tx: Tx, official_id: str) -> int:
        """Somebody took up or left a post: open complaints about them leave where they may no longer be; says how many."""
        moved = 0
        for complaint in self._about(tx, official_id) if official_id else ():
            change = None if complaint.runs_history else self.rerouted(tx, complaint)
            if change is not None:
                tx.save(COMPLAINTS, change.complaint)
                self._desk.enter(tx, change, SYSTEM)
                moved += 1
        return moved

    def rerouted(self, tx: Tx, complaint: Complaint) -> Change | None:
        """The complaint where it may be, given where its accused work and lead today; None where it is already."""
        posts = self._desk.all_posts(tx, complaint)
        place = self._desk.place_for(tx, complaint.jurisdiction_path, posts)
        return routing.rerouted(complaint, place, posts, tx.now)

    def _about(self, tx: Tx, official_id: str) -> list[Complaint]:
        """Open complaints about somebody, and those they were merged into."""
        column, found = COMPLAINTS.table.c, dict[str, Complaint]()
        wanted = column.accused_official_id == official_id
        while True:
            rows = tx.rows(sa.select(COMPLAINTS.table).where(wanted, column.closed_at.is_(None)))
            fresh = {one.id: one for one in map(COMPLAINTS.value, rows) if one.id not in found}
            found |= fresh
            leads = sorted({one.matter_id for one in fresh.values()} - {""})
            if not leads:
                return list(found.values())
            wanted = column.id.in_(leads)

    def _recusal(self, tx: Tx, found: Complaint, account: str, substitute: str, reason: str) -> Recusal:
        if account != tx.caller.subject and not tx.caller.has(*DECIDING):
            raise NotAllowed("NOT_YOURS_TO_RECUSE", "account_id")
        if recusals.stays_out(tx, found.id, account):
            raise Conflict("RECUSED_ALREADY", "account_id")
        if substitute and (substitute == account or recusals.stays_out(tx, found.id, substitute)):
            raise Conflict("SUBSTITUTE_IS_RECUSED", "substitute_id")
        return Recusal(
            id=tx.new_id(),
            version=1,
            unit_path=found.unit_path,
            jurisdiction_path=found.jurisdiction_path,
            complaint_id=found.id,
            account_id=account,
            substitute_id=substitute,
            reason=self._desk.contents.note(tx, found.id, reason),
            decided_by=tx.caller.subject,
            decided_at=tx.now,
        )
