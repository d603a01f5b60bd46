"""Forms that make something new: a point, a round, a report, an inspection, a supervisor, a unit's own finding."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Option
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit

Page = Callable[[Visit], Awaitable[Response]]


def _page(rpc: str, key: str, path: str, done: Callable[[dict[str, Any]], str], role: str = "") -> Page:
    """`role` is what the account must hold that is chosen here; where nobody does, the field stays to be typed."""

    async def show(visit: Visit) -> Response:
        back = (visit.t(f"title.{key}"), path)
        holders = await Choices(visit).colleagues(role) if role else ()
        options = {"account_id": holders} if holders else {}
        return await single(visit, f"supervision.{rpc}", visit.t(f"new.{key}"), back, done, options=options)

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


async def inspection(visit: Visit) -> Response:
    """An inspection may come from a point's report that waits for one."""
    asked = {"outcome": "REPORT_OUTCOME_WAITING", "page_size": 200}
    found = await visit.part("supervision.ListPointReports", **asked)
    waiting = found["point_reports"] if found else []
    return await single(
        visit,
        "supervision.PlanInspection",
        visit.t("new.inspections"),
        (visit.t("title.inspections"), "/inspections"),
        lambda answer: f"/inspections/{answer['inspection']['inspection_id']}?done=PlanInspection",
        values={"point_report_id": visit.request.query_params.get("report", "")},
        options={"point_report_id": [Option(one["point_report_id"], f"{one['number']} {one['title']}") for one in waiting]},
    )


PAGES: dict[str, Page] = {
    "/points": _page(
        "CreatePoint",
        "points",
        "/points",
        lambda a: f"/points/{a['point']['point_id']}?done=CreatePoint",
        role="ROLE_POINT",
    ),
    "/rounds": _page("OpenRound", "rounds", "/rounds", lambda a: "/rounds?done=OpenRound"),
    "/point-reports": report,
    "/supervisors": _page(
        "AppointSupervisor",
        "supervisors",
        "/supervisors",
        lambda a: "/supervisors?done=AppointSupervisor",
        role="ROLE_SUPERVISOR",
    ),
    "/inspections": inspection,
    "/findings": _page(
        "ReportOwnFinding",
        "findings",
        "/findings",
        lambda a: f"/findings/{a['finding']['finding_id']}?done=ReportOwnFinding",
    ),
}
