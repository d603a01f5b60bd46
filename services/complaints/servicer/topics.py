"""The door of hot topics."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import topics_pb2, topics_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import topics as wire


class TopicServiceServicer(topics_pb2_grpc.TopicServiceServicer):
    """What many complaints are about."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.topics

    def HotTopics(self, request: Any, context: ServicerContext) -> topics_pb2.HotTopicsResponse:
        asked = (request.weeks, request.jurisdiction_path, request.unit_path)
        return wire.hot(self.cases.hot(caller_of(context), *asked))


SERVICES = ((topics_pb2, topics_pb2_grpc, TopicServiceServicer),)
