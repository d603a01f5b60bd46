"""The doors to what holds while a case is pending, and to honest error tolerated."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import endings_pb2, endings_pb2_grpc, suspensions_pb2_grpc
from zhengfeng.accountability.v1 import suspensions_pb2 as pb

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import cases as case_wire
from services.accountability.wire import pending as wire
from services.accountability.wire.parts import read_day


class SuspensionsServicer(suspensions_pb2_grpc.SuspensionsServiceServicer):
    """Answers SuspensionsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._suspensions = usecases.suspensions

    def Suspend(self, request: pb.SuspendRequest, context: grpc.ServicerContext) -> pb.SuspendResponse:
        said = wire.read_suspension(request)
        found = self._suspensions.suspend(caller_of(context), request.case_id, request.expected_version, *said)
        return pb.SuspendResponse(suspension=wire.suspension(found))

    def LiftSuspension(self, request: pb.LiftSuspensionRequest, context: grpc.ServicerContext) -> pb.LiftSuspensionResponse:
        said = read_day(request.ended_on, "ended_on"), request.reason
        which = request.suspension_id, request.expected_version
        found = self._suspensions.lift(caller_of(context), *which, *said)
        return pb.LiftSuspensionResponse(suspension=wire.suspension(found))

    def ListSuspensions(
        self, request: pb.ListSuspensionsRequest, context: grpc.ServicerContext
    ) -> pb.ListSuspensionsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._suspensions.list(caller_of(context), *page)
        return pb.ListSuspensionsResponse(suspensions=map(wire.suspension, found), next_page_token=token)


class EndingsServicer(endings_pb2_grpc.EndingsServiceServicer):
    """Answers EndingsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._endings = usecases.endings

    def GetToleranceChecks(
        self, request: endings_pb2.GetToleranceChecksRequest, context: grpc.ServicerContext
    ) -> endings_pb2.GetToleranceChecksResponse:
        found = self._endings.checks(caller_of(context), request.case_id)
        return endings_pb2.GetToleranceChecksResponse(checks=map(wire.check, found))

    def TolerateCase(
        self, request: endings_pb2.TolerateCaseRequest, context: grpc.ServicerContext
    ) -> endings_pb2.TolerateCaseResponse:
        said = request.reason, wire.read_answers(request)
        found = self._endings.tolerate(caller_of(context), request.case_id, request.expected_version, *said)
        return endings_pb2.TolerateCaseResponse(case=case_wire.case(found))
