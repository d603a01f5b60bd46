"""A campaign written down: a template or an earlier campaign to begin with, then one form in which all can be changed.

Every button sends the whole form, so that nothing typed is lost and nothing needs a script. Only `save` is kept anywhere;
`try` asks the service for a dry run of the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.campaigns import picking, plan_edits, plan_rounds
from gateway.pages.campaigns.dry_run import dry_run
from gateway.pages.campaigns.plan_form import (
    GROUPS,
    Written,
    faults_of,
    fields_of,
    placed,
    plan_of,
    read,
    written_of,
)
from gateway.pages.campaigns.plan_sheet import Sheet
from gateway.pages.campaigns.rated import packed
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

FIRST_STATES = ("CAMPAIGN_STATE_DRAFT", "CAMPAIGN_STATE_STATEMENTS")
ANEW = ("object_id", "before")
"""What an object of an earlier campaign does not bring along."""


async def plan(visit: Visit) -> Response:
    """A new campaign: what to begin with is chosen first."""
    if visit.request.method == "POST":
        sheet = await _sheet(visit, str(visit.form.get("plan.template", "")))
        return await _answered(visit, sheet)
    asked = visit.request.query_params
    if asked.get("template"):
        return await _page(visit, await _from_template(visit, asked["template"]))
    if asked.get("from"):
        return await _page(visit, await _after(visit, asked["from"]))
    return await _choice(visit)


async def amend(visit: Visit) -> Response:
    """A campaign's plan changed, with a reason; what may change is the service's to say."""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]
    written = None if visit.request.method == "POST" else written_of(fields_of(visit), campaign["plan"])
    sheet = await _sheet(visit, campaign["plan"]["template"], written)
    sheet.campaign, sheet.frozen = campaign, campaign["state"] not in FIRST_STATES
    return await (_answered if visit.request.method == "POST" else _page)(visit, sheet)


async def templates(visit: Visit, place: str) -> list[dict[str, Any]]:
    """The templates of the place, none where the service does not answer."""
    answer = await visit.part("evaluation.ListTemplates", jurisdiction_path=place) if place else None
    return answer["templates"] if answer else []


async def _choice(visit: Visit) -> Response:
    earlier = await visit.ask("evaluation.ListCampaigns", page_size=100)
    found = await templates(visit, await picking.place_of(visit))
    return visit.site.page(visit, "campaigns/choose.html", templates=found, campaigns=earlier["campaigns"])


async def _sheet(visit: Visit, template: str, written: Written | None = None) -> Sheet:
    fields = fields_of(visit)
    written = written or read(fields, visit.form)
    place = written.plain["plan.jurisdiction_path"] or await picking.place_of(visit)
    known = {one["key"]: one for one in await templates(visit, place)} if template else {}
    return Sheet(visit, fields, written, place, known.get(template))


async def _from_template(visit: Visit, key: str) -> Sheet:
    """What the template says; objects of the kinds it names are there already, the others are to be picked."""
    sheet = await _sheet(visit, key, written_of(fields_of(visit), {}))
    if sheet.template is None:
        raise Refused(404, "TEMPLATE_UNKNOWN", "")
    found = sheet.template
    ends = visit.today + timedelta(days=max(1, int(found["days"] or 0)))
    year = visit.today.year
    said = {
        **found["plan"],
        "title": visit.t("plan_title_of", year=year, name=found[f"name_{visit.language}"]),
        "year": year,
        "jurisdiction_path": sheet.place,
        "template": key,
        "closes_at": f"{ends}T23:59:00+08:00",
        "object_groups": [await _group(visit, one, sheet.place) for one in found["object_groups"]],
    }
    sheet.written = written_of(sheet.fields, said)
    if found["object_groups"]:
        sheet.search = picking.search_of(found["object_groups"][0], sheet.place)
    return sheet


async def _group(visit: Visit, one: Mapping[str, Any], place: str) -> dict[str, Any]:
    """A group of the template, with its objects where the template names all of a kind."""
    found = await picking.all_of(visit, one, place) if one["picked_by"] == "PICKED_BY_KIND" else []
    return {"key": one["key"], "name": one["name"], "objects": [rated.message() for rated in found], "taken": one["taken"]}


async def _after(visit: Visit, source: str) -> Sheet:
    """An earlier campaign's plan under a new title and end: its objects are kept, their ids are not."""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=source))["campaign"]
    before = campaign["plan"]
    groups = [
        {**group, "taken": None, "objects": [{k: v for k, v in one.items() if k not in ANEW} for one in group["objects"]]}
        for group in before["object_groups"]
    ]
    said = {**before, "title": "", "closes_at": None, "follows": "", "object_groups": groups, "year": visit.today.year}
    return await _sheet(visit, before["template"], written_of(fields_of(visit), said))


