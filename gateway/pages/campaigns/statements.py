"""述职和承诺: what a unit files before it is rated, the organiser's overview, and what everybody reads once it is open."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.campaigns import promises
from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

PARTS = ("duties", "promises", "progress", "problems")
"""What a statement says, in the order it is written and read."""
SHOWN = 200

MENU = (
    Entry("/statements", "title.statements", "evaluation.ListAskedStatements", "group.campaigns"),
    *promises.MENU,
)
STATEMENTS = Ledger(
    key="statements",
    path="/statements",
    rpc="evaluation.ListAskedStatements",
    rows="statements",
    id="statement_id",
    record="/statements/{}",
    columns=(
        Column("object_name", wide=True),
        Column("state", "StatementState"),
        Column("due_on", "day", word="statement_due"),
        Column("filed_at", "moment", word="statement_filed"),
        Column("late", "truth"),
        Column("campaign_title", wide=True),
        Column("unit_path", "name"),
    ),
    filters=("state",),
)


def awaited(record: Record) -> bool:
    """Whether another edition may be filed."""
    return not record["published"] and record["state"] != "STATEMENT_STATE_WITHDRAWN"


def filed(record: Record) -> bool:
    return awaited(record) and record["state"] == "STATEMENT_STATE_FILED"


def as_filed(record: Record) -> dict[str, Any]:
    """The last edition, to be written on."""
    last = record["editions"][0]["text"] if record["editions"] else {}
    return {f"text.{part}": last.get(part, "") for part in PARTS}


STATEMENT = RecordKind(
    key="statements",
    path="/statements",
    rpc="evaluation.GetStatement",
    field="statement",
    id="statement_id",
    acts=(
        Act("evaluation.FileStatement", awaited, template="campaigns/statement_file.html", start=as_filed),
        Act("evaluation.ReturnStatement", filed),
    ),
    label=lambda record: str(record["object_name"]),
)


async def record(visit: Visit) -> Response:
    """One statement with its editions, how many days are left, and what came out last time."""
    statement = await STATEMENT.read(visit)
    own = await visit.part("evaluation.ListOwnResults", page_size=SHOWN)
    before = [one for one in own["results"] if one["row"]["name"] == statement["object_name"]] if own else []
    await visit.learn(statement)
    return visit.site.page(
        visit,
        "campaigns/statement.html",
        statement=statement,
        parts=PARTS,
        before=before,
        ref=visit.ref("ref"),
        beside=bool(visit.request.query_params.get("beside")),
        offers=offered(visit, STATEMENT, statement, visit.ref("ref")),
    )


async def public(visit: Visit) -> Response:
    """The statements of an open campaign for everybody; before that, for who runs it, how many came."""
    ref = visit.ref("ref")
    call = await visit.part("evaluation.GetStatementCall", campaign_id=ref) if visit.session else None
    token = visit.request.query_params.get("page_token", "")
    listed = await visit.part("evaluation.ListStatements", campaign_id=ref, page_size=SHOWN, page_token=token)
    waiting = None
    if call and not listed:
        waiting = await visit.part("evaluation.ListAskedStatements", campaign_id=ref, page_size=SHOWN)
    if not listed and not call:
        listed = await visit.ask("evaluation.ListStatements", campaign_id=ref, page_size=SHOWN, page_token=token)
    return visit.site.page(
        visit,
        "campaigns/statements.html",
        call=call["call"] if call else None,
        statements=listed["statements"] if listed else [],
        waiting=waiting["statements"] if waiting else [],
        opened=listed is not None,
        more=listed["next_page_token"] if listed else "",
        parts=PARTS,
        ref=ref,
    )


def routes(site: Site) -> list[Route]:
    return [
        *ledger_routes(site, STATEMENTS),
        *act_routes(site, STATEMENT),
        site.route("/statements/{ref}", record),
        site.route("/campaigns/{ref}/statements", public, signed_in=False),
        *promises.routes(site),
    ]
