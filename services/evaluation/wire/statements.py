"""Statements and promises as messages. What everybody reads names no account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhengfeng.evaluation.v1 import plan_pb2
from zhengfeng.evaluation.v1 import promises_pb2 as promise_pb
from zhengfeng.evaluation.v1 import statements_pb2 as pb

from chassis.errors import Invalid
from services.evaluation.domain.promise import Delivery, Promise, PromiseState, Wording
from services.evaluation.domain.statement import Call, Edition, Statement, StatementState, Text
from services.evaluation.wire.words import member, timestamp, value


def day(text: str, field: str) -> date:
    """The day a text names. Raises Invalid DAY_INVALID for one that is in no calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid("DAY_INVALID", field) from wrong


def text(message: pb.StatementText) -> Text:
    """What is filed."""
    return Text(message.duties, message.promises, message.progress, message.problems)


def statement_state(number: int) -> StatementState | None:
    """The state a list is asked for; None for all."""
    return member(StatementState, pb.StatementState, number)


def promise_state(number: int) -> PromiseState | None:
    """The state a list is asked for; None for all."""
    return member(PromiseState, promise_pb.PromiseState, number)


def delivery(number: int) -> Delivery | None:
    """What became of a promise; None where nothing is said."""
    return member(Delivery, promise_pb.Delivery, number)


def said(number: int) -> Delivery:
    """What a report says became of it; the contract lets nothing unsaid through."""
    return delivery(number) or Delivery.NOT


def wording(request: promise_pb.RecordPromiseRequest) -> Wording:
    """What is promised."""
    return Wording(request.text, request.measure, request.target, day(request.due_on, "due_on"))


def call_message(call: Call) -> pb.StatementCall:
    """A call for statements."""
    return pb.StatementCall(
        campaign_id=call.campaign_id,
        campaign_version=call.campaign_version,
        due_on=call.due_on.isoformat(),
        called_at=timestamp(call.called_at),
        asked=call.asked,
        filed=call.filed,
        late=call.late,
        returned=call.returned,
    )


def statement_message(one: Statement, editions: Sequence[Edition] = (), longest: int = 0) -> pb.Statement:
    """A statement, with its editions where it is asked for alone."""
    standing = one.standing
    return pb.Statement(
        statement_id=one.id,
        version=one.version,
        state=value(pb.StatementState, one.state),  # type: ignore[arg-type]
        campaign_id=one.campaign_id,
        campaign_number=one.campaign_number,
        campaign_title=one.campaign_title,
        year=one.year,
        object_id=one.object_id,
        object_name=one.object_name,
        object_kind=value(plan_pb2.ObjectKind, one.object_kind),  # type: ignore[arg-type]
        unit_path=one.unit_path,
        due_on=one.due_on.isoformat(),
        late=standing is not None and standing.late,
        filed_at=timestamp(standing.filed_at if standing else None),
        return_reason=one.latest.return_reason if one.latest and one.state is StatementState.RETURNED else "",
        published=one.published_at is not None,
        editions=[_edition(edition) for edition in editions],
        longest=longest,
    )


def public_message(one: Statement) -> pb.PublicStatement:
    """A statement as everybody reads it."""
    standing = one.standing
    return pb.PublicStatement(
        object_id=one.object_id,
        object_name=one.object_name,
        text=_text(standing.text) if standing else None,
        filed_at=timestamp(standing.filed_at if standing else None),
        late=standing is not None and standing.late,
    )


def promise_message(one: Promise, everybody: bool = False) -> promise_pb.Promise:
    """A promise; for everybody without the accounts, and without a report that nobody has confirmed yet."""
    message = promise_pb.Promise(
        promise_id=one.id,
        version=one.version,
        number=one.number,
        state=value(promise_pb.PromiseState, one.state),  # type: ignore[arg-type]
        unit_id=one.unit_id,
        unit_path=one.unit_path,
        unit_name=one.unit_name,
        year=one.year,
        text=one.wording.text,
        measure=one.wording.measure,
        target=one.wording.target,
        due_on=one.wording.due_on.isoformat(),
        recorded_by="" if everybody else one.recorded_by,
        recorded_at=timestamp(one.recorded_at),
    )
    if one.report is not None and (one.confirmed is not None or not everybody):
        _tell(message, one, everybody)
    return message


def _tell(message: promise_pb.Promise, one: Promise, everybody: bool) -> None:
    report, found = one.report, one.confirmed
    assert report is not None
    message.reported = value(promise_pb.Delivery, report.delivery)  # type: ignore[assignment]
    message.result, message.evidence, message.late = report.result, report.evidence, report.late
    message.reported_by = "" if everybody else report.by
    message.reported_at.FromDatetime(report.at)
    if found is not None:
        message.confirmed = value(promise_pb.Delivery, found.delivery)  # type: ignore[assignment]
        message.note, message.confirmed_by = found.note, "" if everybody else found.by
        message.confirmed_at.FromDatetime(found.at)


def _edition(one: Edition) -> pb.StatementEdition:
    return pb.StatementEdition(
        edition=one.edition,
        text=_text(one.text),
        filed_at=timestamp(one.filed_at),
        filed_by=one.filed_by,
        late=one.late,
        returned_at=timestamp(one.returned_at),
        returned_by=one.returned_by,
        return_reason=one.return_reason,
    )


def _text(one: Text) -> pb.StatementText:
    return pb.StatementText(duties=one.duties, promises=one.promises, progress=one.progress, problems=one.problems)
