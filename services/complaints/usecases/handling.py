"""While a unit works on a complaint."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import handling
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.usecases.desk import Desk


class HandlingCases:
    """Signing for it, bouncing it, asking, reminding."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sign_for(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """The unit takes it over."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: handling.sign_for(found, caller.subject))

    def bounce(self, caller: Caller, complaint_id: str, version: int, reason: str, legal_basis: str) -> Complaint:
        """The unit returns it as not its own."""

        def does(tx: Tx, found: Complaint) -> Change:
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            calendar = self._desk.calendar(tx)
            return handling.bounce(found, regime, reason, legal_basis, calendar, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def rule_on_bounce(self, caller: Caller, complaint_id: str, version: int, unit_path: str, reason: str) -> Complaint:
        """The office rules who handles it."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            posts = self._desk.posts(tx, found)
            return handling.rule_on_bounce(found, unit_path, posts, caller.subject, reason, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def ask(self, caller: Caller, complaint_id: str, version: int, question: str) -> Complaint:
        """Puts a question to the complainant."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: handling.ask(found, question))

    def remind(self, caller: Caller, complaint_id: str, version: int, text: str) -> Complaint:
        """Reminds the unit."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: handling.remind(found, text))
