"""A later round: the first or the last of each group of an earlier campaign, as its result says when the plan is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.pages.campaigns.plan_edits import next_key
from gateway.pages.campaigns.plan_form import GROUPS, KEYS, Row
from gateway.pages.campaigns.plan_sheet import Sheet
from gateway.pages.frame.visit import Visit

ENDS = ("END_FIRST", "END_LAST")


async def take(visit: Visit, sheet: Sheet) -> None:
    """One group for each group of the campaign chosen; groups taken from another one before go.

    Where the template says already which groups are taken, the campaign alone is enough.
    """
    source = str(visit.form.get("round.campaign", ""))
    number = str(visit.form.get("round.number", "")).strip()
    end = str(visit.form.get("round.end", ""))
    if source and not number and any(one["taken.number"] for one in sheet.written.rows[GROUPS]):
        sheet.written = replace(sheet.written, plain={**sheet.written.plain, "plan.follows": source})
        return
    if not source or end not in ENDS or not number.isdigit() or not int(number):
        sheet.written = sheet.written.with_faults({"round": [visit.t("round_incomplete")]})
        return
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=source))["campaign"]
    groups: list[Row] = [one for one in sheet.written.rows[GROUPS] if one["objects"]]
    for one in campaign["plan"]["object_groups"]:
        groups.append(_taken(visit, one, end, number, [group["key"] for group in groups]))
    plain = {**sheet.written.plain, "plan.follows": source}
    sheet.written = replace(sheet.written, plain=plain, rows={**sheet.written.rows, GROUPS: groups})


def _taken(visit: Visit, group: dict[str, Any], end: str, number: str, keys: list[str]) -> Row:
    return {
        "key": group["key"] if group["key"] not in keys else next_key(KEYS[GROUPS], keys),
        "name": group["name"],
        "objects": [],
        "taken.object_group": group["key"],
        "taken.end": end,
        "taken.number": number,
    }
