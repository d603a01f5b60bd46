"""The door of special roads and of handing over."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import handovers_pb2, handovers_pb2_grpc, roads_pb2, roads_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import roads as wire
from services.complaints.wire.complaints import complaint
from services.complaints.wire.words import day


class RoadServiceServicer(roads_pb2_grpc.RoadServiceServicer):
    """Roads, hints, danger to life."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.roads

    def ShowRoads(self, request: Any, context: ServicerContext) -> roads_pb2.ShowRoadsResponse:
        shown = self.cases.show(caller_of(context), request.jurisdiction_path)
        return roads_pb2.ShowRoadsResponse(roads=[wire.road(one) for one in shown])

    def HintRoads(self, request: Any, context: ServicerContext) -> roads_pb2.HintRoadsResponse:
        shown = self.cases.hint(caller_of(context), request.jurisdiction_path, request.text)
        return roads_pb2.HintRoadsResponse(roads=[wire.road(one) for one in shown])

    def MarkDanger(self, request: Any, context: ServicerContext) -> roads_pb2.MarkDangerResponse:
        what = (wire.DANGER[request.kind], request.note)
        done = self.cases.mark(caller_of(context), request.complaint_id, request.expected_version, *what)
        return roads_pb2.MarkDangerResponse(complaint=complaint(done))

    def TakeDangerAlert(self, request: Any, context: ServicerContext) -> roads_pb2.TakeDangerAlertResponse:
        taken = self.cases.take(caller_of(context), request.danger_alert_id, request.expected_version)
        return roads_pb2.TakeDangerAlertResponse(danger_alert=wire.danger_alert(taken))

    def ShowDuty(self, request: Any, context: ServicerContext) -> roads_pb2.ShowDutyResponse:
        duty = self.cases.duty(caller_of(context), request.jurisdiction_path, day(request, "day"))
        return roads_pb2.ShowDutyResponse(duty=wire.duty(request.jurisdiction_path, duty))

    def ListDangerAlerts(self, request: Any, context: ServicerContext) -> roads_pb2.ListDangerAlertsResponse:
        wanted = (request.complaint_id, request.waiting_only)
        found, token = self.cases.alerts(caller_of(context), *wanted, request.page_size, request.page_token)
        rows = [wire.danger_alert(one) for one in found]
        return roads_pb2.ListDangerAlertsResponse(danger_alerts=rows, next_page_token=token)


class HandoverServiceServicer(handovers_pb2_grpc.HandoverServiceServicer):
    """What leaves for an organ outside."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.handovers

    def IsolateSecret(self, request: Any, context: ServicerContext) -> handovers_pb2.IsolateSecretResponse:
        done = self.cases.isolate(caller_of(context), request.complaint_id, request.expected_version)
        return handovers_pb2.IsolateSecretResponse(complaint=complaint(done))

    def RuleOnSecret(self, request: Any, context: ServicerContext) -> handovers_pb2.RuleOnSecretResponse:
        ruling = (request.secret, request.organ)
        done = self.cases.rule(caller_of(context), request.complaint_id, request.expected_version, *ruling)
        return handovers_pb2.RuleOnSecretResponse(complaint=complaint(done))

    def TakeParcel(self, request: Any, context: ServicerContext) -> handovers_pb2.TakeParcelResponse:
        taken = self.cases.take_parcel(caller_of(context), request.complaint_id)
        return handovers_pb2.TakeParcelResponse(parcel=wire.parcel(taken))

    def RecordOrganReceipt(self, request: Any, context: ServicerContext) -> handovers_pb2.RecordOrganReceiptResponse:
        given = (request.receipt_number, day(request, "receipted_on"))
        kept = self.cases.receipt(caller_of(context), request.handover_id, request.expected_version, *given)
        return handovers_pb2.RecordOrganReceiptResponse(handover=wire.handover(kept))

    def DismissHandover(self, request: Any, context: ServicerContext) -> handovers_pb2.DismissHandoverResponse:
        kept = self.cases.dismiss(caller_of(context), request.handover_id, request.expected_version)
        return handovers_pb2.DismissHandoverResponse(handover=wire.handover(kept))

    def ListHandovers(self, request: Any, context: ServicerContext) -> handovers_pb2.ListHandoversResponse:
        wanted = (request.complaint_id, wire.STATE.get(request.state))
        found, token = self.cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        rows = [wire.handover(one) for one in found]
        return handovers_pb2.ListHandoversResponse(handovers=rows, next_page_token=token)
