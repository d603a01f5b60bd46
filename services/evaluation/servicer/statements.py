"""Statements, promises and deliveries."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import promises_pb2, promises_pb2_grpc, statements_pb2, statements_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import statements as wire

Context = grpc.ServicerContext


class StatementServicer(statements_pb2_grpc.StatementServiceServicer):
    """Statements."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.statements

    def CallForStatements(
        self, request: statements_pb2.CallForStatementsRequest, context: Context
    ) -> statements_pb2.CallForStatementsResponse:
        due_on = wire.day(request.due_on, "due_on") if request.due_on else None
        call = self._cases.call(caller_of(context), request.campaign_id, request.expected_version, due_on)
        return statements_pb2.CallForStatementsResponse(call=wire.call_message(call))

    def GetStatementCall(
        self, request: statements_pb2.GetStatementCallRequest, context: Context
    ) -> statements_pb2.GetStatementCallResponse:
        call = self._cases.called(caller_of(context), request.campaign_id)
        return statements_pb2.GetStatementCallResponse(call=wire.call_message(call))

    def FileStatement(
        self, request: statements_pb2.FileStatementRequest, context: Context
    ) -> statements_pb2.FileStatementResponse:
        wanted = (request.statement_id, request.expected_version, wire.text(request.text))
        filed = self._cases.file(caller_of(context), *wanted)
        return statements_pb2.FileStatementResponse(statement=wire.statement_message(filed))

    def ReturnStatement(
        self, request: statements_pb2.ReturnStatementRequest, context: Context
    ) -> statements_pb2.ReturnStatementResponse:
        wanted = (request.statement_id, request.expected_version, request.reason)
        returned = self._cases.send_back(caller_of(context), *wanted)
        return statements_pb2.ReturnStatementResponse(statement=wire.statement_message(returned))

    def GetStatement(
        self, request: statements_pb2.GetStatementRequest, context: Context
    ) -> statements_pb2.GetStatementResponse:
        statement, editions, longest = self._cases.get(caller_of(context), request.statement_id)
        return statements_pb2.GetStatementResponse(statement=wire.statement_message(statement, editions, longest))

    def ListAskedStatements(
        self, request: statements_pb2.ListAskedStatementsRequest, context: Context
    ) -> statements_pb2.ListAskedStatementsResponse:
        wanted = (request.campaign_id, wire.statement_state(request.state), request.page_size, request.page_token)
        asked, token = self._cases.asked(caller_of(context), *wanted)
        rows = [wire.statement_message(one) for one in asked]
        return statements_pb2.ListAskedStatementsResponse(statements=rows, next_page_token=token)

    def ListStatements(
        self, request: statements_pb2.ListStatementsRequest, context: Context
    ) -> statements_pb2.ListStatementsResponse:
        rows, token = self._cases.published(request.campaign_id, request.page_size, request.page_token)
        public = [wire.public_message(one) for one in rows]
        return statements_pb2.ListStatementsResponse(statements=public, next_page_token=token)


class PromiseServicer(promises_pb2_grpc.PromiseServiceServicer):
    """Promises and what became of them."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.promises

    def RecordPromise(
        self, request: promises_pb2.RecordPromiseRequest, context: Context
    ) -> promises_pb2.RecordPromiseResponse:
        made = self._cases.record(caller_of(context), request.unit_path, request.year, wire.wording(request))
        return promises_pb2.RecordPromiseResponse(promise=wire.promise_message(made))

    def ReportPromise(
        self, request: promises_pb2.ReportPromiseRequest, context: Context
    ) -> promises_pb2.ReportPromiseResponse:
        said = (wire.said(request.delivery), request.result, request.evidence)
        told = self._cases.report(caller_of(context), request.promise_id, request.expected_version, *said)
        return promises_pb2.ReportPromiseResponse(promise=wire.promise_message(told))

    def ConfirmPromise(
        self, request: promises_pb2.ConfirmPromiseRequest, context: Context
    ) -> promises_pb2.ConfirmPromiseResponse:
        found = (wire.delivery(request.delivery), request.note)
        confirmed = self._cases.confirm(caller_of(context), request.promise_id, request.expected_version, *found)
        return promises_pb2.ConfirmPromiseResponse(promise=wire.promise_message(confirmed))

    def GetPromise(self, request: promises_pb2.GetPromiseRequest, context: Context) -> promises_pb2.GetPromiseResponse:
        promise = self._cases.get(caller_of(context), request.promise_id)
        return promises_pb2.GetPromiseResponse(promise=wire.promise_message(promise))

    def ListPromises(self, request: promises_pb2.ListPromisesRequest, context: Context) -> promises_pb2.ListPromisesResponse:
        wanted = (request.unit_path, request.year, wire.promise_state(request.state))
        page, token = self._cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        rows = [wire.promise_message(one) for one in page]
        return promises_pb2.ListPromisesResponse(promises=rows, next_page_token=token)

    def ListPublicPromises(
        self, request: promises_pb2.ListPublicPromisesRequest, context: Context
    ) -> promises_pb2.ListPublicPromisesResponse:
        wanted = (request.unit_path, request.year, request.page_size, request.page_token)
        page, token = self._cases.published(*wanted)
        rows = [wire.promise_message(one, everybody=True) for one in page]
        return promises_pb2.ListPublicPromisesResponse(promises=rows, next_page_token=token)
