"""Undertakings and reports upwards as messages."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import undertakings_pb2, upwards_pb2

from services.complaints.domain.tracks import (
    SeenReport,
    SeenUndertaking,
    UndertakingState,
    UpwardReportState,
    WantedReports,
    WantedUndertakings,
)
from services.complaints.wire.complaints import light
from services.complaints.wire.words import LIGHT, Pairs, iso, stamp

UNDERTAKING_STATE = Pairs(UndertakingState, undertakings_pb2.UndertakingState)
REPORT_STATE = Pairs(UpwardReportState, upwards_pb2.UpwardReportState)
_WHERE = ("version", "complaint_id", "number", "unit_path", "jurisdiction_path")


def undertaking(seen: SeenUndertaking) -> undertakings_pb2.Undertaking:
    """What a unit undertook."""
    one = seen.undertaking
    return undertakings_pb2.Undertaking(
        undertaking_id=one.id,
        state=UNDERTAKING_STATE.number(one.state),
        effect_by=iso(one.effect_by),
        light=light(one.light),
        due_at=stamp(one.due_at),
        text=seen.text,
        undertaken_by=one.undertaken_by,
        undertaken_at=stamp(one.undertaken_at),
        result=seen.result,
        settled_by=one.settled_by,
        settled_at=stamp(one.settled_at),
        **{name: getattr(one, name) for name in _WHERE},
    )


def report(seen: SeenReport) -> upwards_pb2.UpwardReport:
    """What was reported upwards."""
    one = seen.report
    plain = ("year", "reported_by", "receipt_number", "recorded_by")
    return upwards_pb2.UpwardReport(
        upward_report_id=one.id,
        title=seen.title,
        reported_to=one.organ,
        state=REPORT_STATE.number(one.state),
        text=seen.text,
        reported_at=stamp(one.reported_at),
        received_on=iso(one.received_on),
        **{name: getattr(one, name) for name in (*_WHERE, *plain)},
    )


def wanted_undertakings(message: Any) -> WantedUndertakings:
    """Which undertakings a list is of."""
    shown = LIGHT[message.light].value if message.light else ""
    state = UNDERTAKING_STATE.get(message.state)
    return WantedUndertakings(message.complaint_id, state, shown, message.unit_path.rstrip("/"))


def wanted_reports(message: Any) -> WantedReports:
    """Which reports upwards a list is of."""
    state = REPORT_STATE.get(message.state)
    return WantedReports(message.year, state, message.unit_path.rstrip("/"), message.complaint_id)
