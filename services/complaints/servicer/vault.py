"""The door of recusals, repeats and retention."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import (
    recusal_pb2,
    recusal_pb2_grpc,
    repeats_pb2,
    repeats_pb2_grpc,
    retention_pb2,
    retention_pb2_grpc,
)

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import vault, words


class RecusalServiceServicer(recusal_pb2_grpc.RecusalServiceServicer):
    """Who stays out."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.recusals

    def RecuseFromComplaint(self, request: Any, context: ServicerContext) -> recusal_pb2.RecuseFromComplaintResponse:
        which, who = (request.complaint_id, request.expected_version), (request.account_id, request.substitute_id)
        done = self.cases.recuse(caller_of(context), *which, *who, request.reason)
        return recusal_pb2.RecuseFromComplaintResponse(complaint=wire.complaint(done))

    def ListRecusals(self, request: Any, context: ServicerContext) -> recusal_pb2.ListRecusalsResponse:
        page = (request.page_size, request.page_token)
        found, token = self.cases.of(caller_of(context), request.complaint_id, *page)
        return recusal_pb2.ListRecusalsResponse(recusals=[vault.recusal(one) for one in found], next_page_token=token)


class RepeatServiceServicer(repeats_pb2_grpc.RepeatServiceServicer):
    """Earlier complaints of one caller."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.repeats

    def FindRepeats(self, request: Any, context: ServicerContext) -> repeats_pb2.FindRepeatsResponse:
        found = self.cases.find(caller_of(context), request.phone, request.id_number)
        shown = [vault.repeat(one) for one in found.shown]
        return repeats_pb2.FindRepeatsResponse(repeats=shown, named=found.named, confidential=found.confidential)


class RetentionServiceServicer(retention_pb2_grpc.RetentionServiceServicer):
    """The rules of retention, holds, and the record of what was done."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.retention
        self.holds = usecases.holds

    def ListRetentionLog(self, request: Any, context: ServicerContext) -> retention_pb2.ListRetentionLogResponse:
        page = (request.page_size, request.page_token)
        found, token = self.cases.log(caller_of(context), vault.wanted_entries(request), *page)
        entries = [vault.entry(one) for one in found]
        return retention_pb2.ListRetentionLogResponse(entries=entries, next_page_token=token)

    def GetRetentionRules(self, request: Any, context: ServicerContext) -> retention_pb2.GetRetentionRulesResponse:
        rules = self.cases.rules(caller_of(context), request.jurisdiction_path)
        return retention_pb2.GetRetentionRulesResponse(rules=[vault.rule(one) for one in rules])

    def HoldComplaint(self, request: Any, context: ServicerContext) -> retention_pb2.HoldComplaintResponse:
        until = words.day(request, "until")
        placed = self.holds.hold(caller_of(context), request.complaint_id, request.reason, until)
        return retention_pb2.HoldComplaintResponse(retention_hold=vault.hold(placed))

    def EndHold(self, request: Any, context: ServicerContext) -> retention_pb2.EndHoldResponse:
        ended = self.holds.end(caller_of(context), request.retention_hold_id, request.expected_version)
        return retention_pb2.EndHoldResponse(retention_hold=vault.hold(ended))

    def ListHolds(self, request: Any, context: ServicerContext) -> retention_pb2.ListHoldsResponse:
        page = (request.page_size, request.page_token)
        found, token = self.holds.page(caller_of(context), request.complaint_id, request.holding, *page)
        return retention_pb2.ListHoldsResponse(retention_holds=[vault.hold(one) for one in found], next_page_token=token)

    def ListUnruled(self, request: Any, context: ServicerContext) -> retention_pb2.ListUnruledResponse:
        found, token = self.cases.unruled(caller_of(context), request.page_size, request.page_token)
        return retention_pb2.ListUnruledResponse(unruled=[vault.unruled(one) for one in found], next_page_token=token)
