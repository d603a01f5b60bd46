"""Requests as the domain's values: drafts, findings, filters, rows of history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from zhengfeng.complaints.v1 import history_pb2, identity_pb2, intake_pb2, ledger_pb2

from chassis.clock import day_start
from chassis.errors import Invalid
from services.complaints.domain.closing import Findings
from services.complaints.domain.history import PastComplaint
from services.complaints.domain.identity import IdentityRequest, WantedRequests
from services.complaints.domain.intake import Draft
from services.complaints.domain.redaction import Identity
from services.complaints.domain.views import Filter, ReportTexts, RowAnswer
from services.complaints.wire.roads import DANGER
from services.complaints.wire.words import (
    CHANNEL,
    CONCLUSION,
    FIGURES,
    LIGHT,
    MANNER,
    ORIGIN,
    REQUEST_STATE,
    RESULTS,
    STAGE,
    STATISTICS_KEYS,
    day,
    instant,
    stamp,
)


def draft(message: Any) -> Draft:
    """What somebody raises."""
    return Draft(
        jurisdiction_path=message.jurisdiction_path,
        title=message.title,
        text=message.text,
        confidential_text=message.confidential_text,
        manner=MANNER[message.manner],
        identity=_identity(message.identity),
        accused_unit_path=message.accused_unit_path,
        accused_official_id=message.accused_official_id,
        category=message.category,
        danger=DANGER.get(message.danger),
    )


def _identity(message: Any) -> Identity:
    return Identity(message.name, message.phone, message.address, message.id_number)


def identity(value: Identity) -> intake_pb2.Identity:
    """Who raised it."""
    return intake_pb2.Identity(name=value.name, phone=value.phone, address=value.address, id_number=value.id_number)


def identity_request(value: IdentityRequest) -> identity_pb2.IdentityRequest:
    """A wish to read an identity."""
    return identity_pb2.IdentityRequest(
        identity_request_id=value.id,
        version=value.version,
        complaint_id=value.complaint_id,
        number=value.number,
        state=REQUEST_STATE.number(value.state),
        asked_by=value.asked_by,
        reader=value.reader,
        purpose=value.purpose,
        decided_by=value.decided_by,
        good_until=stamp(value.good_until),
        asked_at=stamp(value.asked_at),
    )


def wanted_requests(message: Any) -> WantedRequests:
    """Which requests to read an identity a list is of."""
    state = REQUEST_STATE[message.state] if message.state else None
    return WantedRequests(message.identity_request_id, message.complaint_id, state)


def proposed(message: Any) -> Findings:
    """What the unit's report proposes. Raises Invalid with DAY_INVALID for a day no calendar has."""
    return Findings(
        conclusion=CONCLUSION[message.proposed_conclusion],
        official_ids=tuple(message.official_ids),
        rectified_on=day(message, "rectified_on"),
    )


def report_texts(message: Any) -> ReportTexts:
    """The words of a report."""
    return ReportTexts(message.text, message.rectification, message.recommendation)


def confirmed(message: Any) -> Findings:
    """What the office confirms."""
    return Findings(
        conclusion=CONCLUSION[message.conclusion],
        official_ids=tuple(message.official_ids),
        categories=tuple(message.categories),
        misconduct=tuple(message.misconduct),
        self_found=message.self_found,
        rectified_on=day(message, "rectified_on"),
    )


def filter_(message: ledger_pb2.ComplaintFilter) -> Filter:
    """Which complaints. Days are days in Asia/Shanghai, the last one included."""
    since, until = day(message, "received_from"), day(message, "received_to")
    return Filter(
        stages=tuple(STAGE[number] for number in message.stages),
        lights=tuple(LIGHT[number].value for number in message.lights),
        unit_path=message.unit_path.rstrip("/"),
        jurisdiction_path=message.jurisdiction_path.rstrip("/"),
        channels=tuple(CHANNEL[number].value for number in message.channels),
        category=message.category,
        received_from=None if since is None else day_start(since),
        received_before=None if until is None else day_start(until + timedelta(days=1)),
        number=message.number,
        text=message.text,
        origin=ORIGIN[message.origin].value if message.origin else "",
        source_number=message.source_number,
        matter_id=message.matter_id,
        open_only=message.open_only,
        figure=FIGURES.get(message.figure, ""),
        counted_by=STATISTICS_KEYS.get(message.counted_by, ""),
        key=message.key if message.counted_by else "",
        matters_only=message.matters_only,
    )


def past_complaint(message: Any, source: str) -> PastComplaint:
    """One row of history; what it lacks, or has beyond reason, is left to the rules to refuse by its field."""
    return PastComplaint(
        source=source,
        source_number=message.source_number,
        jurisdiction_path=message.jurisdiction_path,
        unit_path=message.unit_path,
        title=message.title,
        text=message.text,
        channel=CHANNEL[message.channel] if message.channel else None,
        category=message.category,
        received_at=_past(message, "received_at"),
        deadline_at=_past(message, "deadline_at"),
        closed_at=_past(message, "closed_at"),
        conclusion=CONCLUSION[message.conclusion] if message.conclusion else None,
    )


def _past(message: Any, field: str) -> datetime | None:
    """A time of a row; one that is none is the latest there is, which the rules refuse."""
    try:
        return instant(message, field)
    except Invalid:
        return datetime.max.replace(tzinfo=UTC)


def row_answer(answer: RowAnswer) -> history_pb2.ImportedRow:
    """What became of a row."""
    return history_pb2.ImportedRow(
        source_number=answer.source_number,
        result=RESULTS[answer.result],
        complaint_id=answer.complaint_id,
        reason=answer.reason,
        field=answer.field,
    )
