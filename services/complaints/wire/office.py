"""What the office and leaders steer by, as messages: clocks explained, parts, steps of the ladder, matters."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import escalation_pb2, explain_pb2, matter_pb2, parts_pb2

from services.complaints.domain.parts import Part
from services.complaints.domain.views import Explained, MatterSeen, TakenStep, WantedParts
from services.complaints.wire import complaints as wire
from services.complaints.wire.words import PART_STATE, iso, stamp


def explained(value: Explained) -> explain_pb2.ExplainedClock:
    """One clock with its ledgers and its days."""
    clock = wire.clock(value.clock)
    clock.basis, clock.source, clock.governs = value.basis, value.rank, value.governs
    return explain_pb2.ExplainedClock(
        clock=clock,
        pauses=[
            explain_pb2.ClockPause(
                start=stamp(entry.start), end=stamp(entry.end), reason=entry.reason, basis=entry.basis, by=entry.by
            )
            for entry in value.clock.pauses
        ],
        extensions=[
            explain_pb2.ClockExtension(
                days=entry.days,
                asked_by=entry.asked_by,
                granted_by=entry.granted_by,
                at=stamp(entry.at),
                reason_code=entry.reason,
            )
            for entry in value.clock.extensions
        ],
        days=[
            explain_pb2.ClockDay(day=iso(line.day), counted=line.counted, why=line.why.value, used=line.used)
            for line in value.days
        ],
    )


def part(value: Part) -> parts_pb2.Part:
    """What one cooperating unit is asked for."""
    plain = ("version", "complaint_id", "number", "unit_path", "lead_unit_path", "jurisdiction_path")
    people = ("asked_by", "signed_for_by", "reported_by")
    return parts_pb2.Part(
        part_id=value.id,
        state=PART_STATE.number(value.state),
        asked_at=stamp(value.asked_at),
        reported_at=stamp(value.reported_at),
        **{name: getattr(value, name) for name in (*plain, *people)},
    )


def wanted_parts(message: Any) -> WantedParts:
    """Which parts a list is of."""
    state = PART_STATE[message.state] if message.state else None
    return WantedParts(message.part_id, message.complaint_id, message.unit_path.rstrip("/"), state)


def escalation(value: TakenStep) -> escalation_pb2.Escalation:
    """One step that was taken."""
    plain = ("complaint_id", "number", "unit_path", "jurisdiction_path", "step", "by")
    return escalation_pb2.Escalation(
        at=stamp(value.at),
        due_at=stamp(value.due_at),
        reason_code=value.reason,
        **{name: getattr(value, name) for name in plain},
    )


def matter(value: MatterSeen) -> matter_pb2.Matter:
    """One happening."""
    return matter_pb2.Matter(
        complaint=wire.complaint(value.seen),
        complaint_id=value.seen.complaint.id,
        complaints=value.complaints,
        first_received_at=stamp(value.first_received_at),
        last_received_at=stamp(value.last_received_at),
    )


def ruled(message: Any) -> dict[str, str]:
    """What a leader says of an unclear complaint."""
    return {name: getattr(message, name) for name in ("regime", "reason_code", "forwarded_to", "explanation")}
