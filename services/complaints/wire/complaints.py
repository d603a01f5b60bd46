"""Complaints as messages: the record, the ledger's rows, what the holder of a receipt code sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import figures_pb2, intake_pb2, ledger_pb2, receipts_pb2, similar_pb2

from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Closing, ClosingReport, Complaint, Disposal, Outcome
from services.complaints.domain.handovers import Handover
from services.complaints.domain.views import Figures, Followed, Receipt, ReportTexts, Seen, Similar, TimelineEntry
from services.complaints.wire.words import CHANNEL, CONCLUSION, LIGHT, MANNER, ORIGIN, STAGE, TRACK, WAY, iso, stamp
from workdays import Due, Light, LimitKind

Answer = TypeVar(
    "Answer", intake_pb2.FileComplaintResponse, intake_pb2.RegisterForCallerResponse, similar_pb2.JoinMatterResponse
)


def complaint(seen: Seen | Complaint) -> pb.Complaint:
    """The record as one reader sees it; after an act, the complaint without its words."""
    if isinstance(seen, Complaint):
        seen = Seen(seen)
    of = seen.complaint
    said: dict[str, Any] = {
        "title": seen.title,
        "text": seen.text,
        "confidential_text": seen.confidential_text,
        "redacted": seen.redacted,
        "open_question": seen.open_question,
        "on_time": seen.on_time,
        "next": seen.next,
        "disposal": _disposal(of.disposal, seen.opinion),
        "report": _report(of.report, seen.report),
        "closing": _closing(of.closing, of.closed_at),
    }
    return pb.Complaint(**_standing(of), **_timing(of), **said)


def _standing(of: Complaint) -> dict[str, Any]:
    return {
        "complaint_id": of.id,
        "version": of.version,
        "number": of.number,
        "jurisdiction_path": of.jurisdiction_path,
        "unit_path": of.unit_path,
        "stage": STAGE.number(of.stage),
        "channel": CHANNEL.number(of.channel),
        "manner": MANNER.number(of.manner),
        "origin": ORIGIN.number(of.origin),
        "regime": of.regime,
        "category": of.category,
        "accused_unit_path": of.accused_unit_path,
        "accused_official_id": of.accused_official_id,
        "grade": of.grade,
        "matter_id": of.matter_id,
        "outcome": _outcome(of.outcome),
        "bounces": of.bounces,
        "signed_for_by": of.signed_for_by,
        "second_handling": of.second_handling,
        "source_number": of.source_number,
        "extension_asked": of.extension.days if of.extension else 0,
    }


def _timing(of: Complaint) -> dict[str, Any]:
    return {
        "received_at": stamp(of.received_at),
        "accepted_at": stamp(of.accepted_at),
        "closed_at": stamp(of.closed_at),
        "light": light(of.light),
        "due_on": due_on(of.due_at),
        "due_at": stamp(of.due_at),
        "due_pending": pending(of.due_at, of.pending_year),
        "clocks": [clock(one) for one in of.clocks],
        "paused": any(clock.paused for clock in of.clocks),
    }


def light(value: str) -> Any:
    """A light's number; 0 where no clock ever ran."""
    return LIGHT.number(Light(value)) if value else 0


def due_on(due_at: datetime | None) -> str:
    """The last day on which a limit is kept."""
    return "" if due_at is None else Due(due_at).day.isoformat()


def pending(due_at: datetime | None, year: int | None) -> str:
    """Why an end is not known. An end in natural days may be known while the day of its warning is not."""
    return "" if year is None or due_at is not None else f"calendar {year} not loaded"


def clock(of: RunningClock) -> pb.LimitClock:
    """One limit clock, without what it rests on."""
    return pb.LimitClock(
        step=of.step,
        regime=of.regime,
        started_at=stamp(of.started_at),
        budget=f"{of.limit.amount} {of.limit.kind.value}",
        due_on="" if of.limit.kind is LimitKind.MINUTES else due_on(of.due_at),
        due_at=stamp(of.due_at),
        pending=pending(of.due_at, of.pending_year),
        light=light(of.light),
        running=of.running,
        paused=of.paused,
    )


