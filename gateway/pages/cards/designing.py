"""The organiser's card: chosen form, sides and return address, looked at as a picture before anything is kept."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from chassis.errors import Unavailable
from gateway.pages.cards.paper import campaign_of, group_names
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from papers import cards
from papers.documents_fonts import Fonts

FONTS = Fonts()
DOTS = 110
LISTED = 100
LINES = 6
SAMPLE_SERIAL = "00000-00000-00000-00000"
WISH = ("rater_group", "form", "sides", "return_to", "return_by")


async def designs(visit: Visit) -> Response:
    """The editions so far, and a form for the next: looked at first, then kept."""
    ref, sentence = visit.ref("ref"), ""
    campaign = await campaign_of(visit)
    asked = visit.form if visit.request.method == "POST" else visit.request.query_params
    wish = {name: str(asked.get(name, "")).strip() for name in WISH}
    if visit.request.method == "POST":
        try:
            request_id = str(visit.form.get("request_id", ""))
            kept = await visit.ask("evaluation.DesignCard", **wished(ref, wish), request_id=request_id)
            return RedirectResponse(f"/campaigns/{ref}/cards/designs/{kept['design']['design_id']}?done=DesignCard", 303)
        except Refused as refusal:
            sentence = _sentence(visit, refusal)
    seen, wrong = await _look(visit, ref, wish)
    forms = await visit.part("evaluation.ListCardForms", campaign_id=ref)
    listed = await visit.ask("evaluation.ListCardDesigns", campaign_id=ref, page_size=LISTED)
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": ref,
        "groups": group_names(campaign["plan"]),
        "forms": forms["forms"] if forms else [],
        "designs": listed["designs"],
        "wish": {**wish, "sides": wish["sides"] or "1"},
        "seen": seen,
        "query": urlencode(wish),
        "sentence": sentence or wrong,
        "request_id": str(new_id(visit.site.clock)),
    }
    return visit.site.page(visit, "cards/designs.html", 400 if sentence else 200, **values)


def wished(ref: str, wish: Mapping[str, str]) -> dict[str, Any]:
    """A wish as the contract takes it."""
    lines = [line.strip() for line in wish["return_to"].splitlines() if line.strip()][:LINES]
    sides = int(wish["sides"]) if wish["sides"].isdigit() else 1
    return {"campaign_id": ref, **wish, "sides": sides, "return_to": lines}


async def _look(visit: Visit, ref: str, wish: Mapping[str, str]) -> tuple[dict[str, Any] | None, str]:
    """What the card would be as it is wished; or why it cannot be."""
    if not (wish["rater_group"] and wish["form"]):
        return None, ""
    try:
        card = (await visit.ask("evaluation.PreviewCard", **wished(ref, wish), letter=False))["card"]
    except Refused as refusal:
        return None, _sentence(visit, refusal)
    return {**card, "pages": _pages(card)}, ""


def _pages(card: Mapping[str, Any]) -> int:
    try:
        return len(cards.from_json(card["template"]).pages)
    except (ValueError, KeyError, TypeError):
        return 0


async def design(visit: Visit) -> Response:
    """One edition as it is printed."""
    found = await design_of(visit, visit.ref("design"))
    kept = await visit.part("evaluation.GetCardTemplate", **_named(visit))
    campaign = await campaign_of(visit)
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "design": found,
        "digest": base64.b64decode(found["digest"] or "").hex(),
        "groups": group_names(campaign["plan"]),
        "pages": _pages(kept) if kept else 0,
    }
    return visit.site.page(visit, "cards/design.html", **values)


def _named(visit: Visit) -> dict[str, str]:
    return {"campaign_id": visit.ref("ref"), "design_id": visit.ref("design")}


async def design_of(visit: Visit, design_id: str) -> dict[str, Any]:
    """One design of the page's campaign."""
    listed = await visit.ask("evaluation.ListCardDesigns", campaign_id=visit.ref("ref"), page_size=LISTED)
    found: dict[str, Any] | None = next((one for one in listed["designs"] if one["design_id"] == design_id), None)
    if found is None:
        raise Refused(404, "NO_SUCH_PAGE", "")
    return found


async def kept_page(visit: Visit) -> Response:
    """One page of what is printed for a design, the cover letter's first, as a picture."""
    return await _picture(visit, await visit.ask("evaluation.GetCardTemplate", **_named(visit)))


async def preview(visit: Visit) -> Response:
    """One page of a card as it is wished, as a picture."""
    asked = visit.request.query_params
    wish = {name: str(asked.get(name, "")).strip() for name in WISH}
    answer = await visit.ask("evaluation.PreviewCard", **wished(visit.ref("ref"), wish), letter=False)
    return await _picture(visit, answer["card"])


async def _picture(visit: Visit, held: Mapping[str, Any]) -> Response:
    place = int(visit.ref("page")) if visit.ref("page").isdigit() else 0
    template = cards.from_json(held["template"])
    if place >= len(template.pages):
        raise Refused(404, "NO_SUCH_PAGE", "")
    alone = replace(template, pages=(template.pages[place],))
    try:
        drawn = await asyncio.to_thread(cards.pictures, alone, cards.Card(SAMPLE_SERIAL), FONTS, DOTS)
    except Unavailable as wrong:
        raise Refused(503, wrong.reason, visit.t(f"cell.{wrong.reason}", **wrong.params)) from None
    return Response(drawn[0], media_type="image/png")


def _sentence(visit: Visit, refusal: Refused) -> str:
    return refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
