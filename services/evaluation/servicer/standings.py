"""One unit's own result."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import standings_pb2, standings_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import standings as wire

Context = grpc.ServicerContext


class StandingServicer(standings_pb2_grpc.StandingServiceServicer):
    """One unit's own result."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.standings

    def ExplainScore(
        self, request: standings_pb2.ExplainScoreRequest, context: Context
    ) -> standings_pb2.ExplainScoreResponse:
        found = self._cases.explain(caller_of(context), request.campaign_id, request.object_id)
        return standings_pb2.ExplainScoreResponse(score=wire.explained_message(found))

    def ListOwnResults(
        self, request: standings_pb2.ListOwnResultsRequest, context: Context
    ) -> standings_pb2.ListOwnResultsResponse:
        page, token = self._cases.own(caller_of(context), request.page_size, request.page_token)
        rows = [wire.own_message(one) for one in page]
        return standings_pb2.ListOwnResultsResponse(results=rows, next_page_token=token)
