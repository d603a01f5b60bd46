"""Objections as messages."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import objections_pb2 as pb

from services.evaluation.domain.objection import Objection, ObjectionState
from services.evaluation.wire.words import member, timestamp, value


def objection_message(one: Objection) -> pb.Objection:
    """One objection with its answer."""
    same = ("version", "number", "campaign_id", "campaign_number", "object_id", "object_name", "unit_path", "count")
    said = ("adjustment_id", "text", "filed_by", "answered_by", "reasons")
    return pb.Objection(
        objection_id=one.id,
        state=value(pb.ObjectionState, one.state),  # type: ignore[arg-type]
        filed_at=timestamp(one.filed_at),
        answered_at=timestamp(one.answered_at),
        **{name: getattr(one, name) for name in (*same, *said)},
    )


def wanted_state(number: int) -> ObjectionState | None:
    """The state a list is asked for; None for all."""
    return member(ObjectionState, pb.ObjectionState, number)


def answer(number: int) -> ObjectionState:
    """The state an answer leads to."""
    return ObjectionState[pb.ObjectionAnswer.Name(number).removeprefix("OBJECTION_ANSWER_")]  # type: ignore[arg-type]
