"""The door of near-duplicates."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import similar_pb2, similar_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.domain.similar import Typed
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import suggestions as told
from services.complaints.wire.requests import draft
from services.complaints.wire.words import CHANNEL


class SimilarityServiceServicer(similar_pb2_grpc.SimilarityServiceServicer):
    """Drafts that look alike, and joining."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.similar

    def SimilarDrafts(self, request: Any, context: ServicerContext) -> similar_pb2.SimilarDraftsResponse:
        typed = Typed(request.jurisdiction_path, request.title, request.text, request.place, request.accused_unit_path)
        found = self.cases.drafts(caller_of(context), typed, request.limit)
        return similar_pb2.SimilarDraftsResponse(similar=[told.similar(each) for each in found])

    def JoinMatter(self, request: Any, context: ServicerContext) -> similar_pb2.JoinMatterResponse:
        asked = (draft(request.draft), CHANNEL[request.channel], request.into_complaint_id)
        given = self.cases.join(caller_of(context), *asked)
        return wire.receipt(similar_pb2.JoinMatterResponse, given)


SERVICES = ((similar_pb2, similar_pb2_grpc, SimilarityServiceServicer),)
