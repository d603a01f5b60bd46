"""The door of Open311."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import open311_pb2 as pb
from zhengfeng.complaints.v1 import open311_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import open311 as wire
from services.complaints.wire.requests import draft


class Open311ServiceServicer(open311_pb2_grpc.Open311ServiceServicer):
    """What the gateway asks to speak the standard, and the administration of keys."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.open311

    def ShowOpen311Services(self, request: Any, context: ServicerContext) -> pb.ShowOpen311ServicesResponse:
        return wire.offered(self.cases.offered(caller_of(context), request.jurisdiction_path))

    def ListPublicRequests(self, request: Any, context: ServicerContext) -> pb.ListPublicRequestsResponse:
        page = (request.page_size, request.page_token)
        shown, token, most = self.cases.requests(caller_of(context), wire.wanted(request), *page)
        rows = [wire.public_request(one) for one in shown]
        return pb.ListPublicRequestsResponse(requests=rows, next_page_token=token, most=most)

    def FindPublicRequest(self, request: Any, context: ServicerContext) -> pb.FindPublicRequestResponse:
        return pb.FindPublicRequestResponse(number=self.cases.number_of(caller_of(context), request.token))

    def FilePublicRequest(self, request: Any, context: ServicerContext) -> pb.FilePublicRequestResponse:
        return wire.posted(self.cases.file(caller_of(context), request.api_key, draft(request.draft)))

    def IssueOpen311Key(self, request: Any, context: ServicerContext) -> pb.IssueOpen311KeyResponse:
        wanted = (request.jurisdiction_path, request.holder, request.token_only)
        key, secret = self.cases.issue(caller_of(context), *wanted)
        return pb.IssueOpen311KeyResponse(open311_key=wire.key(key), api_key=secret)

    def WithdrawOpen311Key(self, request: Any, context: ServicerContext) -> pb.WithdrawOpen311KeyResponse:
        key, filed = self.cases.withdraw(caller_of(context), request.open311_key_id, request.expected_version)
        return pb.WithdrawOpen311KeyResponse(open311_key=wire.key(key, filed))

    def ListOpen311Keys(self, request: Any, context: ServicerContext) -> pb.ListOpen311KeysResponse:
        page = (request.page_size, request.page_token)
        found, token = self.cases.keys(caller_of(context), request.open311_key_id, *page)
        rows = [wire.key(key, filed) for key, filed in found]
        return pb.ListOpen311KeysResponse(open311_keys=rows, next_page_token=token)