def _disposal(disposal: Disposal | None, opinion: str) -> pb.Disposal | None:
    if disposal is None:
        return None
    return pb.Disposal(
        way=WAY.number(disposal.way),
        track=TRACK.number(disposal.track),
        unit_path=disposal.unit_path,
        asked_unit_path=disposal.asked_unit_path,
        opinion=opinion,
        submitted_by=disposal.submitted_by,
        approved_by=disposal.approved_by,
        cooperating_unit_paths=disposal.cooperating_unit_paths,
    )


def _report(report: ClosingReport | None, texts: ReportTexts) -> pb.ClosingReport | None:
    if report is None:
        return None
    return pb.ClosingReport(
        text=texts.text,
        rectification=texts.rectification,
        proposed_conclusion=CONCLUSION.number(report.proposed_conclusion),
        official_ids=report.official_ids,
        recommendation=texts.recommendation,
        reported_by=report.reported_by,
        reported_at=stamp(report.reported_at),
        signed_by=report.signed_by,
        signed_at=stamp(report.signed_at),
        rectified_on=iso(report.rectified_on),
    )


def _closing(closing: Closing | None, closed_at: datetime | None) -> pb.Closing | None:
    if closing is None:
        return None
    return pb.Closing(
        conclusion=CONCLUSION.number(closing.conclusion),
        official_ids=closing.official_ids,
        categories=closing.categories,
        misconduct=closing.misconduct,
        self_found=closing.self_found,
        closed_by=closing.closed_by,
        closed_at=stamp(closed_at),
        rectified_on=iso(closing.rectified_on),
    )


def _outcome(outcome: Outcome | None) -> pb.Outcome | None:
    if outcome is None:
        return None
    return pb.Outcome(
        case_id=outcome.case_id, case_number=outcome.case_number, outcome=outcome.outcome, at=stamp(outcome.at)
    )


def receipt(kind: type[Answer], given: Receipt) -> Answer:
    """The receipt of a filing, as the answer `kind`."""
    of = given.complaint
    return kind(
        complaint_id=of.id,
        number=of.number,
        receipt_code=given.code,
        received_at=stamp(of.received_at),
        answer_by=due_on(of.due_at),
        roads=given.roads,
    )


def followed(shown: Followed) -> receipts_pb2.FollowedComplaint:
    """What the holder of the code sees. A merged complaint shows how the one it belongs to stands."""
    own, handled = shown.complaint, shown.handled_as
    return receipts_pb2.FollowedComplaint(
        number=own.number,
        stage=STAGE.number(handled.stage),
        title=shown.title,
        received_at=stamp(own.received_at),
        due_on=due_on(handled.due_at),
        due_pending=pending(handled.due_at, handled.pending_year),
        steps=[
            receipts_pb2.FollowedStep(at=stamp(step.at), stage=STAGE.number(step.stage), text=step.text)
            for step in shown.steps
        ],
        open_question=shown.open_question,
        conclusion=CONCLUSION.number(shown.conclusion),
        answer=shown.answer,
        grade=own.grade,
        next=shown.next,
        second_request=shown.second_request,
        road=shown.road,
        **_handed_over(shown.handover),
    )


def _handed_over(handover: Handover | None) -> dict[str, Any]:
    """Which organ outside has it, since when, and what that organ gave for it."""
    if handover is None or handover.handed_over_at is None:
        return {}
    return {
        "organ": handover.organ,
        "handed_over_at": stamp(handover.handed_over_at),
        "organ_receipt": handover.receipt_number,
        "organ_receipted_on": iso(handover.receipted_on),
    }


def timeline_entry(entry: TimelineEntry) -> ledger_pb2.TimelineEntry:
    """One act."""
    return ledger_pb2.TimelineEntry(
        at=stamp(entry.at),
        act=entry.act,
        by=entry.by,
        stage=STAGE.number(entry.stage),
        text=entry.text,
        recorded_at=stamp(entry.recorded_at),
        reason_code=entry.reason,
    )


def similar(found: Similar) -> intake_pb2.SimilarComplaint:
    """One that looks alike."""
    return intake_pb2.SimilarComplaint(
        complaint=complaint(found.seen), common_words=found.common_words, same_person=found.same_person
    )


def figures(row: Figures) -> figures_pb2.StatisticsRow:
    """Counts under one key."""
    return figures_pb2.StatisticsRow(**{name: getattr(row, name) for name in row.__slots__})
