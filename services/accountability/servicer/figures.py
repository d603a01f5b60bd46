"""The door to the figures."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import figures_pb2 as pb
from zhengfeng.accountability.v1 import figures_pb2_grpc

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import figures as wire


class FiguresServicer(figures_pb2_grpc.FiguresServiceServicer):
    """Answers FiguresService."""

    def __init__(self, usecases: UseCases) -> None:
        self._figures = usecases.figures

    def MeasureTable(self, request: pb.MeasureTableRequest, context: grpc.ServicerContext) -> pb.MeasureTableResponse:
        return wire.table(self._figures.table(caller_of(context), wire.read_period(request)))

    def ListFigure(self, request: pb.ListFigureRequest, context: grpc.ServicerContext) -> pb.ListFigureResponse:
        asked = wire.read_figure(request.figure), request.column, wire.read_period(request)
        found, token = self._figures.behind(caller_of(context), *asked, request.page_size, request.page_token)
        return pb.ListFigureResponse(rows=map(wire.row, found), next_page_token=token)
