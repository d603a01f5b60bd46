"""Findings, their limits and their timeline as messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhengfeng.supervision.v1 import finding_lists_pb2, finding_pb2

from services.supervision.domain.finding import Entry, Finding
from services.supervision.domain.limits import LimitClock
from services.supervision.domain.notice import Notice, Rectification, Referral
from services.supervision.wire.parts import number_of, origin, proof, shown, stamp
from workdays import DayLine, Due, LimitKind


def finding(value: Finding, next_acts: Iterable[str] = ()) -> finding_pb2.Finding:
    """A finding, with what its reader may do next."""
    return finding_pb2.Finding(
        finding_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        unit_path=value.unit_path,
        stage=number_of(value.stage),
        found_by=number_of(value.found_by),
        undercover=value.undercover,
        misconduct=value.misconduct,
        title=value.title,
        text=value.text,
        occurred_at=stamp(value.occurred_at),
        recorded_at=stamp(value.recorded_at),
        evidence=[proof(part) for part in value.evidence],
        origin=origin(value.origin),
        confirmed=value.confirmed,
        repeat_of=value.repeat_of or "",
        repeats=value.repeats,
        self_found=value.self_found,
        next=next_acts,
        **ledger(value),
    )


def ledger(value: Finding) -> dict[str, Any]:
    """What happened to it so far, as fields of the message."""
    return {
        "notice": value.notice and notice(value.notice),
        "clock": value.clock and clock(value, value.clock),
        "rectification": value.rectification and rectification(value.rectification),
        "referral": value.referral and referral(value.referral),
        "overdue_at": stamp(value.overdue_at),
        "reminded_at": stamp(value.reminded_at),
        "escalated_at": stamp(value.escalated_at),
        "closed_at": stamp(value.closed_at),
        "light": number_of(value.light),
    }


def notice(value: Notice) -> finding_pb2.Notice:
    """The notice and its answer."""
    return finding_pb2.Notice(
        number=value.number,
        kind=value.kind,
        text=value.text,
        issued_by=value.issued_by,
        issued_at=stamp(value.issued_at),
        answer=value.answer,
        answered_by=value.answered_by,
        answered_at=stamp(value.answered_at),
    )


def clock(value: Finding, running: LimitClock) -> finding_pb2.LimitClock:
    """The limit with its end as it stands."""
    in_days = running.limit.kind is not LimitKind.MINUTES
    return finding_pb2.LimitClock(
        step=number_of(running.step),
        limit=f"{running.limit.amount} {running.limit.kind.value}",
        started_at=stamp(running.started_at),
        stopped_at=stamp(running.stopped_at),
        due_at=stamp(value.due_at),
        due_on=shown(Due(value.due_at).day) if value.due_at is not None and in_days else "",
        pending=f"calendar {value.pending_year} not loaded" if value.pending_year is not None else "",
        light=number_of(value.light),
        paused=running.paused,
        pauses=[
            finding_pb2.ClockPause(start=stamp(entry.start), end=stamp(entry.end), reason=entry.reason, basis=entry.basis)
            for entry in running.pauses
        ],
    )


def rectification(value: Rectification) -> finding_pb2.Rectification:
    """What was done, and what looking at it showed."""
    return finding_pb2.Rectification(
        text=value.text,
        rectified_on=shown(value.rectified_on),
        evidence=[proof(part) for part in value.evidence],
        submitted_by=value.submitted_by,
        submitted_at=stamp(value.submitted_at),
        verified_by=value.verified_by,
        verified_at=stamp(value.verified_at),
        accepted=value.accepted,
        opinion=value.opinion,
    )


def referral(value: Referral) -> finding_pb2.Referral:
    """The hand-over."""
    return finding_pb2.Referral(reason=value.reason, by=value.by, at=stamp(value.at), official_ids=value.official_ids)


def limit_days(lines: Iterable[DayLine]) -> list[finding_lists_pb2.LimitDay]:
    """Why a limit ends when it ends, day by day."""
    return [
        finding_lists_pb2.LimitDay(day=shown(line.day), counted=line.counted, why=line.why.value, used=line.used)
        for line in lines
    ]


def entry(value: Entry) -> finding_lists_pb2.FindingTimelineEntry:
    """One act in the life of a finding."""
    return finding_lists_pb2.FindingTimelineEntry(
        at=stamp(value.at), act=value.act, by=value.by, stage=number_of(value.stage), text=value.text
    )
