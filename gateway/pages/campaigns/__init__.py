"""Campaigns from plan to result: the organiser's desk, the ballot, the hall screen, results that explain themselves."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.campaigns import (
    audit,
    ballot,
    bulletins,
    campaign,
    commended,
    dry_run,
    hall,
    kiosk,
    objections,
    own_results,
    planning,
    register,
    results,
    statements,
    years,
)
from gateway.pages.campaigns.acts import CAMPAIGN
from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/campaigns", "title.campaigns", "evaluation.ListCampaigns", "group.campaigns"),
    *statements.MENU,
    *years.MENU,
    Entry("/adjustments", "title.adjustments", "evaluation.ListAdjustments", "group.campaigns"),
    Entry("/objections", "title.objections", "evaluation.ListObjections", "group.campaigns"),
    Entry("/bulletins", "title.bulletins", "evaluation.ListBulletins", "group.campaigns"),
    Entry("/own-results", "title.own_results", "evaluation.ListOwnResults", "group.campaigns"),
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


def routes(site: Site) -> list[Route]:
    return [
        site.route("/campaigns/new", planning.plan, post=True),
        site.route("/campaigns/{ref}/amend", planning.amend, post=True),
        site.route("/campaigns/{ref}/simulate", dry_run.simulate, post=True),
        *ledger_routes(site, LEDGER),
        *ledger_routes(site, commended.LEDGER),
        site.route("/adjustments/commend", commended.commend, post=True),
        *act_routes(site, commended.ENTRY),
        site.route("/adjustments/{ref}", commended.record),
        *bulletins.routes(site),
        *ledger_routes(site, objections.LEDGER),
        *act_routes(site, objections.OBJECTION),
        site.route("/objections/{ref}", objections.record),
        site.route("/own-results", own_results.listed),
        site.route("/own-results.xlsx", own_results.export),
        *act_routes(site, CAMPAIGN),
        *statements.routes(site),
        *years.routes(site),
        *register.routes(site),
        *hall.routes(site),
        site.route("/campaigns/{ref}", campaign.record),
        site.route("/rate", ballot.rate, signed_in=False, post=True),
        site.route("/rate-worker.js", ballot.worker, signed_in=False),
        site.route("/kiosk/{ref}", kiosk.kiosk, signed_in=False, post=True),
        site.route("/results", results.released, signed_in=False),
        site.route("/results.xlsx", results.released_export, signed_in=False),
        *audit.routes(site),
        site.route("/results/{ref}.xlsx", results.export, signed_in=False),
        site.route("/results/{ref}", results.result, signed_in=False),
        site.route("/results/{ref}/objects/{object}", own_results.explain),
        site.route("/results/{ref}/objects/{object}/objection", objections.file, post=True),
    ]
