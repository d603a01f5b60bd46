"""For auditors and everybody else: the signed heads of a box, the box itself, and whether one's receipt is in it."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.pages.campaigns.zfbox import length, zipped
from gateway.pages.frame.export import workbook
from gateway.pages.frame.site import Site
from gateway.pages.frame.told import refusal_told
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

PATH = "/results/{ref}/audit"
PAGE, AT_ONCE = 50, 500
RECEIPT = re.compile(r"zhengfeng-receipt/1:([0-9a-f-]{1,64}):([0-9]{1,18}):([0-9a-f]{64}):([0-9a-f]{0,400})")
COLUMNS = ("signed_at", "tree_size", "suite", "root_hash", "rules_hash", "signature", "public_key", "kept_text")


def routes(site: Site) -> list[Route]:
    return [
        site.route(PATH, audit, signed_in=False, post=True),
        site.route("/results/{ref}/heads.xlsx", export, signed_in=False),
        site.route("/results/{ref}/box", download, signed_in=False),
    ]


async def audit(visit: Visit) -> Response:
    """The page, and what became of a receipt that was pasted into it."""
    ref = visit.ref("ref")
    token = visit.request.query_params.get("page_token", "")
    listed = await visit.ask("evaluation.ListTreeHeads", campaign_id=ref, page_size=PAGE, page_token=token)
    found = await visit.parts(
        result=("evaluation.GetResult", {"campaign_id": ref}), head=("evaluation.GetTreeHead", {"campaign_id": ref})
    )
    result = found["result"]["result"] if found["result"] else None
    head = shown(found["head"]["head"]) if found["head"] else None
    pasted = str(visit.form.get("receipt", ""))[:2000]
    return visit.site.page(
        visit,
        "campaigns/audit.html",
        ref=ref,
        result=result,
        head=head,
        heads=[shown(one) for one in listed["heads"]],
        more=listed["next_page_token"],
        file=file_name(result["number"] if result else ref),
        pasted=pasted,
        checked=await _checked(visit, ref, pasted) if pasted else None,
    )


def shown(head: dict[str, Any]) -> dict[str, Any]:
    """A head with its bytes in hexadecimal, and the text to keep of it."""
    names = ("root_hash", "rules_hash", "signature", "public_key")
    one = head | {name: in_hex(head[name]) for name in names}
    known = (
        one["suite"],
        one["campaign_id"],
        one["tree_size"],
        one["root_hash"],
        one["rules_hash"],
        _micros(head["signed_at"]),
    )
    kept = ":".join(map(str, ("zhengfeng-head/1", *known, one["signature"], one["public_key"])))
    kept += ":closed" if one.get("closing") else ""
    return one | {"kept_text": kept}


def kept_receipt(campaign_id: str, position: str, leaf: str, signature: str) -> str:
    """The text of a receipt that proves something by itself; `leaf` in hexadecimal, `signature` as it came."""
    return f"zhengfeng-receipt/1:{campaign_id}:{position}:{leaf}:{in_hex(signature)}"


def in_hex(text: str) -> str:
    """Bytes of a contract as hexadecimal."""
    return base64.b64decode(text).hex()


def file_name(number: str) -> str:
    """`pingyi-2026-3.zfbox` for 评议〔2026〕3号."""
    return "-".join(["pingyi", *re.findall(r"[0-9a-z]+", number)]) + ".zfbox"


def _micros(text: str) -> int:
    """Microseconds since 1970 of a time as contracts write it."""
    at = datetime.fromisoformat(text)
    return round(at.timestamp() * 1_000_000)


async def _checked(visit: Visit, ref: str, pasted: str) -> dict[str, Any]:
    """What the box says to a receipt. `fault` is the word for a text that is none, or one of another campaign."""
    receipt = RECEIPT.search(pasted)
    if receipt is None:
        return {"fault": "receipt_not_read"}
    campaign, position, leaf, signature = receipt.groups()
    if campaign != ref:
        return {"fault": "receipt_elsewhere", "campaign": campaign}
    signed = base64.b64encode(bytes.fromhex(signature[: len(signature) & ~1])).decode()
    wanted = {"leaf_hash": base64.b64encode(bytes.fromhex(leaf)).decode(), "signature": signed}
    answer = await visit.ask("evaluation.CheckReceipt", campaign_id=ref, position=position, **wanted)
    one: dict[str, Any] = answer["found"]
    bytes_shown = {"leaf_hash": in_hex(one["leaf_hash"]), "path": [in_hex(step) for step in one["path"]]}
    return one | bytes_shown | {"fault": "", "position": int(position), "asked": leaf, "head": shown(one["head"])}


async def export(visit: Visit) -> Response:
    """Every head as Excel."""
    ref, token = visit.ref("ref"), ""
    lines: list[list[str]] = []
    while True:
        page = await visit.ask("evaluation.ListTreeHeads", campaign_id=ref, page_size=AT_ONCE, page_token=token)
        lines += [[str(one[name]) for name in COLUMNS] for one in map(shown, page["heads"])]
        token = page["next_page_token"]
        if not token:
            break
    heads = [visit.t(f"column.{name}") for name in COLUMNS]
    return await workbook(visit.t("audit_heads"), heads, lines, "heads.xlsx", visit.site.clock.now())


async def download(visit: Visit) -> Response:
    """The published box. The first answer is awaited, so that a refusal still is a page of its own."""
    parts = _parts(visit)
    try:
        contents = (await anext(parts))["contents"]
    except Refused as refusal:
        raise await refusal_told(visit, refusal) from None
    files = [(file["name"], int(file["size"])) for file in contents["files"]]
    pieces = ((part["piece"]["file"], base64.b64decode(part["piece"]["content"])) async for part in parts)
    headers = {"content-disposition": f'attachment; filename="{file_name(contents["number"])}"', "cache-control": "no-store"}
    whole = length(files)
    if whole is not None:
        headers["content-length"] = str(whole)
    return StreamingResponse(zipped(files, pieces), media_type="application/zip", headers=headers)


async def _parts(visit: Visit) -> AsyncIterator[dict[str, Any]]:
    doors = visit.site.doors
    rpc = doors.contracts.rpc("evaluation.PublishBox")
    asked = doors.transcoder.pack(rpc.request, {"campaign_id": visit.ref("ref")})
    async for answer in doors.follow(rpc, asked, visit.caller):
        yield await asyncio.to_thread(doors.transcoder.unpack, rpc.answer, answer)
