"""The doors to circulars and to clearings."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import circular_pb2 as pb
from zhengfeng.accountability.v1 import circular_pb2_grpc, clearing_pb2_grpc
from zhengfeng.accountability.v1 import clearing_pb2 as clr

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import documents as papers
from services.accountability.wire import public as wire


class CircularsServicer(circular_pb2_grpc.CircularsServiceServicer):
    """Answers CircularsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._circulars = usecases.circulars

    def DraftCircular(self, request: pb.DraftCircularRequest, context: grpc.ServicerContext) -> pb.DraftCircularResponse:
        said = request.title, wire.read_entries(request.entries), papers.read_names(request.names)
        return pb.DraftCircularResponse(circular=wire.circular(self._circulars.draft(caller_of(context), *said)))

    def ReviseCircular(self, request: pb.ReviseCircularRequest, context: grpc.ServicerContext) -> pb.ReviseCircularResponse:
        said = request.title, wire.read_entries(request.entries), papers.read_names(request.names)
        found = self._circulars.revise(caller_of(context), request.circular_id, request.expected_version, *said)
        return pb.ReviseCircularResponse(circular=wire.circular(found))

    def ReviewCircular(self, request: pb.ReviewCircularRequest, context: grpc.ServicerContext) -> pb.ReviewCircularResponse:
        said = request.passed, request.opinion
        found = self._circulars.review(caller_of(context), request.circular_id, request.expected_version, *said)
        return pb.ReviewCircularResponse(circular=wire.circular(found))

    def PublishCircular(
        self, request: pb.PublishCircularRequest, context: grpc.ServicerContext
    ) -> pb.PublishCircularResponse:
        names = papers.read_names(request.names)
        found = self._circulars.publish(caller_of(context), request.circular_id, request.expected_version, names)
        return pb.PublishCircularResponse(circular=wire.circular(found))

    def WithdrawCircular(
        self, request: pb.WithdrawCircularRequest, context: grpc.ServicerContext
    ) -> pb.WithdrawCircularResponse:
        which = request.circular_id, request.expected_version, request.reason
        return pb.WithdrawCircularResponse(circular=wire.circular(self._circulars.withdraw(caller_of(context), *which)))

    def ListCirculars(self, request: pb.ListCircularsRequest, context: grpc.ServicerContext) -> pb.ListCircularsResponse:
        page = wire.read_state(request.state), request.page_size, request.page_token
        found, token = self._circulars.list(caller_of(context), *page)
        return pb.ListCircularsResponse(circulars=[wire.circular(one, texts=False) for one in found], next_page_token=token)

    def GetCircular(self, request: pb.GetCircularRequest, context: grpc.ServicerContext) -> pb.GetCircularResponse:
        found, cases = self._circulars.get(caller_of(context), request.circular_id)
        return pb.GetCircularResponse(circular=wire.circular(found, cases=cases))

    def BuildCircular(self, request: pb.BuildCircularRequest, context: grpc.ServicerContext) -> pb.BuildCircularResponse:
        found = self._circulars.build(caller_of(context), request.circular_id, papers.read_format(request.format))
        name, kind = papers.file_name(found.title, found.number, found.format), papers.MEDIA_TYPES[found.format]
        return pb.BuildCircularResponse(content=found.content, file_name=name, media_type=kind)

    def ListPublishedCirculars(
        self, request: pb.ListPublishedCircularsRequest, context: grpc.ServicerContext
    ) -> pb.ListPublishedCircularsResponse:
        found, token = self._circulars.published(caller_of(context), request.page_size, request.page_token)
        listed = [wire.published(*one, whole=False) for one in found]
        return pb.ListPublishedCircularsResponse(circulars=listed, next_page_token=token)

    def GetPublishedCircular(
        self, request: pb.GetPublishedCircularRequest, context: grpc.ServicerContext
    ) -> pb.GetPublishedCircularResponse:
        found = self._circulars.read(caller_of(context), request.circular_id)
        return pb.GetPublishedCircularResponse(circular=wire.published(*found))


class ClearingsServicer(clearing_pb2_grpc.ClearingsServiceServicer):
    """Answers ClearingsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._clearings = usecases.clearings

    def PublishClearing(
        self, request: clr.PublishClearingRequest, context: grpc.ServicerContext
    ) -> clr.PublishClearingResponse:
        said = request.case_id, request.expected_version, wire.read_statement(request)
        return clr.PublishClearingResponse(clearing=wire.clearing(self._clearings.publish(caller_of(context), *said)))

    def WithdrawClearing(
        self, request: clr.WithdrawClearingRequest, context: grpc.ServicerContext
    ) -> clr.WithdrawClearingResponse:
        which = request.clearing_id, request.expected_version, request.reason
        return clr.WithdrawClearingResponse(clearing=wire.clearing(self._clearings.withdraw(caller_of(context), *which)))

    def ListClearings(self, request: clr.ListClearingsRequest, context: grpc.ServicerContext) -> clr.ListClearingsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._clearings.of_case(caller_of(context), *page)
        return clr.ListClearingsResponse(clearings=map(wire.clearing, found), next_page_token=token)

    def ListPublishedClearings(
        self, request: clr.ListPublishedClearingsRequest, context: grpc.ServicerContext
    ) -> clr.ListPublishedClearingsResponse:
        found, token = self._clearings.published(caller_of(context), request.page_size, request.page_token)
        return clr.ListPublishedClearingsResponse(clearings=map(wire.cleared, found), next_page_token=token)
