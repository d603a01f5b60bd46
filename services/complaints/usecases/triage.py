"""The clerk's acts, from acceptance to dispatch, and merging."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from services.complaints.domain import triage
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.stages import Track, Way
from services.complaints.storage import COMPLAINTS
from services.complaints.usecases.desk import Desk


class TriageCases:
    """Does it belong here, what is it, who is to handle it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def accept(self, caller: Caller, complaint_id: str, version: int, regime: str) -> Complaint:
        """Accepts it; the handling clock starts."""

        def does(tx: Tx, found: Complaint) -> Change:
            under = self._desk.regime(tx, regime or found.regime, found.jurisdiction_path)
            return triage.accept(found, under, self._desk.calendar(tx), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def decline(self, caller: Caller, complaint_id: str, version: int, reason: str, explanation: str) -> Complaint:
        """Does not accept it and tells the filer why."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.check_word(tx, "decline.reasons", reason, "REASON_UNKNOWN", "reason", found.jurisdiction_path)
            return triage.decline(found, reason, explanation, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def forward(self, caller: Caller, complaint_id: str, version: int, forwarded_to: str, explanation: str) -> Complaint:
        """Sends it to the body it belongs to."""
        return self._desk.act(
            caller, complaint_id, version, lambda tx, found: triage.forward(found, forwarded_to, explanation, tx.now)
        )

    def move(self, caller: Caller, complaint_id: str, version: int, organ: str) -> Complaint:
        """Moves it to the discipline organ and erases what it said and who said it."""

        def does(tx: Tx, found: Complaint) -> Change:
            moved = triage.move(found, organ, tx.now)
            self._desk.contents.erase(tx, complaint_id)
            return moved

        return self._desk.act(caller, complaint_id, version, does)

    def register(
        self, caller: Caller, complaint_id: str, version: int, category: str, unit: str, official: str
    ) -> Complaint:
        """Writes down what it is about and about whom."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.check_word(tx, "categories", category, "CATEGORY_UNKNOWN", "category", found.jurisdiction_path)
            if unit:
                self._desk.neighbours.check_unit(tx, unit, "accused_unit_path")
            return triage.register(found, category, unit, official)

        return self._desk.act(caller, complaint_id, version, does)

    def submit(
        self, caller: Caller, complaint_id: str, version: int, way: Way, track: Track, unit_path: str, opinion: str
    ) -> Complaint:
        """Proposes who is to handle it and how."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            posts = self._desk.posts(tx, found)
            return triage.submit(found, way, track, unit_path, posts, caller.subject, opinion)

        return self._desk.act(caller, complaint_id, version, does)

    def approve(self, caller: Caller, complaint_id: str, version: int, approved: bool, opinion: str) -> Complaint:
        """Approves the proposal or returns it."""
        return self._desk.act(
            caller, complaint_id, version, lambda _tx, found: triage.approve(found, approved, caller.subject, opinion)
        )

    def dispatch(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """Hands it to the approved unit."""

        def does(tx: Tx, found: Complaint) -> Change:
            return triage.dispatch(found, self._desk.posts(tx, found), caller.subject, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def merge(self, caller: Caller, complaint_id: str, version: int, into_complaint_id: str) -> Complaint:
        """Makes it part of another one's matter."""

        def does(tx: Tx, found: Complaint) -> Change:
            into = tx.get(COMPLAINTS, into_complaint_id)
            if into.runs_history:
                raise Conflict("MERGE_INTO_ENDED", "into_complaint_id")
            return triage.merge(found, into, self._desk.calendar(tx), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def unmerge(self, caller: Caller, complaint_id: str, version: int, reason: str) -> Complaint:
        """Takes it out of the matter again."""
        return self._desk.act(
            caller, complaint_id, version, lambda tx, found: triage.unmerge(found, reason, self._desk.calendar(tx), tx.now)
        )
