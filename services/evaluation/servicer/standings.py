"""One unit's own result."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import standings_pb2, standings_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import results as result_wire

Context = grpc.ServicerContext


class StandingServicer(standings_pb2_grpc.StandingServiceServicer):
    """One unit's own result."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.results

    def ExplainScore(
        self, request: standings_pb2.ExplainScoreRequest, context: Context
    ) -> standings_pb2.ExplainScoreResponse:
        found = self._cases.explain(caller_of(context), request.campaign_id, request.object_id)
        shown = result_wire.explained_message(found.campaign.plan, found.result, found.entries)
        return standings_pb2.ExplainScoreResponse(score=shown)
