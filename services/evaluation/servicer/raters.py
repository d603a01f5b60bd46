"""Raters and their codes."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import raters_pb2, raters_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import raters as rater_wire
from services.evaluation.wire import results as result_wire

Context = grpc.ServicerContext


class RaterServicer(raters_pb2_grpc.RaterServiceServicer):
    """Raters and their codes."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.raters

    def ImportRaters(self, request: raters_pb2.ImportRatersRequest, context: Context) -> raters_pb2.ImportRatersResponse:
        raters = rater_wire.new_raters(request.raters)
        act = self._cases.preview if request.preview else self._cases.enter
        entered = act(caller_of(context), request.campaign_id, raters)
        return raters_pb2.ImportRatersResponse(raters=[rater_wire.entered_message(one) for one in entered])

    def ListRaters(self, request: raters_pb2.ListRatersRequest, context: Context) -> raters_pb2.ListRatersResponse:
        wanted = (request.campaign_id, request.reference, request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        rows = [rater_wire.rater_message(one) for one in page]
        return raters_pb2.ListRatersResponse(raters=rows, next_page_token=token)

    def IssueCodes(self, request: raters_pb2.IssueCodesRequest, context: Context) -> Iterator[raters_pb2.IssueCodesResponse]:
        wanted = (request.campaign_id, request.rater_group, request.request_id)
        for batch in self._cases.issue(caller_of(context), *wanted):
            yield raters_pb2.IssueCodesResponse(codes=[rater_wire.issued_message(one) for one in batch])

    def ReissueCode(self, request: raters_pb2.ReissueCodeRequest, context: Context) -> raters_pb2.ReissueCodeResponse:
        issued = self._cases.reissue(caller_of(context), request.campaign_id, request.rater_id, request.request_id)
        return raters_pb2.ReissueCodeResponse(code=rater_wire.issued_message(issued))

    def GetTurnout(self, request: raters_pb2.GetTurnoutRequest, context: Context) -> raters_pb2.GetTurnoutResponse:
        campaign, turnout = self._cases.turnout(caller_of(context), request.campaign_id)
        return raters_pb2.GetTurnoutResponse(turnout=result_wire.turnout_message(campaign.plan, turnout))
