"""What follows from a complaint's track: undertakings with their lights, and the year's list of what could not be solved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

MENU = (
    Entry("/undertakings", "title.undertakings", "complaints.ListUndertakings", "group.aftermath"),
    Entry("/unsolved", "title.unsolved", "complaints.ListUpwardReports", "group.aftermath"),
)
UNDERTAKINGS = Ledger(
    key="undertakings",
    path="/undertakings",
    rpc="complaints.ListUndertakings",
    rows="undertakings",
    id="undertaking_id",
    record="/undertakings/{}",
    columns=(
        Column("number"),
        Column("light", "light"),
        Column("text", wide=True, word="undertaken"),
        Column("effect_by", "day"),
        Column("unit_path", "name"),
        Column("state", "UndertakingState"),
        Column("settled_at", "day"),
    ),
    filters=("state", "light", "unit_path"),
)
UNSOLVED = Ledger(
    key="unsolved",
    path="/unsolved",
    rpc="complaints.ListUpwardReports",
    rows="upward_reports",
    id="upward_report_id",
    record="/unsolved/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("text", wide=True, word="beyond"),
        Column("reported_to"),
        Column("unit_path", "name"),
        Column("reported_at", "day"),
        Column("state", "UpwardReportState"),
        Column("receipt_number", word="their_receipt"),
        Column("received_on", "day"),
    ),
    filters=("year", "state", "unit_path"),
)
LEDGERS = (UNDERTAKINGS, UNSOLVED)


def _unsettled(record: Record) -> bool:
    return str(record["state"]) != "UNDERTAKING_STATE_KEPT"


UNDERTAKING = RecordKind(
    key="undertakings",
    path="/undertakings",
    rpc="complaints.GetUndertaking",
    field="undertaking",
    id="undertaking_id",
    acts=(Act("complaints.SettleUndertaking", _unsettled),),
)
REPORT = RecordKind(
    key="unsolved",
    path="/unsolved",
    rpc="complaints.GetUpwardReport",
    field="upward_report",
    id="upward_report_id",
    acts=(Act("complaints.RecordUpwardReceipt", lambda record: record["state"] == "UPWARD_REPORT_STATE_SENT"),),
)
KINDS = (UNDERTAKING, REPORT)


def _record(kind: RecordKind, template: str) -> Callable[[Visit], Awaitable[Response]]:
    """The page of one of them."""

    async def record(visit: Visit) -> Response:
        found, ref = await kind.read(visit), visit.ref("ref")
        await visit.learn(found)
        return visit.site.page(visit, template, record=found, kind=kind, ref=ref, offers=offered(visit, kind, found, ref))

    record.__qualname__ = f"record_{kind.key}"
    return record


def routes(site: Site) -> list[Route]:
    return [
        *(route for ledger in LEDGERS for route in ledger_routes(site, ledger)),
        *(route for kind in KINDS for route in act_routes(site, kind)),
        site.route("/undertakings/{ref}", _record(UNDERTAKING, "tracks/undertaking.html")),
        site.route("/unsolved/{ref}", _record(REPORT, "tracks/report.html")),
    ]
