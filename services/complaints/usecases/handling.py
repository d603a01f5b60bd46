"""While a unit works on a complaint."""

from __future__ import annotations

from dataclasses import replace

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from services.complaints.domain import handling
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.escalation import REMINDER, run_out
from services.complaints.storage import escalations, ledger, parts
from services.complaints.usecases.desk import Desk


class HandlingCases:
    """Signing for it, bouncing it, asking, reminding."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sign_for(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """The unit takes it over."""

        def does(tx: Tx, found: Complaint) -> Change:
            return handling.sign_for(found, caller.subject, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def bounce(self, caller: Caller, complaint_id: str, version: int, reason: str, text: str, legal_basis: str) -> Complaint:
        """The unit returns it as not its own."""

        def does(tx: Tx, found: Complaint) -> Change:
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            why = self._desk.reason(tx, "bounce", reason, found.jurisdiction_path)
            return handling.bounce(found, regime, why, text, legal_basis, self._desk.calendar(tx), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def rule_on_bounce(
        self, caller: Caller, complaint_id: str, version: int, unit_path: str, reason: str, text: str
    ) -> Complaint:
        """The office rules who handles it."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            if unit_path in parts.units_of(tx, found.id):
                raise Conflict("UNIT_ALREADY_THERE", "unit_path")
            why = self._desk.reason(tx, "ruling", reason, found.jurisdiction_path)
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            posts, calendar = self._desk.all_posts(tx, found), self._desk.calendar(tx)
            left = ledger.stage_left_by(tx, found.id, "bounce") if found.stage_before is None else None
            ruled = handling.rule_on_bounce(found, unit_path, posts, regime, caller.subject, calendar, tx.now, left)
            return replace(ruled, text=text, reason=why)

        return self._desk.act(caller, complaint_id, version, does)

    def ask(self, caller: Caller, complaint_id: str, version: int, question: str) -> Complaint:
        """Puts a question to the complainant."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: handling.ask(found, question))

    def remind(self, caller: Caller, complaint_id: str, version: int, reason: str, text: str) -> Complaint:
        """Reminds the unit."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "remind", reason, found.jurisdiction_path)
            reminded = handling.remind(found, why, text, tx.now)
            over = run_out(found, tx.now)  # a reminder before the limit does not stand for the letter that follows it
            escalations.enter(tx, reminded.complaint, REMINDER, why, caller.subject, over)
            return reminded

        return self._desk.act(caller, complaint_id, version, does)
