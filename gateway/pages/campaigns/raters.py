"""The registrar's desk: who may rate, how many took part, when names were opened."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.export import workbook
from gateway.pages.frame.visit import Visit

PAGE = 100
AT_ONCE = 500


async def raters(visit: Visit) -> Response:
    """The register as far as a page shows it, or the one rater of a reference."""
    ref = visit.ref("ref")
    asked = visit.request.query_params
    reference = asked.get("reference", "").strip()
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    wanted = {"campaign_id": ref, "reference": reference, "page_size": PAGE, "page_token": asked.get("page_token", "")}
    listed = await visit.ask("evaluation.ListRaters", **wanted)
    found = await visit.parts(
        turnout=("evaluation.GetTurnout", {"campaign_id": ref}),
        openings=("evaluation.ListOpenings", {"campaign_id": ref, "page_size": 20}),
    )
    await visit.learn(found)
    return visit.site.page(
        visit,
        "campaigns/raters.html",
        campaign=campaign,
        ref=ref,
        listed=listed,
        reference=reference,
        found=found,
        names=group_names(campaign),
        objects=object_names(campaign),
        request_id=str(new_id(visit.site.clock)),
    )


def group_names(campaign: dict[str, Any]) -> dict[str, str]:
    """The rater groups by key."""
    return {group["key"]: group["name"] for group in campaign["plan"]["rater_groups"]}


def object_names(campaign: dict[str, Any]) -> dict[str, str]:
    """The objects by id."""
    return {one["object_id"]: one["name"] for group in campaign["plan"]["object_groups"] for one in group["objects"]}


async def export(visit: Visit) -> Response:
    """The whole register, without names: they stay sealed."""
    ref, token = visit.ref("ref"), ""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    names, objects = group_names(campaign), object_names(campaign)
    lines: list[list[str]] = []
    while True:
        page = await visit.ask("evaluation.ListRaters", campaign_id=ref, page_size=AT_ONCE, page_token=token)
        for one in page["raters"]:
            group, only = names.get(one["rater_group"], one["rater_group"]), objects.get(one["object_id"], "")
            issued = visit.moment(one["last_issued_at"])
            lines.append([one["reference"], group, only, str(one["codes_issued"]), issued])
        token = page["next_page_token"]
        if not token:
            break
    columns = ("reference", "rater_group", "only_object", "codes_issued", "last_issued_at")
    heads = [visit.t(f"column.{name}") for name in columns]
    return await workbook(visit.t("raters"), heads, lines, "raters.xlsx", visit.site.clock.now())
