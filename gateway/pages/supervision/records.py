"""Records of supervision: one finding with its notice and limit, one inspection with its draw, one point, one report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import RedirectResponse, Response

from gateway.pages.frame.acts import RecordKind, offered
from gateway.pages.frame.life import line, passed_by
from gateway.pages.frame.visit import Visit
from gateway.pages.supervision.acts import FINDING, INSPECTION, INSPECTION_ROAD, POINT, REPORT, ROAD
from gateway.refusals import Refused

Road = tuple[str, Sequence[str], Mapping[str, tuple[str, str]]]
"""The enum of the stages, their order, and when each was reached."""


async def finding(visit: Visit) -> Response:
    ref = visit.ref("ref")
    record = await FINDING.read(visit)
    running = {"limit": ("supervision.ExplainLimit", {"finding_id": ref})} if record["clock"] else {}
    found: dict[str, Any] = {"limit": None} | await visit.parts(
        **running,
        timeline=("supervision.ListFindingTimeline", {"finding_id": ref, "page_size": 300}),
        cases=("accountability.ListCases", {"origin_subject_id": ref, "page_size": 20}),
        points=("evaluation.ListAdjustments", {"unit_path": record["unit_path"], "page_size": 500}),
    )
    entries = found["timeline"]["entries"] if found["timeline"] else []
    points = found["points"]["adjustments"] if found["points"] else []
    return await _page(
        visit,
        FINDING,
        record,
        "finding",
        found=found,
        entries=entries,
        adjustments=[one for one in points if any(origin["subject_id"] == ref for origin in one["origins"])],
        road=("FindingStage", ROAD, passed_by(entries, "stage")),
    )


async def inspection(visit: Visit) -> Response:
    ref = visit.ref("ref")
    record = await INSPECTION.read(visit)
    found = await visit.parts(findings=("supervision.ListFindings", {"inspection_id": ref, "page_size": 200}))
    reached = {
        stage: (record[field] or "", "")
        for stage, field in zip(
            INSPECTION_ROAD, ("planned_at", "", "sealed_at", "started_at", "released_at", "closed_at"), strict=True
        )
        if field
    }
    if record["draw"]:
        reached["INSPECTION_STAGE_DRAWN"] = (record["draw"]["drawn_at"] or "", record["draw"]["drawn_by"])
    return await _page(
        visit,
        INSPECTION,
        record,
        "inspection",
        found=found,
        road=("InspectionStage", INSPECTION_ROAD, reached),
    )


async def point(visit: Visit) -> Response:
    record = await POINT.read(visit)
    found = await visit.parts(reports=("supervision.ListPointReports", {"point_id": visit.ref("ref"), "page_size": 100}))
    return await _page(visit, POINT, record, "point", found=found)


async def report(visit: Visit) -> Response:
    return await _page(visit, REPORT, await REPORT.read(visit), "report")


async def _page(
    visit: Visit, kind: RecordKind, record: dict[str, Any], name: str, road: Road | None = None, **values: Any
) -> Response:
    ref = visit.ref("ref")
    await visit.learn(record, values.get("found"), values.get("entries"))
    if road:
        enum, order, passed = road
        values["life"] = line(visit, enum, order, record["stage"], passed)
    template = "supervision/beside.html" if visit.request.query_params.get("beside") else f"supervision/{name}.html"
    offers = offered(visit, kind, record, ref)
    return visit.site.page(visit, template, record=record, ref=ref, kind=kind, offers=offers, **values)


async def confirm(visit: Visit) -> Response:
    """The second inspector confirms what the first recorded."""
    if visit.request.method != "POST":
        raise Refused(405, "METHOD_NOT_ALLOWED", "")
    ref, inspection_id = visit.ref("ref"), visit.ref("inspection")
    version = str(visit.form.get("expected_version", ""))
    await visit.ask(
        "supervision.ConfirmFinding",
        inspection_id=inspection_id,
        finding_id=ref,
        expected_version=version,
        request_id=str(visit.form.get("request_id", "")),
    )
    return RedirectResponse(f"/inspections/{inspection_id}?done=ConfirmFinding", 303)
