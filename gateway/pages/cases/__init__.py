"""Accountability: cases from clue to archive, the proposal with its reasons, the decision, the rules, effects on people."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.cases import (
    backtest,
    circulars,
    cleared,
    decision,
    documents,
    effects,
    grid,
    grid_write,
    opening,
    outside,
    record,
    rules,
    statistics,
    tolerance,
    transfer,
    watch,
)
from gateway.pages.cases.acts import CASE, RULES
from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/cases", "title.cases", "accountability.ListCases", "group.cases"),
    Entry("/rules", "title.rules", "accountability.ListRuleVersions", "group.cases"),
    Entry("/effects", "title.effects", "accountability.BarsOn", "group.cases"),
    Entry("/appeals", "title.open_appeals", "accountability.ListOpenAppeals", "group.cases"),
    Entry("/statistics", "title.statistics", "accountability.MeasureTable", "group.cases"),
    Entry("/circular-desk", "title.circulars", "accountability.ListCirculars", "group.cases"),
    Entry("/circulars", "menu.circulars", signed_in=False),
    Entry("/cleared", "menu.cleared", signed_in=False),
    *watch.MENU,
)
LEDGER = Ledger(
    key="cases",
    path="/cases",
    rpc="accountability.ListCases",
    rows="cases",
    id="id",
    record="/cases/{}",
    columns=(
        Column("number"),
        Column("state", "CaseState"),
        Column("suspected_conduct", "choice.conduct"),
        Column("unit_path", "name"),
        Column("origins", "origins"),
        Column("opened_at", "day"),
        Column("decide_by", "day"),
    ),
    filters=("state", "unit_path"),
    new="/cases/new",
    new_rpc="accountability.OpenCase",
)
RULE_VERSIONS = Ledger(
    key="rules",
    path="/rules",
    rpc="accountability.ListRuleVersions",
    rows="rule_versions",
    id="id",
    record="/rules/{}",
    columns=(
        Column("instrument.title", wide=True),
        Column("label"),
        Column("state", "RuleVersionState"),
        Column("instrument.number"),
        Column("instrument.jurisdiction_path", "name"),
        Column("valid_from", "day"),
        Column("valid_to", "day"),
    ),
    new="/rules/new",
    new_rpc="accountability.ImportRules",
)
APPEALS = Ledger(
    key="open_appeals",
    path="/appeals",
    rpc="accountability.ListOpenAppeals",
    rows="appeals",
    id="case_id",
    record="/cases/{}",
    columns=(
        Column("case_number"),
        Column("clock", "AppealClock"),
        Column("appeal.decide_by", "day"),
        Column("official_id", "name"),
        Column("unit_path", "name"),
        Column("appeal.instance", "instance"),
        Column("appeal.organ", "choice.organ"),
        Column("appeal.filed_at", "day"),
    ),
    filters=("unit_path",),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/cases/new", opening.open_case, post=True),
        site.route("/rules/new", rules.import_pack, post=True),
        site.route("/rules/upload", grid.upload, post=True),
        site.route("/rules/write", grid_write.write, post=True),
        *ledger_routes(site, LEDGER),
        *ledger_routes(site, RULE_VERSIONS),
        site.route("/cases/{ref}/acts/Decide", decision.decide, post=True),
        site.route("/cases/{ref}/acts/Transfer", transfer.transfer, post=True),
        site.route("/cases/{ref}/acts/AssignInvestigators", decision.assign, post=True),
        site.route("/cases/{ref}/acts/TolerateCase", tolerance.tolerate, post=True),
        *act_routes(site, CASE),
        *act_routes(site, RULES),
        site.route("/recommendations/{ref}/acts/RecordOutsideDecision", outside.outside_decision, post=True),
        *ledger_routes(site, APPEALS),
        site.route("/appeals/{ref}/acts/DecideAppeal", outside.appeal, post=True),
        site.route("/appeals/{ref}/acts/FileSecondAppeal", outside.second_appeal, post=True),
        site.route("/appeals/{ref}/acts/ExtendAppeal", outside.extension, post=True),
        site.route("/appeals/{ref}/acts/RecordAppealOutcome", outside.outcome, post=True),
        site.route("/suspensions/{ref}/acts/LiftSuspension", outside.lift_suspension, post=True),
        site.route("/effects/{ref}/acts/DecideLifting", outside.lifting, post=True),
        site.route("/effects/{ref}/acts/RecordNoRepentance", outside.no_repentance, post=True),
        site.route("/cases/{ref}/draft/export", documents.draft),
        site.route("/documents/{ref}/export", documents.issued),
        site.route("/cases/{ref}", record.record),
        site.route("/rules/{ref}/back-test", backtest.back_test),
        site.route("/rules/{ref}/back-test.xlsx", backtest.exported),
        site.route("/rules/{ref}/grid", grid.grid),
        site.route("/rules/{ref}/export", grid.workbook),
        site.route("/rules/{ref}/write", grid_write.revise, post=True),
        site.route("/rules/{ref}/freeze", grid.freeze, post=True),
        site.route("/rules/{ref}", rules.version),
        *ledger_routes(site, effects.HELD),
        site.route("/effects", effects.effects),
        site.route("/officials/{person}/effects", effects.of_person),
        *_told_to_leaders_and_public(site),
        *watch.routes(site),
    ]


def _told_to_leaders_and_public(site: Site) -> list[Route]:
    """Figures, circulars and who was cleared."""
    return [
        site.route("/statistics", statistics.statistics),
        site.route("/statistics.xlsx", statistics.exported),
        *ledger_routes(site, statistics.BEHIND),
        site.route("/circulars", circulars.published, signed_in=False),
        site.route("/circulars/{ref}", circulars.read, signed_in=False),
        site.route("/circular-desk/new", circulars.draft, post=True),
        *ledger_routes(site, circulars.DESK),
        site.route("/circular-desk/{ref}/revise", circulars.revise, post=True),
        site.route("/circular-desk/{ref}/export", circulars.exported),
        *act_routes(site, circulars.CIRCULAR),
        site.route("/circular-desk/{ref}", circulars.record),
        site.route("/cleared", cleared.published, signed_in=False),
        site.route("/cases/{ref}/clearings", cleared.of_case, post=True),
        site.route("/cases/{ref}/clearings/{clearing}/withdraw", cleared.withdraw, post=True),
    ]
