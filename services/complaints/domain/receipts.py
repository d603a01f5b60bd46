"""What the holder of a receipt code may do with the complaint it stands for."""

from __future__ import annotations

from datetime import datetime

from chassis.errors import Conflict
from services.complaints.domain import clocks
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import Rated, about
from services.complaints.domain.stages import ACTS, Stage

BY_CODE = ("AddEvidence", "AnswerQuestion", "RateHandling", "AskForSecondHandling", "WithdrawComplaint")


def add_evidence(complaint: Complaint, text: str) -> Change:
    """Something more is said. Refused with COMPLAINT_ENDED once nobody works on it."""
    if complaint.stage not in ACTS["AddEvidence"]:
        raise Conflict("COMPLAINT_ENDED")
    return Change(complaint.change("AddEvidence"), "add_evidence", text=text)


def answer(complaint: Complaint, text: str) -> Change:
    """What was asked is answered. Refused with NO_OPEN_QUESTION."""
    if not complaint.question_open:
        raise Conflict("NO_OPEN_QUESTION")
    return Change(complaint.change("AnswerQuestion", question_open=False), "answer_question", text=text)


def rate(complaint: Complaint, grade: int, remark: str) -> Change:
    """The handling is graded, once for each closing. Refused with NOT_CLOSED_YET, ALREADY_RATED."""
    if complaint.stage not in ACTS["RateHandling"] or complaint.conclusion is None:
        raise Conflict("NOT_CLOSED_YET")
    if complaint.grade:
        raise Conflict("ALREADY_RATED")
    rated = complaint.change("RateHandling", grade=grade)
    return Change(rated, "rate_handling", Rated(**about(rated), grade=grade), remark)


def withdraw(complaint: Complaint, reason: str, at: datetime) -> Change:
    """Its complainant withdraws it while somebody works on it."""
    withdrawn = complaint.change("WithdrawComplaint", to=Stage.WITHDRAWN, closed_at=at, question_open=False)
    withdrawn = withdrawn.timed(clocks.stop(complaint.clocks, at))
    return Change(withdrawn, "withdraw_complaint", text=reason)


def possible(complaint: Complaint, asked: bool = False) -> tuple[str, ...]:
    """What the holder of the code may do now, by rpc name; `asked` once second handling was asked for after closing."""
    needs = {
        "AnswerQuestion": complaint.question_open,
        "RateHandling": not complaint.grade and complaint.conclusion is not None,
        "AskForSecondHandling": not asked,
    }
    return tuple(act for act in BY_CODE if complaint.stage in ACTS[act] and needs.get(act, True))
