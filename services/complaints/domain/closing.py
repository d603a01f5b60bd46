"""From the unit's closing report to the confirmed conclusion, and what follows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid
from services.complaints.domain import clocks, facts
from services.complaints.domain.complaint import Change, Closing, ClosingReport, Complaint, Outcome
from services.complaints.domain.facts import about
from services.complaints.domain.recusal import PostHeld, check_receiver
from services.complaints.domain.regimes import REDO, Regime
from services.complaints.domain.stages import Conclusion, Stage
from services.complaints.domain.triage import MERGED
from workdays import Calendar


@dataclass(frozen=True, slots=True)
class Findings:
    """What handling established, as the unit proposes it or the office confirms it."""

    conclusion: Conclusion
    official_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    misconduct: tuple[str, ...] = ()
    self_found: bool = False
    rectified_on: date | None = None


def report(complaint: Complaint, findings: Findings, by: str, text: str, at: datetime) -> Change:
    """The unit hands in its report; it waits for the head's signature. Refused with NOT_SIGNED_FOR."""
    handed_in = ClosingReport(findings.conclusion, findings.official_ids, findings.rectified_on, by, at)
    reported = complaint.change("Report", to=Stage.REPORTED, report=handed_in)
    if not complaint.signed_for_by:
        raise Conflict("NOT_SIGNED_FOR")
    return Change(reported, "report", text=text)


def sign_report(complaint: Complaint, by: str, at: datetime) -> Change:
    """The unit's head signs, which files the report with the office. Refused with NO_REPORT, ALREADY_SIGNED."""
    if complaint.report is None:
        raise Conflict("NO_REPORT")
    if complaint.report.signed_by:
        raise Conflict("ALREADY_SIGNED")
    signed = complaint.change("SignReport", report=replace(complaint.report, signed_by=by, signed_at=at))
    return Change(signed, "sign_report", facts.Reported(**about(signed)))


def send_back(complaint: Complaint, reason: str) -> Change:
    """An unsigned, thin or evasive report goes back; the clock has not stopped meanwhile."""
    return Change(complaint.change("SendBack", to=Stage.SENT_BACK, report=None), "send_back", text=reason)


def close(complaint: Complaint, findings: Findings, by: str, answer: str, at: datetime) -> Change:
    """The office confirms the conclusion and answers the complainant.

    Refused with COMPLAINT_ALREADY_CLOSED, UNSIGNED_REPORT, and with RESPONSIBLE_MISSING where something is established and
    there is neither an official nor a unit whose doing it was; with RECTIFIED_IN_FUTURE.
    """
    if complaint.stage is Stage.CLOSED:
        raise Conflict("COMPLAINT_ALREADY_CLOSED", number=complaint.number)
    closed = complaint.change("Close", to=Stage.CLOSED, closed_at=at, conclusion=findings.conclusion)
    if complaint.report is None or not complaint.report.signed_by:
        raise Conflict("UNSIGNED_REPORT", number=complaint.number)
    by_unit = complaint.responsible_unit_path != complaint.jurisdiction_path
    if findings.conclusion.proven and not findings.official_ids and not by_unit:
        raise Conflict("RESPONSIBLE_MISSING", "official_ids")
    if findings.rectified_on is not None and findings.rectified_on > local_day(at):
        raise Invalid("RECTIFIED_IN_FUTURE", "rectified_on")
    closed = replace(
        closed,
        closing=Closing(
            findings.conclusion,
            findings.official_ids,
            findings.categories,
            findings.misconduct,
            findings.self_found,
            findings.rectified_on,
            by,
        ),
        extension=None,
        question_open=False,
    ).timed(clocks.stop(complaint.clocks, at))
    return Change(closed, "close", _closed(closed, findings), answer)


