"""The door of suggestions and their models."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import suggestions_pb2, suggestions_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.domain.similar import Typed
from services.complaints.usecases import UseCases
from services.complaints.wire import suggestions as wire


class SuggestionServiceServicer(suggestions_pb2_grpc.SuggestionServiceServicer):
    """Suggesting, and what is known of the models."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.suggestions

    def SuggestRouting(self, request: Any, context: ServicerContext) -> suggestions_pb2.SuggestRoutingResponse:
        typed = Typed(request.jurisdiction_path, request.title, request.text)
        return wire.suggested(self.cases.suggest(caller_of(context), typed))

    def ListModels(self, request: Any, context: ServicerContext) -> suggestions_pb2.ListModelsResponse:
        found, token = self.cases.models(caller_of(context), request.page_size, request.page_token)
        listed = [wire.model(model, in_use) for model, in_use in found]
        return suggestions_pb2.ListModelsResponse(models=listed, next_page_token=token)


SERVICES = ((suggestions_pb2, suggestions_pb2_grpc, SuggestionServiceServicer),)
