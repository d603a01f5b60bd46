"""One campaign: where it stands, what can be done, turnout by group, its plan, the count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.responses import Response

from gateway.pages.campaigns import plan_words
from gateway.pages.campaigns.acts import CAMPAIGN, REACHED, ROAD, road
from gateway.pages.campaigns.results import last_day
from gateway.pages.frame.acts import Offered, offered
from gateway.pages.frame.life import line
from gateway.pages.frame.visit import Visit


async def record(visit: Visit) -> Response:
    ref = visit.ref("ref")
    campaign = await CAMPAIGN.read(visit)
    found = await visit.parts(
        turnout=("evaluation.GetTurnout", {"campaign_id": ref}),
        result=("evaluation.GetResult", {"campaign_id": ref}),
        head=("evaluation.GetTreeHead", {"campaign_id": ref}),
        reading=("evaluation.GetScanProgress", {"campaign_id": ref}),
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
        waiting=_waiting(found["reading"]) if campaign["state"] == "CAMPAIGN_STATE_OPEN" else {},
        offers=_offers(visit, campaign, found["result"]),
    )


def _waiting(answer: Mapping[str, Any] | None) -> dict[str, int]:
    """What of mailed cards would not be counted if the campaign were closed now; empty if nothing waits."""
    told = answer["progress"] if answer else {}
    names = {
        "pages": ("pages_waiting", "pages_parked"),
        "rows": ("rows_asked", "rows_disputed"),
        "cards": ("cards_open", "cards_complete"),
    }
    waiting = {name: sum(int(told.get(field) or 0) for field in fields) for name, fields in names.items()}
    return waiting if any(waiting.values()) else {}


def _offers(visit: Visit, campaign: Mapping[str, Any], answer: Mapping[str, Any] | None) -> Sequence[Offered]:
    """What can be done. A released result is not made final while somebody objects or still may: the result tells so."""
    offers = offered(visit, CAMPAIGN, campaign, visit.ref("ref"))
    why = not_final_yet(visit, answer["result"]) if answer and campaign["state"] == "CAMPAIGN_STATE_RELEASED" else ""
    if not why:
        return offers
    told = [replace(one, open=False, why=why) if one.act.name == "FinaliseResult" else one for one in offers]
    return sorted(told, key=lambda one: not one.open)


def not_final_yet(visit: Visit, result: Mapping[str, Any]) -> str:
    """What keeps a released result from being made final; empty where nothing does as far as the result tells."""
    until, unanswered = result["objections_until"], int((result["objections"] or {}).get("open") or 0)
    if unanswered:
        return visit.t("not_final.objection", count=unanswered)
    if until and datetime.fromisoformat(str(until).replace("Z", "+00:00")) > visit.site.clock.now():
        return visit.t("not_final.window", day=visit.day(last_day(until)))
    return ""
