"""Acts on a complaint's limit."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx
from services.complaints.domain import limits
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.regimes import Regime
from services.complaints.domain.stages import allow
from services.complaints.domain.views import Explained
from services.complaints.storage import parts
from services.complaints.usecases.desk import Desk
from workdays import Calendar, Pause, explain


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

    def request_extension(
        self, caller: Caller, complaint_id: str, version: int, days: int, reason: str, text: str
    ) -> Complaint:
        """Asks for more days for the tightest limit that may be extended."""

        def does(tx: Tx, found: Complaint) -> Change:
            allow("RequestExtension", found.stage)
            why = self._desk.reason(tx, "extension", reason, found.jurisdiction_path)
            return limits.request_extension(found, self._extended(tx, found), days, caller.subject, why, text, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def decide_extension(
        self, caller: Caller, complaint_id: str, version: int, granted: bool, reason: str, text: str
    ) -> Complaint:
        """Grants or refuses the days asked for."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "no_extension", reason, found.jurisdiction_path)
            calendar = self._desk.calendar(tx)
            decided = limits.decide_extension(found, granted, caller.subject, why, text, calendar, tx.now)
            if granted:
                limits.check_approver(self._extended(tx, found), caller.roles)
            return decided

        return self._desk.act(caller, complaint_id, version, does)

    def supervise(self, caller: Caller, complaint_id: str, version: int, regime: str, reason: str, text: str) -> Complaint:
        """Puts it under supervision, with a clock of its own."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "supervise", reason, found.jurisdiction_path)
            under = self._desk.regime(tx, regime, found.jurisdiction_path)
            return limits.supervise(found, under, why, text, self._desk.calendar(tx), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def explain(self, caller: Caller, complaint_id: str) -> tuple[Explained, ...]:
        """Of each clock: what it rests on, and day by day why it ends when it ends."""
        with self._desk.store.read(caller) as tx:
            found = parts.readable(tx, complaint_id)
            self._desk.recuse(tx, found)
            calendar = self._desk.calendar(tx)
            return tuple(self._explained(tx, found, clock, calendar) for clock in found.clocks)

    def _explained(self, tx: Tx, found: Complaint, clock: RunningClock, calendar: Calendar) -> Explained:
        regime = self._desk.regime(tx, clock.regime, found.jurisdiction_path, local_day(clock.started_at))
        until = clock.stopped_at or tx.now
        ledger = tuple(Pause(entry.start, entry.end) for entry in clock.pauses)
        days = explain(clock.limit, clock.started_at, calendar, ledger, until)
        return Explained(clock, regime.basis(clock.step), regime.rank, clock.governs(found.clocks), days)

    def _extended(self, tx: Tx, found: Complaint) -> Regime:
        """The regime of the clock that an extension is for."""
        return self._desk.regime(tx, limits.clock_to_extend(found).regime, found.jurisdiction_path)
