"""Special roads for those who work here: alerts where life is in danger, handovers to organs outside, keys of Open311."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.roads import alerts, handovers, keys

MENU = (
    Entry("/danger-alerts", "title.danger-alerts", "complaints.ListDangerAlerts", "group.complaints"),
    Entry("/handovers", "title.handovers", "complaints.ListHandovers", "group.complaints"),
    Entry("/open311-keys", "title.open311-keys", "complaints.ListOpen311Keys"),
)
ALERTS = Ledger(
    key="danger-alerts",
    path="/danger-alerts",
    rpc="complaints.ListDangerAlerts",
    rows="danger_alerts",
    id="complaint_id",
    record="/danger-alerts/{}",
    columns=(
        Column("number"),
        Column("kind", "DangerKind", word="danger_kind"),
        Column("source", "DangerSource", word="danger_source"),
        Column("raised_at", "moment"),
        Column("taken_by", "name"),
        Column("taken_at", "moment"),
    ),
    filters=("waiting_only",),
)
HANDOVERS = Ledger(
    key="handovers",
    path="/handovers",
    rpc="complaints.ListHandovers",
    rows="handovers",
    id="complaint_id",
    record="/handovers/{}",
    columns=(
        Column("number"),
        Column("kind", "HandoverKind", word="handover_kind"),
        Column("state", "HandoverState"),
        Column("hand_over_by", "day"),
        Column("organ", word="handover_organ"),
        Column("handed_over_at", "moment"),
        Column("receipt_number"),
    ),
    filters=("state",),
)
KEYS = Ledger(
    key="open311-keys",
    path="/open311-keys",
    rpc="complaints.ListOpen311Keys",
    rows="open311_keys",
    id="open311_key_id",
    record="/open311-keys/{}",
    columns=(
        Column("holder", wide=True),
        Column("jurisdiction_path", "name"),
        Column("filed"),
        Column("issued_by", "name"),
        Column("issued_at", "day", word="key_issued_at"),
        Column("withdrawn_at", "day"),
    ),
    new="/open311-keys/new",
    new_rpc="complaints.IssueOpen311Key",
)
LEDGERS = (ALERTS, HANDOVERS, KEYS)


def routes(site: Site) -> list[Route]:
    return [
        *(route for ledger in LEDGERS for route in ledger_routes(site, ledger)),
        site.route("/danger-alerts/{ref}", alerts.alert, post=True),
        site.route("/handovers/{ref}", handovers.handover, post=True),
        site.route("/open311-keys/new", keys.issue, post=True),
        site.route("/open311-keys/{ref}", keys.key, post=True),
    ]
