"""The gRPC door: translate, call one use case, translate back."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import (
    ballots_pb2,
    ballots_pb2_grpc,
    campaigns_pb2,
    campaigns_pb2_grpc,
    counting_pb2,
    counting_pb2_grpc,
    raters_pb2,
    raters_pb2_grpc,
    results_pb2,
    results_pb2_grpc,
)

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import ballots as ballot_wire
from services.evaluation.wire import campaigns as campaign_wire
from services.evaluation.wire import plans as plan_wire
from services.evaluation.wire import results as result_wire

Context = grpc.ServicerContext


class CampaignServicer(campaigns_pb2_grpc.CampaignServiceServicer):
    """The life of a campaign."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.campaigns

    def CreateCampaign(
        self, request: campaigns_pb2.CreateCampaignRequest, context: Context
    ) -> campaigns_pb2.CreateCampaignResponse:
        campaign = self._cases.create(caller_of(context), plan_wire.draft(request.plan))
        return campaigns_pb2.CreateCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def GetCampaign(self, request: campaigns_pb2.GetCampaignRequest, context: Context) -> campaigns_pb2.GetCampaignResponse:
        campaign = self._cases.get(caller_of(context), request.campaign_id)
        return campaigns_pb2.GetCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def ListCampaigns(
        self, request: campaigns_pb2.ListCampaignsRequest, context: Context
    ) -> campaigns_pb2.ListCampaignsResponse:
        state = campaign_wire.state(request.state)
        page, token = self._cases.page(caller_of(context), state, request.year, request.page_size, request.page_token)
        rows = [campaign_wire.campaign_row(campaign) for campaign in page]
        return campaigns_pb2.ListCampaignsResponse(campaigns=rows, next_page_token=token)

    def AmendCampaign(
        self, request: campaigns_pb2.AmendCampaignRequest, context: Context
    ) -> campaigns_pb2.AmendCampaignResponse:
        draft = plan_wire.draft(request.plan)
        known = (request.campaign_id, request.expected_version)
        campaign = self._cases.amend(caller_of(context), *known, draft, request.reason)
        return campaigns_pb2.AmendCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def SimulateCampaign(
        self, request: campaigns_pb2.SimulateCampaignRequest, context: Context
    ) -> campaigns_pb2.SimulateCampaignResponse:
        found = self._cases.simulate(caller_of(context), plan_wire.draft(request.plan))
        shown = campaign_wire.simulation_message(found.plan, found.extremes, found.without)
        return campaigns_pb2.SimulateCampaignResponse(simulation=shown)

    def OpenCampaign(
        self, request: campaigns_pb2.OpenCampaignRequest, context: Context
    ) -> campaigns_pb2.OpenCampaignResponse:
        campaign = self._cases.open(caller_of(context), request.campaign_id, request.expected_version)
        return campaigns_pb2.OpenCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def CloseCampaign(
        self, request: campaigns_pb2.CloseCampaignRequest, context: Context
    ) -> campaigns_pb2.CloseCampaignResponse:
        campaign = self._cases.close(caller_of(context), request.campaign_id, request.expected_version)
        return campaigns_pb2.CloseCampaignResponse(campaign=campaign_wire.campaign_message(campaign))


