"""The door of readers and loaders: ledger, history, identities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import (
    history_pb2,
    history_pb2_grpc,
    identity_pb2,
    identity_pb2_grpc,
    ledger_pb2,
    ledger_pb2_grpc,
)

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import requests, vault
from services.complaints.wire.words import SORTS, STATISTICS_KEYS, instant, stamp


class LedgerServiceServicer(ledger_pb2_grpc.LedgerServiceServicer):
    """Reading the ledger."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.ledger
        self.figures = usecases.figures

    def ListComplaints(self, request: Any, context: ServicerContext) -> ledger_pb2.ListComplaintsResponse:
        wanted, sort = requests.filter_(request.filter), SORTS[request.sort]
        page = (request.page_size, request.page_token, instant(request, "as_of"))
        listed = self.cases.page(caller_of(context), wanted, sort, *page)
        rows = [wire.complaint(seen) for seen in listed.complaints]
        return ledger_pb2.ListComplaintsResponse(complaints=rows, next_page_token=listed.next_token)

    def GetComplaint(self, request: Any, context: ServicerContext) -> ledger_pb2.GetComplaintResponse:
        seen = self.cases.get(caller_of(context), request.complaint_id)
        return ledger_pb2.GetComplaintResponse(complaint=wire.complaint(seen))

    def ListTimeline(self, request: Any, context: ServicerContext) -> ledger_pb2.ListTimelineResponse:
        page = (request.page_size, request.page_token)
        entries, token = self.cases.timeline(caller_of(context), request.complaint_id, *page)
        rows = [wire.timeline_entry(entry) for entry in entries]
        return ledger_pb2.ListTimelineResponse(entries=rows, next_page_token=token)

    def Statistics(self, request: Any, context: ServicerContext) -> ledger_pb2.StatisticsResponse:
        wanted, by = requests.filter_(request.filter), STATISTICS_KEYS[request.by]
        rows, total, as_of = self.figures.statistics(caller_of(context), wanted, by, instant(request, "as_of"))
        counted = [wire.figures(row) for row in rows]
        return ledger_pb2.StatisticsResponse(rows=counted, total=wire.figures(total), as_of=stamp(as_of))

    def ExportComplaints(self, request: Any, context: ServicerContext) -> Iterator[ledger_pb2.ExportComplaintsResponse]:
        wanted = requests.filter_(request.filter)
        for listed in self.cases.export(caller_of(context), wanted, request.page_token, instant(request, "as_of")):
            rows = [wire.complaint(seen) for seen in listed.complaints]
            yield ledger_pb2.ExportComplaintsResponse(complaints=rows, next_page_token=listed.next_token)


class HistoryServiceServicer(history_pb2_grpc.HistoryServiceServicer):
    """Loading complaints of an earlier system."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.history

    def ImportComplaints(self, request: Any, context: ServicerContext) -> history_pb2.ImportComplaintsResponse:
        rows = [requests.past_complaint(row, request.source) for row in request.complaints]
        answers = self.cases.load(caller_of(context), request.source, rows, request.preview)
        return history_pb2.ImportComplaintsResponse(rows=[requests.row_answer(answer) for answer in answers])


class IdentityServiceServicer(identity_pb2_grpc.IdentityServiceServicer):
    """Opening sealed identities."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.identity

    def RequestIdentity(self, request: Any, context: ServicerContext) -> identity_pb2.RequestIdentityResponse:
        asked = self.cases.request(caller_of(context), request.complaint_id, request.reader, request.purpose)
        return identity_pb2.RequestIdentityResponse(identity_request=requests.identity_request(asked))

    def GrantIdentity(self, request: Any, context: ServicerContext) -> identity_pb2.GrantIdentityResponse:
        asked = (request.identity_request_id, request.expected_version)
        decided = self.cases.decide(caller_of(context), *asked, request.granted, request.hours, request.reason)
        return identity_pb2.GrantIdentityResponse(identity_request=requests.identity_request(decided))

    def OpenIdentity(self, request: Any, context: ServicerContext) -> identity_pb2.OpenIdentityResponse:
        opened = self.cases.open(caller_of(context), request.identity_request_id)
        return identity_pb2.OpenIdentityResponse(identity=requests.identity(opened))

    def ListIdentityRequests(self, request: Any, context: ServicerContext) -> identity_pb2.ListIdentityRequestsResponse:
        page = (request.page_size, request.page_token)
        found, token = self.cases.requests(caller_of(context), requests.wanted_requests(request), *page)
        rows = [requests.identity_request(one) for one in found]
        return identity_pb2.ListIdentityRequestsResponse(identity_requests=rows, next_page_token=token)

    def ListIdentityLog(self, request: Any, context: ServicerContext) -> identity_pb2.ListIdentityLogResponse:
        page = (request.page_size, request.page_token)
        looks, token = self.cases.log(caller_of(context), vault.wanted_looks(request), *page)
        entries = [vault.look(look) for look in looks]
        return identity_pb2.ListIdentityLogResponse(entries=entries, next_page_token=token)

    def VerifyIdentityLog(self, request: Any, context: ServicerContext) -> identity_pb2.VerifyIdentityLogResponse:
        found = self.cases.verify(caller_of(context))
        return identity_pb2.VerifyIdentityLogResponse(lines=found.lines, faults=[vault.fault(one) for one in found.faults])
