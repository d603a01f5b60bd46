"""The clerk's acts, from acceptance to dispatch, and merging."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from services.complaints.domain import triage
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.stages import Track, Way
from services.complaints.storage import COMPLAINTS, parts
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.handovers import hand_over


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

    def forward(
        self, caller: Caller, complaint_id: str, version: int, forwarded_to: str, reason: str, explanation: str
    ) -> Complaint:
        """Sends it to the body it belongs to."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "forward", reason, found.jurisdiction_path)
            return triage.forward(found, forwarded_to, why, explanation, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def move(self, caller: Caller, complaint_id: str, version: int, organ: str) -> Complaint:
        """Moves it to the discipline organ and erases what it said and who said it."""

        def does(tx: Tx, found: Complaint) -> Change:
            moved = triage.move(found, organ, tx.now)
            hand_over(tx, found, organ)
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
            return self._desk.placed(tx, triage.register(found, category, unit, official))

        return self._desk.act(caller, complaint_id, version, does)

    def submit(
        self,
        caller: Caller,
        complaint_id: str,
        version: int,
        way: Way,
        track: Track,
        unit_path: str,
        cooperating: tuple[str, ...],
        opinion: str,
    ) -> Complaint:
        """Proposes who is to handle it, who is to cooperate, and how."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            for path in cooperating:
                self._desk.neighbours.check_unit(tx, path, "cooperating_unit_paths")
            posts = self._desk.all_posts(tx, found)
            self._desk.check_office(tx, found, posts)
            return triage.submit(found, way, track, unit_path, posts, caller.subject, opinion, cooperating)

        return self._desk.act(caller, complaint_id, version, does)

    def approve(
        self, caller: Caller, complaint_id: str, version: int, approved: bool, reason: str, opinion: str
    ) -> Complaint:
        """Approves the proposal or returns it."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "return", reason, found.jurisdiction_path)
            return triage.approve(found, approved, caller.subject, opinion, why)

        return self._desk.act(caller, complaint_id, version, does)

    def dispatch(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """Hands it to the approved unit, and asks those that cooperate for their parts."""

        def does(tx: Tx, found: Complaint) -> Change:
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            posts, calendar = self._desk.all_posts(tx, found), self._desk.calendar(tx)
            self._desk.check_office(tx, found, posts)
            sent = triage.dispatch(found, posts, regime, caller.subject, calendar, tx.now)
            if found.disposal:
                parts.ask_all(tx, sent.complaint, found.disposal.cooperating_unit_paths)
            return sent

        return self._desk.act(caller, complaint_id, version, does)

    def merge(self, caller: Caller, complaint_id: str, version: int, into_complaint_id: str) -> Complaint:
        """Makes it part of another one's matter."""

        def does(tx: Tx, found: Complaint) -> Change:
            into = tx.get(COMPLAINTS, into_complaint_id)
            self._desk.recuse(tx, into)
            if into.runs_history:
                raise Conflict("MERGE_INTO_ENDED", "into_complaint_id")
            change = triage.merge(found, into, self._desk.calendar(tx), tx.now)
            self._desk.check_joining(tx, found, into)
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def unmerge(self, caller: Caller, complaint_id: str, version: int, reason: str, text: str) -> Complaint:
        """Takes it out of the matter again."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "unmerge", reason, found.jurisdiction_path)
            return triage.unmerge(found, why, text, self._desk.calendar(tx), tx.now)

        return self._desk.act(caller, complaint_id, version, does)
