"""What this service does by itself: on accountability's decisions, and when time has turned a light."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.store import Tx
from services.complaints.domain import closing, escalation, limits
from services.complaints.domain.complaint import Complaint, Outcome
from services.complaints.storage import COMPLAINTS, escalations, ledger
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.turning import in_chunks
from workdays import Calendar

SERVICE = Caller.service("complaints", "turn_lights")


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
        """A year was loaded or corrected: limits that run through it are reckoned again at the next turn of lights."""
        self._desk.neighbours.forget()
        ledger.look_again(tx, day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1)), tx.now)

    def turn_lights(self) -> int:
        """Turns every light that is due and reckons every end whose calendar has come; says how many complaints that was."""
        return in_chunks(self._due, self._turn, "complaint.not_turned")

    def _due(self, most: int) -> list[str]:
        with self._desk.store.read(SERVICE) as tx:
            return ledger.due_to_turn(tx, tx.now, self._desk.calendar(tx).years, most)

    def _turn(self, due: Sequence[str]) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            calendar, turned = self._desk.calendar(tx), 0
            for complaint in ledger.by_ids(tx, due):
                if not _is_due(complaint, calendar, tx.now):
                    continue  # somebody acted on it meanwhile
                change = limits.turn_lights(complaint, calendar, tx.now)
                tx.save(COMPLAINTS, change.complaint)
                self._desk.enter(tx, change, SYSTEM)
                if change.act == "overdue" and (ladder := escalation.begun(change.complaint)):
                    escalations.begin(tx, ladder)
                turned += 1
            return turned


def _is_due(complaint: Complaint, calendar: Calendar, now: datetime) -> bool:
    turns = complaint.next_light_at is not None and complaint.next_light_at <= now
    return turns or complaint.pending_year in calendar.years
