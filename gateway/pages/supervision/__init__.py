"""Supervision: monitoring points and their reports, inspections, findings with their notices and limits, the key list."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.supervision import opening, records
from gateway.pages.supervision.acts import FINDING, INSPECTION, KEY_UNIT, POINT, REPORT

MENU = (
    Entry("/findings", "title.findings", "supervision.ListFindings", "group.supervision"),
    Entry("/inspections", "title.inspections", "supervision.ListInspections", "group.supervision"),
    Entry("/points", "title.points", "supervision.ListPoints", "group.supervision"),
    Entry("/point-reports", "title.point-reports", "supervision.ListPointReports", "group.supervision"),
    Entry("/rounds", "title.rounds", "supervision.ListRounds", "group.supervision"),
    Entry("/supervisors", "title.supervisors", "supervision.ListSupervisors", "group.supervision"),
    Entry("/key-units", "title.key-units", "supervision.ListKeyUnits", "group.supervision"),
)
FINDINGS = Ledger(
    key="findings",
    path="/findings",
    rpc="supervision.ListFindings",
    rows="findings",
    id="finding_id",
    record="/findings/{}",
    columns=(
        Column("number"),
        Column("light", "light"),
        Column("title", wide=True),
        Column("stage", "FindingStage"),
        Column("unit_path", "name"),
        Column("found_by", "FoundBy"),
        Column("recorded_at", "day"),
    ),
    filters=("stage", "light", "unit_path", "found_by", "misconduct", "open", "overdue", "repeated", "referred", "sort"),
    new="/findings/new",
    new_rpc="supervision.ReportOwnFinding",
)
INSPECTIONS = Ledger(
    key="inspections",
    path="/inspections",
    rpc="supervision.ListInspections",
    rows="inspections",
    id="inspection_id",
    record="/inspections/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("kind", "InspectionKind"),
        Column("stage", "InspectionStage"),
        Column("from_day", "day"),
        Column("to_day", "day"),
        Column("findings", "number"),
    ),
    filters=("stage", "kind"),
    new="/inspections/new",
    new_rpc="supervision.PlanInspection",
)
POINTS = Ledger(
    key="points",
    path="/points",
    rpc="supervision.ListPoints",
    rows="points",
    id="point_id",
    record="/points/{}",
    columns=(
        Column("number"),
        Column("name", wide=True),
        Column("kind", "PointKind"),
        Column("jurisdiction_path", "name"),
        Column("phone"),
        Column("appointed_on", "day"),
        Column("ended_on", "day"),
    ),
    filters=("kind", "active"),
    new="/points/new",
    new_rpc="supervision.CreatePoint",
)
ROUNDS = Ledger(
    key="rounds",
    path="/rounds",
    rpc="supervision.ListRounds",
    rows="rounds",
    id="round_id",
    record="/point-reports?round_id={}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("opens_on", "day"),
        Column("closes_on", "day"),
        Column("reports", "number"),
    ),
    new="/rounds/new",
    new_rpc="supervision.OpenRound",
)
REPORTS = Ledger(
    key="point-reports",
    path="/point-reports",
    rpc="supervision.ListPointReports",
    rows="point_reports",
    id="point_report_id",
    record="/point-reports/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("about_unit_path", "name"),
        Column("outcome", "ReportOutcome"),
        Column("reported_at", "day"),
    ),
    filters=("outcome", "about_unit_path"),
    new="/point-reports/new",
    new_rpc="supervision.ReportFromPoint",
)
KEY_UNITS = Ledger(
    key="key-units",
    path="/key-units",
    rpc="supervision.ListKeyUnits",
    rows="key_units",
    id="key_unit_id",
    record="/key-units/{}/acts/TakeOffKeyList",
    columns=(
        Column("unit_path", "name"),
        Column("reason", "choice.key_reason"),
        Column("listed_at", "day"),
        Column("taken_off_at", "day"),
        Column("origins", "origins"),
    ),
    filters=("unit_path", "past"),
)
SUPERVISORS = Ledger(
    key="supervisors",
    path="/supervisors",
    rpc="supervision.ListSupervisors",
    rows="supervisors",
    id="supervisor_id",
    record="",
    columns=(
        Column("number"),
        Column("name", word="person_name"),
        Column("jurisdiction_path", "name"),
        Column("term_from", "day"),
        Column("term_to", "day"),
        Column("recused_unit_paths", "name"),
    ),
    new="/supervisors/new",
    new_rpc="supervision.AppointSupervisor",
)
LEDGERS = (FINDINGS, INSPECTIONS, POINTS, ROUNDS, REPORTS, KEY_UNITS, SUPERVISORS)
KINDS = (FINDING, INSPECTION, POINT, REPORT, KEY_UNIT)


def routes(site: Site) -> list[Route]:
    return [
        *(site.route(f"{path}/new", page, post=True) for path, page in opening.PAGES.items()),
        *(route for one in LEDGERS for route in ledger_routes(site, one)),
        *(route for kind in KINDS for route in act_routes(site, kind)),
        site.route("/findings/{ref}", records.finding),
        site.route("/inspections/{inspection}/findings/{ref}/confirm", records.confirm, post=True),
        site.route("/inspections/{ref}", records.inspection),
        site.route("/points/{ref}", records.point),
        site.route("/point-reports/{ref}", records.report),
    ]
