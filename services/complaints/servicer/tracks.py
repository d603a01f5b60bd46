"""The door of what follows from a track."""

from __future__ import annotations

from datetime import date
from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import undertakings_pb2, undertakings_pb2_grpc, upwards_pb2, upwards_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.usecases.tracks import Receipt
from services.complaints.wire import tracks as wire
from services.complaints.wire.words import day


class UndertakingServiceServicer(undertakings_pb2_grpc.UndertakingServiceServicer):
    """Undertakings."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.tracks

    def Undertake(self, request: Any, context: ServicerContext) -> undertakings_pb2.UndertakeResponse:
        on = (request.complaint_id, request.expected_version)
        seen = self.cases.undertake(caller_of(context), *on, request.text, _day(request, "effect_by"))
        return undertakings_pb2.UndertakeResponse(undertaking=wire.undertaking(seen))

    def SettleUndertaking(self, request: Any, context: ServicerContext) -> undertakings_pb2.SettleUndertakingResponse:
        on = (request.undertaking_id, request.expected_version)
        seen = self.cases.settle(caller_of(context), *on, request.kept, request.result)
        return undertakings_pb2.SettleUndertakingResponse(undertaking=wire.undertaking(seen))

    def GetUndertaking(self, request: Any, context: ServicerContext) -> undertakings_pb2.GetUndertakingResponse:
        seen = self.cases.undertaking(caller_of(context), request.undertaking_id)
        return undertakings_pb2.GetUndertakingResponse(undertaking=wire.undertaking(seen))

    def ListUndertakings(self, request: Any, context: ServicerContext) -> undertakings_pb2.ListUndertakingsResponse:
        wanted = wire.wanted_undertakings(request)
        rows, token = self.cases.undertakings(caller_of(context), wanted, request.page_size, request.page_token)
        found = [wire.undertaking(row) for row in rows]
        return undertakings_pb2.ListUndertakingsResponse(undertakings=found, next_page_token=token)


class UpwardServiceServicer(upwards_pb2_grpc.UpwardServiceServicer):
    """Reports upwards."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.tracks

    def ReportUpwards(self, request: Any, context: ServicerContext) -> upwards_pb2.ReportUpwardsResponse:
        on = (request.complaint_id, request.expected_version)
        seen = self.cases.report(caller_of(context), *on, request.reported_to, request.text)
        return upwards_pb2.ReportUpwardsResponse(upward_report=wire.report(seen))

    def RecordUpwardReceipt(self, request: Any, context: ServicerContext) -> upwards_pb2.RecordUpwardReceiptResponse:
        receipt = Receipt(request.receipt_number, _day(request, "received_on"))
        on = (request.upward_report_id, request.expected_version)
        seen = self.cases.receive(caller_of(context), *on, receipt)
        return upwards_pb2.RecordUpwardReceiptResponse(upward_report=wire.report(seen))

    def GetUpwardReport(self, request: Any, context: ServicerContext) -> upwards_pb2.GetUpwardReportResponse:
        seen = self.cases.upward_report(caller_of(context), request.upward_report_id)
        return upwards_pb2.GetUpwardReportResponse(upward_report=wire.report(seen))

    def ListUpwardReports(self, request: Any, context: ServicerContext) -> upwards_pb2.ListUpwardReportsResponse:
        wanted = wire.wanted_reports(request)
        rows, token = self.cases.reports(caller_of(context), wanted, request.page_size, request.page_token)
        found = [wire.report(row) for row in rows]
        return upwards_pb2.ListUpwardReportsResponse(upward_reports=found, next_page_token=token)


def _day(request: Any, field: str) -> date:
    """A day the contract asks for; its pattern lets no empty one through."""
    found = day(request, field)
    assert found is not None
    return found


SERVICES = (
    (undertakings_pb2, undertakings_pb2_grpc, UndertakingServiceServicer),
    (upwards_pb2, upwards_pb2_grpc, UpwardServiceServicer),
)
