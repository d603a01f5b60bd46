"""May she be promoted on 3 May? What bars a person on a day and why, and every effect there was."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.pages.frame.choices import Choices
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.visit import Visit

HELD = Ledger(
    key="held_effects",
    path="/effects/held",
    rpc="accountability.ListHeldEffects",
    rows="effects",
    id="official_id",
    record="/officials/{}/effects",
    columns=(
        Column("official_id", "name"),
        Column("measure", "choice.measure"),
        Column("case_number"),
        Column("starts_on", "day"),
        Column("ends_on", "day"),
        Column("unit_path", "name"),
    ),
)


async def effects(visit: Visit) -> Response:
    """Choosing somebody leads to that person's own page."""
    asked = visit.request.query_params
    person = asked.get("official_id", "")
    if person:
        return RedirectResponse(f"/officials/{person}/effects?on={asked.get('on') or visit.today.isoformat()}", 303)
    return await _page(visit, "")


async def of_person(visit: Visit) -> Response:
    return await _page(visit, visit.ref("person"))


async def _page(visit: Visit, person: str) -> Response:
    asked = visit.request.query_params
    on = asked.get("on") or visit.today.isoformat()
    options = await Choices(visit).officials()
    found = {}
    if person:
        about = {"official_id": person, "page_size": 50}
        paged = {name: {**about, "page_token": asked.get(name, "")} for name in ("more_effects", "more_cases")}
        found = await visit.parts(
            bars=("accountability.BarsOn", {"official_id": person, "on": on}),
            effects=("accountability.EffectsOf", paged["more_effects"]),
            cases=("accountability.ListCases", paged["more_cases"]),
            posts=("directory.ListPosts", {"official_id": person, "page_size": 500}),
        )
    await visit.learn(found, {"official_id": person})
    return visit.site.page(visit, "cases/effects.html", options=options, person=person, on=on, found=found)
