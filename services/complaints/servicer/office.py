"""The door of what the office and leaders steer by: unclear complaints, cooperating units, the ladder."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import (
    escalation_pb2,
    escalation_pb2_grpc,
    parts_pb2,
    parts_pb2_grpc,
    unclear_pb2,
    unclear_pb2_grpc,
)

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import office
from services.complaints.wire.words import RULING


class UnclearServiceServicer(unclear_pb2_grpc.UnclearServiceServicer):
    """Laying it before a leader, ruling on it."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.unclear

    def ReferUnclear(self, request: Any, context: ServicerContext) -> unclear_pb2.ReferUnclearResponse:
        done = self.cases.refer(
            caller_of(context), request.complaint_id, request.expected_version, request.reason_code, request.text
        )
        return unclear_pb2.ReferUnclearResponse(complaint=wire.complaint(done))

    def RuleOnUnclear(self, request: Any, context: ServicerContext) -> unclear_pb2.RuleOnUnclearResponse:
        done = self.cases.rule(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            RULING[request.ruling],
            office.ruled(request),
        )
        return unclear_pb2.RuleOnUnclearResponse(complaint=wire.complaint(done))


class PartServiceServicer(parts_pb2_grpc.PartServiceServicer):
    """Parts of cooperating units."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.parts

    def AskPart(self, request: Any, context: ServicerContext) -> parts_pb2.AskPartResponse:
        asked = self.cases.ask(
            caller_of(context), request.complaint_id, request.expected_version, request.unit_path, request.text
        )
        return parts_pb2.AskPartResponse(part=office.part(asked))

    def SignForPart(self, request: Any, context: ServicerContext) -> parts_pb2.SignForPartResponse:
        done = self.cases.sign_for(caller_of(context), request.part_id, request.expected_version)
        return parts_pb2.SignForPartResponse(part=office.part(done))

    def ReportPart(self, request: Any, context: ServicerContext) -> parts_pb2.ReportPartResponse:
        done = self.cases.report(caller_of(context), request.part_id, request.expected_version, request.text)
        return parts_pb2.ReportPartResponse(part=office.part(done))

    def ListParts(self, request: Any, context: ServicerContext) -> parts_pb2.ListPartsResponse:
        wanted = office.wanted_parts(request)
        rows, token = self.cases.page(caller_of(context), wanted, request.page_size, request.page_token)
        return parts_pb2.ListPartsResponse(parts=[office.part(row) for row in rows], next_page_token=token)


class EscalationServiceServicer(escalation_pb2_grpc.EscalationServiceServicer):
    """The ladder above an overdue complaint."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.escalation

    def Escalate(self, request: Any, context: ServicerContext) -> escalation_pb2.EscalateResponse:
        done = self.cases.escalate(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.step,
            request.reason_code,
            request.text,
        )
        return escalation_pb2.EscalateResponse(complaint=wire.complaint(done))

    def ListEscalations(self, request: Any, context: ServicerContext) -> escalation_pb2.ListEscalationsResponse:
        wanted = (request.complaint_id, request.unit_path.rstrip("/"), request.step)
        rows, token = self.cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        taken = [office.escalation(row) for row in rows]
        return escalation_pb2.ListEscalationsResponse(escalations=taken, next_page_token=token)
