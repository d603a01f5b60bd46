"""What this service does by itself: on accountability's decisions, and when time has turned a light."""

from __future__ import annotations

from datetime import date

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.store import Tx
from services.complaints.domain import closing, limits
from services.complaints.domain.complaint import Complaint, Outcome
from services.complaints.storage import COMPLAINTS, ledger
from services.complaints.usecases.desk import SYSTEM, Desk

BATCH = 500


class HearingCases:
    """Facts heard and time passed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def return_outcome(self, tx: Tx, complaint_id: str, outcome: Outcome) -> None:
        """What accountability decided comes back to the ledger. A complaint not known here is somebody else's."""
        found = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == complaint_id)
        change = closing.return_outcome(found, outcome) if found is not None else None
        if change is None:
            return
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change, SYSTEM)

    def hear_calendar(self, tx: Tx, year: int) -> None:
        """A year was loaded or corrected: limits that end in it are reckoned again at the next turn of lights."""
        self._desk.neighbours.forget()
        ledger.look_again(tx, day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1)), tx.now)

    def turn_lights(self) -> int:
        """Turns every light that is due and reckons every end whose calendar has come; says how many complaints that was."""
        turned = batch = self._turn_batch()
        while batch >= BATCH:
            batch = self._turn_batch()
            turned += batch
        return turned

    def _turn_batch(self) -> int:
        with self._desk.store.begin(Caller.service("complaints", "turn_lights")) as tx:
            due = {complaint.id: complaint for complaint in ledger.due_to_turn(tx, tx.now, BATCH)}
            years = self._desk.calendar(tx).years
            due |= {complaint.id: complaint for complaint in ledger.pending_on(tx, years, BATCH)}
            for complaint in due.values():
                self._turn(tx, complaint)
            return len(due)

    def _turn(self, tx: Tx, complaint: Complaint) -> None:
        change = limits.turn_lights(complaint, self._desk.calendar(tx), tx.now)
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change, SYSTEM)
