"""One-time codes on their way to their raters: as letters in parts of a size that is quickly built, or as a workbook.

Nothing is kept between the steps. Codes are shown again only to the request that issued them, so the parts of a pile carry
that request's id and each part is asked for anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from chassis.errors import Unavailable
from gateway.pages.campaigns.raters import group_names, object_names
from gateway.pages.frame.export import workbook
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from papers.documents_fonts import Fonts
from papers.letters import Letter, Pile, pdf

IN_A_PART = 500
FONTS = Fonts()
TYPED = ("purpose", "address", "help", "ask")


@dataclass(frozen=True, slots=True)
class Part:
    """Letters of one group that make one file: where it begins, how many, and the references at both ends."""

    rater_group: str
    after: str
    letters: int
    first: str
    last: str


async def codes(visit: Visit) -> Response:
    """Issues a code to every rater who has none and shows the pile by group and part."""
    ref = visit.ref("ref")
    if visit.request.method == "GET":
        return RedirectResponse(f"/campaigns/{ref}/raters", 303)
    issue = str(visit.form.get("request_id") or new_id(visit.site.clock))
    asked = {"campaign_id": ref, "rater_group": str(visit.form.get("rater_group", "")), "request_id": issue}
    by_group: dict[str, list[str]] = {}
    async for answer in _followed(visit, "evaluation.IssueCodes", asked):
        for one in answer["codes"]:
            by_group.setdefault(one["rater_group"], []).append(one["reference"])
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    order = [group for group in group_names(campaign) if group in by_group]
    parts = [part for group in order for part in _parts(group, sorted(by_group[group]))]
    return await _pile(visit, campaign, issue, parts)


def _parts(group: str, references: Sequence[str]) -> list[Part]:
    cut = [references[at : at + IN_A_PART] for at in range(0, len(references), IN_A_PART)]
    ends = ["", *(part[-1] for part in cut)]
    return [Part(group, after, len(part), part[0], part[-1]) for after, part in zip(ends, cut, strict=False)]


async def _pile(visit: Visit, campaign: dict[str, Any], issue: str, parts: Sequence[Part], code: str = "") -> Response:
    typed = {name: str(visit.form.get(name, "")) for name in TYPED}
    usual = {"address": f"{visit.request.base_url}rate", "purpose": visit.t("purpose_usual"), "help": visit.t("help_usual")}
    return visit.site.page(
        visit,
        "campaigns/codes.html",
        campaign=campaign,
        ref=campaign["campaign_id"],
        issue=issue,
        parts=parts,
        names=group_names(campaign),
        typed={name: text or usual.get(name, "") for name, text in typed.items()},
        code=code,
    )


async def letters(visit: Visit) -> Response:
    """One part of a pile as PDF, or the codes of a group as a workbook for sending."""
    ref, form = visit.ref("ref"), visit.form
    group, _, rest = str(form.get("part") or form.get("sheet") or "").partition("|")
    count, _, after = rest.partition("|")
    if visit.request.method == "GET" or not form.get("issue"):
        return RedirectResponse(f"/campaigns/{ref}/raters", 303)
    asked = {
        "campaign_id": ref,
        "issue": str(form.get("issue", "")),
        "rater_group": group,
        "purpose": str(form.get("purpose", "")),
        "after": after,
        "at_most": int(count) if count.isdigit() else 0,
    }
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    found = [one async for answer in _followed(visit, "evaluation.PrintLetters", asked) for one in answer["letters"]]
    name = f"{campaign['number']}-{group_names(campaign).get(group, '')}-{found[0]['reference']}"
    if form.get("sheet"):
        return await _sheet(visit, campaign, found)
    try:
        content = await asyncio.to_thread(pdf, _written(visit, campaign, found), FONTS, visit.site.clock.now())
    except Unavailable as wrong:
        raise Refused(503, wrong.reason, visit.t(f"cell.{wrong.reason}", **wrong.params)) from None
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.pdf"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _sheet(visit: Visit, campaign: dict[str, Any], found: Sequence[dict[str, str]]) -> Response:
    names, objects = group_names(campaign), object_names(campaign)
    address = str(visit.form.get("address", ""))
    lines = [
        [
            one["reference"],
            names.get(one["rater_group"], ""),
            one["name"],
            one["contact"],
            objects.get(one["object_id"], ""),
            one["code"],
            f"{address}#code={one['code']}",
        ]
        for one in found
    ]
    columns = ("reference", "rater_group", "person_name", "contact", "only_object", "one_time_code", "code_address")
    heads = [visit.t(f"column.{column}") for column in columns]
    return await workbook(visit.t("codes"), heads, lines, "codes.xlsx", visit.site.clock.now())


def _written(visit: Visit, campaign: dict[str, Any], found: Sequence[dict[str, str]]) -> Pile:
    """What the letters say. The code stands in the picture after the #, which no browser sends to any server."""
    plan, form, objects = campaign["plan"], visit.form, object_names(campaign)
    address = str(form.get("address", ""))
    asked = visit.t("list_comma").join(one["name"] for one in plan["dimensions"])
    about = {"title": plan["title"], "count": len(objects), "asked": asked}
    closing = [visit.t("invite_closes", at=visit.moment(plan["closes_at"])), str(form.get("help", ""))]
    closing += [visit.t("invite_ask", ask=str(form["ask"]))] if form.get("ask") else []
    return Pile(
        heading=visit.t("invite_heading", title=plan["title"]),
        opening=(visit.t("invite_about", **about), visit.t("invite_secret")),
        code_label=visit.t("ballot_code"),
        address=visit.t("invite_address", address=address) if address else "",
        picture_label=visit.t("invite_picture"),
        closing=tuple(line for line in closing if line),
        letters=[
            Letter(
                visit.t("invite_to", name=one["name"] or visit.t("invite_somebody"), reference=one["reference"]),
                one["code"],
                f"{address}#code={one['code']}",
                visit.t("invite_only", name=objects.get(one["object_id"], "")) if one["object_id"] else "",
            )
            for one in found
        ],
        per_page=2 if form.get("per_page") == "2" else 1,
    )


async def reissue(visit: Visit) -> Response:
    """Another code for one rater: the old one is void, the new one is shown this once."""
    ref, rater = visit.ref("ref"), visit.ref("rater")
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    reason, sentence = str(visit.form.get("reason", "")).strip(), ""
    reference = visit.request.query_params.get("reference", "")
    if visit.request.method == "POST":
        asked = {"campaign_id": ref, "rater_id": rater, "reason": reason, "request_id": request_id}
        try:
            code = (await visit.ask("evaluation.ReissueCode", **asked))["code"]
            part = Part(code["rater_group"], "", 1, code["reference"], code["reference"])
            campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
            return await _pile(visit, campaign, request_id, [part], code=code["code"])
        except Refused as wrong:
            sentence = wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)
    values = {"ref": ref, "reference": reference, "reason": reason, "request_id": request_id, "sentence": sentence}
    return visit.site.page(visit, "campaigns/reissue.html", 400 if sentence else 200, **values)


async def _followed(visit: Visit, rpc: str, asked: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """The answers of a stream, one after another."""
    contract, transcoder = visit.site.contracts.rpc(rpc), visit.site.doors.transcoder
    async for answer in visit.site.doors.follow(contract, transcoder.pack(contract.request, asked), visit.caller):
        yield transcoder.unpack(contract.answer, answer)
