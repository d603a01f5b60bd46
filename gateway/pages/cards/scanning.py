"""The scanner clerk: files handed in, how far reading has come, what was refused and why.

A file is passed on as it arrives and kept nowhere here. The same file again changes nothing, so whoever was stopped hands
the whole folder in once more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response
from zhengfeng.evaluation.v1 import scans_pb2

from chassis.clock import new_id
from gateway.pages.cards.paper import campaign_of
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.ledger import pages
from gateway.pages.frame.told import refusal_told
from gateway.pages.frame.uploads import Sent, check_own
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LISTED = 50
READ = "evaluation.ReadScans"
WHOLE = ("CAMPAIGN_NOT_FOUND", "CAMPAIGN_NOT_OPEN", "SCANS_WAITING", "ROLE_NOT_ALLOWED")
"""Refusals that are not about one file: the rest is read to its end and passed on to nobody."""
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one file: nothing in `sentence` means that it was taken."""

    name: str
    sentence: str = ""
    reason: str = ""


async def scans(visit: Visit) -> Response:
    """The files and how far they were read; what is sent from here are more files."""
    handed: list[Handed] = []
    if visit.request.method == "POST":
        handed = await _hand_in(visit)
        if visit.request.headers.get("accept", "") == "application/json":
            return _answered(handed)
    return await _page(visit, handed)


def _answered(handed: list[Handed]) -> Response:
    told = [{"name": one.name, "sentence": one.sentence, "reason": one.reason} for one in handed]
    return JSONResponse({"files": told, "stop": any(one.reason in WHOLE for one in handed)})


async def _page(visit: Visit, handed: list[Handed]) -> Response:
    ref, asked = visit.ref("ref"), visit.request.query_params
    listed = await visit.ask(
        "evaluation.ListScans", campaign_id=ref, page_size=LISTED, page_token=asked.get("page_token", "")
    )
    await visit.learn([{"by": one["given_by"]} for one in listed["scans"]])
    values: dict[str, Any] = {
        "campaign": await campaign_of(visit),
        "ref": ref,
        "listed": listed,
        "handed": handed,
        "why": why,
        "request_id": str(new_id(visit.site.clock)),
        **await _reading(visit),
    }
    refused = [one for one in handed if one.sentence]
    return visit.site.page(visit, "cards/scans.html", 400 if refused else 200, **values)


async def _reading(visit: Visit) -> dict[str, Any]:
    answer = await visit.ask("evaluation.GetScanProgress", campaign_id=visit.ref("ref"))
    progress: dict[str, Any] = answer["progress"]
    waiting, pace = int(progress["pages_waiting"]), int(progress["sides_in_last_minute"])
    return {"progress": progress, "minutes": -(-waiting // pace) if waiting and pace else 0}


async def reading(visit: Visit) -> Response:
    """The figures alone, for the page that shows them anew every few seconds."""
    values: dict[str, Any] = {"ref": visit.ref("ref"), "why": why, **await _reading(visit)}
    return visit.site.page(visit, "cards/scans_reading.html", **values)


async def again(visit: Visit) -> Response:
    """The parked pages of a file are read once more."""
    if visit.request.method == "POST":
        request_id = str(visit.form.get("request_id", ""))
        await visit.ask("evaluation.ReadParked", scan_id=visit.ref("scan"), request_id=request_id)
    return RedirectResponse(f"/campaigns/{visit.ref('ref')}/cards/scans?done=ReadParked", 303)


async def all_again(visit: Visit) -> Response:
    """Every parked page of the campaign is read once more."""
    if visit.request.method == "POST":
        request_id = str(visit.form.get("request_id", ""))
        await visit.ask("evaluation.ReadAllParked", campaign_id=visit.ref("ref"), request_id=request_id)
    return RedirectResponse(f"/campaigns/{visit.ref('ref')}/cards/scans?done=ReadAllParked", 303)


async def faults(visit: Visit) -> Response:
    """What was refused: files, pages, and what lay on them, each with its reason and what to do."""
    ref, token = visit.ref("ref"), visit.request.query_params.get("page_token", "")
    listed = await visit.ask("evaluation.ListScanFaults", campaign_id=ref, page_size=LISTED, page_token=token)
    campaign = await campaign_of(visit)
    values: dict[str, Any] = {"campaign": campaign, "ref": ref, "listed": listed, "why": why, "to_do": to_do}
    return visit.site.page(visit, "cards/faults.html", **values)


async def faults_export(visit: Visit) -> Response:
    """All of them as a workbook."""
    heads = [visit.t(f"column.{name}") for name in ("file_name", "card_page", "card_reason", "card_to_do")]

    async def batches() -> AsyncIterator[list[list[str]]]:
        async for rows in pages(visit, "evaluation.ListScanFaults", "faults", {"campaign_id": visit.ref("ref")}):
            yield [[one["name"], _page_word(one), why(visit, one["reason"]), to_do(visit, one["reason"])] for one in rows]

    now = visit.site.clock.now()
    return await streamed_workbook(visit.t("cards_faults"), heads, batches(), "card-faults.xlsx", now)


def _page_word(fault: Mapping[str, Any]) -> str:
    return str(fault["page"]) if int(fault["page"]) else ""


def why(visit: Visit, reason: str) -> str:
    """A reason in people's words; one that nobody wrote a word for stays as the service said it."""
    key = f"card_reason.{reason}"
    return visit.t(key) if visit.site.words.has(key) else reason


def to_do(visit: Visit, reason: str) -> str:
    """What somebody does about it."""
    key = f"card_to_do.{reason}"
    return visit.t(key) if visit.site.words.has(key) else ""


async def _hand_in(visit: Visit) -> list[Handed]:
    """Passes every file of the form on; one refused does not keep out the next."""
    sent = Sent(visit.request)
    handed: list[Handed] = []
    ended: Refused | None = None
    async for name, content in sent.files():
        check_own(visit, sent.fields.get("csrf", ""))
        if ended is None:
            try:
                await _pass_on(visit, name, content)
                handed.append(Handed(name))
                continue
            except Refused as refusal:
                ended = refusal if refusal.status >= 500 or refusal.reason in WHOLE else None
                wrong = refusal
        else:
            wrong = ended
        handed.append(Handed(name, _sentence(visit, wrong), wrong.reason))
    check_own(visit, sent.fields.get("csrf", ""))
    return handed


async def _pass_on(visit: Visit, name: str, content: AsyncIterator[bytes]) -> None:
    async def wires() -> AsyncIterator[bytes]:
        yield scans_pb2.ReadScansRequest(campaign_id=visit.ref("ref"), name=name[:200]).SerializeToString()
        async for piece in content:
            for at in range(0, len(piece), PIECE):
                yield scans_pb2.ReadScansRequest(content=piece[at : at + PIECE]).SerializeToString()

    try:
        await visit.site.doors.send_many(visit.site.contracts.rpc(READ), wires(), visit.caller)
    except Refused as refusal:
        raise await refusal_told(visit, refusal) from None


def _sentence(visit: Visit, refusal: Refused) -> str:
    return refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
