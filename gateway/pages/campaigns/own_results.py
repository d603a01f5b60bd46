"""A unit's own page: every campaign it was in, and for each why its score is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from starlette.responses import Response

from chassis.clock import local_day
from gateway.pages.frame.export import workbook
from gateway.pages.frame.formats import score
from gateway.pages.frame.visit import Visit

COLUMNS = ("number", "title", "year", "object", "rank", "score", "rating", "points_off", "points_on", "grade")
WORST_SHOWN = 3


async def listed(visit: Visit) -> Response:
    """All campaigns the unit was in."""
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("evaluation.ListOwnResults", page_size=50, page_token=token)
    left = {one["result_id"]: days_left(visit, one["objections_until"]) for one in answer["results"]}
    page = {"results": answer["results"], "more": answer["next_page_token"], "left": left}
    return visit.site.page(visit, "campaigns/own_results.html", **page)


async def export(visit: Visit) -> Response:
    """The same as a workbook."""
    lines, token = [], ""
    while True:
        answer = await visit.ask("evaluation.ListOwnResults", page_size=500, page_token=token)
        lines += [_cells(one) for one in answer["results"]]
        token = answer["next_page_token"]
        if not token:
            break
    heads = [visit.t(f"column.{name}") for name in COLUMNS]
    return await workbook(visit.t("title.own_results"), heads, lines, "own-results.xlsx", visit.site.clock.now())


def _cells(one: Mapping[str, Any]) -> list[str]:
    row = one["row"]
    figures = [score(row[name]) for name in ("rating", "points_off", "points_on")]
    known = [one["number"], one["title"], str(one["year"]), row["name"], str(row["rank"] or ""), row["score"]]
    return [*known, *figures, row["grade"]]


async def explain(visit: Visit) -> Response:
    """Everything behind one score, in plain words first."""
    ref, object_id = visit.ref("ref"), visit.ref("object")
    explained = (await visit.ask("evaluation.ExplainScore", campaign_id=ref, object_id=object_id))["score"]
    said = await visit.part("evaluation.ListObjections", campaign_id=ref, page_size=200)
    objections = [one for one in said["objections"] if one["object_id"] == object_id] if said else []
    await visit.learn(explained, objections)
    left = days_left(visit, explained["objections_until"])
    bars = {one["rater_group"]: [stacked(asked["grades"]) for asked in one["dimensions"]] for one in explained["groups"]}
    return visit.site.page(
        visit,
        "campaigns/explain.html",
        explained=explained,
        row=explained["row"],
        standing=explained["standing"],
        worst=explained["standing"]["shortfalls"][:WORST_SHOWN],
        bars=bars,
        objections=objections,
        left=left if explained["own"] and visit.may("evaluation.FileObjection") else None,
        ref=ref,
        object_id=object_id,
    )


def days_left(visit: Visit, until: str | None) -> int | None:
    """How many days are left to object, today included; None once the window is over."""
    if not until:
        return None
    end = datetime.fromisoformat(until.replace("Z", "+00:00"))
    days = (local_day(end) - visit.today).days
    return days if days > 0 else None


def stacked(counts: list[str]) -> list[tuple[float, float, int]]:
    """Where each grade's piece of a bar of 100 begins, how wide it is, and which grade it is."""
    numbers = [int(one) for one in counts]
    whole = sum(numbers) or 1
    widths = [round(100 * one / whole, 2) for one in numbers]
    starts = [round(start, 2) for start in accumulate(widths, initial=0.0)][:-1]
    return [(start, width, place) for place, (start, width) in enumerate(zip(starts, widths, strict=True)) if width]
