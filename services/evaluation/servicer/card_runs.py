"""Cards before they come back: designs, runs, the mail room."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import card_mail_pb2, card_mail_pb2_grpc, card_runs_pb2, card_runs_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.domain.card_run import Mail
from services.evaluation.usecases import UseCases
from services.evaluation.wire import cards as wire

Context = grpc.ServicerContext


class CardRunServicer(card_runs_pb2_grpc.CardRunServiceServicer):
    """Designs and runs."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.card_runs

    def DesignCard(self, request: card_runs_pb2.DesignCardRequest, context: Context) -> card_runs_pb2.DesignCardResponse:
        design = self._cases.design(caller_of(context), request.campaign_id, wire.wish(request))
        return card_runs_pb2.DesignCardResponse(design=wire.design_message(design))

    def ListCardDesigns(
        self, request: card_runs_pb2.ListCardDesignsRequest, context: Context
    ) -> card_runs_pb2.ListCardDesignsResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.designs(caller_of(context), *wanted)
        rows = [wire.design_message(one) for one in page]
        return card_runs_pb2.ListCardDesignsResponse(designs=rows, next_page_token=token)

    def StartCardRun(
        self, request: card_runs_pb2.StartCardRunRequest, context: Context
    ) -> card_runs_pb2.StartCardRunResponse:
        run = self._cases.start(caller_of(context), request.campaign_id, request.design_id)
        return card_runs_pb2.StartCardRunResponse(run=wire.run_message(run))

    def ListCardRuns(
        self, request: card_runs_pb2.ListCardRunsRequest, context: Context
    ) -> card_runs_pb2.ListCardRunsResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.runs(caller_of(context), *wanted)
        return card_runs_pb2.ListCardRunsResponse(runs=[wire.run_message(one) for one in page], next_page_token=token)

    def PrintCards(
        self, request: card_runs_pb2.PrintCardsRequest, context: Context
    ) -> Iterator[card_runs_pb2.PrintCardsResponse]:
        wanted = (request.run_id, request.purpose, request.after, request.until, request.at_most)
        for run, batch in self._cases.print(caller_of(context), *wanted):
            cards = [wire.printed_message(one) for one in batch]
            printed, last = batch[-1].number, run.last_number
            yield card_runs_pb2.PrintCardsResponse(cards=cards, printed_to=printed, last_number=last)

    def ReissueCard(self, request: card_runs_pb2.ReissueCardRequest, context: Context) -> card_runs_pb2.ReissueCardResponse:
        run = self._cases.reissue(caller_of(context), request.campaign_id, request.rater_id)
        return card_runs_pb2.ReissueCardResponse(run=wire.run_message(run))


class CardMailServicer(card_mail_pb2_grpc.CardMailServiceServicer):
    """The mail room."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.card_mail

    def RecordMail(self, request: card_mail_pb2.RecordMailRequest, context: Context) -> card_mail_pb2.RecordMailResponse:
        told = (wire.mail(request.mail) or Mail.RETURNED, request.serials, request.run_id)
        recorded = self._cases.record(caller_of(context), request.campaign_id, *told)
        rows = [wire.recorded_message(one) for one in recorded.cards]
        return card_mail_pb2.RecordMailResponse(cards=rows, recorded=recorded.recorded)

    def ListCardMail(
        self, request: card_mail_pb2.ListCardMailRequest, context: Context
    ) -> card_mail_pb2.ListCardMailResponse:
        wanted = (request.campaign_id, wire.mail(request.mail), request.rater_group)
        page, token = self._cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        rows = [wire.on_its_way_message(one) for one in page]
        return card_mail_pb2.ListCardMailResponse(cards=rows, next_page_token=token)

    def GetCardTurnout(
        self, request: card_mail_pb2.GetCardTurnoutRequest, context: Context
    ) -> card_mail_pb2.GetCardTurnoutResponse:
        groups = self._cases.turnout(caller_of(context), request.campaign_id)
        return card_mail_pb2.GetCardTurnoutResponse(groups=[wire.turnout_message(one) for one in groups])
