"""Messages of the identity log, recusals, repeats and retention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from zhengfeng.complaints.v1 import identity_pb2, recusal_pb2, repeats_pb2, retention_pb2

from chassis.clock import day_start
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.holds import RetentionHold
from services.complaints.domain.identity import LogFault, Look, WantedLooks
from services.complaints.domain.recusal import Recusal
from services.complaints.domain.retention import RetentionEntry, Rule, Step, WantedEntries
from services.complaints.wire.words import STAGE, day, iso, stamp

_ACTS = {
    identity_pb2.IDENTITY_ACT_UNSPECIFIED: "",
    identity_pb2.IDENTITY_ACT_ASKED: "asked",
    identity_pb2.IDENTITY_ACT_GRANTED: "granted",
    identity_pb2.IDENTITY_ACT_REFUSED: "refused",
    identity_pb2.IDENTITY_ACT_READ: "read",
    identity_pb2.IDENTITY_ACT_READ_REFUSED: "read_refused",
    identity_pb2.IDENTITY_ACT_SEARCHED: "searched",
    identity_pb2.IDENTITY_ACT_NOTICE_SENT: "notice_sent",
}
_FAULTS = {
    "changed": identity_pb2.LOG_FAULT_KIND_CHANGED,
    "missing": identity_pb2.LOG_FAULT_KIND_MISSING,
    "added": identity_pb2.LOG_FAULT_KIND_ADDED,
}
_STEPS = {
    Step.ANONYMISED: retention_pb2.RETENTION_STEP_ANONYMISED,
    Step.ERASED: retention_pb2.RETENTION_STEP_ERASED,
}
_STEP_OF = {number: step for step, number in _STEPS.items()}


def wanted_looks(message: Any) -> WantedLooks:
    """Which lines of the identity log are asked for. Days are days in Asia/Shanghai, the last one included."""
    since, before = _between(message)
    plain = (message.complaint_id, message.number, _ACTS[message.act], message.by, message.reader)
    return WantedLooks(*plain, since, before)


def look(one: Look) -> identity_pb2.IdentityLogEntry:
    """One line of the identity log."""
    return identity_pb2.IdentityLogEntry(
        at=stamp(one.at),
        complaint_id=one.complaint_id or "",
        number=one.number,
        identity_request_id=one.identity_request_id or "",
        act=one.act,
        by=one.actor,
        reader=one.reader,
        purpose=one.purpose,
    )


def fault(one: LogFault) -> identity_pb2.LogFault:
    """A line that is not as it was written."""
    return identity_pb2.LogFault(line_id=one.line_id, kind=_FAULTS[one.kind], log=one.log, written_at=stamp(one.written_at))


def recusal(one: Recusal) -> recusal_pb2.Recusal:
    """Somebody who stays out."""
    return recusal_pb2.Recusal(
        recusal_id=one.id,
        complaint_id=one.complaint_id,
        account_id=one.account_id,
        substitute_id=one.substitute_id,
        reason=one.reason,
        decided_by=one.decided_by,
        decided_at=stamp(one.decided_at),
    )


def repeat(one: Complaint) -> repeats_pb2.Repeat:
    """An earlier complaint of a caller."""
    return repeats_pb2.Repeat(
        complaint_id=one.id,
        number=one.number,
        stage=STAGE.number(one.stage),
        received_at=stamp(one.received_at),
        unit_path=one.unit_path,
    )


def wanted_entries(message: Any) -> WantedEntries:
    """Which lines of the record of retention are asked for."""
    since, before = _between(message)
    return WantedEntries(message.number, message.rule, _STEP_OF.get(message.retention_step), since, before)


def entry(one: RetentionEntry) -> retention_pb2.RetentionEntry:
    """One line of the record."""
    return retention_pb2.RetentionEntry(
        complaint_id=one.complaint_id,
        number=one.number,
        step=_STEPS[one.step],
        rule=one.rule,
        since=stamp(one.since),
        done_at=stamp(one.at),
    )


def rule(one: Rule) -> retention_pb2.RetentionRule:
    """A rule."""
    return retention_pb2.RetentionRule(
        rule=one.id, zh=one.zh, en=one.en, anonymise_years=one.anonymise_years, erase_years=one.erase_years
    )


def hold(one: RetentionHold) -> retention_pb2.RetentionHold:
    """A hold."""
    return retention_pb2.RetentionHold(
        retention_hold_id=one.id,
        version=one.version,
        complaint_id=one.complaint_id,
        number=one.number,
        case_id=one.case_id,
        case_number=one.case_number,
        reason=one.reason,
        placed_by=one.placed_by,
        placed_at=stamp(one.placed_at),
        until=iso(one.until),
        ended_by=one.ended_by,
        ended_at=stamp(one.ended_at),
    )


def unruled(one: Complaint) -> retention_pb2.Unruled:
    """A complaint no rule speaks of."""
    return retention_pb2.Unruled(complaint_id=one.id, number=one.number, closed_at=stamp(one.closed_at))


def _between(message: Any) -> tuple[datetime | None, datetime | None]:
    since, until = day(message, "from_day"), day(message, "to_day")
    return day_start(since) if since else None, day_start(until + timedelta(days=1)) if until else None
