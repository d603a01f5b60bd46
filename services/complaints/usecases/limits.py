"""Acts on a complaint's limit."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import limits
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.usecases.desk import Desk


class LimitCases:
    """Pausing, resuming, asking for more days and deciding on it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def pause(self, caller: Caller, complaint_id: str, version: int, reason: str, legal_basis: str) -> Complaint:
        """Pauses the clock, by an entry in its ledger."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.check_word(tx, "pause.reasons", reason, "REASON_UNKNOWN", "reason", found.jurisdiction_path)
            calendar = self._desk.calendar(tx)
            return limits.pause(found, reason, legal_basis, caller.subject, calendar, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def resume(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """Lets the clock run on."""
        return self._desk.act(
            caller, complaint_id, version, lambda tx, found: limits.resume(found, self._desk.calendar(tx), tx.now)
        )

    def request_extension(self, caller: Caller, complaint_id: str, version: int, days: int, reason: str) -> Complaint:
        """Asks for more days."""

        def does(tx: Tx, found: Complaint) -> Change:
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            return limits.request_extension(found, regime, days, caller.subject, reason, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def decide_extension(self, caller: Caller, complaint_id: str, version: int, granted: bool, reason: str) -> Complaint:
        """Grants or refuses the days asked for."""

        def does(tx: Tx, found: Complaint) -> Change:
            calendar = self._desk.calendar(tx)
            return limits.decide_extension(found, granted, caller.subject, reason, calendar, tx.now)

        return self._desk.act(caller, complaint_id, version, does)
