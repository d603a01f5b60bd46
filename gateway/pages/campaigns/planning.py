"""A new campaign, planned after an earlier one: its groups, questions, weights and lines are taken over as they are."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

TAKEN_ONCE = ("object_id",)


async def plan(visit: Visit) -> Response:
    source = str(visit.form.get("source") or visit.request.query_params.get("from") or "")
    campaigns = (await visit.ask("evaluation.ListCampaigns", page_size=100))["campaigns"]
    if visit.request.method == "GET" or not source:
        return _page(visit, campaigns, source)
    before = (await visit.ask("evaluation.GetCampaign", campaign_id=source))["campaign"]["plan"]
    try:
        answer = await visit.ask("evaluation.CreateCampaign", plan=_new_plan(visit, before), **_request_id(visit))
    except (Refused, Malformed) as wrong:
        sentence = visit.t("status.400") if isinstance(wrong, Malformed) else wrong.sentence
        return _page(visit, campaigns, source, sentence or visit.t("status.400"), 400)
    return RedirectResponse(f"/campaigns/{answer['campaign']['campaign_id']}?done=CreateCampaign", 303)


def _request_id(visit: Visit) -> dict[str, str]:
    return {"request_id": str(visit.form.get("request_id") or new_id(visit.site.clock))}


def _new_plan(visit: Visit, before: dict[str, Any]) -> dict[str, Any]:
    """The earlier plan under a new title, year and end."""
    closes = str(visit.form.get("closes_at", ""))
    return {
        **_without_none(before),
        "title": str(visit.form.get("title", "")).strip(),
        "year": str(visit.form.get("year", "")),
        "closes_at": f"{closes}:00+08:00" if closes else None,
        "live": visit.form.get("live") == "true",
    }


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None and key not in TAKEN_ONCE}
    return [_without_none(inner) for inner in value] if isinstance(value, list) else value


def _page(visit: Visit, campaigns: list[dict[str, Any]], source: str, sentence: str = "", status: int = 200) -> Response:
    return visit.site.page(
        visit,
        "campaigns/plan.html",
        status,
        campaigns=campaigns,
        source=source,
        sentence=sentence,
        request_id=str(new_id(visit.site.clock)),
        typed=visit.form,
    )
