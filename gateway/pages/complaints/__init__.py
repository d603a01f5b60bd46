"""The complaints ledger and record, for clerks, units, the office and leaders; sealed identities and their log."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.complaints import bulk, identity, record, register, steering
from gateway.pages.complaints.acts import COMPLAINT
from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/complaints", "title.complaints", "complaints.ListComplaints", "group.complaints"),
    Entry("/matters", "title.matters", "complaints.ListMatters", "group.complaints"),
    Entry("/parts", "title.parts", "complaints.ListParts", "group.complaints"),
    Entry("/escalations", "title.escalations", "complaints.ListEscalations", "group.complaints"),
    Entry("/identity-requests", "title.identity-requests", "complaints.ListIdentityRequests", "group.complaints"),
)
LEDGER = Ledger(
    key="complaints",
    path="/complaints",
    rpc="complaints.ListComplaints",
    rows="complaints",
    id="complaint_id",
    record="/complaints/{}",
    columns=(
        Column("number"),
        Column("light", "light"),
        Column("title", wide=True),
        Column("stage", "Stage"),
        Column("unit_path", "name"),
        Column("channel", "Channel"),
        Column("received_at", "day"),
    ),
    filters=(
        "filter.text",
        "filter.stages",
        "filter.lights",
        "filter.unit_path",
        "filter.channels",
        "filter.received_from",
        "filter.received_to",
        "filter.open_only",
        "sort",
    ),
    bulk=True,
    template="complaints/ledger.html",
    new="/complaints/new",
    new_rpc="complaints.RegisterForCaller",
)
IDENTITY_REQUESTS = Ledger(
    key="identity-requests",
    path="/identity-requests",
    rpc="complaints.ListIdentityRequests",
    rows="identity_requests",
    id="identity_request_id",
    record="/identity-requests/{}",
    columns=(
        Column("number"),
        Column("state", "IdentityRequestState"),
        Column("asked_by", "name"),
        Column("reader", "name"),
        Column("purpose", wide=True),
        Column("asked_at", "moment"),
        Column("good_until", "moment"),
    ),
    filters=("state",),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/complaints/new", register.register, post=True),
        site.route("/complaints/bulk", bulk.bulk, post=True),
        *ledger_routes(site, LEDGER),
        *ledger_routes(site, IDENTITY_REQUESTS),
        *(route for ledger in steering.LEDGERS for route in ledger_routes(site, ledger)),
        site.route("/parts/{ref}", steering.part, post=True),
        *act_routes(site, COMPLAINT),
        site.route("/identity-requests/{ref}", identity.request, post=True),
        site.route("/complaints/{ref}", record.record),
    ]
