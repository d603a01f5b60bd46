"""May she be promoted on 3 May? What bars a person on a day and why, and every effect there was."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.choices import Choices
from gateway.pages.frame.visit import Visit


async def effects(visit: Visit) -> Response:
    person = visit.request.query_params.get("official_id", "")
    on = visit.request.query_params.get("on") or visit.today.isoformat()
    options = await Choices(visit).officials()
    found = {}
    if person:
        found = await visit.parts(
            bars=("accountability.BarsOn", {"official_id": person, "on": on}),
            effects=("accountability.EffectsOf", {"official_id": person, "page_size": 200}),
            cases=("accountability.ListCases", {"official_id": person, "page_size": 100}),
            posts=("directory.ListPosts", {"official_id": person, "page_size": 100}),
        )
    await visit.learn(found, {"official_id": person})
    return visit.site.page(visit, "cases/effects.html", options=options, person=person, on=on, found=found)
