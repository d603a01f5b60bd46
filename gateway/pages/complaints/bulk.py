"""Acts on several complaints at once: first what would happen to each, then what did. Every row answers for itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Form, Option, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused, Violation

ACTS = (
    "AcceptComplaint",
    "Dispatch",
    "SignFor",
    "Archive",
    "Remind",
    "ForwardComplaint",
    "DeclineComplaint",
    "Merge",
    "Supervise",
)
"""Those that need nothing but the complaint itself, and those whose input is the same for every row."""
BARE = frozenset({"AcceptComplaint"})
"""Those that are done as they stand, though their form could ask for more."""
AT_ONCE = 100


async def bulk(visit: Visit) -> Response:
    name = str(visit.form.get("act", ""))
    chosen = list(dict.fromkeys(str(ref) for ref in visit.form.getlist("chosen")))[:AT_ONCE]
    if name not in ACTS or not chosen or not visit.may(f"complaints.{name}"):
        return RedirectResponse("/complaints", 303)
    rows = await asyncio.gather(*(_read(visit, ref) for ref in chosen))
    found = [row for row in rows if row is not None]
    await visit.learn(found)
    form = await _shared(visit, name, found)
    values = typed(form, visit.form)
    lacking = [one.name for one in form.fields if one.required and not values[one.name]]
    if visit.form.get("sure") and not lacking:
        said = message(form, values)
        ready = [row for row in found if name in row["next"] and row["complaint_id"] != said.get("into_complaint_id")]
        done = await asyncio.gather(*(_do(visit, name, row, said) for row in ready))
        return visit.site.page(visit, "complaints/bulk_done.html", act=name, done=done)
    if visit.form.get("sure"):
        empty = Refused(400, "FIELDS_INVALID", "", tuple(Violation(one, visit.t("fill_in")) for one in lacking))
        form = form.with_values(values).refused(empty, "", visit.t("fill_in"), visit.t("pick_one"))
    keys = {row["complaint_id"]: str(new_id(visit.site.clock)) for row in found}
    return visit.site.page(visit, "complaints/bulk.html", act=name, rows=found, keys=keys, form=form)


async def _shared(visit: Visit, name: str, found: list[dict[str, Any]]) -> Form:
    """What is said once for all rows; complaints are merged into one of those chosen."""
    form = maker(visit).make(visit.site.contracts.rpc(f"complaints.{name}"))
    if name in BARE:
        return replace(form, fields=[])
    into = [Option(row["complaint_id"], f"{row['number']} {row['title']}") for row in found]
    return await Choices(visit).fill(form, **({"into_complaint_id": into} if name == "Merge" else {}))


async def _read(visit: Visit, ref: str) -> dict[str, Any] | None:
    answer = await visit.part("complaints.GetComplaint", complaint_id=ref)
    return answer["complaint"] if answer else None


async def _do(visit: Visit, name: str, row: dict[str, Any], said: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The row and the sentence of its refusal; an empty sentence where it was done."""
    ref = row["complaint_id"]
    command = {
        **said,
        "complaint_id": ref,
        "expected_version": str(visit.form.get(f"version-{ref}") or row["version"]),
        "request_id": str(visit.form.get(f"key-{ref}") or new_id(visit.site.clock)),
    }
    try:
        await visit.ask(f"complaints.{name}", **command)
    except Refused as refusal:
        return row, refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return row, ""
