"""The sheet on paper for a hall whose devices fail: what the screen asks, with the figures the desk keys in for it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from chassis.errors import Unavailable
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from papers.documents_fonts import Fonts
from papers.ticks import Lines, TickSheet, pdf

FONTS = Fonts()
DONT_KNOW_KEY = "0"


async def sheet(visit: Visit) -> Response:
    """One sheet for each group of raters; the letters keep the codes, so that no sheet names anybody."""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]
    sheets = tuple(_sheet(visit, campaign, group) for group in campaign["plan"]["rater_groups"])
    try:
        content = await asyncio.to_thread(pdf, sheets, FONTS, visit.site.clock.now())
    except Unavailable as wrong:
        raise Refused(503, wrong.reason, visit.t(f"cell.{wrong.reason}", **wrong.params)) from None
    name = quote(f"{campaign['number']}-{visit.t('desk_sheet')}.pdf", safe="")
    return Response(
        content, media_type="application/pdf", headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    )


def places(plan: dict[str, Any]) -> dict[str, str]:
    """The figure under which each object is found at the desk, by its id: its place on the paper, from 1."""
    objects = [one["object_id"] for group in plan["object_groups"] for one in group["objects"]]
    return {object_id: str(place) for place, object_id in enumerate(objects, start=1)}


def _sheet(visit: Visit, campaign: dict[str, Any], group: dict[str, Any]) -> TickSheet:
    plan, figures = campaign["plan"], places(campaign["plan"])
    boxes = [(str(place), grade["name"]) for place, grade in enumerate(plan["scale"], start=1)]
    if plan["dont_know"]:
        boxes.append((DONT_KNOW_KEY, visit.t("dont_know")))
    rated = [one for one in plan["object_groups"] if not group["rates"] or one["key"] in group["rates"]]
    return TickSheet(
        title=plan["title"],
        number=campaign["number"],
        reader=group["name"],
        instructions=(visit.t("desk_sheet_code"), visit.t("desk_sheet_tick"), visit.t("desk_sheet_own")),
        code_label=visit.t("ballot_code"),
        head=visit.t("object"),
        questions=tuple(one["name"] for one in plan["dimensions"]),
        boxes=tuple(boxes),
        parts=tuple(
            Lines(one["name"], tuple((figures[each["object_id"]], each["name"]) for each in one["objects"])) for one in rated
        ),
        foot=visit.t("desk_sheet_foot"),
    )
