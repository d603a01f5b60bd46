"""What this service announces, as the events that travel; and the calendar it keeps of what the directory announces.

A finding may carry several words of misconduct; the first is the main one and the one its facts name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from zhengfeng.supervision.v1 import events_pb2

from chassis.store import Envelope
from services.supervision.domain import facts
from services.supervision.wire.parts import origin, stamp
from workdays import CalendarYear


def encode_fact(fact: facts.Fact, envelope: Envelope) -> events_pb2.SupervisionEvent:
    """A fact in its envelope."""
    subject = fact.subject
    event = events_pb2.SupervisionEvent(
        event_id=envelope.event_id,
        occurred_at=stamp(envelope.occurred_at),
        recorded_at=stamp(envelope.recorded_at),
        subject_id=subject.id,
        version=subject.version,
        unit_path=subject.unit_path,
        jurisdiction_path=subject.jurisdiction_path,
        number=subject.number,
    )
    field, content = body(fact)
    getattr(event, field).CopyFrom(content)
    return event


@singledispatch
def body(fact: Any) -> tuple[str, Any]:
    """The field of the envelope a fact travels in, and its content."""
    raise TypeError(f"{type(fact).__name__} is no fact of supervision")


@body.register
def _recorded(fact: facts.FindingRecorded) -> tuple[str, Any]:
    return "finding_recorded", events_pb2.FindingRecorded(
        misconduct=fact.misconduct[0],
        found_by=fact.found_by,
        undercover=fact.undercover,
        origin=origin(fact.origin),
    )


@body.register
def _noticed(fact: facts.NoticeIssued) -> tuple[str, Any]:
    return "notice_issued", events_pb2.NoticeIssued(notice_number=fact.notice_number, due_at=stamp(fact.due_at))


@body.register
def _lit(fact: facts.FindingLightChanged) -> tuple[str, Any]:
    return "light_changed", events_pb2.FindingLightChanged(light=fact.light)


@body.register
def _overdue(fact: facts.FindingOverdue) -> tuple[str, Any]:
    return "finding_overdue", events_pb2.FindingOverdue(due_at=stamp(fact.due_at), misconduct=fact.misconduct[0])


@body.register
def _closed(fact: facts.FindingClosed) -> tuple[str, Any]:
    return "finding_closed", events_pb2.FindingClosed(
        self_found=fact.self_found,
        rectified_on=fact.rectified_on.isoformat(),
        misconduct=fact.misconduct[0],
    )


@body.register
def _referred(fact: facts.ReferredToAccountability) -> tuple[str, Any]:
    return "referred", events_pb2.ReferredToAccountability(
        reason=fact.reason,
        misconduct=fact.misconduct,
        official_ids=fact.official_ids,
        undercover=fact.undercover,
        origin=origin(fact.origin),
    )


@body.register
def _key_list(fact: facts.KeyListChanged) -> tuple[str, Any]:
    return "key_list_changed", events_pb2.KeyListChanged(listed=fact.listed, reason=fact.reason)


def calendar_year(content: Mapping[str, Any]) -> CalendarYear:
    """The year in the copy that the directory's CalendarYearLoaded left, its fields by name."""
    off, worked = (frozenset(map(date.fromisoformat, content[name])) for name in ("off_days", "make_up_days"))
    return CalendarYear(int(content["year"]), off, worked)
