"""From the unit's closing report to the archive."""

from __future__ import annotations

from dataclasses import replace

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import closing
from services.complaints.domain.closing import Findings
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.feedback import Contact
from services.complaints.domain.views import ReportTexts
from services.complaints.usecases import tracks
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import FeedbackCases
from services.complaints.usecases.joined import JoinedCases
from services.complaints.usecases.second import SecondCases


class ClosingCases:
    """Reporting, confirming, feedback, referral, archive."""

    def __init__(self, desk: Desk, feedback: FeedbackCases, second: SecondCases) -> None:
        self._desk = desk
        self._feedback = feedback
        self._second = second
        self._joined = JoinedCases(desk, feedback)

    def report(self, caller: Caller, complaint_id: str, version: int, findings: Findings, texts: ReportTexts) -> Complaint:
        """The unit hands in its report."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._second.check_other_hands(tx, found)
            return closing.report(found, findings, caller.subject, texts.joined(), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def sign_report(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """The unit's head signs it."""
        return self._desk.act(
            caller, complaint_id, version, lambda tx, found: closing.sign_report(found, caller.subject, tx.now)
        )

    def send_back(self, caller: Caller, complaint_id: str, version: int, reason: str, text: str) -> Complaint:
        """The office sends it back."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "send_back", reason, found.jurisdiction_path)
            return replace(closing.send_back(found, text), reason=why)

        return self._desk.act(caller, complaint_id, version, does)

    def close(self, caller: Caller, complaint_id: str, version: int, findings: Findings, answer: str) -> Complaint:
        """The office confirms the conclusion and answers the complainant, with all joined to the matter."""

        def does(tx: Tx, found: Complaint) -> Change:
            for category in findings.categories:
                self._desk.check_word(tx, "categories", category, "CATEGORY_UNKNOWN", "categories", found.jurisdiction_path)
            change = closing.close(found, findings, caller.subject, answer, tx.now)
            tracks.check_closing(tx, found)
            self._feedback.open(tx, change.complaint)
            self._joined.close(tx, change.complaint, answer)
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def record_feedback(
        self, caller: Caller, complaint_id: str, version: int, by_means: str, reached: bool, proof: str, remark: str
    ) -> Complaint:
        """How the result was told, or tried to be."""
        contact = Contact(by_means, reached, proof, remark)
        return self._desk.act(caller, complaint_id, version, lambda tx, found: self._feedback.record(tx, found, contact))

    def refer(
        self, caller: Caller, complaint_id: str, version: int, reason: str, text: str, official_ids: tuple[str, ...]
    ) -> Complaint:
        """It goes to accountability before or without a conclusion."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "refer", reason, found.jurisdiction_path)
            return replace(closing.refer(found, text, official_ids), reason=why)

        return self._desk.act(caller, complaint_id, version, does)

    def archive(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """It goes into the archive.

        Refused with UNDERTAKING_OPEN, FEEDBACK_OPEN, SECOND_REQUEST_OPEN, ASKING_OPEN while something of it is owed or
        may be asked for.
        """

        def does(tx: Tx, found: Complaint) -> Change:
            change = closing.archive(found)
            tracks.check_archiving(tx, found)
            self._feedback.check_given(tx, found)
            self._second.check_archiving(tx, found)
            return change

        return self._desk.act(caller, complaint_id, version, does)
