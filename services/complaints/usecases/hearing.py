"""What this service does by itself: on accountability's decisions, and when time has turned a light."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.db import database_away
from chassis.errors import Stale
from chassis.logs import log
from chassis.store import Tx
from services.complaints.domain import closing, escalation, limits
from services.complaints.domain.complaint import Complaint, Outcome
from services.complaints.storage import COMPLAINTS, escalations, ledger
from services.complaints.usecases.desk import SYSTEM, Desk
from workdays import Calendar

BATCH = 500
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
        """Turns every light that is due and reckons every end whose calendar has come; says how many complaints that was.

        They are turned together; if that fails each by itself, so that one that cannot be turned, or that somebody acts on
        at this moment, keeps nobody else waiting.
        """
        turned = 0
        while due := self._due():
            batch = self._turn_batch(due)
            turned += batch
            if batch < len(due) or len(due) < BATCH:
                break
        return turned

    def _due(self) -> list[str]:
        with self._desk.store.read(SERVICE) as tx:
            return ledger.due_to_turn(tx, tx.now, self._desk.calendar(tx).years, BATCH)

    def _turn_batch(self, due: Sequence[str]) -> int:
        try:
            return self._turn(due)
        except Exception as fault:
            if database_away(fault):
                raise
            return sum(self._turn_alone(complaint_id) for complaint_id in due)

    def _turn_alone(self, complaint_id: str) -> int:
        try:
            return self._turn([complaint_id])
        except Stale:
            return 0  # somebody acted on it meanwhile; what is still due is due at the next run
        except Exception as fault:
            if database_away(fault):
                raise
            log().error("complaint.not_turned", exc_info=fault)
            return 0

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
