"""Reads of the count."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import results_pb2, results_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import results as result_wire

Context = grpc.ServicerContext


class ResultServicer(results_pb2_grpc.ResultServiceServicer):
    """Reads of the count."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.results
        self._released = usecases.released

    def LiveTally(self, request: results_pb2.LiveTallyRequest, context: Context) -> Iterator[results_pb2.LiveTallyResponse]:
        for frame in self._cases.live(caller_of(context), request.campaign_id, request.as_everybody):
            yield results_pb2.LiveTallyResponse(frame=result_wire.frame_message(frame))

    def ListResults(self, request: results_pb2.ListResultsRequest, context: Context) -> results_pb2.ListResultsResponse:
        wanted = (request.year, request.template, request.page_size, request.page_token)
        page, token = self._released.page(caller_of(context), *wanted)
        rows = [result_wire.released_message(campaign) for campaign in page]
        return results_pb2.ListResultsResponse(results=rows, next_page_token=token)

    def GetResult(self, request: results_pb2.GetResultRequest, context: Context) -> results_pb2.GetResultResponse:
        shown = self._released.result(caller_of(context), request.campaign_id, request.count)
        return results_pb2.GetResultResponse(result=result_wire.result_message(shown))
