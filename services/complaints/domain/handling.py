"""While a unit works on it: signing for it, bouncing it, asking, reminding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import Dispatched, about
from services.complaints.domain.recusal import PostHeld, check_receiver
from services.complaints.domain.regimes import Regime
from services.complaints.domain.stages import Stage
from workdays import Calendar, Due, due

MOST_BOUNCES = 2  # the ruling on the second one sticks


def sign_for(complaint: Complaint, by: str) -> Change:
    """The unit takes it over and answers for it from now on. Refused with ALREADY_SIGNED_FOR."""
    stage = Stage.HANDLING if complaint.stage is Stage.SENT_BACK else complaint.stage
    signed = complaint.change("SignFor", to=stage, signed_for_by=by)
    if complaint.signed_for_by and complaint.stage is not Stage.SENT_BACK:
        raise Conflict("ALREADY_SIGNED_FOR")
    return Change(signed, "sign_for")


def bounce(complaint: Complaint, regime: Regime, reason: str, legal_basis: str, calendar: Calendar, at: datetime) -> Change:
    """The unit returns it as not its own. Refused with BOUNCED_TWICE, and with BOUNCE_TOO_LATE after the regime's days."""
    bounced = complaint.change("Bounce", to=Stage.BOUNCED, bounces=complaint.bounces + 1, stage_before=complaint.stage)
    if complaint.bounces >= MOST_BOUNCES:
        raise Conflict("BOUNCED_TWICE")
    if regime.bounce is not None and complaint.dispatched_at is not None:
        end = due(regime.bounce, complaint.dispatched_at, calendar)
        if isinstance(end, Due) and at >= end.at:
            raise Conflict("BOUNCE_TOO_LATE", until=end.day.isoformat())
    return Change(bounced, "bounce", text=f"{reason}\n{legal_basis}")


def rule_on_bounce(
    complaint: Complaint, unit_path: str, posts: Iterable[PostHeld], by: str, reason: str, at: datetime
) -> Change:
    """The office rules who handles it. The second bounce is ruled on by another person than the one who dispatched it.

    Refused with SAME_PERSON, DISPATCH_TO_ACCUSED.
    """
    ruled = complaint.change(
        "RuleOnBounce",
        to=complaint.stage_before or Stage.HANDLING,
        stage_before=None,
        unit_path=unit_path,
        signed_for_by="",
        dispatched_by=by,
        dispatched_at=at,
    )
    if complaint.bounces >= MOST_BOUNCES and by == complaint.dispatched_by:
        raise NotAllowed("SAME_PERSON")
    check_receiver(unit_path, complaint.jurisdiction_path, posts)
    track = complaint.disposal.track.value if complaint.disposal else ""
    return Change(ruled, "rule_on_bounce", Dispatched(**about(ruled), track=track), reason)


def ask(complaint: Complaint, question: str) -> Change:
    """A question to the complainant. Refused with QUESTION_OPEN while another waits for its answer."""
    asked = complaint.change("AskComplainant", question_open=True)
    if complaint.question_open:
        raise Conflict("QUESTION_OPEN")
    return Change(asked, "ask_complainant", text=question)


def remind(complaint: Complaint, text: str) -> Change:
    """The unit is reminded; the reminder stands in the timeline."""
    return Change(complaint.change("Remind"), "remind", text=text)
