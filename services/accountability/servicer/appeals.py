"""The door to appeals beyond the office's own first instance."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import appeals_pb2 as pb
from zhengfeng.accountability.v1 import appeals_pb2_grpc

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import appeals as wire
from services.accountability.wire.parts import read_day


class AppealsServicer(appeals_pb2_grpc.AppealsServiceServicer):
    """Answers AppealsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._appeals = usecases.appeals

    def FileSecondAppeal(
        self, request: pb.FileSecondAppealRequest, context: grpc.ServicerContext
    ) -> pb.FileSecondAppealResponse:
        said = request.grounds, read_day(request.received_on, "received_on")
        obstacle = wire.read_obstacle(request.obstacle, request.obstacle_gone_on)
        which = request.appeal_id, request.expected_version
        found = self._appeals.lodge_second(caller_of(context), *which, *said, obstacle)
        return pb.FileSecondAppealResponse(appeal=wire.appeal(found))

    def ExtendAppeal(self, request: pb.ExtendAppealRequest, context: grpc.ServicerContext) -> pb.ExtendAppealResponse:
        which = request.appeal_id, request.expected_version
        return pb.ExtendAppealResponse(appeal=wire.appeal(self._appeals.extend(caller_of(context), *which, request.reason)))

    def RecordAppealOutcome(
        self, request: pb.RecordAppealOutcomeRequest, context: grpc.ServicerContext
    ) -> pb.RecordAppealOutcomeResponse:
        found = self._appeals.record(
            caller_of(context), request.appeal_id, request.expected_version, *wire.read_told(request)
        )
        return pb.RecordAppealOutcomeResponse(appeal=wire.appeal(found))

    def ListOpenAppeals(
        self, request: pb.ListOpenAppealsRequest, context: grpc.ServicerContext
    ) -> pb.ListOpenAppealsResponse:
        page = request.unit_path, request.page_size, request.page_token
        found, token = self._appeals.open(caller_of(context), *page)
        return pb.ListOpenAppealsResponse(appeals=map(wire.open_appeal, found), next_page_token=token)
