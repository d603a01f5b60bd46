"""Rows people are asked for, one picture after another. What a machine or another checker made of a row is nowhere here.

With scripts the next pictures are there before they are asked for, and a key is held back until the next one, so that it
can be taken back. Without them the page is a form with one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cards.paper import NO_GRADE, answers, campaign_of
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

AHEAD = 50
SHOWN = ("doubt_id", "object", "dimension", "strip_ids", "side_ids", "paper_place")
"""All that a checker is told of a row."""


async def check(visit: Visit) -> Response:
    """The row that waits longest; what is sent from it is one row keyed."""
    if visit.request.method == "POST":
        return await _keyed(visit)
    return await _page(visit)


async def rows(visit: Visit) -> Response:
    """The next rows, for the script that shows them one after another."""
    token = visit.request.query_params.get("page_token", "")
    try:
        found = await _waiting(visit, AHEAD, token)
    except Refused as refusal:
        return JSONResponse({"sentence": _sentence(visit, refusal)}, refusal.status)
    return JSONResponse({"rows": [told(one) for one in found["rows"]], "next": found["next_page_token"]})


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a checker may know of a row."""
    return {name: row[name] for name in SHOWN}


async def _waiting(visit: Visit, size: int, token: str = "") -> dict[str, Any]:
    asked = {"campaign_id": visit.ref("ref"), "page_size": size, "page_token": token}
    return await visit.ask("evaluation.ListDoubtful", **asked)


async def _page(visit: Visit, sentence: str = "", status: int = 200) -> Response:
    campaign = await campaign_of(visit)
    found = (await _waiting(visit, 1))["rows"]
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "row": told(found[0]) if found else None,
        "answers": answers(visit, campaign["plan"]),
        "request_id": str(new_id(visit.site.clock)),
        "sentence": sentence,
    }
    return visit.site.page(visit, "cards/check.html", status, **values)


async def _keyed(visit: Visit) -> Response:
    """One row keyed. The script is answered in its own form, a form sent by itself with the next row."""
    scripted = visit.request.headers.get("accept", "") == "application/json"
    grade = str(visit.form.get("grade", ""))
    asked = {name: str(visit.form.get(name, "")) for name in ("doubt_id", "request_id")}
    try:
        await visit.ask("evaluation.KeyRow", **asked, grade=int(grade) if grade.isdigit() else NO_GRADE)
    except Refused as refusal:
        sentence = _sentence(visit, refusal)
        if scripted:
            return JSONResponse({"reason": refusal.reason, "sentence": sentence}, refusal.status)
        return await _page(visit, sentence, 400)
    return JSONResponse({}) if scripted else RedirectResponse(f"/campaigns/{visit.ref('ref')}/cards/check", 303)


def _sentence(visit: Visit, refusal: Refused) -> str:
    return refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
