"""Released results, and how a score came about: every group, every dimension, every point off with the record behind it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.export import workbook
from gateway.pages.frame.formats import score
from gateway.pages.frame.visit import Visit

COLUMNS = ("rank", "name", "score", "rating", "points_off", "grade", "raters")


async def released(visit: Visit) -> Response:
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("evaluation.ListResults", page_size=50, page_token=token)
    return visit.site.page(visit, "campaigns/results.html", results=answer["results"], more=answer["next_page_token"])


async def result(visit: Visit) -> Response:
    found = (await visit.ask("evaluation.GetResult", campaign_id=visit.ref("ref")))["result"]
    names = {group["key"]: group["name"] for group in found["object_groups"]}
    groups = [(names.get(key, key), list(rows)) for key, rows in groupby(found["rows"], key=lambda row: row["object_group"])]
    return visit.site.page(
        visit,
        "campaigns/result.html",
        result=found,
        groups=groups,
        ref=visit.ref("ref"),
        may_explain=bool(visit.session) and visit.may("evaluation.ExplainScore"),
    )


async def explain(visit: Visit) -> Response:
    ref = visit.ref("ref")
    answer = await visit.ask("evaluation.ExplainScore", campaign_id=ref, object_id=visit.ref("object"))
    explained = answer["score"]
    await visit.learn(explained)
    found = await visit.part("evaluation.GetResult", campaign_id=ref)
    title = found["result"]["title"] if found else ""
    return visit.site.page(visit, "campaigns/explain.html", explained=explained, row=explained["row"], title=title, ref=ref)


async def export(visit: Visit) -> Response:
    found = (await visit.ask("evaluation.GetResult", campaign_id=visit.ref("ref")))["result"]
    names = {group["key"]: group["name"] for group in found["object_groups"]}
    heads = [visit.t("object_group"), *(visit.t(f"column.{name}") for name in COLUMNS)]
    lines = [[names.get(row["object_group"], ""), *_cells(row)] for row in found["rows"]]
    return await workbook(visit.t("menu.results"), heads, lines, "result.xlsx", visit.site.clock.now())


def _cells(row: dict[str, Any]) -> list[str]:
    shown = {**row, **{name: score(row[name]) for name in ("score", "rating", "points_off")}}
    return ["" if row["suppressed"] and name in ("score", "rating") else str(shown[name]) for name in COLUMNS]
