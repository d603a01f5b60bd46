"""The mail room: where cards are, told by serial as a hand scanner types it. Nothing of a reading is ever shown here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.cards.paper import campaign_of, group_names
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.ledger import pages
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LISTED, AT_ONCE, LONGEST = 100, 500, 80
RECORDED = ("CARD_MAIL_RETURNED", "CARD_MAIL_UNDELIVERED", "CARD_MAIL_POSTED")
PLACES = ("CARD_MAIL_PRINTED", *reversed(RECORDED), "CARD_MAIL_REISSUED")


async def mail(visit: Visit) -> Response:
    """Turnout, the list, and a field that takes one serial after another."""
    ref, form = visit.ref("ref"), visit.form
    told: list[dict[str, Any]] = []
    sentence, recorded = "", 0
    if visit.request.method == "POST":
        try:
            told, recorded = await _record(visit)
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    campaign = await campaign_of(visit)
    asked, chosen = visit.request.query_params, filters(visit)
    listed = await visit.ask(
        "evaluation.ListCardMail", campaign_id=ref, page_size=LISTED, page_token=asked.get("page_token", ""), **chosen
    )
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": ref,
        "groups": group_names(campaign["plan"]),
        "listed": listed,
        "chosen": chosen,
        "turnout": await visit.part("evaluation.GetCardTurnout", campaign_id=ref),
        "runs": await visit.part("evaluation.ListCardRuns", campaign_id=ref, page_size=LISTED),
        "kinds": RECORDED,
        "places": PLACES,
        "kind": str(form.get("mail", "")) or RECORDED[0],
        "told": told,
        "recorded": recorded,
        "sentence": sentence,
        "request_id": str(new_id(visit.site.clock)),
        "why": why,
    }
    return visit.site.page(visit, "cards/mail.html", 400 if sentence else 200, **values)


def filters(visit: Visit) -> dict[str, str]:
    """What the list is narrowed to."""
    asked = visit.request.query_params
    place = asked.get("mail", "")
    found = {"mail": place if place in PLACES else "", "rater_group": asked.get("rater_group", "")}
    return {name: text for name, text in found.items() if text}


async def _record(visit: Visit) -> tuple[list[dict[str, Any]], int]:
    """Writes down what became of these cards; each is answered by itself, by its place in the list."""
    form = visit.form
    serials = [line.strip()[:LONGEST] for line in str(form.get("serials", "")).splitlines() if line.strip()]
    asked = {
        "campaign_id": visit.ref("ref"),
        "mail": str(form.get("mail", "")),
        "request_id": str(form.get("request_id", "")),
    }
    if form.get("run_id"):
        answer = await visit.ask("evaluation.RecordMail", **asked, run_id=str(form.get("run_id")))
        return [], int(answer["recorded"])
    if not serials:
        raise Refused(400, "SERIAL_MISSING", visit.t("cards_no_serial"))
    answer = await visit.ask("evaluation.RecordMail", **asked, serials=serials[:AT_ONCE])
    cards = [{**one, "tail": serials[int(one["index"])][-5:]} for one in answer["cards"] if int(one["index"]) < len(serials)]
    return cards, int(answer["recorded"])


def why(visit: Visit, reason: str) -> str:
    """Why a serial was not taken."""
    key = f"card_reason.{reason}"
    return visit.t(key) if visit.site.words.has(key) else reason


async def export(visit: Visit) -> Response:
    """The list as far as it is narrowed, as a workbook."""
    names = group_names((await campaign_of(visit))["plan"])
    columns = (
        "card_no",
        "reference",
        "rater_group",
        "card_mail",
        "card_since",
        "card_late",
        "card_duplicates",
        "card_issue",
    )
    heads = [visit.t(f"column.{column}") for column in columns]
    asked: Mapping[str, Any] = {"campaign_id": visit.ref("ref"), **filters(visit)}

    async def batches() -> AsyncIterator[list[list[str]]]:
        async for rows in pages(visit, "evaluation.ListCardMail", "cards", asked):
            yield [_line(visit, names, one) for one in rows]

    now = visit.site.clock.now()
    return await streamed_workbook(visit.t("cards_mail"), heads, batches(), "card-mail.xlsx", now)


def _line(visit: Visit, names: Mapping[str, str], one: Mapping[str, Any]) -> list[str]:
    return [
        str(one["number"]),
        one["reference"],
        names.get(one["rater_group"], one["rater_group"]),
        visit.label("CardMail", one["mail"]),
        visit.moment(one["since"]),
        visit.t("yes" if one["late"] else "no"),
        str(one["duplicates"]),
        str(one["issue"]),
    ]
