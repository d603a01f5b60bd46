"""Special roads and handovers as messages."""

from __future__ import annotations

from zhengfeng.complaints.v1 import handovers_pb2, roads_pb2

from services.complaints.domain.handovers import Found, HandoverKind, HandoverState, Parcel
from services.complaints.domain.roads import DangerAlert, DangerKind, DangerSource, Duty, Road
from services.complaints.wire.words import CHANNEL, MANNER, Pairs, iso, stamp

DANGER = Pairs(DangerKind, roads_pb2.DangerKind)
SOURCE = Pairs(DangerSource, roads_pb2.DangerSource)
KIND = Pairs(HandoverKind, handovers_pb2.HandoverKind)
STATE = Pairs(HandoverState, handovers_pb2.HandoverState)


def road(value: Road) -> roads_pb2.Road:
    """One road as it is told; the words that hint at it stay here."""
    return roads_pb2.Road(
        id=value.id,
        name_zh=value.name_zh,
        name_en=value.name_en,
        what_zh=value.what_zh,
        what_en=value.what_en,
        phones=value.phones,
        source=value.basis,
    )


def danger_alert(value: DangerAlert) -> roads_pb2.DangerAlert:
    """One alert."""
    return roads_pb2.DangerAlert(
        danger_alert_id=value.id,
        version=value.version,
        jurisdiction_path=value.jurisdiction_path,
        complaint_id=value.complaint_id,
        number=value.number,
        kind=DANGER.number(value.kind),
        source=SOURCE.number(value.source),
        raised_by=value.raised_by,
        raised_at=stamp(value.raised_at),
        taken_by=value.taken_by,
        taken_at=stamp(value.taken_at),
    )


def duty(jurisdiction_path: str, value: Duty) -> roads_pb2.Duty:
    """Who has the duty."""
    told = {"day": iso(value.day), "account_id": value.account, "role": value.role}
    return roads_pb2.Duty(jurisdiction_path=jurisdiction_path, **told)


def handover(found: Found) -> handovers_pb2.Handover:
    """One handover with its last day."""
    value, hand_over_by = found
    return handovers_pb2.Handover(
        handover_id=value.id,
        version=value.version,
        jurisdiction_path=value.jurisdiction_path,
        complaint_id=value.complaint_id,
        number=value.number,
        kind=KIND.number(value.kind),
        state=STATE.number(value.state),
        opened_by=value.opened_by,
        opened_at=stamp(value.opened_at),
        hand_over_by=iso(hand_over_by),
        organ=value.organ,
        handed_over_at=stamp(value.handed_over_at),
        receipt_number=value.receipt_number,
        receipted_on=iso(value.receipted_on),
    )


def parcel(value: Parcel) -> handovers_pb2.Parcel:
    """What is printed for the organ."""
    of, says = value.complaint, value.content
    return handovers_pb2.Parcel(
        handover_id=value.handover.id,
        number=of.number,
        channel=CHANNEL.number(of.channel),
        manner=MANNER.number(of.manner),
        received_at=stamp(of.received_at),
        title=says.title,
        text=says.text,
        confidential_text=says.confidential_text,
        hand_over_by=iso(value.hand_over_by),
        additions=[handovers_pb2.ParcelAddition(said_at=stamp(one.at), text=one.text) for one in value.additions],
        files=[
            handovers_pb2.ParcelFile(
                name=one.name,
                media_type=one.media_type,
                size=one.size,
                sha256=one.sha256,
                received_at=stamp(one.received_at),
            )
            for one in value.files
        ],
    )
