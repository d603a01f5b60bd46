"""The registrar's desk: who may rate, entered from a pasted list; one-time codes, shown to be printed or kept in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.export import workbook
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

COLUMNS = ("reference", "rater_group", "name", "contact", "unit_id")
AT_ONCE = 500


async def raters(visit: Visit) -> Response:
    ref = visit.ref("ref")
    pasted = str(visit.form.get("rows", ""))
    entered: list[dict[str, Any]] = []
    sentence = ""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    keys = {group["name"]: group["key"] for group in campaign["plan"]["rater_groups"]}
    if pasted.strip():
        try:
            for batch in _batches(pasted, keys):
                answer = await visit.ask("evaluation.ImportRaters", campaign_id=ref, raters=batch)
                entered += answer["raters"]
        except (Refused, Malformed) as wrong:
            sentence = wrong.sentence if isinstance(wrong, Refused) else str(wrong)
            sentence = sentence or visit.t("status.400")
    token = visit.request.query_params.get("page_token", "")
    listed = await visit.ask("evaluation.ListRaters", campaign_id=ref, page_size=100, page_token=token)
    return visit.site.page(
        visit,
        "campaigns/raters.html",
        400 if sentence else 200,
        campaign=campaign,
        names={key: name for name, key in keys.items()},
        ref=ref,
        listed=listed,
        entered=entered,
        sentence=sentence,
        pasted=pasted if sentence else "",
        request_id=str(new_id(visit.site.clock)),
    )


def _batches(pasted: str, keys: Mapping[str, str]) -> list[list[dict[str, str]]]:
    """Lines of a spreadsheet as it is pasted (tabs) or typed (commas): reference, group, name, contact, unit.

    A group is written by its name, as the page shows it; its key is taken too.
    """
    rows = []
    for line in pasted.splitlines():
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else re.split("[,\uff0c]", line))]
        if any(cells):
            row = {name: cell for name, cell in zip(COLUMNS, cells, strict=False) if cell}
            rows.append({name: keys.get(cell, cell) if name == "rater_group" else cell for name, cell in row.items()})
    return [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]


async def codes(visit: Visit) -> Response:
    """Codes of all raters who have none yet, as a workbook that is not kept anywhere."""
    rpc = visit.site.contracts.rpc("evaluation.IssueCodes")
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    asked = {
        "campaign_id": visit.ref("ref"),
        "rater_group": str(visit.form.get("rater_group", "")),
        "request_id": request_id,
    }
    wire = visit.site.doors.transcoder.pack(rpc.request, asked)
    plan = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]["plan"]
    names = {group["key"]: group["name"] for group in plan["rater_groups"]}
    lines: list[list[str]] = []
    async for answer in visit.site.doors.follow(rpc, wire, visit.caller):
        batch = visit.site.doors.transcoder.unpack(rpc.answer, answer)["codes"]
        lines += [[one["reference"], names.get(one["rater_group"], ""), one["code"]] for one in batch]
    heads = [visit.t(f"column.{name}") for name in ("reference", "rater_group", "code")]
    return await workbook(visit.t("codes"), heads, lines, "codes.xlsx", visit.site.clock.now())
