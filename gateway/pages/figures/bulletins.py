"""Bulletins about complaints: drafted about a period, read, issued by another, taken away as files, every figure opened."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.complaints import LEDGER as COMPLAINTS
from gateway.pages.figures.opens import FIGURES, WHOLE, Opens, key_word, paths
from gateway.pages.frame.acts import Act, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_export, ledger_page, ledger_routes
from gateway.pages.frame.single import single
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

FORMATS = {
    "pdf": "application/pdf",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LEDGER = Ledger(
    key="complaint_bulletins",
    path="/complaint-bulletins",
    rpc="complaints.ListComplaintBulletins",
    rows="complaint_bulletins",
    id="complaint_bulletin_id",
    record="/complaint-bulletins/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("period", "BulletinPeriod", word="lasts"),
        Column("since", "day"),
        Column("until", "day"),
        Column("state", "BulletinState"),
        Column("issued_at", "day"),
    ),
    filters=("state", "period"),
    new="/complaint-bulletins/new",
    new_rpc="complaints.DraftComplaintBulletin",
)
COUNTED = Ledger(
    key="counted_complaints",
    path="/complaint-bulletins",
    rpc="complaints.ListCountedComplaints",
    rows="complaints",
    id="complaint_id",
    record="/complaints/{}",
    columns=COMPLAINTS.columns,
)
BULLETIN = RecordKind(
    key="complaint_bulletins",
    path="/complaint-bulletins",
    rpc="complaints.GetComplaintBulletin",
    field="complaint_bulletin",
    id="complaint_bulletin_id",
    label=lambda record: str(record["number"] or record["title"]),
    acts=(Act("complaints.IssueComplaintBulletin", lambda record: record["state"] == "BULLETIN_STATE_DRAFT"),),
)


def routes(site: Site) -> list[Route]:
    """Everything about bulletins."""
    return [
        site.route("/complaint-bulletins/new", new, post=True),
        *ledger_routes(site, LEDGER),
        *act_routes(site, BULLETIN),
        site.route("/complaint-bulletins/{ref}/complaints.xlsx", counted_export),
        site.route("/complaint-bulletins/{ref}/complaints", counted),
        site.route("/complaint-bulletins/{ref}/export", file),
        site.route("/complaint-bulletins/{ref}", record),
    ]


async def new(visit: Visit) -> Response:
    """The form of a draft."""
    return await single(
        visit,
        "complaints.DraftComplaintBulletin",
        visit.t("act.complaints.DraftComplaintBulletin"),
        (visit.t("title.complaint_bulletins"), "/complaint-bulletins"),
        lambda answer: (
            f"/complaint-bulletins/{answer['complaint_bulletin']['complaint_bulletin_id']}?done=DraftComplaintBulletin"
        ),
    )


async def record(visit: Visit) -> Response:
    """One bulletin: its frozen tables, what can be done, its files."""
    bulletin = await BULLETIN.read(visit)
    rows = [row for table in bulletin["tables"] for row in table["rows"]]
    people = {"by": [bulletin["drafted_by"], bulletin["issued_by"]]}
    await visit.learn(bulletin, people, paths(rows))
    tables = []
    for table in bulletin["tables"]:
        by = table["by"].removeprefix("STATISTICS_KEY_").lower()
        named = [(row, key_word(visit, by, row["key"])) for row in table["rows"]]
        tables.append((by, named, _opens(visit.ref("ref"), by)))
    page: dict[str, Any] = {
        "bulletin": bulletin,
        "offers": offered(visit, BULLETIN, bulletin, visit.ref("ref")),
        "ref": visit.ref("ref"),
        "formats": list(FORMATS),
        "tables": tables,
        "figures": FIGURES,
        "whole": WHOLE,
        "opens": _opens(visit.ref("ref"), ""),
        "opens_matters": _opens(visit.ref("ref"), "", matters=True),
    }
    return visit.site.page(visit, "figures/bulletin.html", **page)


def _opens(ref: str, by: str, matters: bool = False) -> Opens:
    def opens(figure: str, key: str | None = None) -> str:
        asked = {"figure": f"COMPLAINT_FIGURE_{figure.upper()}"}
        if key is not None and by:
            asked |= {"counted_by": f"STATISTICS_KEY_{by.upper()}", "key": key}
        if matters:
            asked["matters_only"] = "true"
        return f"/complaint-bulletins/{ref}/complaints?{urlencode(asked)}"

    return opens


async def counted(visit: Visit) -> Response:
    """The complaints a frozen figure counted."""
    return await ledger_page(visit, _counted_of(visit))


async def counted_export(visit: Visit) -> Response:
    """The same as a workbook."""
    return await ledger_export(visit, _counted_of(visit))


def _counted_of(visit: Visit) -> Ledger:
    ref = visit.ref("ref")
    return replace(COUNTED, path=f"/complaint-bulletins/{ref}/complaints", fixed={"complaint_bulletin_id": ref})


async def file(visit: Visit) -> Response:
    """It as a file; a PDF opens in the browser, to be read before it is issued."""
    asked_for = visit.request.query_params.get("as", "")
    wanted = asked_for if asked_for in FORMATS else "pdf"
    asked = {"complaint_bulletin_id": visit.ref("ref"), "format": f"BULLETIN_FORMAT_{wanted.upper()}"}
    answer = await visit.ask("complaints.BuildComplaintBulletin", **asked)
    how = "inline" if wanted == "pdf" else "attachment"
    headers = {"content-disposition": f"{how}; filename*=UTF-8''{quote(answer['file_name'], safe='')}"}
    return Response(base64.b64decode(answer["content"]), media_type=FORMATS[wanted], headers=headers)
