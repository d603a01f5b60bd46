"""Forms that make something new: a point, a round, a report, an inspection, a supervisor, a unit's own finding."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.forms import Option
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit

Page = Callable[[Visit], Awaitable[Response]]


def _page(rpc: str, key: str, path: str, done: Callable[[dict[str, Any]], str]) -> Page:
    async def show(visit: Visit) -> Response:
        back = (visit.t(f"title.{key}"), path)
        return await single(visit, f"supervision.{rpc}", visit.t(f"new.{key}"), back, done)

    show.__qualname__ = f"new_{key}"
    return show


async def report(visit: Visit) -> Response:
    """A point reports in a round that is open today, or outside any."""
    found = await visit.part("supervision.ListRounds", open_on=visit.today.isoformat(), page_size=50)
    rounds = [Option(one["round_id"], f"{one['number']} {one['title']}") for one in (found or {"rounds": []})["rounds"]]
    return await single(
        visit,
        "supervision.ReportFromPoint",
        visit.t("new.point-reports"),
        (visit.t("title.point-reports"), "/point-reports"),
        lambda answer: f"/point-reports/{answer['point_report']['point_report_id']}?done=ReportFromPoint",
        values={"round_id": visit.request.query_params.get("round", "")},
        options={"round_id": rounds},
    )


PAGES: dict[str, Page] = {
    "/points": _page("CreatePoint", "points", "/points", lambda a: f"/points/{a['point']['point_id']}?done=CreatePoint"),
    "/rounds": _page("OpenRound", "rounds", "/rounds", lambda a: "/rounds?done=OpenRound"),
    "/point-reports": report,
    "/supervisors": _page(
        "AppointSupervisor", "supervisors", "/supervisors", lambda a: "/supervisors?done=AppointSupervisor"
    ),
    "/inspections": _page(
        "PlanInspection",
        "inspections",
        "/inspections",
        lambda a: f"/inspections/{a['inspection']['inspection_id']}?done=PlanInspection",
    ),
    "/findings": _page(
        "ReportOwnFinding",
        "findings",
        "/findings",
        lambda a: f"/findings/{a['finding']['finding_id']}?done=ReportOwnFinding",
    ),
}
