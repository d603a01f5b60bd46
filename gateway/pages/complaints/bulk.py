"""Acts on several complaints at once: first what would happen to each, then what did. Every row answers for itself."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

ACTS = ("AcceptComplaint", "Dispatch", "SignFor", "Archive")
"""Those that need nothing but the complaint itself."""
AT_ONCE = 100


async def bulk(visit: Visit) -> Response:
    name = str(visit.form.get("act", ""))
    chosen = list(dict.fromkeys(str(ref) for ref in visit.form.getlist("chosen")))[:AT_ONCE]
    if name not in ACTS or not chosen or not visit.may(f"complaints.{name}"):
        return RedirectResponse("/complaints", 303)
    rows = await asyncio.gather(*(_read(visit, ref) for ref in chosen))
    found = [row for row in rows if row is not None]
    await visit.learn(found)
    if visit.form.get("sure"):
        done = await asyncio.gather(*(_do(visit, name, row) for row in found if name in row["next"]))
        return visit.site.page(visit, "complaints/bulk_done.html", act=name, done=done)
    keys = {row["complaint_id"]: str(new_id(visit.site.clock)) for row in found}
    return visit.site.page(visit, "complaints/bulk.html", act=name, rows=found, keys=keys)


async def _read(visit: Visit, ref: str) -> dict[str, Any] | None:
    answer = await visit.part("complaints.GetComplaint", complaint_id=ref)
    return answer["complaint"] if answer else None


async def _do(visit: Visit, name: str, row: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The row and the sentence of its refusal; an empty sentence where it was done."""
    ref = row["complaint_id"]
    command = {
        "complaint_id": ref,
        "expected_version": str(visit.form.get(f"version-{ref}") or row["version"]),
        "request_id": str(visit.form.get(f"key-{ref}") or new_id(visit.site.clock)),
    }
    try:
        await visit.ask(f"complaints.{name}", **command)
    except Refused as refusal:
        return row, refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return row, ""