def close_with(joined: Complaint, lead: Complaint, answer: str, calendar: Calendar, at: datetime) -> Change | None:
    """A complaint merged into a matter that is answered closes by the same conclusion, and its own filer is to be told.

    What was closed with the matter before and is answered again, because the matter was handled a second time, is told
    anew: a grade was of the answer before. None for one that goes its own way meanwhile. Its clock stood still while it
    was merged, so that it is late only if it was late before. `answer` is the copy that gives away nobody of the matter.
    """
    again = joined.stage is Stage.CLOSED and not joined.second_handling
    if lead.closing is None or not (joined.stage is Stage.MERGED or again):
        return None
    handled = (*joined.earlier_unit_paths, *lead.earlier_unit_paths, joined.unit_path)
    closed = replace(
        joined,
        version=joined.version + 1,
        stage=Stage.CLOSED,
        stage_before=None,
        closed_at=at,
        conclusion=lead.conclusion,
        closing=lead.closing,
        unit_path=lead.unit_path,
        earlier_unit_paths=tuple(dict.fromkeys(path for path in handled if path not in ("", lead.unit_path))),
        question_open=False,
        extension=None,
        grade=0,
    )
    running = clocks.reckon(clocks.resume_if(joined.clocks, at, MERGED), calendar, at)
    fact = facts.ClosedWithMatter(**about(closed), conclusion=lead.closing.conclusion, matter_id=joined.matter_id)
    return Change(closed.timed(clocks.stop(running, at)), "close", fact, answer)


def order_second_handling(
    complaint: Complaint,
    unit_path: str,
    posts: Iterable[PostHeld],
    regime: Regime,
    by: str,
    reason: str,
    calendar: Calendar,
    at: datetime,
    how: str = "ordered",
    cooperated: Iterable[str] = (),
) -> Change:
    """It is handled again, by another unit, under its own clock; the first conclusion stands until the second.

    Other hands (domain, complaints 10): neither a unit that led before nor one that `cooperated` may lead now. A grade given
    so far was the word on the handling that is done again: it stays with the request it opened and with the unit it was
    given to, but it is not the last word on this complaint, which counts as not rated until its complainant grades the
    second handling. Who then says nothing is neither satisfied nor dissatisfied: silence is never taken for satisfaction.

    Refused with SAME_HANDLER, DISPATCH_TO_ACCUSED.
    """
    earlier = (*complaint.earlier_unit_paths, complaint.unit_path)
    reopened = complaint.change(
        "OrderSecondHandling",
        to=Stage.REDOING,
        unit_path=unit_path,
        earlier_unit_paths=earlier,
        second_handling=True,
        signed_for_by="",
        bounces=0,
        dispatched_by=by,
        dispatched_at=at,
        report=None,
        closed_at=None,
        grade=0,
    )
    if unit_path in {*earlier, *cooperated}:
        raise Conflict("SAME_HANDLER", "unit_path")
    check_receiver(unit_path, complaint.jurisdiction_path, posts)
    reopened = reopened.timed(complaint.clocks + regime.clock(REDO, at, calendar))
    fact = facts.SecondHandlingOpened(**about(reopened, complaint.responsible_unit_path), reason=how)
    return Change(reopened, "order_second_handling", fact, reason)


def refer(complaint: Complaint, reason: str, official_ids: tuple[str, ...]) -> Change:
    """It goes to accountability before or without a conclusion."""
    referred = complaint.change("ReferToAccountability")
    about_unit = about(referred, complaint.responsible_unit_path)
    fact = facts.Referred(**about_unit, reason="referred_by_office", official_ids=official_ids)
    return Change(referred, "refer_to_accountability", fact, reason)


def archive(complaint: Complaint) -> Change:
    """It goes into the archive."""
    return Change(complaint.change("Archive", to=Stage.ARCHIVED), "archive")


def return_outcome(complaint: Complaint, outcome: Outcome) -> Change | None:
    """What accountability decided comes back to the ledger; an older decision than the one kept changes nothing."""
    kept = complaint.outcome
    if kept is not None and kept.case_id == outcome.case_id and kept.version >= outcome.version:
        return None
    returned = replace(complaint, version=complaint.version + 1, outcome=outcome)
    fact = facts.OutcomeReturned(
        **about(returned), case_id=outcome.case_id, case_number=outcome.case_number, outcome=outcome.outcome
    )
    return Change(returned, "return_outcome", fact)


def _closed(closed: Complaint, findings: Findings) -> facts.Closed:
    return facts.Closed(
        **about(closed, closed.responsible_unit_path),
        conclusion=findings.conclusion,
        official_ids=findings.official_ids,
        categories=findings.categories or tuple(filter(None, (closed.category,))),
        misconduct=findings.misconduct,
        self_found=findings.self_found,
        rectified_on=findings.rectified_on,
        second_handling=closed.second_handling,
        handled_by_unit_path=closed.unit_path,
    )
