"""What guards those who complain: the identity log, what has been anonymised and erased, repeats by a typed number."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit
from gateway.pages.vault import repeats

MENU = (
    Entry("/identity-log", "title.identity-log", "complaints.ListIdentityLog", "group.complaints"),
    Entry("/retention", "title.retention", "complaints.ListRetentionLog", "group.complaints"),
    Entry("/repeats", "title.repeats", "complaints.FindRepeats", "group.complaints"),
)


async def _verified(visit: Visit) -> None:
    """Whether the log still says what was written, for those who may ask."""
    visit.request.state.verified = await visit.part("complaints.VerifyIdentityLog")


async def _rules(visit: Visit) -> None:
    """The rules in force, which the page tells above what they did."""
    answer = await visit.part("complaints.GetRetentionRules")
    visit.request.state.rules = answer["rules"] if answer else []


IDENTITY_LOG = Ledger(
    key="identity-log",
    path="/identity-log",
    rpc="complaints.ListIdentityLog",
    rows="entries",
    id="complaint_id",
    record="",
    columns=(
        Column("at", "moment"),
        Column("act", "IdentityAct"),
        Column("number"),
        Column("by", "name"),
        Column("reader", "name"),
        Column("purpose", wide=True),
    ),
    filters=("number", "act", "by", "reader", "from_day", "to_day"),
    template="vault/log.html",
    learn=_verified,
)
RETENTION = Ledger(
    key="retention",
    path="/retention",
    rpc="complaints.ListRetentionLog",
    rows="entries",
    id="complaint_id",
    record="",
    columns=(
        Column("number"),
        Column("step", "RetentionStep", word="retention_step"),
        Column("rule", "RetentionRule", word="retention_rule"),
        Column("since", "day", word="retention_since"),
        Column("done_at", "moment", word="retention_done"),
    ),
    filters=("retention_step", "number", "from_day", "to_day"),
    template="vault/retention.html",
    learn=_rules,
)


def routes(site: Site) -> list[Route]:
    return [
        *ledger_routes(site, IDENTITY_LOG),
        *ledger_routes(site, RETENTION),
        site.route("/repeats", repeats.repeats, post=True),
    ]
