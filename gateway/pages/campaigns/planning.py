"""A new campaign: after an earlier one, whose groups, questions, weights and lines are taken over, or from a template."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.campaigns.first_plan import MARK, pickable, plan_from, templates
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

TAKEN_ONCE = ("object_id",)


async def plan(visit: Visit) -> Response:
    source = str(visit.form.get("source") or visit.request.query_params.get("from") or "")
    if visit.request.method == "GET" or not source:
        return await _page(visit, source)
    if source.startswith(MARK) and not visit.form.getlist("units"):
        return await _page(visit, source, visit.t("plan_no_units"), 400)
    before = await _before(visit, source)
    try:
        answer = await visit.ask("evaluation.CreateCampaign", plan=_new_plan(visit, before), **_request_id(visit))
    except (Refused, Malformed) as wrong:
        return await _page(visit, source, _sentence(visit, wrong), 400)
    return RedirectResponse(f"/campaigns/{answer['campaign']['campaign_id']}?done=CreateCampaign", 303)


async def _before(visit: Visit, source: str) -> dict[str, Any]:
    if source.startswith(MARK):
        return plan_from(visit, source, await pickable(visit))
    found: dict[str, Any] = (await visit.ask("evaluation.GetCampaign", campaign_id=source))["campaign"]["plan"]
    return found


def _sentence(visit: Visit, wrong: Refused | Malformed) -> str:
    """What is wrong with the plan, every field's fault told once."""
    if isinstance(wrong, Malformed):
        return visit.t("status.400")
    told = dict.fromkeys([one.detail for one in wrong.violations] or [wrong.sentence])
    return "; ".join(filter(None, told)) or visit.t("status.400")


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


async def _page(visit: Visit, source: str, sentence: str = "", status: int = 200) -> Response:
    return visit.site.page(
        visit,
        "campaigns/plan.html",
        status,
        campaigns=(await visit.ask("evaluation.ListCampaigns", page_size=100))["campaigns"],
        templates=templates(visit),
        groups=await pickable(visit),
        source=source,
        sentence=sentence,
        request_id=str(new_id(visit.site.clock)),
        typed=visit.form,
    )
