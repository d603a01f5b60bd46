"""The door to the flags on the watchers, and to what units file of their own handlings."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import watch_pb2 as pb
from zhengfeng.accountability.v1 import watch_pb2_grpc

from chassis.i18n import Catalogue
from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import watch as wire


class WatchServicer(watch_pb2_grpc.WatchServiceServicer):
    """Answers WatchService."""

    def __init__(self, usecases: UseCases, sentences: Catalogue) -> None:
        self._flags = usecases.flags
        self._own = usecases.own_handlings
        self._messages = wire.FlagMessages(sentences)

    def FileOwnHandling(
        self, request: pb.FileOwnHandlingRequest, context: grpc.ServicerContext
    ) -> pb.FileOwnHandlingResponse:
        found = self._own.file(caller_of(context), wire.read_filing(request))
        return pb.FileOwnHandlingResponse(own_handling=wire.handling_file(found))

    def ListOwnHandlings(
        self, request: pb.ListOwnHandlingsRequest, context: grpc.ServicerContext
    ) -> pb.ListOwnHandlingsResponse:
        narrowed = wire.read_handling_state(request), request.unit_path
        found, token = self._own.list(caller_of(context), *narrowed, request.page_size, request.page_token)
        return pb.ListOwnHandlingsResponse(own_handlings=map(wire.handling, found), next_page_token=token)

    def GetOwnHandling(self, request: pb.GetOwnHandlingRequest, context: grpc.ServicerContext) -> pb.GetOwnHandlingResponse:
        found = self._own.get(caller_of(context), request.own_handling_id)
        return pb.GetOwnHandlingResponse(own_handling=wire.handling_file(found))

    def RuleOnOwnHandling(
        self, request: pb.RuleOnOwnHandlingRequest, context: grpc.ServicerContext
    ) -> pb.RuleOnOwnHandlingResponse:
        which = request.own_handling_id, request.expected_version
        found = self._own.rule(caller_of(context), *which, request.accepted, request.opinion)
        return pb.RuleOnOwnHandlingResponse(own_handling=wire.handling_file(found))

    def RaiseFlag(self, request: pb.RaiseFlagRequest, context: grpc.ServicerContext) -> pb.RaiseFlagResponse:
        about = wire.read_kind(request), request.unit_path, request.case_id, wire.read_on_day(request)
        seen = request.evidence, tuple(request.evidence_sha256)
        found = self._flags.raise_by_hand(caller_of(context), *about, *seen)
        return pb.RaiseFlagResponse(flag=self._messages.file(found))

    def ListFlags(self, request: pb.ListFlagsRequest, context: grpc.ServicerContext) -> pb.ListFlagsResponse:
        narrowed = wire.read_filter(request)
        found, token = self._flags.list(caller_of(context), narrowed, request.page_size, request.page_token)
        return pb.ListFlagsResponse(flags=map(self._messages.flag, found), next_page_token=token)

    def GetFlag(self, request: pb.GetFlagRequest, context: grpc.ServicerContext) -> pb.GetFlagResponse:
        found = self._flags.get(caller_of(context), request.flag_id)
        return pb.GetFlagResponse(flag=self._messages.file(found))

    def ConfirmFlag(self, request: pb.ConfirmFlagRequest, context: grpc.ServicerContext) -> pb.ConfirmFlagResponse:
        which = request.flag_id, request.expected_version
        found = self._flags.confirm(caller_of(context), *which, request.reason)
        return pb.ConfirmFlagResponse(flag=self._messages.file(found))

    def DismissFlag(self, request: pb.DismissFlagRequest, context: grpc.ServicerContext) -> pb.DismissFlagResponse:
        which = request.flag_id, request.expected_version
        found = self._flags.dismiss(caller_of(context), *which, request.reason)
        return pb.DismissFlagResponse(flag=self._messages.file(found))
