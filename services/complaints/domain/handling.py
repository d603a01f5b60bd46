"""While a unit works on it: signing for it, bouncing it, asking, reminding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain import clocks
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.escalation import REMINDER, run_out
from services.complaints.domain.facts import Dispatched, Escalated, about
from services.complaints.domain.recusal import PostHeld, check_receiver
from services.complaints.domain.regimes import SIGN, Regime
from services.complaints.domain.stages import Stage
from workdays import Calendar, Due, due

MOST_BOUNCES = 2  # the ruling on the second one sticks


def sign_for(complaint: Complaint, by: str, at: datetime) -> Change:
    """The unit takes it over and answers for it from now on; the clock of signing stops. Refused with ALREADY_SIGNED_FOR."""
    stage = Stage.HANDLING if complaint.stage is Stage.SENT_BACK else complaint.stage
    signed = complaint.change("SignFor", to=stage, signed_for_by=by)
    if complaint.signed_for_by and complaint.stage is not Stage.SENT_BACK:
        raise Conflict("ALREADY_SIGNED_FOR")
    return Change(signed.timed(clocks.stop(complaint.clocks, at, SIGN)), "sign_for")


def bounce(
    complaint: Complaint, regime: Regime, reason: str, text: str, legal_basis: str, calendar: Calendar, at: datetime
) -> Change:
    """The unit returns it as not its own. Refused with BOUNCED_TWICE, and with BOUNCE_TOO_LATE after the regime's days."""
    bounced = complaint.change("Bounce", to=Stage.BOUNCED, bounces=complaint.bounces + 1, stage_before=complaint.stage)
    if complaint.bounces >= MOST_BOUNCES:
        raise Conflict("BOUNCED_TWICE")
    if regime.bounce is not None and complaint.dispatched_at is not None:
        end = due(regime.bounce, complaint.dispatched_at, calendar)
        if isinstance(end, Due) and at >= end.at:
            raise Conflict("BOUNCE_TOO_LATE", until=end.day.isoformat())
    bounced = bounced.timed(clocks.stop(complaint.clocks, at, SIGN))
    return Change(bounced, "bounce", text=f"{text}\n{legal_basis}", reason=reason)


def rule_on_bounce(
    complaint: Complaint,
    unit_path: str,
    posts: Iterable[PostHeld],
    regime: Regime,
    by: str,
    calendar: Calendar,
    at: datetime,
    bounced_from: Stage | None = None,
) -> Change:
    """The office rules who handles it; it stands again where it was bounced from.

    The second bounce is ruled on by another person than the one who dispatched it.

    Refused with SAME_PERSON, DISPATCH_TO_ACCUSED, and with SAME_HANDLER for who handled it the first time.
    """
    ruled = complaint.change(
        "RuleOnBounce",
        to=complaint.stage_before or bounced_from or Stage.HANDLING,
        stage_before=None,
        unit_path=unit_path,
        signed_for_by="",
        dispatched_by=by,
        dispatched_at=at,
    )
    if complaint.bounces >= MOST_BOUNCES and by == complaint.dispatched_by:
        raise NotAllowed("SAME_PERSON")
    if unit_path in complaint.earlier_unit_paths:
        raise Conflict("SAME_HANDLER", "unit_path")
    check_receiver(unit_path, complaint.jurisdiction_path, posts)
    track = complaint.disposal.track.value if complaint.disposal else ""
    ruled = ruled.timed(complaint.clocks + regime.clock(SIGN, at, calendar))
    return Change(ruled, "rule_on_bounce", Dispatched(**about(ruled), track=track))


def ask(complaint: Complaint, question: str) -> Change:
    """A question to the complainant. Refused with QUESTION_OPEN while another waits for its answer."""
    asked = complaint.change("AskComplainant", question_open=True)
    if complaint.question_open:
        raise Conflict("QUESTION_OPEN")
    return Change(asked, "ask_complainant", text=question)


def remind(complaint: Complaint, reason: str, text: str, at: datetime) -> Change:
    """The unit is reminded; the reminder stands in the timeline and is announced."""
    reminded = complaint.change("Remind")
    told = Escalated(**about(reminded), step=REMINDER, reason=reason, due_at=run_out(complaint, at))
    return Change(reminded, "remind", told, text, reason=reason)
