"""What cards can look like."""

from __future__ import annotations

from dataclasses import asdict

import grpc
from zhengfeng.evaluation.v1 import card_forms_pb2 as pb
from zhengfeng.evaluation.v1 import card_forms_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import card_forms as wire

Context = grpc.ServicerContext


class CardFormServicer(card_forms_pb2_grpc.CardFormServiceServicer):
    """The forms of cards, and cards as they would be printed."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.card_forms

    def ListCardForms(self, request: pb.ListCardFormsRequest, context: Context) -> pb.ListCardFormsResponse:
        found = self._cases.forms(caller_of(context), request.campaign_id)
        return pb.ListCardFormsResponse(forms=[wire.form_message(one) for one in found])

    def PreviewCard(self, request: pb.PreviewCardRequest, context: Context) -> pb.PreviewCardResponse:
        made = self._cases.preview(caller_of(context), request.campaign_id, wire.wish(request), request.letter)
        return pb.PreviewCardResponse(card=pb.CardPreview(**asdict(made)))

    def GetCardTemplate(self, request: pb.GetCardTemplateRequest, context: Context) -> pb.GetCardTemplateResponse:
        template = self._cases.template(caller_of(context), request.campaign_id, request.design_id)
        return pb.GetCardTemplateResponse(template=template)
