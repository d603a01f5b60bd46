"""Facts: the domain's to the contract's event, and accountability's decision to the domain's outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhengfeng.complaints.v1 import events_pb2 as pb

from chassis.facts import Heard
from chassis.store import Envelope
from services.complaints.domain import facts, roads
from services.complaints.domain.complaint import Outcome
from services.complaints.wire.words import CONCLUSION, iso, stamp

Build = Callable[[Any], dict[str, Any]]
_BUILD: dict[type[facts.Fact], Build] = {
    facts.Filed: lambda f: {"filed": pb.ComplaintFiled(channel=f.channel, category=f.category)},
    facts.Accepted: lambda f: {"accepted": pb.ComplaintAccepted(regime=f.regime)},
    facts.NotAccepted: lambda f: {"not_accepted": pb.ComplaintNotAccepted(reason=f.reason, forwarded_to=f.forwarded_to)},
    facts.Dispatched: lambda f: {
        "dispatched": pb.ComplaintDispatched(track=f.track, cooperating_unit_paths=f.cooperating_unit_paths)
    },
    facts.LightChanged: lambda f: {"light_changed": pb.ComplaintLightChanged(clock=f.clock, light=f.light)},
    facts.Overdue: lambda f: {"overdue": pb.ComplaintOverdue(clock=f.clock, due_at=stamp(f.due_at))},
    facts.Reported: lambda f: {"reported": pb.ComplaintReported()},
    facts.Closed: lambda f: {"closed": _closed(f)},
    facts.ClosedWithMatter: lambda f: {
        "closed_with_matter": pb.ComplaintClosedWithMatter(conclusion=CONCLUSION.number(f.conclusion), matter_id=f.matter_id)
    },
    facts.UndertakingMade: lambda f: {"undertaking_made": pb.UndertakingMade(effect_by=iso(f.effect_by))},
    facts.UndertakingLate: lambda f: {"undertaking_late": pb.UndertakingLate(effect_by=iso(f.effect_by))},
    facts.UndertakingSettled: lambda f: {"undertaking_settled": pb.UndertakingSettled(kept=f.kept, late=f.late)},
    facts.ReportedUpwards: lambda f: {"reported_upwards": pb.ReportedUpwards(organ=f.organ)},
    facts.Rated: lambda f: {"handling_rated": pb.HandlingRated(grade=f.grade)},
    facts.SecondHandlingOpened: lambda f: {"second_handling_opened": pb.SecondHandlingOpened(reason=f.reason)},
    facts.Referred: lambda f: {"referred": pb.ComplaintReferred(reason=f.reason, official_ids=f.official_ids)},
    facts.OutcomeReturned: lambda f: {
        "outcome_returned": pb.OutcomeReturned(case_id=f.case_id, case_number=f.case_number, outcome=f.outcome)
    },
    facts.Escalated: lambda f: {"escalated": pb.ComplaintEscalated(step=f.step, reason=f.reason, due_at=stamp(f.due_at))},
    facts.Transferred: lambda f: {
        "transferred": pb.ComplaintTransferred(transfer_id=f.transfer_id, direction=f.direction, scope=f.scope, peer=f.peer)
    },
    facts.TransferAnswered: lambda f: {
        "transfer_answered": pb.TransferAnswered(
            transfer_id=f.transfer_id, direction=f.direction, conclusion=CONCLUSION.number(f.conclusion), peer=f.peer
        )
    },
    roads.DangerRaised: lambda f: {
        "danger_raised": pb.DangerRaised(danger_alert_id=f.danger_alert_id, kind=f.kind, source=f.source)
    },
    facts.FeedbackGiven: lambda f: {"feedback_given": pb.FeedbackGiven(route=f.route, means=f.means)},
    facts.FeedbackLate: lambda f: {"feedback_late": pb.FeedbackLate(route=f.route, due_at=stamp(f.due_at))},
    facts.AnswerPublished: lambda f: {"answer_published": pb.AnswerPublished(complaint_id=f.complaint_id)},
    facts.AnswerWithdrawn: lambda f: {"answer_withdrawn": pb.AnswerWithdrawn(complaint_id=f.complaint_id)},
    facts.ExposureVerified: lambda f: {
        "exposure_verified": pb.ExposureVerified(conclusion=CONCLUSION.number(f.conclusion), complaint_id=f.complaint_id)
    },
    facts.CommitmentSettled: lambda f: {"commitment_settled": pb.CommitmentSettled(kept=f.kept, late=f.late)},
    facts.ReviewPublished: lambda f: {
        "review_published": pb.ReviewPublished(
            year=f.year, figure=f.figure, drawn=f.drawn, excluded=f.excluded, reviewed=f.reviewed
        )
    },
    facts.Imported: lambda f: {"imported": pb.ComplaintImported(source=f.source)},
}


def encode_fact(fact: facts.Fact, envelope: Envelope) -> pb.ComplaintEvent:
    """The event a fact travels in."""
    return pb.ComplaintEvent(
        event_id=envelope.event_id,
        occurred_at=stamp(envelope.occurred_at),
        recorded_at=stamp(envelope.recorded_at),
        subject_id=fact.subject_id,
        version=fact.version,
        unit_path=fact.unit_path,
        jurisdiction_path=fact.jurisdiction_path,
        number=fact.number,
        **_BUILD[type(fact)](fact),
    )


def _closed(fact: facts.Closed) -> pb.ComplaintClosed:
    return pb.ComplaintClosed(
        conclusion=CONCLUSION.number(fact.conclusion),
        category=fact.categories,
        official_ids=fact.official_ids,
        self_found=fact.self_found,
        misconduct=fact.misconduct,
        second_handling=fact.second_handling,
        rectified_on=iso(fact.rectified_on),
        handled_by_unit_path=fact.handled_by_unit_path,
    )


def outcomes(fact: Any, heard: Heard) -> list[tuple[str, Outcome]]:
    """Whom a decision of accountability concerns: each complaint among its origins, with what was decided."""
    outcome = Outcome(heard.subject_id, heard.number, fact.outcome, heard.version, heard.occurred_at)
    return [(origin.subject_id, outcome) for origin in fact.origins if origin.service == "complaints"]
