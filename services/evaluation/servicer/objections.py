"""Objections and their answers."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import objections_pb2 as pb
from zhengfeng.evaluation.v1 import objections_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import objections as wire

Context = grpc.ServicerContext


class ObjectionServicer(objections_pb2_grpc.ObjectionServiceServicer):
    """Objections and their answers."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.objections

    def FileObjection(self, request: pb.FileObjectionRequest, context: Context) -> pb.FileObjectionResponse:
        about = (request.campaign_id, request.object_id, request.adjustment_id)
        filed = self._cases.file(caller_of(context), *about, request.text)
        return pb.FileObjectionResponse(objection=wire.objection_message(filed))

    def AnswerObjection(self, request: pb.AnswerObjectionRequest, context: Context) -> pb.AnswerObjectionResponse:
        known = (request.objection_id, request.expected_version)
        answered = self._cases.answer(caller_of(context), *known, wire.answer(request.answer), request.reasons)
        return pb.AnswerObjectionResponse(objection=wire.objection_message(answered))

    def GetObjection(self, request: pb.GetObjectionRequest, context: Context) -> pb.GetObjectionResponse:
        found = self._cases.get(caller_of(context), request.objection_id)
        return pb.GetObjectionResponse(objection=wire.objection_message(found))

    def ListObjections(self, request: pb.ListObjectionsRequest, context: Context) -> pb.ListObjectionsResponse:
        wanted = (request.campaign_id, wire.wanted_state(request.state), request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        return pb.ListObjectionsResponse(objections=[wire.objection_message(one) for one in page], next_page_token=token)
