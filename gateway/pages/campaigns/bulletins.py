"""Bulletins: drafted from released results, looked at as they would be printed, issued by another, taken away as files."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, RecordKind, act_routes, offered
from gateway.pages.frame.forms import Option
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.single import single
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

FORMATS = {
    "pdf": "application/pdf",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LEDGER = Ledger(
    key="bulletins",
    path="/bulletins",
    rpc="evaluation.ListBulletins",
    rows="bulletins",
    id="bulletin_id",
    record="/bulletins/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("year", "number"),
        Column("state", "BulletinState"),
        Column("drafted_at", "day"),
        Column("issued_at", "day"),
    ),
    filters=("state",),
    new="/bulletins/new",
    new_rpc="evaluation.DraftBulletin",
)
BULLETIN = RecordKind(
    key="bulletins",
    path="/bulletins",
    rpc="evaluation.GetBulletin",
    field="bulletin",
    id="bulletin_id",
    label=lambda record: str(record["number"] or record["title"]),
    acts=(
        Act(
            "evaluation.IssueBulletin",
            lambda record: record["state"] == "BULLETIN_STATE_DRAFT",
            start=lambda record: {"paper_hash": record["paper_hash"]},
        ),
    ),
)


def routes(site: Site) -> list[Route]:
    """Everything about bulletins."""
    return [
        site.route("/bulletins/new", new, post=True),
        *ledger_routes(site, LEDGER),
        *act_routes(site, BULLETIN),
        site.route("/bulletins/{ref}", record),
        site.route("/bulletins/{ref}/export", file),
    ]


async def new(visit: Visit) -> Response:
    """The form of a draft: about one released campaign, or about the year."""
    answer = await visit.part("evaluation.ListResults", page_size=200)
    released = answer["results"] if answer else []
    campaigns = [Option(one["campaign_id"], f"{one['title']} · {one['number']}") for one in released]
    return await single(
        visit,
        "evaluation.DraftBulletin",
        visit.t("act.evaluation.DraftBulletin"),
        (visit.t("title.bulletins"), "/bulletins"),
        lambda answer: f"/bulletins/{answer['bulletin']['bulletin_id']}?done=DraftBulletin",
        values={"year": str(visit.today.year), "campaign_id": visit.request.query_params.get("campaign", "")},
        options={"campaign_id": [Option("", visit.t("the_whole_year")), *campaigns]},
    )


async def record(visit: Visit) -> Response:
    """One bulletin: where it stands, what can be done, and its files to look at."""
    bulletin = await BULLETIN.read(visit)
    await visit.learn(bulletin, {"by": [bulletin["drafted_by"], bulletin["issued_by"]]})
    offers = offered(visit, BULLETIN, bulletin, visit.ref("ref"))
    page: dict[str, Any] = {"bulletin": bulletin, "offers": offers, "ref": visit.ref("ref"), "formats": list(FORMATS)}
    return visit.site.page(visit, "campaigns/bulletin.html", **page)


async def file(visit: Visit) -> Response:
    """It as a file; a PDF opens in the browser, to be read before it is issued."""
    asked_for = visit.request.query_params.get("as", "")
    wanted = asked_for if asked_for in FORMATS else "pdf"
    asked = {"bulletin_id": visit.ref("ref"), "format": f"BULLETIN_FORMAT_{wanted.upper()}"}
    answer = await visit.ask("evaluation.BuildBulletin", **asked)
    how = "inline" if wanted == "pdf" else "attachment"
    headers = {"content-disposition": f"{how}; filename*=UTF-8''{quote(answer['file_name'], safe='')}"}
    return Response(base64.b64decode(answer["content"]), media_type=FORMATS[wanted], headers=headers)
