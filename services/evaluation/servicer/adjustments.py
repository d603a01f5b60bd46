"""The ledger of adjustments."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import adjustments_pb2, adjustments_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import results as result_wire

Context = grpc.ServicerContext


class LedgerServicer(adjustments_pb2_grpc.LedgerServiceServicer):
    """The ledger of adjustments."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.results

    def ListAdjustments(
        self, request: adjustments_pb2.ListAdjustmentsRequest, context: Context
    ) -> adjustments_pb2.ListAdjustmentsResponse:
        wanted = (request.year, request.unit_path, request.page_size, request.page_token)
        page, token = self._cases.adjustments(caller_of(context), *wanted)
        rows = [result_wire.adjustment_message(entry) for entry in page]
        return adjustments_pb2.ListAdjustmentsResponse(adjustments=rows, next_page_token=token)
