"""The door of closing, and of what follows it."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import aftermath_pb2, aftermath_pb2_grpc, closing_pb2, closing_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire.requests import confirmed, proposed, report_texts


class ClosingServiceServicer(closing_pb2_grpc.ClosingServiceServicer):
    """Reporting and closing."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.closing

    def Report(self, request: Any, context: ServicerContext) -> closing_pb2.ReportResponse:
        done = self.cases.report(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            proposed(request),
            report_texts(request),
        )
        return closing_pb2.ReportResponse(complaint=wire.complaint(done))

    def SignReport(self, request: Any, context: ServicerContext) -> closing_pb2.SignReportResponse:
        done = self.cases.sign_report(caller_of(context), request.complaint_id, request.expected_version)
        return closing_pb2.SignReportResponse(complaint=wire.complaint(done))

    def SendBack(self, request: Any, context: ServicerContext) -> closing_pb2.SendBackResponse:
        done = self.cases.send_back(
            caller_of(context), request.complaint_id, request.expected_version, request.reason_code, request.reason
        )
        return closing_pb2.SendBackResponse(complaint=wire.complaint(done))

    def Close(self, request: Any, context: ServicerContext) -> closing_pb2.CloseResponse:
        done = self.cases.close(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            confirmed(request),
            request.answer,
        )
        return closing_pb2.CloseResponse(complaint=wire.complaint(done))


class AftermathServiceServicer(aftermath_pb2_grpc.AftermathServiceServicer):
    """Second handling, feedback, referral, archive."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.closing
        self.second = usecases.second

    def OrderSecondHandling(self, request: Any, context: ServicerContext) -> aftermath_pb2.OrderSecondHandlingResponse:
        done = self.second.order(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.unit_path,
            request.reason_code,
            request.reason,
        )
        return aftermath_pb2.OrderSecondHandlingResponse(complaint=wire.complaint(done))

    def RecordFeedback(self, request: Any, context: ServicerContext) -> aftermath_pb2.RecordFeedbackResponse:
        done = self.cases.record_feedback(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.by,
            request.reached,
            request.proof,
            request.remark,
        )
        return aftermath_pb2.RecordFeedbackResponse(complaint=wire.complaint(done))

    def ReferToAccountability(self, request: Any, context: ServicerContext) -> aftermath_pb2.ReferToAccountabilityResponse:
        done = self.cases.refer(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.reason_code,
            request.reason,
            tuple(request.official_ids),
        )
        return aftermath_pb2.ReferToAccountabilityResponse(complaint=wire.complaint(done))

    def Archive(self, request: Any, context: ServicerContext) -> aftermath_pb2.ArchiveResponse:
        done = self.cases.archive(caller_of(context), request.complaint_id, request.expected_version)
        return aftermath_pb2.ArchiveResponse(complaint=wire.complaint(done))
