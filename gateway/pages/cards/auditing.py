"""What an auditor asks of counted cards: hashes, readings, keyings, the leaf in the log; samples drawn from a seed."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from fractions import Fraction
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cards.paper import campaign_of, questions, word_of
from gateway.pages.cards.scanning import why
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.formats import score
from gateway.pages.frame.ledger import pages
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LISTED, SAMPLES = 100, 50
STATES = ("CARD_STATE_OPEN", "CARD_STATE_COMPLETE", "CARD_STATE_COUNTED", "CARD_STATE_REFUSED")
OPEN_ROW = 254
PLACES = 4
KINDS = ("full", "tick", "cross", "light", "double", "corrected", "none")
MEASURES = ("kind", "evidence", "next_evidence", "marked", "meant", "others_empty", "framed", "darkest", "inside")
HANDS = {1: "cards_hand_first", 2: "cards_hand_second", 3: "cards_hand_third"}


async def audit(visit: Visit) -> Response:
    """Agreement and entry error, the samples, the cards; what is sent from here draws a sample."""
    ref, sentence = visit.ref("ref"), ""
    if visit.request.method == "POST":
        try:
            await visit.ask("evaluation.DrawCardSample", **_drawn(visit))
            return RedirectResponse(f"/campaigns/{ref}/cards/audit?done=DrawCardSample", 303)
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    token, state = visit.request.query_params.get("page_token", ""), _state(visit)
    listed = await visit.ask("evaluation.ListCards", campaign_id=ref, page_size=LISTED, page_token=token, **state)
    found = await visit.parts(
        error=("evaluation.GetEntryError", {"campaign_id": ref}),
        samples=("evaluation.ListCardSamples", {"campaign_id": ref, "page_size": SAMPLES}),
    )
    await visit.learn([{"by": one["drawn_by"]} for one in found["samples"]["samples"]] if found["samples"] else [])
    values: dict[str, Any] = {
        "campaign": await campaign_of(visit),
        "ref": ref,
        "listed": listed,
        "state": state.get("state", ""),
        "states": STATES,
        "found": found,
        "typed": {name: str(visit.form.get(name, "")) for name in ("seed", "cards")},
        "sentence": sentence,
        "share": share,
        "why": why,
        "request_id": str(new_id(visit.site.clock)),
    }
    return visit.site.page(visit, "cards/audit.html", 400 if sentence else 200, **values)


def _state(visit: Visit) -> dict[str, str]:
    state = visit.request.query_params.get("state", "")
    return {"state": state} if state in STATES else {}


def _drawn(visit: Visit) -> dict[str, Any]:
    cards = str(visit.form.get("cards", ""))
    return {
        "campaign_id": visit.ref("ref"),
        "request_id": str(visit.form.get("request_id", "")),
        "seed": str(visit.form.get("seed", "")).strip(),
        "cards": int(cards) if cards.isdigit() else 0,
    }


def share(text: str) -> str:
    """An exact fraction as per cent with enough places to tell 1 in 10,000."""
    return f"{score(str(Fraction(text or 0) * 100), PLACES)}%"


async def card(visit: Visit) -> Response:
    """One card with everything it rests on."""
    record = (await visit.ask("evaluation.GetCard", card_id=visit.ref("card")))["record"]
    campaign = await campaign_of(visit)
    await visit.learn([{"by": one["by"]} for one in record["keyings"]])
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "card": record["card"],
        "leaf": base64.b64decode(record["card"]["leaf_hash"] or "").hex(),
        "sides": record["sides"],
        "rows": rows(visit, campaign["plan"], record),
        "withheld": record["withheld"],
        "why": why,
    }
    return visit.site.page(visit, "cards/card.html", **values)


def rows(visit: Visit, plan: Mapping[str, Any], record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a card in the order of the ballot: what machines read, what people keyed, what stands."""
    marks = base64.b64decode(record["marks"] or "")
    asked = questions(plan)
    read: dict[int, list[dict[str, Any]]] = {}
    for side in record["sides"]:
        for one in side["rows"]:
            said = {**one, "word": word_of(visit, plan, int(one["grade"])), "measures": measures(visit, one["measures"])}
            read.setdefault(int(one["row"]), []).append(said)
    keyed: dict[int, list[dict[str, Any]]] = {}
    for one in record["keyings"]:
        hand = visit.t(HANDS[int(one["hand"])]) if int(one["hand"]) in HANDS else ""
        said = {**one, "word": word_of(visit, plan, int(one["grade"])), "hand_word": hand}
        keyed.setdefault(int(one["row"]), []).append(said)
    return [
        {
            "object": asked[at][0] if at < len(asked) else str(at + 1),
            "question": asked[at][1] if at < len(asked) else "",
            "read": read.get(at, []),
            "keyed": keyed.get(at, []),
            "stands": _stands(visit, plan, marks, at),
        }
        for at in sorted({*read, *keyed})
    ]


def _stands(visit: Visit, plan: Mapping[str, Any], marks: bytes, at: int) -> str:
    if at >= len(marks) or marks[at] == OPEN_ROW:
        return visit.t("cards_row_open")
    return word_of(visit, plan, marks[at])


def measures(visit: Visit, text: str) -> list[tuple[str, str]]:
    """The measures of a reading by name; what is none of ours is shown as it came."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return [("", text)]
    if not isinstance(found, dict):
        return [("", text)]
    known = {name: visit.t(f"measure.{name}") for name in MEASURES}
    if found.get("kind") in KINDS:
        found["kind"] = visit.t(f"mark.{found['kind']}")
    told = {known.get(str(name), str(name)): value for name, value in found.items()}
    return [(name, f"{value:.3f}" if isinstance(value, float) else str(value)) for name, value in told.items()]


async def export(visit: Visit) -> Response:
    """The cards as far as they are narrowed, as a workbook."""
    told = ("card_id", "card_state", "card_reason", "card_by_hand", "card_copies")
    heads = [visit.t(f"column.{column}") for column in (*told, "ballot_class", "card_place", "card_leaf")]
    asked: Mapping[str, Any] = {"campaign_id": visit.ref("ref"), **_state(visit)}

    async def batches() -> AsyncIterator[list[list[str]]]:
        async for found in pages(visit, "evaluation.ListCards", "cards", asked):
            yield [_line(visit, one) for one in found]

    return await streamed_workbook(visit.t("cards_all"), heads, batches(), "cards.xlsx", visit.site.clock.now())


def _line(visit: Visit, one: Mapping[str, Any]) -> list[str]:
    counted = one["state"] == "CARD_STATE_COUNTED"
    return [
        one["card_id"],
        visit.label("CardState", one["state"]),
        why(visit, one["reason"]) if one["reason"] else "",
        visit.t("yes" if one["by_hand"] else "no"),
        str(one["copies"]),
        visit.label("BallotClass", one["ballot_class"]) if counted else "",
        str(one["position"]) if counted else "",
        base64.b64decode(one["leaf_hash"] or "").hex(),
    ]
