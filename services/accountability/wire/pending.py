"""Suspensions and the checks of an honest error as messages."""

from __future__ import annotations

from datetime import date

from zhengfeng.accountability.v1 import endings_pb2, suspensions_pb2

from services.accountability.domain.endings import CheckAnswer, ToleranceCheck
from services.accountability.domain.suspension import Suspension
from services.accountability.wire.parts import day, read_day


def suspension(found: Suspension) -> suspensions_pb2.Suspension:
    """A suspension of duties."""
    return suspensions_pb2.Suspension(
        id=found.id,
        version=found.version,
        case_id=found.case_id,
        case_number=found.case_number,
        party_id=found.party_id,
        official_id=found.official_id,
        unit_path=found.unit_path,
        organ=found.organ,
        starts_on=day(found.starts_on),
        ended_on=day(found.ended_on),
        document_number=found.document_number,
    )


def read_suspension(request: suspensions_pb2.SuspendRequest) -> tuple[str, str, date, str, str]:
    """Who is suspended by which organ from which day on, its document and why."""
    starts_on = read_day(request.starts_on, "starts_on")
    return request.party_id, request.organ, starts_on, request.document_number, request.reason


def check(found: ToleranceCheck) -> endings_pb2.ToleranceCheck:
    """What must hold before an error is tolerated."""
    return endings_pb2.ToleranceCheck(key=found.key, text_zh=found.zh, text_en=found.en, source=found.source)


def read_answers(request: endings_pb2.TolerateCaseRequest) -> list[CheckAnswer]:
    """What the decider found on every check."""
    return [CheckAnswer(one.key, one.met, one.finding) for one in request.checks]
