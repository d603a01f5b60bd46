"""The hall: screen, hold, minutes."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import hall_pb2, hall_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import hall as hall_wire

Context = grpc.ServicerContext


class HallServicer(hall_pb2_grpc.HallServiceServicer):
    """The hall: screen, hold, minutes."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.hall

    def GetScreen(self, request: hall_pb2.GetScreenRequest, context: Context) -> hall_pb2.GetScreenResponse:
        screen = self._cases.screen(caller_of(context), request.campaign_id)
        return hall_pb2.GetScreenResponse(screen=hall_wire.screen_message(screen))

    def GetHall(self, request: hall_pb2.GetHallRequest, context: Context) -> hall_pb2.GetHallResponse:
        shown = self._cases.get(caller_of(context), request.campaign_id)
        return hall_pb2.GetHallResponse(hall=hall_wire.hall_message(shown))

    def HoldLive(self, request: hall_pb2.HoldLiveRequest, context: Context) -> hall_pb2.HoldLiveResponse:
        asked = (request.campaign_id, request.expected_version, request.reason)
        return hall_pb2.HoldLiveResponse(hall=hall_wire.hall_message(self._cases.hold(caller_of(context), *asked)))

    def ReleaseLive(self, request: hall_pb2.ReleaseLiveRequest, context: Context) -> hall_pb2.ReleaseLiveResponse:
        shown = self._cases.release(caller_of(context), request.campaign_id, request.expected_version)
        return hall_pb2.ReleaseLiveResponse(hall=hall_wire.hall_message(shown))

    def BuildMinutes(self, request: hall_pb2.BuildMinutesRequest, context: Context) -> hall_pb2.BuildMinutesResponse:
        signed = self._cases.minutes(caller_of(context), request.campaign_id, request.place)
        return hall_pb2.BuildMinutesResponse(minutes=hall_wire.minutes_message(signed))

    def CheckMinutes(self, request: hall_pb2.CheckMinutesRequest, context: Context) -> hall_pb2.CheckMinutesResponse:
        checked = self._cases.check(request.statement, request.signature)
        return hall_pb2.CheckMinutesResponse(checked=hall_wire.checked_message(checked))
