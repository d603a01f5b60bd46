"""Campaigns from plan to result: the organiser's desk, the ballot, the hall screen, results that explain themselves."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.campaigns import audit, ballot, campaign, dry_run, hall, kiosk, planning, register, results, statements
from gateway.pages.campaigns.acts import CAMPAIGN
from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/campaigns", "title.campaigns", "evaluation.ListCampaigns", "group.campaigns"),
    *statements.MENU,
    Entry("/adjustments", "title.adjustments", "evaluation.ListAdjustments", "group.campaigns"),
    Entry("/results", "menu.results", "", "group.campaigns"),
)
LEDGER = Ledger(
    key="campaigns",
    path="/campaigns",
    rpc="evaluation.ListCampaigns",
    rows="campaigns",
    id="campaign_id",
    record="/campaigns/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("year", "number"),
        Column("state", "CampaignState"),
        Column("jurisdiction_path", "name"),
        Column("closes_at", "moment"),
    ),
    filters=("state", "year"),
    new="/campaigns/new",
    new_rpc="evaluation.CreateCampaign",
)
ADJUSTMENTS = Ledger(
    key="adjustments",
    path="/adjustments",
    rpc="evaluation.ListAdjustments",
    rows="adjustments",
    id="adjustment_id",
    record="",
    columns=(
        Column("unit_path", "name"),
        Column("cause", "AdjustmentCause"),
        Column("measure", "choice.measure"),
        Column("state", "AdjustmentState"),
        Column("happened_at", "day"),
        Column("year", "number"),
        Column("origins", "origins"),
    ),
    filters=("unit_path", "year"),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/campaigns/new", planning.plan, post=True),
        site.route("/campaigns/{ref}/amend", planning.amend, post=True),
        site.route("/campaigns/{ref}/simulate", dry_run.simulate, post=True),
        *ledger_routes(site, LEDGER),
        *ledger_routes(site, ADJUSTMENTS),
        *act_routes(site, CAMPAIGN),
        *statements.routes(site),
        *register.routes(site),
        *hall.routes(site),
        site.route("/campaigns/{ref}", campaign.record),
        site.route("/rate", ballot.rate, signed_in=False, post=True),
        site.route("/rate-worker.js", ballot.worker, signed_in=False),
        site.route("/kiosk/{ref}", kiosk.kiosk, signed_in=False, post=True),
        site.route("/results", results.released, signed_in=False),
        *audit.routes(site),
        site.route("/results/{ref}.xlsx", results.export, signed_in=False),
        site.route("/results/{ref}", results.result, signed_in=False),
        site.route("/results/{ref}/objects/{object}", results.explain),
    ]
