"""The doors to decisions, what follows them, and the effect ledger."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import aftermath_pb2 as aft
from zhengfeng.accountability.v1 import aftermath_pb2_grpc, decisions_pb2_grpc, effects_pb2_grpc
from zhengfeng.accountability.v1 import decisions_pb2 as pb
from zhengfeng.accountability.v1 import effects_pb2 as eff

from chassis.i18n import Catalogue
from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import appeals as appeal_wire
from services.accountability.wire import cases as case_wire
from services.accountability.wire import decisions as wire
from services.accountability.wire.parts import read_day


class DecisionsServicer(decisions_pb2_grpc.DecisionsServiceServicer):
    """Answers DecisionsService."""

    def __init__(self, usecases: UseCases, sentences: Catalogue) -> None:
        self._decisions = usecases.decisions
        self._tracks = usecases.tracks
        self._messages = wire.ProposalMessages(sentences)

    def Propose(self, request: pb.ProposeRequest, context: grpc.ServicerContext) -> pb.ProposeResponse:
        found = self._decisions.propose(caller_of(context), request.case_id, request.expected_version)
        return pb.ProposeResponse(proposal=self._messages.proposal(found))

    def ExplainProposal(
        self, request: pb.ExplainProposalRequest, context: grpc.ServicerContext
    ) -> pb.ExplainProposalResponse:
        found = self._decisions.explain(caller_of(context), request.proposal_id)
        return pb.ExplainProposalResponse(proposal=self._messages.proposal(found))

    def RecordDiscussion(
        self, request: pb.RecordDiscussionRequest, context: grpc.ServicerContext
    ) -> pb.RecordDiscussionResponse:
        said = read_day(request.held_on, "held_on"), tuple(request.present), request.minutes
        found = self._decisions.discuss(caller_of(context), request.case_id, request.expected_version, *said)
        return pb.RecordDiscussionResponse(case=case_wire.case(found))

    def Decide(self, request: pb.DecideRequest, context: grpc.ServicerContext) -> pb.DecideResponse:
        chosen = request.proposal_id, [wire.read_choice(one) for one in request.choices]
        found = self._decisions.decide(caller_of(context), request.case_id, request.expected_version, *chosen)
        return pb.DecideResponse(case=case_wire.case(found))

    def Transfer(self, request: pb.TransferRequest, context: grpc.ServicerContext) -> pb.TransferResponse:
        chosen = request.proposal_id, wire.read_choice(request.choice)
        found = self._decisions.transfer(caller_of(context), request.case_id, request.expected_version, *chosen)
        return pb.TransferResponse(recommendation=wire.recommendation(found))

    def ListRecommendations(
        self, request: pb.ListRecommendationsRequest, context: grpc.ServicerContext
    ) -> pb.ListRecommendationsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._decisions.recommendations(caller_of(context), *page)
        return pb.ListRecommendationsResponse(recommendations=map(wire.recommendation, found), next_page_token=token)

    def RecordOutsideDecision(
        self, request: pb.RecordOutsideDecisionRequest, context: grpc.ServicerContext
    ) -> pb.RecordOutsideDecisionResponse:
        which = request.recommendation_id, request.expected_version
        found = self._decisions.record_outside(caller_of(context), *which, wire.read_outside(request))
        return pb.RecordOutsideDecisionResponse(recommendation=wire.recommendation(found))

    def RecordTrackDecision(
        self, request: pb.RecordTrackDecisionRequest, context: grpc.ServicerContext
    ) -> pb.RecordTrackDecisionResponse:
        which = request.case_id, request.expected_version, request.party_id
        found = self._tracks.record(caller_of(context), *which, *wire.read_track(request))
        return pb.RecordTrackDecisionResponse(decision=wire.track_decision(found))

    def ListTrackDecisions(
        self, request: pb.ListTrackDecisionsRequest, context: grpc.ServicerContext
    ) -> pb.ListTrackDecisionsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._tracks.list(caller_of(context), *page)
        return pb.ListTrackDecisionsResponse(decisions=map(wire.track_decision, found), next_page_token=token)


class AftermathServicer(aftermath_pb2_grpc.AftermathServiceServicer):
    """Answers AftermathService."""

    def __init__(self, usecases: UseCases) -> None:
        self._aftermath = usecases.aftermath
        self._appeals = usecases.appeals
        self._cases = usecases.cases

    def Serve(self, request: aft.ServeRequest, context: grpc.ServicerContext) -> aft.ServeResponse:
        said = request.party_id, case_wire.read_delivery(request)
        found = self._aftermath.serve(caller_of(context), request.case_id, request.expected_version, *said)
        return aft.ServeResponse(case=case_wire.case(found))

    def FileAppeal(self, request: aft.FileAppealRequest, context: grpc.ServicerContext) -> aft.FileAppealResponse:
        said = appeal_wire.read_lodging(request)
        found = self._appeals.lodge(caller_of(context), request.case_id, request.expected_version, *said)
        return aft.FileAppealResponse(appeal=appeal_wire.appeal(found))

    def DecideAppeal(self, request: aft.DecideAppealRequest, context: grpc.ServicerContext) -> aft.DecideAppealResponse:
        said = appeal_wire.read_outcome(request.outcome), tuple(request.measures), request.reason
        found = self._appeals.decide(caller_of(context), request.appeal_id, request.expected_version, *said)
        return aft.DecideAppealResponse(appeal=appeal_wire.appeal(found))

    def ListAppeals(self, request: aft.ListAppealsRequest, context: grpc.ServicerContext) -> aft.ListAppealsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._appeals.of_case(caller_of(context), *page)
        return aft.ListAppealsResponse(appeals=map(appeal_wire.appeal, found), next_page_token=token)

    def Execute(self, request: aft.ExecuteRequest, context: grpc.ServicerContext) -> aft.ExecuteResponse:
        said = request.party_id, request.note
        found = self._aftermath.execute(caller_of(context), request.case_id, request.expected_version, *said)
        return aft.ExecuteResponse(case=case_wire.case(found))

    def CloseCase(self, request: aft.CloseCaseRequest, context: grpc.ServicerContext) -> aft.CloseCaseResponse:
        found = self._aftermath.close(caller_of(context), request.case_id, request.expected_version)
        return aft.CloseCaseResponse(case=case_wire.case(found))

    def ArchiveCase(self, request: aft.ArchiveCaseRequest, context: grpc.ServicerContext) -> aft.ArchiveCaseResponse:
        found = self._cases.archive(caller_of(context), request.case_id, request.expected_version)
        return aft.ArchiveCaseResponse(case=case_wire.case(found))


class EffectsServicer(effects_pb2_grpc.EffectsServiceServicer):
    """Answers EffectsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._effects = usecases.effects
        self._lifting = usecases.lifting

    def BarsOn(self, request: eff.BarsOnRequest, context: grpc.ServicerContext) -> eff.BarsOnResponse:
        found = self._effects.bars_on(caller_of(context), request.official_id, read_day(request.on, "on"))
        return eff.BarsOnResponse(bars=map(wire.bar, found))

    def EffectsOf(self, request: eff.EffectsOfRequest, context: grpc.ServicerContext) -> eff.EffectsOfResponse:
        page = request.official_id, request.page_size, request.page_token
        found, token = self._effects.of(caller_of(context), *page)
        return eff.EffectsOfResponse(effects=map(wire.effect, found), next_page_token=token)

    def Statistics(self, request: eff.StatisticsRequest, context: grpc.ServicerContext) -> eff.StatisticsResponse:
        period = read_day(request.from_day, "from_day"), read_day(request.to_day, "to_day")
        return wire.figures(self._effects.statistics(caller_of(context), *period))

    def RecordNoRepentance(
        self, request: eff.RecordNoRepentanceRequest, context: grpc.ServicerContext
    ) -> eff.RecordNoRepentanceResponse:
        which = request.effect_id, request.expected_version
        found = self._lifting.no_repentance(caller_of(context), *which, request.reason)
        return eff.RecordNoRepentanceResponse(effect=wire.effect(found))

    def DecideLifting(self, request: eff.DecideLiftingRequest, context: grpc.ServicerContext) -> eff.DecideLiftingResponse:
        until = appeal_wire.read_optional_day(request.kept_until, "kept_until")
        which = request.effect_id, request.expected_version
        found = self._lifting.decide(caller_of(context), *which, request.lifted, until, request.reason)
        return eff.DecideLiftingResponse(effect=wire.effect(found))

    def ListHeldEffects(
        self, request: eff.ListHeldEffectsRequest, context: grpc.ServicerContext
    ) -> eff.ListHeldEffectsResponse:
        found, token = self._lifting.held(caller_of(context), request.page_size, request.page_token)
        return eff.ListHeldEffectsResponse(effects=map(wire.effect, found), next_page_token=token)
