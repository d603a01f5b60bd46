"""From the unit's closing report to the archive."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import closing
from services.complaints.domain.closing import Findings
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.views import ReportTexts
from services.complaints.usecases.desk import Desk


class ClosingCases:
    """Reporting, confirming, second handling, feedback, referral, archive."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def report(self, caller: Caller, complaint_id: str, version: int, findings: Findings, texts: ReportTexts) -> Complaint:
        """The unit hands in its report."""

        def does(tx: Tx, found: Complaint) -> Change:
            return closing.report(found, findings, caller.subject, texts.joined(), tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def sign_report(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """The unit's head signs it."""
        return self._desk.act(
            caller, complaint_id, version, lambda tx, found: closing.sign_report(found, caller.subject, tx.now)
        )

    def send_back(self, caller: Caller, complaint_id: str, version: int, reason: str) -> Complaint:
        """The office sends it back."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: closing.send_back(found, reason))

    def close(self, caller: Caller, complaint_id: str, version: int, findings: Findings, answer: str) -> Complaint:
        """The office confirms the conclusion and answers the complainant."""

        def does(tx: Tx, found: Complaint) -> Change:
            for category in findings.categories:
                self._desk.check_word(tx, "categories", category, "CATEGORY_UNKNOWN", "categories", found.jurisdiction_path)
            return closing.close(found, findings, caller.subject, answer, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def order_second_handling(
        self, caller: Caller, complaint_id: str, version: int, unit_path: str, reason: str
    ) -> Complaint:
        """It is handled again, by another unit."""

        def does(tx: Tx, found: Complaint) -> Change:
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
            posts, calendar = self._desk.posts(tx, found), self._desk.calendar(tx)
            by = caller.subject
            return closing.order_second_handling(found, unit_path, posts, regime, by, reason, calendar, tx.now)

        return self._desk.act(caller, complaint_id, version, does)

    def record_feedback(
        self, caller: Caller, complaint_id: str, version: int, by_means: str, reached: bool, proof: str, remark: str
    ) -> Complaint:
        """How the result was told to the complainant."""

        def does(_tx: Tx, found: Complaint) -> Change:
            return closing.record_feedback(found, by_means, reached, proof, remark)

        return self._desk.act(caller, complaint_id, version, does)

    def refer(
        self, caller: Caller, complaint_id: str, version: int, reason: str, official_ids: tuple[str, ...]
    ) -> Complaint:
        """It goes to accountability before or without a conclusion."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: closing.refer(found, reason, official_ids))

    def archive(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """It goes into the archive."""
        return self._desk.act(caller, complaint_id, version, lambda _tx, found: closing.archive(found))
