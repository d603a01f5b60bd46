"""The door of filing, and of whoever holds a receipt code."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import intake_pb2, intake_pb2_grpc, receipts_pb2, receipts_pb2_grpc

from chassis.rpc import caller_of, visitor_of
from services.complaints.domain.flood import Visitor
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire.requests import draft
from services.complaints.wire.words import CHANNEL


class IntakeServiceServicer(intake_pb2_grpc.IntakeServiceServicer):
    """Filing, by oneself or through a clerk."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.intake
        self.flood = usecases.flood

    def FileComplaint(self, request: Any, context: ServicerContext) -> intake_pb2.FileComplaintResponse:
        given = self.cases.file(caller_of(context), draft(request.draft), Visitor(*visitor_of(context)))
        return wire.receipt(intake_pb2.FileComplaintResponse, given)

    def IssueDevice(self, request: Any, context: ServicerContext) -> intake_pb2.IssueDeviceResponse:
        return intake_pb2.IssueDeviceResponse(device=self.flood.issue())

    def RegisterForCaller(self, request: Any, context: ServicerContext) -> intake_pb2.RegisterForCallerResponse:
        given = self.cases.register_for_caller(caller_of(context), draft(request.draft), CHANNEL[request.channel])
        return wire.receipt(intake_pb2.RegisterForCallerResponse, given)

    def SimilarComplaints(self, request: Any, context: ServicerContext) -> intake_pb2.SimilarComplaintsResponse:
        found = self.cases.similar(caller_of(context), request.complaint_id, request.limit)
        return intake_pb2.SimilarComplaintsResponse(similar=[wire.similar(each) for each in found])


class ReceiptServiceServicer(receipts_pb2_grpc.ReceiptServiceServicer):
    """Following and acting by receipt code."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.receipts

    def FollowComplaint(self, request: Any, context: ServicerContext) -> receipts_pb2.FollowComplaintResponse:
        shown = self.cases.follow(caller_of(context), request.receipt_code)
        return receipts_pb2.FollowComplaintResponse(complaint=wire.followed(shown))

    def AddEvidence(self, request: Any, context: ServicerContext) -> receipts_pb2.AddEvidenceResponse:
        shown = self.cases.add_evidence(caller_of(context), request.receipt_code, request.text)
        return receipts_pb2.AddEvidenceResponse(complaint=wire.followed(shown))

    def AnswerQuestion(self, request: Any, context: ServicerContext) -> receipts_pb2.AnswerQuestionResponse:
        shown = self.cases.answer(caller_of(context), request.receipt_code, request.text)
        return receipts_pb2.AnswerQuestionResponse(complaint=wire.followed(shown))

    def RateHandling(self, request: Any, context: ServicerContext) -> receipts_pb2.RateHandlingResponse:
        shown = self.cases.rate(caller_of(context), request.receipt_code, request.grade, request.remark)
        return receipts_pb2.RateHandlingResponse(complaint=wire.followed(shown))

    def WithdrawComplaint(self, request: Any, context: ServicerContext) -> receipts_pb2.WithdrawComplaintResponse:
        shown = self.cases.withdraw(caller_of(context), request.receipt_code, request.reason)
        return receipts_pb2.WithdrawComplaintResponse(complaint=wire.followed(shown))
