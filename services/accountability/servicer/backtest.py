"""The door to the back-test."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.accountability.v1 import backtest_pb2 as pb
from zhengfeng.accountability.v1 import backtest_pb2_grpc

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import backtest as wire


class BackTestServicer(backtest_pb2_grpc.BackTestServiceServicer):
    """Answers BackTestService."""

    def __init__(self, usecases: UseCases) -> None:
        self._backtests = usecases.backtests

    def BackTest(self, request: pb.BackTestRequest, context: grpc.ServicerContext) -> Iterator[pb.BackTestResponse]:
        found = self._backtests.run(caller_of(context), request.rule_version_id, request.after_case_id, request.list_same)
        yield from map(wire.progress, found)
