"""Rows that two keyed differently, for a third, who says it twice; whole cards keyed by two where nothing is scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cards.checking import told
from gateway.pages.cards.paper import (
    BLANK_KEY,
    DONT_KNOW,
    DONT_KNOW_KEY,
    NO_GRADE,
    NOTHING,
    answers,
    campaign_of,
    group_names,
    rated,
    word_of,
)
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LONGEST_SERIAL, LONGEST_PLACE = 80, 60


async def decide(visit: Visit) -> Response:
    """The row in dispute that waits longest; after it is decided, the next."""
    sentence = ""
    if visit.request.method == "POST":
        try:
            await visit.ask("evaluation.DecideRow", **_decision(visit))
            return RedirectResponse(f"/campaigns/{visit.ref('ref')}/cards/decide?done=DecideRow", 303)
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    campaign = await campaign_of(visit)
    found = (await visit.ask("evaluation.ListDisputed", campaign_id=visit.ref("ref"), page_size=1))["rows"]
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": visit.ref("ref"),
        "row": told(found[0]["row"]) if found else None,
        "keyed": [word_of(visit, campaign["plan"], one) for one in found[0]["grades"]] if found else [],
        "answers": answers(visit, campaign["plan"])[:-1],
        "request_id": str(new_id(visit.site.clock)),
        "sentence": sentence,
    }
    return visit.site.page(visit, "cards/decide.html", 400 if sentence else 200, **values)


def _decision(visit: Visit) -> dict[str, Any]:
    said = {name: str(visit.form.get(name, "")) for name in ("grade", "again")}
    asked = {name: str(visit.form.get(name, "")) for name in ("doubt_id", "request_id")}
    return {**asked, **{name: int(text) if text.isdigit() else NO_GRADE for name, text in said.items()}}


@dataclass(frozen=True, slots=True)
class Keyed:
    """A card as it was keyed: its serial, where the paper lies, each cell as typed, and what is wrong by field."""

    serial: str = ""
    paper_place: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


async def key(visit: Visit) -> Response:
    """An empty card of a rater group; after a good one the next, after a faulty one the same with what is wrong."""
    campaign = await campaign_of(visit)
    groups = group_names(campaign["plan"])
    group = visit.request.query_params.get("group", "")
    group = group if group in groups else next(iter(groups), "")
    if visit.request.method == "GET":
        return _page(visit, campaign, group, Keyed())
    keyed, ratings = _read(visit, campaign["plan"], group)
    if not keyed.faults:
        asked = {"serial": keyed.serial, "paper_place": keyed.paper_place, "ratings": ratings}
        request_id = str(visit.form.get("request_id", ""))
        try:
            ref = campaign["campaign_id"]
            answer = await visit.ask("evaluation.KeyCard", campaign_id=ref, request_id=request_id, **asked)
            return _page(visit, campaign, group, Keyed(paper_place=keyed.paper_place), done=answer["keyed"])
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
            keyed = Keyed(keyed.serial, keyed.paper_place, keyed.cells, {"serial": sentence})
    return _page(visit, campaign, group, keyed, status=400)


def _read(visit: Visit, plan: Mapping[str, Any], group: str) -> tuple[Keyed, list[dict[str, Any]]]:
    serial = str(visit.form.get("serial", "")).strip()[:LONGEST_SERIAL]
    place = str(visit.form.get("paper_place", "")).strip()[:LONGEST_PLACE]
    known = {"": NOTHING, BLANK_KEY: NOTHING} | {str(at): at for at in range(1, len(plan["scale"]) + 1)}
    if plan["dont_know"]:
        known[DONT_KNOW_KEY] = DONT_KNOW
    faults = {} if serial else {"serial": visit.t("fill_in")}
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


def _page(
    visit: Visit,
    campaign: Mapping[str, Any],
    group: str,
    keyed: Keyed,
    done: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    plan = campaign["plan"]
    return visit.site.page(
        visit,
        "cards/key.html",
        status,
        campaign=campaign,
        plan=plan,
        ref=visit.ref("ref"),
        group=group,
        groups=group_names(plan),
        parts=rated(plan, group),
        keyed=keyed,
        done=done,
        cell_name=cell_name,
        highest=len(plan["scale"]),
        request_id=str(new_id(visit.site.clock)),
    )
