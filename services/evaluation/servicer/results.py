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

    def LiveTally(self, request: results_pb2.LiveTallyRequest, context: Context) -> Iterator[results_pb2.LiveTallyResponse]:
        for frame in self._cases.live(caller_of(context), request.campaign_id):
            yield results_pb2.LiveTallyResponse(frame=result_wire.frame_message(frame))

    def ListResults(self, request: results_pb2.ListResultsRequest, context: Context) -> results_pb2.ListResultsResponse:
        page, token = self._cases.released(caller_of(context), request.page_size, request.page_token)
        rows = [result_wire.released_message(campaign) for campaign in page]
        return results_pb2.ListResultsResponse(results=rows, next_page_token=token)

    def GetResult(self, request: results_pb2.GetResultRequest, context: Context) -> results_pb2.GetResultResponse:
        shown = self._cases.result(caller_of(context), request.campaign_id)
        return results_pb2.GetResultResponse(result=result_wire.result_message(shown.campaign, shown.turnout, shown.rows))

    def ExplainScore(self, request: results_pb2.ExplainScoreRequest, context: Context) -> results_pb2.ExplainScoreResponse:
        found = self._cases.explain(caller_of(context), request.campaign_id, request.object_id)
        shown = result_wire.explained_message(found.campaign.plan, found.result, found.entries)
        return results_pb2.ExplainScoreResponse(score=shown)

    def ListAdjustments(
        self, request: results_pb2.ListAdjustmentsRequest, context: Context
    ) -> results_pb2.ListAdjustmentsResponse:
        wanted = (request.year, request.unit_path, request.page_size, request.page_token)
        page, token = self._cases.adjustments(caller_of(context), *wanted)
        rows = [result_wire.adjustment_message(entry) for entry in page]
        return results_pb2.ListAdjustmentsResponse(adjustments=rows, next_page_token=token)
