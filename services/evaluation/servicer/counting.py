"""Counting and releasing."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import counting_pb2, counting_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import campaigns as campaign_wire

Context = grpc.ServicerContext


class CountServicer(counting_pb2_grpc.CountServiceServicer):
    """Counting and releasing."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.counting

    def CountCampaign(
        self, request: counting_pb2.CountCampaignRequest, context: Context
    ) -> counting_pb2.CountCampaignResponse:
        campaign = self._cases.count(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.CountCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def ReleaseResult(
        self, request: counting_pb2.ReleaseResultRequest, context: Context
    ) -> counting_pb2.ReleaseResultResponse:
        campaign = self._cases.release(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.ReleaseResultResponse(campaign=campaign_wire.campaign_message(campaign))

    def FinaliseResult(
        self, request: counting_pb2.FinaliseResultRequest, context: Context
    ) -> counting_pb2.FinaliseResultResponse:
        campaign = self._cases.finalise(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.FinaliseResultResponse(campaign=campaign_wire.campaign_message(campaign))
