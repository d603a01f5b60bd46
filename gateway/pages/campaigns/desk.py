"""The desk: ballots on paper keyed in by code, one after another, into the same box by the same stream as every device.

The page keeps nothing of a ballot that is in the box but its place in the sitting.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from chassis.clock import new_id
from gateway.pages.campaigns.desk_sheet import DONT_KNOW_KEY, places, sheet
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

DONT_KNOW = 255
LISTED = 500
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's turn at the desk: the name of its stream, and the places of what was entered, latest last."""

    source: str
    entered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed in: the code, each cell as typed, and what is wrong with them by field."""

    code: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def routes(site: Site) -> list[Route]:
    """The desk of a campaign, and the sheet it keys in."""
    return [
        site.route("/campaigns/{ref}/desk", desk, post=True),
        site.route("/campaigns/{ref}/sheet.pdf", sheet),
    ]


async def desk(visit: Visit) -> Response:
    """An empty ballot; after a good one the next, after a faulty one the same with what is wrong beside it."""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]
    sitting = _sitting(visit)
    if visit.request.method == "GET":
        return _page(visit, campaign, sitting, Keyed())
    keyed, ballot = _read(visit, campaign["plan"])
    if not keyed.faults:
        fault = await _cast(visit, campaign, sitting, keyed.code, ballot)
        if not fault:
            number = str(len(sitting.entered) + 1)
            entered = (*sitting.entered, number)[-LISTED:]
            return _page(visit, campaign, Sitting(sitting.source, entered), Keyed(), done=number)
        keyed = Keyed(keyed.code, keyed.cells, {"code": fault})
    return _page(visit, campaign, sitting, keyed, status=400)


def _sitting(visit: Visit) -> Sitting:
    entered = [one for one in str(visit.form.get("entered", "")).split(",") if one.isdigit()]
    source = str(visit.form.get("source", ""))[:LONGEST_CODE]
    return Sitting(source or f"desk-{new_id(visit.site.clock)}"[:LONGEST_CODE], tuple(entered[-LISTED:]))


def _read(visit: Visit, plan: Mapping[str, Any]) -> tuple[Keyed, bytes]:
    """The cells in the order of the paper, one byte each; empty is not answered, 0 is "don't know"."""
    code = str(visit.form.get("code", "")).strip()[:LONGEST_CODE]
    known = {"": 0} | {str(place): place for place in range(1, len(plan["scale"]) + 1)}
    if plan["dont_know"]:
        known[DONT_KNOW_KEY] = DONT_KNOW
    cells: dict[str, str] = {}
    faults: dict[str, str] = {} if code else {"code": visit.t("fill_in")}
    ballot = bytearray()
    for name in cell_names(plan):
        cells[name] = str(visit.form.get(name, "")).strip()
        if cells[name] not in known:
            faults[name] = visit.t("desk_no_such_figure")
        ballot.append(known.get(cells[name], 0))
    return Keyed(code, cells, faults), bytes(ballot)


def cell_names(plan: Mapping[str, Any]) -> list[str]:
    """The fields of a ballot in the order of the paper: `c3-1` is the third object, its second question."""
    return [f"c{place}-{at}" for place in places(dict(plan)).values() for at in range(len(plan["dimensions"]))]


async def _cast(visit: Visit, campaign: Mapping[str, Any], sitting: Sitting, code: str, ballot: bytes) -> str:
    """Puts one ballot into the box as the next batch of this sitting; why it was refused, or an empty text."""
    site = visit.site
    rpc = site.contracts.rpc("evaluation.CastBallots")
    first = {"campaign_id": campaign["campaign_id"], "source": sitting.source, "channel": "CHANNEL_DESK"}

    async def messages(**batch: Any) -> AsyncIterator[bytes]:
        yield site.doors.transcoder.pack(rpc.request, {**first, **batch})

    async def taken(**batch: Any) -> dict[str, Any]:
        answer = await site.doors.send_many(rpc, messages(**batch), visit.caller)
        found: dict[str, Any] = site.doors.transcoder.unpack(rpc.answer, answer)["taken"]
        return found

    try:
        last = int((await taken())["last_committed_sequence"])
        ratings = base64.b64encode(ballot).decode()
        result = await taken(sequence=last + 1, codes=[code], ratings=ratings)
    except Refused as refusal:
        return refusal.sentence or visit.t("desk_refused")
    if result["refusals"]:
        key = f"desk_refusal.{result['refusals'][0]['reason']}"
        return visit.t(key if site.words.has(key) else "desk_refused")
    return visit.t("desk_refusal.BALLOT_REPEATED") if int(result["repeated"]) else ""


def _page(
    visit: Visit, campaign: Mapping[str, Any], sitting: Sitting, keyed: Keyed, done: str = "", status: int = 200
) -> Response:
    return visit.site.page(
        visit,
        "campaigns/desk.html",
        status,
        campaign=campaign,
        plan=campaign["plan"],
        ref=visit.ref("ref"),
        figures=places(dict(campaign["plan"])),
        sitting=sitting,
        keyed=keyed,
        entered_now=done,
        highest=len(campaign["plan"]["scale"]),
    )
