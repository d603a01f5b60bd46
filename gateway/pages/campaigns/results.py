"""Released results, as far as each plan publishes them: by year and kind, group by group, with every count on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from starlette.responses import Response

from chassis.clock import local_day
from gateway.pages.frame.export import workbook
from gateway.pages.frame.formats import score
from gateway.pages.frame.visit import Visit

FULL, RANKED = "PUBLISH_FULL", "PUBLISH_RANKED"
COLUMNS = {
    FULL: ("rank", "name", "score", "rating", "points_off", "points_on", "grade", "raters"),
    RANKED: ("rank", "name", "grade"),
}
FIGURES = ("rating", "points_off", "points_on")
LISTED = ("number", "title", "year", "released_at")
YEARS_SHOWN = 6


async def released(visit: Visit) -> Response:
    """All released results, the years apart, filtered by year and kind."""
    asked = {name: visit.request.query_params.get(name, "") for name in ("year", "template")}
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("evaluation.ListResults", page_size=50, page_token=token, **_wanted(asked))
    years = [(year, list(results)) for year, results in groupby(answer["results"], key=lambda one: one["year"])]
    return visit.site.page(
        visit,
        "campaigns/results.html",
        years=years,
        asked=asked,
        choices=[str(visit.today.year - back) for back in range(YEARS_SHOWN)],
        kinds=[key.rpartition(".")[2] for key in visit.site.words.below("campaign_kind.")],
        more=answer["next_page_token"],
    )


async def released_export(visit: Visit) -> Response:
    """The same list as a workbook."""
    asked = {name: visit.request.query_params.get(name, "") for name in ("year", "template")}
    lines: list[list[str]] = []
    token = ""
    while True:
        answer = await visit.ask("evaluation.ListResults", page_size=500, page_token=token, **_wanted(asked))
        lines += [_listed(visit, one) for one in answer["results"]]
        token = answer["next_page_token"]
        if not token:
            break
    heads = [visit.t(f"column.{name}") for name in LISTED]
    return await workbook(visit.t("menu.results"), heads, lines, "results.xlsx", visit.site.clock.now())


def _listed(visit: Visit, one: Mapping[str, Any]) -> list[str]:
    return [one["number"], one["title"], str(one["year"]), visit.day(one["released_at"])]


def _wanted(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the list is asked for; a year that is none asks for all."""
    year = {"year": int(asked["year"])} if asked["year"].isdecimal() and len(asked["year"]) == 4 else {}
    return {**year, **({"template": asked["template"][:40]} if asked["template"] else {})}


async def result(visit: Visit) -> Response:
    """One count of one campaign."""
    found = await _count(visit)
    ref = visit.ref("ref")
    return visit.site.page(
        visit,
        "campaigns/result.html",
        result=found,
        groups=_groups(found),
        full=found["published"] == FULL,
        ranked=found["published"] in (FULL, RANKED),
        latest=max((int(one["count"]) for one in found["versions"]), default=0),
        top=_top(found),
        last_day=last_day(found["objections_until"]),
        ref=ref,
        may_explain=bool(visit.session) and visit.may("evaluation.ExplainScore"),
    )


def last_day(until: str | None) -> str:
    """The last day on which units may object; the window itself ends at the midnight after it."""
    if not until:
        return ""
    end = datetime.fromisoformat(until.replace("Z", "+00:00"))
    return (local_day(end) - timedelta(days=1)).isoformat()


async def export(visit: Visit) -> Response:
    """The tables as a workbook, with the columns that are published."""
    found = await _count(visit)
    names = {group["key"]: group["name"] for group in found["object_groups"]}
    columns = COLUMNS.get(found["published"], ("name", "grade"))
    heads = [visit.t("object_group"), *(visit.t(f"column.{name}") for name in columns)]
    lines = [[names.get(row["object_group"], ""), *_cells(row, columns)] for row in found["rows"]]
    return await workbook(visit.t("menu.results"), heads, lines, "result.xlsx", visit.site.clock.now())


async def _count(visit: Visit) -> dict[str, Any]:
    asked = visit.request.query_params.get("count", "")
    count = {"count": int(asked)} if asked.isdecimal() and len(asked) <= 4 else {}
    answer = await visit.ask("evaluation.GetResult", campaign_id=visit.ref("ref"), **count)
    found: dict[str, Any] = answer["result"]
    return found


def _groups(found: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    names = {group["key"]: group["name"] for group in found["object_groups"]}
    by_group = groupby(found["rows"], key=lambda row: row["object_group"])
    return [(names.get(key, key), list(rows)) for key, rows in by_group]


def _top(found: Mapping[str, Any]) -> float:
    """The end of the bars: a hundred, or the highest score where it is above."""
    return max([100.0, *(float(row["score"]) for row in found["rows"] if row["score"])])


def _cells(row: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    shown = {**row, **{name: score(row[name]) for name in FIGURES}}
    return ["" if row["suppressed"] and name in ("score", "rating") else str(shown[name]) for name in columns]
