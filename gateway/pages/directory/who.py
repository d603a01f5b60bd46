"""A unit with who leads it today or led it on a day, and a person with the posts held and the leaders above."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import Visit


async def unit(visit: Visit) -> Response:
    on = visit.request.query_params.get("on") or visit.today.isoformat()
    record = (await visit.ask("directory.GetUnit", unit_id=visit.ref("ref")))["unit"]
    path = record["unit_path"]
    found = await visit.parts(
        held=("directory.WhoHeld", {"unit_path": path, "on": on}),
        below=("directory.ListUnits", {"under": path, "page_size": 200}),
        items=("directory.ListServiceItems", {"under": path, "page_size": 200}),
        lists=("directory.ListDutyLists", {"under": path, "page_size": 100}),
    )
    await visit.learn(record, found)
    template = "directory/unit_beside.html" if visit.request.query_params.get("beside") else "directory/unit.html"
    return visit.site.page(visit, template, unit=record, found=found, on=on, ref=visit.ref("ref"))


async def official(visit: Visit) -> Response:
    ref, on = visit.ref("ref"), visit.request.query_params.get("on") or visit.today.isoformat()
    record = (await visit.ask("directory.GetOfficial", official_id=ref))["official"]
    found = await visit.parts(
        posts=("directory.ListPosts", {"official_id": ref, "page_size": 100}),
        leaders=("directory.LeadersOf", {"official_id": ref, "on": on}),
        bars=("accountability.BarsOn", {"official_id": ref, "on": on}),
    )
    await visit.learn(record, found)
    template = "directory/official_beside.html" if visit.request.query_params.get("beside") else "directory/official.html"
    return visit.site.page(visit, template, official=record, found=found, on=on, ref=ref)