async def _answered(visit: Visit, sheet: Sheet) -> Response:
    do = str(visit.form.get("do", ""))
    act = do.partition(":")[0]
    if act == "save":
        return await _save(visit, sheet)
    if act == "try":
        await _try(visit, sheet)
    elif act == "round":
        await plan_rounds.take(visit, sheet)
    elif act in ("find", "pick", "pick_all") or (not do and visit.form.get("find.text")):
        await _pick(visit, sheet, act)
    else:
        name = do.partition(":")[2].split(".")
        columns = next((field for field in sheet.fields.values() if do.partition(":")[2].startswith(field.name)), None)
        sheet.written = plan_edits.edited(
            sheet.written,
            do,
            visit.form,
            [column.name for column in columns.columns] if columns and name else (),
            visit.t("new_group"),
        )
    return await _page(visit, sheet)


async def _pick(visit: Visit, sheet: Sheet, act: str) -> None:
    """Looks for objects; puts the ticked ones, or all that were found, into the group that was chosen."""
    sheet.search = picking.Search(
        str(visit.form.get("find.kind") or picking.UNITS),
        str(visit.form.get("find.under") or sheet.place),
        str(visit.form.get("find.text", "")).strip(),
    )
    sheet.found = await picking.search(visit, sheet.search)
    chosen = {"pick": plan_edits.picked(visit.form, "find.pick"), "pick_all": [one.rated for one in sheet.found]}
    if act in chosen:
        into = str(visit.form.get("find.into", ""))
        sheet.written = plan_edits.put(sheet.written, chosen[act], into, visit.t("new_group"))
        sheet.opened = into


async def _try(visit: Visit, sheet: Sheet) -> None:
    asked = await _asked(visit, sheet)
    if asked is None:
        return
    try:
        sheet.tried = await dry_run(visit, asked)
    except (Refused, Malformed) as wrong:
        _refused(visit, sheet, wrong)


async def _asked(visit: Visit, sheet: Sheet) -> dict[str, Any] | None:
    """The plan that is sent; None where something must be put right first."""
    groups = [one for one in sheet.written.rows[GROUPS] if one["objects"] or one["taken.number"]]
    sheet.written = sheet.written.without_blank()
    sheet.written.rows[GROUPS] = groups or sheet.written.rows[GROUPS]
    sheet.written = sheet.written.with_faults(faults_of(visit, sheet.fields, sheet.written))
    return None if sheet.written.faults else plan_of(sheet.fields, sheet.written, sheet.place)


async def _save(visit: Visit, sheet: Sheet) -> Response:
    asked = await _asked(visit, sheet)
    if asked is None:
        return await _page(visit, sheet, 400)
    command = {"plan": asked, "request_id": str(visit.form.get("request_id") or new_id(visit.site.clock))}
    try:
        if sheet.campaign is None:
            answer = await visit.ask("evaluation.CreateCampaign", **command)
            return RedirectResponse(f"/campaigns/{answer['campaign']['campaign_id']}?done=CreateCampaign", 303)
        ref, version = sheet.campaign["campaign_id"], str(visit.form.get("expected_version", ""))
        reason = str(visit.form.get("reason", "")).strip()
        await visit.ask("evaluation.AmendCampaign", campaign_id=ref, expected_version=version, reason=reason, **command)
        return RedirectResponse(f"/campaigns/{ref}?done=AmendCampaign", 303)
    except (Refused, Malformed) as wrong:
        _refused(visit, sheet, wrong)
        return await _page(visit, sheet, wrong.status if isinstance(wrong, Refused) else 400)


def _refused(visit: Visit, sheet: Sheet, wrong: Refused | Malformed) -> None:
    """Each fault at its field; what names none stands at the top."""
    if isinstance(wrong, Malformed):
        sheet.written = sheet.written.with_faults({"": [visit.t("status.400")]})
        return
    faults = placed(sheet.fields, sheet.written, wrong.violations)
    sentence = wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)
    sheet.written = sheet.written.with_faults(faults or {"": [sentence]})


async def _page(visit: Visit, sheet: Sheet, status: int = 200) -> Response:
    await sheet.learn()
    shown = {"packed": packed, "kinds": picking.kinds(visit), "request_id": str(new_id(visit.site.clock))}
    return visit.site.page(visit, "campaigns/plan.html", status, sheet=sheet, **shown)
