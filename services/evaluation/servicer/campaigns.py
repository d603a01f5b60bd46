"""The life of a campaign until its box is closed."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import campaigns_pb2, campaigns_pb2_grpc, simulation_pb2

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import campaigns as campaign_wire
from services.evaluation.wire import plans as plan_wire
from services.evaluation.wire import simulations as simulation_wire

Context = grpc.ServicerContext


class CampaignServicer(campaigns_pb2_grpc.CampaignServiceServicer):
    """The life of a campaign."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.campaigns
        self._simulations = usecases.simulations

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
        self, request: simulation_pb2.SimulateCampaignRequest, context: Context
    ) -> simulation_pb2.SimulateCampaignResponse:
        draft, draw = plan_wire.draft(request.plan), simulation_wire.draw(request)
        found = self._simulations.simulate(caller_of(context), draft, draw)
        return simulation_pb2.SimulateCampaignResponse(simulation=simulation_wire.simulation_message(found))

    def OpenCampaign(
        self, request: campaigns_pb2.OpenCampaignRequest, context: Context
    ) -> campaigns_pb2.OpenCampaignResponse:
        campaign = self._cases.open(caller_of(context), request.campaign_id, request.expected_version)
        return campaigns_pb2.OpenCampaignResponse(campaign=campaign_wire.campaign_message(campaign))

    def CloseCampaign(
        self, request: campaigns_pb2.CloseCampaignRequest, context: Context
    ) -> campaigns_pb2.CloseCampaignResponse:
        known = (request.campaign_id, request.expected_version, request.leave_cards)
        campaign = self._cases.close(caller_of(context), *known)
        return campaigns_pb2.CloseCampaignResponse(campaign=campaign_wire.campaign_message(campaign))
