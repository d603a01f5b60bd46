"""Whole cards keyed from the paper by two people, and the cards that wait for it: a side of them was not read, or the second
keying is to come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.cards.paper import BLANK_KEY, DONT_KNOW, DONT_KNOW_KEY, NOTHING, campaign_of, group_names, rated
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.ledger import pages
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LONGEST_SERIAL, LONGEST_PLACE = 80, 60
LISTED = 50
LIST = "evaluation.ListCardsToKey"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A card as it was keyed: its serial, where the paper lies, each cell as typed, and what is wrong by field."""

    serial: str = ""
    paper_place: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


async def key(visit: Visit) -> Response:
    """An empty card of a rater group, and the cards that wait for their paper; after a good one the next, after a faulty one
    the same with what is wrong. Who may not key sees what waits."""
    campaign = await campaign_of(visit)
    groups = group_names(campaign["plan"])
    group = visit.request.query_params.get("group", "")
    group = group if group in groups else next(iter(groups), "")
    if visit.request.method == "GET":
        return await _page(visit, campaign, group, Keyed())
    keyed, ratings = _read(visit, campaign["plan"], group)
    if not keyed.faults:
        asked = {"serial": keyed.serial, "paper_place": keyed.paper_place, "ratings": ratings}
        request_id = str(visit.form.get("request_id", ""))
        try:
            ref = campaign["campaign_id"]
            answer = await visit.ask("evaluation.KeyCard", campaign_id=ref, request_id=request_id, **asked)
            return await _page(visit, campaign, group, Keyed(paper_place=keyed.paper_place), done=answer["keyed"])
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
            keyed = Keyed(keyed.serial, keyed.paper_place, keyed.cells, {"serial": sentence})
    return await _page(visit, campaign, group, keyed, status=400)


def _read(visit: Visit, plan: Mapping[str, Any], group: str) -> tuple[Keyed, list[dict[str, Any]]]:
    serial = str(visit.form.get("serial", "")).strip()[:LONGEST_SERIAL]
    place = str(visit.form.get("paper_place", "")).strip()[:LONGEST_PLACE]
    known = {"": NOTHING, BLANK_KEY: NOTHING} | {str(at): at for at in range(1, len(plan["scale"]) + 1)}
    if plan["dont_know"]:
        known[DONT_KNOW_KEY] = DONT_KNOW
    faults = {name: visit.t("fill_in") for name, text in (("serial", serial), ("paper_place", place)) if not text}
    cells: dict[str, str] = {}
    ratings = []
    for one in (each for part in rated(plan, group) for each in part["objects"]):
        names = [cell_name(one["object_id"], at) for at in range(len(plan["dimensions"]))]
        for name in names:
            cells[name] = str(visit.form.get(name, "")).strip()
            if cells[name] not in known:
                faults[name] = visit.t("desk_no_such_figure")
        grades = [known.get(cells[name], NOTHING) for name in names]
        if any(grades):
            ratings.append({"object_id": one["object_id"], "grades": grades})
    return Keyed(serial, place, cells, faults), ratings


def cell_name(object_id: str, at: int) -> str:
    """The field of one row of a card."""
    return f"c-{object_id}-{at}"


async def _page(
    visit: Visit,
    campaign: Mapping[str, Any],
    group: str,
    keyed: Keyed,
    done: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    plan = campaign["plan"]
    parts = rated(plan, group)
    whole = sum(len(part["objects"]) for part in parts) * len(plan["dimensions"])
    token = visit.request.query_params.get("page_token", "")
    waiting = await visit.ask(LIST, campaign_id=campaign["campaign_id"], page_size=LISTED, page_token=token)
    return visit.site.page(
        visit,
        "cards/key.html",
        status,
        campaign=campaign,
        plan=plan,
        ref=visit.ref("ref"),
        group=group,
        groups=group_names(plan),
        parts=parts,
        keyed=keyed,
        done=done,
        in_part=done is not None and int(done["rows"]) < whole,
        cell_name=cell_name,
        waiting=waiting,
        lacks=lacks,
        highest=len(plan["scale"]),
        request_id=str(new_id(visit.site.clock)),
    )


def lacks(visit: Visit, card: Mapping[str, Any]) -> str:
    """What a card that waits for its paper lacks: its second keying, or the sides no scan showed."""
    if card["keyed_once"]:
        return visit.t("cards_wait_second")
    sides = visit.t("list_comma").join(visit.t("cards_side", **place) for place in card["missing"])
    return visit.t("cards_wait_sides", sides=sides)


async def export(visit: Visit) -> Response:
    """The cards that wait for their paper, as a workbook."""
    told = ("card_id", "card_lacks", "file_name", "card_page", "card_paper_place", "card_received")
    heads = [visit.t(f"column.{name}") for name in told]

    async def batches() -> AsyncIterator[list[list[str]]]:
        async for found in pages(visit, LIST, "cards", {"campaign_id": visit.ref("ref")}):
            yield [_line(visit, one) for one in found]

    return await streamed_workbook(visit.t("cards_wait"), heads, batches(), "cards-to-key.xlsx", visit.site.clock.now())


def _line(visit: Visit, card: Mapping[str, Any]) -> list[str]:
    files, numbers = ("\n".join(str(one[name]) for one in card["seen"]) for name in ("name", "page"))
    return [card["card_id"], lacks(visit, card), files, numbers, card["paper_place"], visit.moment(card["received_at"])]
