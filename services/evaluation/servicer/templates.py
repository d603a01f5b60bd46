"""What an organiser may begin with."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import templates_pb2, templates_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire.templates import template_message


class TemplateServicer(templates_pb2_grpc.TemplateServiceServicer):
    """The templates of a jurisdiction."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.templates

    def ListTemplates(
        self, request: templates_pb2.ListTemplatesRequest, context: grpc.ServicerContext
    ) -> templates_pb2.ListTemplatesResponse:
        offered = self._cases.offered(caller_of(context), request.jurisdiction_path)
        templates = [template_message(one.template, one.plan) for one in offered]
        return templates_pb2.ListTemplatesResponse(templates=templates)
