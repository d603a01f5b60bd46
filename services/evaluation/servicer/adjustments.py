"""The ledger of adjustments."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import adjustments_pb2 as pb
from zhengfeng.evaluation.v1 import adjustments_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import adjustments as wire

Context = grpc.ServicerContext


class LedgerServicer(adjustments_pb2_grpc.LedgerServiceServicer):
    """The ledger of adjustments."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.ledger

    def ListAdjustments(self, request: pb.ListAdjustmentsRequest, context: Context) -> pb.ListAdjustmentsResponse:
        wanted = (request.year, request.unit_path, wire.wanted_state(request.state))
        page, token = self._cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        return pb.ListAdjustmentsResponse(adjustments=[wire.adjustment_message(one) for one in page], next_page_token=token)

    def GetAdjustment(self, request: pb.GetAdjustmentRequest, context: Context) -> pb.GetAdjustmentResponse:
        entry = self._cases.get(caller_of(context), request.adjustment_id)
        return pb.GetAdjustmentResponse(adjustment=wire.adjustment_message(entry))

    def CommendWork(self, request: pb.CommendWorkRequest, context: Context) -> pb.CommendWorkResponse:
        entry = self._cases.commend(caller_of(context), wire.commended(request))
        return pb.CommendWorkResponse(adjustment=wire.adjustment_message(entry))

    def DecideCommendation(self, request: pb.DecideCommendationRequest, context: Context) -> pb.DecideCommendationResponse:
        known = (request.adjustment_id, request.expected_version)
        entry = self._cases.decide(caller_of(context), *known, request.confirmed, request.reason)
        return pb.DecideCommendationResponse(adjustment=wire.adjustment_message(entry))
