"""Runs of cards: begun by the registrar, printed part by part behind cover letters, and gone on with where it stopped.

Names are opened for a purpose that goes on record, pass through here, and are kept nowhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from chassis.errors import Unavailable
from gateway.pages.cards.designing import LISTED
from gateway.pages.cards.paper import campaign_of, group_names
from gateway.pages.frame.export import workbook
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from papers import cards, cards_apart

IN_A_PART = 250


@dataclass(frozen=True, slots=True)
class Part:
    """Cards of one file: those of these numbers; `shown` once they were printed."""

    first: int
    last: int
    shown: bool


def parts(run: Mapping[str, Any]) -> list[Part]:
    """The files a run is printed in, by the numbers of its cards."""
    first, last, reached = (int(run[name]) for name in ("first_number", "last_number", "printed_to"))
    ends = ((at, min(at + IN_A_PART - 1, last)) for at in range(first, last + 1, IN_A_PART))
    return [Part(start, end, reached >= end) for start, end in ends]


async def runs(visit: Visit) -> Response:
    """The runs of a campaign, each with how far it was printed; what is sent from here begins another."""
    ref, sentence = visit.ref("ref"), ""
    if visit.request.method == "POST":
        asked = {name: str(visit.form.get(name, "")) for name in ("design_id", "request_id")}
        try:
            run = (await visit.ask("evaluation.StartCardRun", campaign_id=ref, **asked))["run"]
            return RedirectResponse(f"/campaigns/{ref}/cards/runs/{run['run_id']}?done=StartCardRun", 303)
        except Refused as refusal:
            sentence = _sentence(visit, refusal)
    campaign = await campaign_of(visit)
    token = visit.request.query_params.get("page_token", "")
    listed = await visit.ask("evaluation.ListCardRuns", campaign_id=ref, page_size=LISTED, page_token=token)
    made = await visit.ask("evaluation.ListCardDesigns", campaign_id=ref, page_size=LISTED)
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": ref,
        "groups": group_names(campaign["plan"]),
        "listed": listed,
        "designs": made["designs"],
        "sentence": sentence,
        "request_id": str(new_id(visit.site.clock)),
    }
    return visit.site.page(visit, "cards/runs.html", 400 if sentence else 200, **values)


async def run(visit: Visit) -> Response:
    """One run and the files it is printed in."""
    found = await _run(visit)
    campaign = await campaign_of(visit)
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "run": found,
        "parts": parts(found),
        "groups": group_names(campaign["plan"]),
        "letter": visit.t("cards_letter_text", title=campaign["plan"]["title"]),
    }
    return visit.site.page(visit, "cards/run.html", **values)


async def _run(visit: Visit) -> dict[str, Any]:
    token = ""
    while True:
        listed = await visit.ask("evaluation.ListCardRuns", campaign_id=visit.ref("ref"), page_size=500, page_token=token)
        found: dict[str, Any] | None = next((one for one in listed["runs"] if one["run_id"] == visit.ref("run")), None)
        token = listed["next_page_token"]
        if found is not None:
            return found
        if not token:
            raise Refused(404, "NO_SUCH_PAGE", "")


async def print_part(visit: Visit) -> Response:
    """One file of a run: its cards as PDF, each behind its cover letter where that is wished; or the addresses alone."""
    ref, form = visit.ref("ref"), visit.form
    if visit.request.method == "GET":
        return RedirectResponse(f"/campaigns/{ref}/cards/runs/{visit.ref('run')}", 303)
    first, _, last = str(form.get("part") or form.get("sheet") or "").partition("-")
    if not (first.isdigit() and last.isdigit()):
        raise Refused(404, "NO_SUCH_PAGE", "")
    found = await _run(visit)
    template = None if form.get("sheet") else await _template(visit, found["design_id"])
    opened = [one async for one in _opened(visit, int(first), int(last))]
    campaign = await campaign_of(visit)
    name = f"{campaign['number']}-{group_names(campaign['plan']).get(found['rater_group'], '')}-{first}-{last}"
    if template is None:
        return await _addresses(visit, campaign, opened)
    said = [_card(visit, one) for one in opened]
    return await _pdf(visit, template, said, name, datetime.fromisoformat(found["started_at"]))


async def _template(visit: Visit, design_id: str) -> cards.Template:
    """What is printed for a design; without the pages before the card where no letter is wished."""
    asked = {"campaign_id": visit.ref("ref"), "design_id": design_id}
    template = cards.from_json((await visit.ask("evaluation.GetCardTemplate", **asked))["template"])
    if visit.form.get("letter"):
        return template
    first = next((at for at, page in enumerate(template.pages) if page.code), 0)
    return replace(template, pages=template.pages[first:])


async def _pdf(visit: Visit, template: cards.Template, said: Sequence[cards.Card], name: str, made: datetime) -> Response:
    """The file of a part; made again it is the same bytes, so it bears the time its run began."""
    long = cards.too_long(template, said)
    if long:
        raise Refused(409, "CARD_LETTER_TOO_LONG", visit.t("cards_too_long", count=len({at for at, _ in long})))
    try:
        content = await asyncio.to_thread(cards_apart.pdf, template, said, made)
    except Unavailable as wrong:
        raise Refused(503, wrong.reason, visit.t(f"cell.{wrong.reason}", **wrong.params)) from None
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.pdf"}
    return Response(content, media_type="application/pdf", headers=headers)


def _card(visit: Visit, one: Mapping[str, Any]) -> cards.Card:
    """A card and what its letter says: the text is written once, the name and number are put in for each."""
    text = "\n".join(str(visit.form.get("letter_text", "")).splitlines())  # a browser ends its lines with two signs
    values = {visit.t("cards_merge_name"): one["name"], visit.t("cards_merge_number"): one["reference"]}
    text = re.sub("|".join(map(re.escape, values)), lambda found: values[found[0]], text)  # at once: a name is only a name
    addressee = "\n".join(part for part in (one["contact"], one["name"]) if part)
    return cards.Card(one["serial"], {cards.ADDRESSEE: addressee, cards.LETTER: text})


async def _addresses(visit: Visit, campaign: Mapping[str, Any], opened: Sequence[Mapping[str, Any]]) -> Response:
    """Numbers, names and addresses for envelopes; no serial is among them."""
    names = group_names(campaign["plan"])
    columns = ("card_no", "reference", "rater_group", "person_name", "contact")
    lines = [
        [str(one["number"]), one["reference"], names.get(one["rater_group"], ""), one["name"], one["contact"]]
        for one in opened
    ]
    heads = [visit.t(f"column.{column}") for column in columns]
    return await workbook(visit.t("cards_addresses"), heads, lines, "card-addresses.xlsx", visit.site.clock.now())


async def _opened(visit: Visit, first: int, last: int) -> AsyncIterator[dict[str, Any]]:
    """The cards of these numbers, as the register opens them for the purpose stated."""
    contract, transcoder = visit.site.contracts.rpc("evaluation.PrintCards"), visit.site.doors.transcoder
    asked = {
        "run_id": visit.ref("run"),
        "purpose": str(visit.form.get("purpose", "")),
        "after": first - 1,
        "until": last,
    }
    async for answer in visit.site.doors.follow(contract, transcoder.pack(contract.request, asked), visit.caller):
        for one in transcoder.unpack(contract.answer, answer)["cards"]:
            yield one


async def reissue(visit: Visit) -> Response:
    """Another card for one rater; the last one is void. It is printed as a run of one card."""
    ref, rater, sentence = visit.ref("ref"), visit.ref("rater"), ""
    if visit.request.method == "POST":
        request_id = str(visit.form.get("request_id", ""))
        try:
            asked = {"campaign_id": ref, "rater_id": rater, "request_id": request_id}
            made = (await visit.ask("evaluation.ReissueCard", **asked))["run"]
            return RedirectResponse(f"/campaigns/{ref}/cards/runs/{made['run_id']}?done=ReissueCard", 303)
        except Refused as refusal:
            sentence = _sentence(visit, refusal)
    values: dict[str, Any] = {
        "campaign": await campaign_of(visit),
        "ref": ref,
        "reference": visit.request.query_params.get("reference", ""),
        "request_id": str(new_id(visit.site.clock)),
        "sentence": sentence,
    }
    return visit.site.page(visit, "cards/reissue.html", 400 if sentence else 200, **values)


def _sentence(visit: Visit, refusal: Refused) -> str:
    return refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
