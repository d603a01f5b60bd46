"""Rows that two keyed differently, for a third, who says it twice. One whose paper is not at hand can be put aside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cards.checking import told
from gateway.pages.cards.paper import NO_GRADE, answers, campaign_of, word_of
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused


async def decide(visit: Visit) -> Response:
    """The row in dispute that waits longest, or the first after those put aside; after it is decided, the next."""
    sentence, aside = "", visit.request.query_params.get("after", "")
    if visit.request.method == "POST":
        try:
            await visit.ask("evaluation.DecideRow", **_decision(visit))
            kept = urlencode({"done": "DecideRow"} | ({"after": aside} if aside else {}))
            return RedirectResponse(f"/campaigns/{visit.ref('ref')}/cards/decide?{kept}", 303)
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    campaign = await campaign_of(visit)
    paging = {"page_size": 1, "page_token": aside}
    listed = await visit.ask("evaluation.ListDisputed", campaign_id=visit.ref("ref"), **paging)
    found = listed["rows"]
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "row": told(found[0]["row"]) if found else None,
        "keyed": [word_of(visit, campaign["plan"], one) for one in found[0]["grades"]] if found else [],
        "answers": answers(visit, campaign["plan"])[:-1],
        "request_id": str(new_id(visit.site.clock)),
        "sentence": sentence,
        "aside": aside,
        "next": listed["next_page_token"],
    }
    return visit.site.page(visit, "cards/decide.html", 400 if sentence else 200, **values)


def _decision(visit: Visit) -> dict[str, Any]:
    said = {name: str(visit.form.get(name, "")) for name in ("grade", "again")}
    asked = {name: str(visit.form.get(name, "")) for name in ("doubt_id", "request_id")}
    return {**asked, **{name: int(text) if text.isdigit() else NO_GRADE for name, text in said.items()}}
