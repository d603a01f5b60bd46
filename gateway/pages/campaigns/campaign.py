"""One campaign: where it stands, what can be done, turnout by group, its plan, the count."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.campaigns import plan_words
from gateway.pages.campaigns.acts import CAMPAIGN, REACHED, ROAD, road
from gateway.pages.frame.acts import offered
from gateway.pages.frame.life import line
from gateway.pages.frame.visit import Visit


async def record(visit: Visit) -> Response:
    ref = visit.ref("ref")
    campaign = await CAMPAIGN.read(visit)
    found = await visit.parts(
        turnout=("evaluation.GetTurnout", {"campaign_id": ref}),
        result=("evaluation.GetResult", {"campaign_id": ref}),
        head=("evaluation.GetTreeHead", {"campaign_id": ref}),
    )
    await visit.learn(campaign, found)
    reached = {state: (campaign[field], "") for state, field in zip(ROAD, REACHED, strict=True) if field and campaign[field]}
    template = "campaigns/beside.html" if visit.request.query_params.get("beside") else "campaigns/record.html"
    return visit.site.page(
        visit,
        template,
        campaign=campaign,
        found=found,
        ref=ref,
        life=line(visit, "CampaignState", road(campaign), campaign["state"], reached),
        chain=await plan_words.chain_of(visit, campaign),
        share_of_one=plan_words.share_of_one,
        changed_field=plan_words.changed_field,
        changed_value=plan_words.changed_value,
        offers=offered(visit, CAMPAIGN, campaign, ref),
    )
