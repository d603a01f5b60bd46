"""Holds: set and ended by people, and by accountability's cases for as long as they are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.holds import RetentionHold, checked_day
from services.complaints.storage import COMPLAINTS, holds, recusals
from services.complaints.storage.holds import HOLDS
from services.complaints.usecases.desk import SYSTEM, Desk

JOINED = "joined"
"""The outcome of a case that goes on as part of another."""


class HoldCases:
    """What is kept although its time has come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hold(self, caller: Caller, complaint_id: str, reason: str, until: date | None) -> RetentionHold:
        """Keeps a complaint until the end of a day."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._told(tx, [cast(RetentionHold, tx.answered)])[0]
            found = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, found)
            last_day = checked_day(until, self._desk.store.clock.today())
            self._desk.contents.lock(tx, found.id)
            sealed = self._desk.contents.note(tx, found.id, reason)
            if not sealed:
                raise Conflict("NOTHING_TO_HOLD", "complaint_id", number=found.number)
            placed = self._placed(tx, found, caller.subject, until=last_day, reason=sealed)
            return self._told(tx, [tx.answer(tx.add(HOLDS, placed))])[0]

    def end(self, caller: Caller, retention_hold_id: str, version: int) -> RetentionHold:
        """Ends one before its day."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._told(tx, [cast(RetentionHold, tx.answered)])[0]
            found = tx.get(HOLDS, retention_hold_id, version)
            self._desk.recuse(tx, tx.get(COMPLAINTS, found.complaint_id))
            ended = tx.save(HOLDS, found.end(caller.subject, tx.now))
            return self._told(tx, [tx.answer(ended)])[0]

    def page(
        self, caller: Caller, complaint_id: str, holding: bool, size: int, token: str
    ) -> tuple[tuple[RetentionHold, ...], str]:
        """Holds, newest first."""
        table = HOLDS.table
        if complaint_id and not is_id(complaint_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = recusals.without(tx, sa.select(table).where(tx.visible(table)), table.c.complaint_id)
            if complaint_id:
                query = query.where(table.c.complaint_id == complaint_id)
            if holding:
                query = query.where(holds.holding(self._desk.store.clock.today()))
            page = tx.page(query, (table.c.placed_at, table.c.id), size, token)
            return self._told(tx, [HOLDS.value(row) for row in page.rows]), page.next_token

    def case_opened(self, tx: Tx, complaint_id: str, case_id: str, case_number: str) -> None:
        """A case came from this complaint: it is kept until the case is closed."""
        found = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == complaint_id)
        if found is not None and all(one.case_id != case_id for one in holds.by_cases(tx, complaint_id)):
            tx.add(HOLDS, self._placed(tx, found, SYSTEM, case_id=case_id, case_number=case_number))

    def case_decided(self, tx: Tx, complaint_id: str, case_id: str, case_number: str) -> None:
        """A case names what it came from when it decides: also what came to it with a case that was joined to it."""
        known = holds.by_cases(tx, complaint_id)
        if any(one.case_id == case_id for one in known):
            return
        waiting = [one for one in known if one.joined and one.ended_at is None]
        for one in waiting:
            tx.save(HOLDS, one.moved(case_id, case_number))
        if not waiting:
            self.case_opened(tx, complaint_id, case_id, case_number)

    def case_closed(self, tx: Tx, case_id: str, outcome: str) -> None:
        """The file is closed, and what it came from is not kept for its sake any more."""
        for one in holds.of_case(tx, case_id):
            tx.save(HOLDS, one.case_joined() if outcome == JOINED else one.over(SYSTEM, tx.now))

    def _told(self, tx: Tx, kept: list[RetentionHold]) -> tuple[RetentionHold, ...]:
        reasons = self._desk.contents.notes(tx, [(one.complaint_id, one.reason) for one in kept])
        return tuple(replace(one, reason=reason) for one, reason in zip(kept, reasons, strict=True))

    def _placed(
        self,
        tx: Tx,
        found: Complaint,
        by: str,
        *,
        until: date | None = None,
        reason: str = "",
        case_id: str = "",
        case_number: str = "",
    ) -> RetentionHold:
        return RetentionHold(
            id=tx.new_id(),
            version=1,
            unit_path="",
            jurisdiction_path=found.jurisdiction_path,
            complaint_id=found.id,
            number=found.number,
            case_id=case_id,
            case_number=case_number,
            reason=reason,
            placed_by=by,
            placed_at=tx.now,
            until=until,
        )
