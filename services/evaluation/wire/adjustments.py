"""The adjustment ledger as messages."""

from __future__ import annotations

from datetime import date

from zhengfeng.common.v1 import origin_pb2
from zhengfeng.evaluation.v1 import adjustments_pb2 as pb
from zhengfeng.evaluation.v1 import formula_pb2

from chassis.errors import Invalid
from services.evaluation.domain.adjustment import Adjustment, AdjustmentState, Charge, Commended
from services.evaluation.wire.words import decimal, member, timestamp, value


def adjustment_message(entry: Adjustment, charge: Charge | None = None) -> pb.Adjustment:
    """A ledger entry, with what it costs or gives where a score is explained."""
    return pb.Adjustment(
        adjustment_id=entry.id,
        unit_path=entry.unit_path,
        year=entry.year,
        cause=value(formula_pb2.AdjustmentCause, entry.cause),  # type: ignore[arg-type]
        measure=entry.measure,
        state=value(pb.AdjustmentState, entry.state),  # type: ignore[arg-type]
        happened_at=timestamp(entry.happened_at),
        reason=entry.reason,
        origins=[
            origin_pb2.Origin(service=one.service, subject_id=one.subject_id, number=one.number) for one in entry.origins
        ],
        points=decimal(charge.points) if charge else "",
        source=charge.source if charge else "",
        version=entry.version,
        evidence=entry.evidence,
        people=entry.people,
    )


def wanted_state(number: int) -> AdjustmentState | None:
    """The state a list is asked for; None for all."""
    return member(AdjustmentState, pb.AdjustmentState, number)


def commended(request: pb.CommendWorkRequest) -> Commended:
    """What the office writes down. Raises Invalid DAY_INVALID."""
    try:
        day = date.fromisoformat(request.commended_on)
    except ValueError as wrong:
        raise Invalid("DAY_INVALID", "commended_on") from wrong
    return Commended(request.unit_id, request.level, day, request.document.strip(), request.evidence)