class CountServicer(counting_pb2_grpc.CountServiceServicer):
    """Counting and releasing."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.counting

    def CountCampaign(
        self, request: counting_pb2.CountCampaignRequest, context: Context
    ) -> counting_pb2.CountCampaignResponse:
        campaign = self._cases.count(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.CountCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def ReleaseResult(
        self, request: counting_pb2.ReleaseResultRequest, context: Context
    ) -> counting_pb2.ReleaseResultResponse:
        campaign = self._cases.release(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.ReleaseResultResponse(campaign=campaign_wire.campaign_message(campaign))

    def FinaliseResult(
        self, request: counting_pb2.FinaliseResultRequest, context: Context
    ) -> counting_pb2.FinaliseResultResponse:
        campaign = self._cases.finalise(caller_of(context), request.campaign_id, request.expected_version)
        return counting_pb2.FinaliseResultResponse(campaign=campaign_wire.campaign_message(campaign))


class RaterServicer(raters_pb2_grpc.RaterServiceServicer):
    """Raters and their codes."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.raters

    def ImportRaters(self, request: raters_pb2.ImportRatersRequest, context: Context) -> raters_pb2.ImportRatersResponse:
        raters = campaign_wire.new_raters(request.raters)
        entered = self._cases.enter(caller_of(context), request.campaign_id, raters)
        return raters_pb2.ImportRatersResponse(raters=[campaign_wire.entered_message(one) for one in entered])

    def ListRaters(self, request: raters_pb2.ListRatersRequest, context: Context) -> raters_pb2.ListRatersResponse:
        wanted = (request.campaign_id, request.reference, request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        rows = [campaign_wire.rater_message(one) for one in page]
        return raters_pb2.ListRatersResponse(raters=rows, next_page_token=token)

    def IssueCodes(self, request: raters_pb2.IssueCodesRequest, context: Context) -> Iterator[raters_pb2.IssueCodesResponse]:
        wanted = (request.campaign_id, request.rater_group, request.request_id)
        for batch in self._cases.issue(caller_of(context), *wanted):
            yield raters_pb2.IssueCodesResponse(codes=[campaign_wire.issued_message(one) for one in batch])

    def ReissueCode(self, request: raters_pb2.ReissueCodeRequest, context: Context) -> raters_pb2.ReissueCodeResponse:
        issued = self._cases.reissue(caller_of(context), request.campaign_id, request.rater_id, request.request_id)
        return raters_pb2.ReissueCodeResponse(code=campaign_wire.issued_message(issued))

    def GetTurnout(self, request: raters_pb2.GetTurnoutRequest, context: Context) -> raters_pb2.GetTurnoutResponse:
        campaign, turnout = self._cases.turnout(caller_of(context), request.campaign_id)
        return raters_pb2.GetTurnoutResponse(turnout=result_wire.turnout_message(campaign.plan, turnout))


class BallotServicer(ballots_pb2_grpc.BallotServiceServicer):
    """Ballots by code and by stream."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.ballots

    def GetBallotPaper(
        self, request: ballots_pb2.GetBallotPaperRequest, context: Context
    ) -> ballots_pb2.GetBallotPaperResponse:
        shown = self._cases.paper(caller_of(context), request.code)
        return ballots_pb2.GetBallotPaperResponse(paper=ballot_wire.paper_message(shown))

    def CastBallot(self, request: ballots_pb2.CastBallotRequest, context: Context) -> ballots_pb2.CastBallotResponse:
        receipt = self._cases.cast(caller_of(context), request.code, ballot_wire.ratings(request.ratings))
        return ballots_pb2.CastBallotResponse(receipt=ballot_wire.receipt_message(receipt))

    def CastBallots(
        self, request_iterator: Iterator[ballots_pb2.CastBallotsRequest], context: Context
    ) -> ballots_pb2.CastBallotsResponse:
        taken = self._cases.stream(caller_of(context), map(ballot_wire.batch, request_iterator))
        return ballots_pb2.CastBallotsResponse(taken=ballot_wire.taken_message(taken))

    def ProveBallot(self, request: ballots_pb2.ProveBallotRequest, context: Context) -> ballots_pb2.ProveBallotResponse:
        proof = self._cases.prove(caller_of(context), request.code)
        return ballots_pb2.ProveBallotResponse(proof=ballot_wire.proof_message(proof.receipt, proof.path, proof.head))

    def GetTreeHead(self, request: ballots_pb2.GetTreeHeadRequest, context: Context) -> ballots_pb2.GetTreeHeadResponse:
        head = self._cases.head(caller_of(context), request.campaign_id)
        return ballots_pb2.GetTreeHeadResponse(head=ballot_wire.head_message(head))


class ResultServicer(results_pb2_grpc.ResultServiceServicer):
    """Reads of the count."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.results

    def LiveTally(self, request: results_pb2.LiveTallyRequest, context: Context) -> Iterator[results_pb2.LiveTallyResponse]:
        for frame in self._cases.live(caller_of(context), request.campaign_id):
            yield results_pb2.LiveTallyResponse(frame=result_wire.frame_message(frame))

    def ListResults(self, request: results_pb2.ListResultsRequest, context: Context) -> results_pb2.ListResultsResponse:
        page, token = self._cases.released(caller_of(context), request.page_size, request.page_token)
        rows = [result_wire.released_message(campaign) for campaign in page]
        return results_pb2.ListResultsResponse(results=rows, next_page_token=token)

    def GetResult(self, request: results_pb2.GetResultRequest, context: Context) -> results_pb2.GetResultResponse:
        shown = self._cases.result(caller_of(context), request.campaign_id)
        return results_pb2.GetResultResponse(result=result_wire.result_message(shown.campaign, shown.turnout, shown.rows))

    def ExplainScore(self, request: results_pb2.ExplainScoreRequest, context: Context) -> results_pb2.ExplainScoreResponse:
        found = self._cases.explain(caller_of(context), request.campaign_id, request.object_id)
        shown = result_wire.explained_message(found.campaign.plan, found.result, found.entries)
        return results_pb2.ExplainScoreResponse(score=shown)

    def ListAdjustments(
        self, request: results_pb2.ListAdjustmentsRequest, context: Context
    ) -> results_pb2.ListAdjustmentsResponse:
        wanted = (request.year, request.unit_path, request.page_size, request.page_token)
        page, token = self._cases.adjustments(caller_of(context), *wanted)
        rows = [result_wire.adjustment_message(entry) for entry in page]
        return results_pb2.ListAdjustmentsResponse(adjustments=rows, next_page_token=token)
