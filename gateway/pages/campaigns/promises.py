"""承诺践诺: what units promised, what became of it, and what the office found."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.single import single
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

MENU = (
    Entry("/promises", "title.promises", "evaluation.ListPromises", "group.campaigns"),
    Entry("/promises/public", "title.public_promises", "", "group.campaigns"),
)
COLUMNS = (
    Column("number"),
    Column("unit_name"),
    Column("text", wide=True, word="promise"),
    Column("target"),
    Column("due_on", "day", word="promise_due"),
    Column("state", "PromiseState"),
    Column("reported", "Delivery"),
    Column("confirmed", "Delivery", word="found"),
)
PROMISES = Ledger(
    key="promises",
    path="/promises",
    rpc="evaluation.ListPromises",
    rows="promises",
    id="promise_id",
    record="/promises/{}",
    columns=COLUMNS,
    filters=("unit_path", "year", "state"),
    new="/promises/new",
    new_rpc="evaluation.RecordPromise",
)
PUBLIC = Ledger(
    key="public_promises",
    path="/promises/public",
    rpc="evaluation.ListPublicPromises",
    rows="promises",
    id="promise_id",
    record="",
    columns=(*COLUMNS[:5], Column("result", wide=True), Column("confirmed", "Delivery", word="found"), Column("note")),
    filters=("year",),
    signed_in=False,
)


def running(record: Record) -> bool:
    return bool(record["state"] != "PROMISE_STATE_CONFIRMED")


def reported(record: Record) -> bool:
    return bool(record["state"] == "PROMISE_STATE_REPORTED")


PROMISE = RecordKind(
    key="promises",
    path="/promises",
    rpc="evaluation.GetPromise",
    field="promise",
    id="promise_id",
    acts=(Act("evaluation.ConfirmPromise", reported), Act("evaluation.ReportPromise", running)),
)


async def record(visit: Visit) -> Response:
    promise = await PROMISE.read(visit)
    await visit.learn(promise)
    return visit.site.page(
        visit,
        "campaigns/promise.html",
        promise=promise,
        ref=visit.ref("ref"),
        beside=bool(visit.request.query_params.get("beside")),
        offers=offered(visit, PROMISE, promise, visit.ref("ref")),
    )


async def new(visit: Visit) -> Response:
    back = (visit.t("title.promises"), "/promises")
    values = {"year": visit.today.year, "due_on": f"{visit.today.year}-12-31"}
    title = visit.t("new.promises")

    def done(answer: dict[str, dict[str, str]]) -> str:
        return f"/promises/{answer['promise']['promise_id']}?done=RecordPromise"

    return await single(visit, "evaluation.RecordPromise", title, back, done, values=values)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/promises/new", new, post=True),
        *ledger_routes(site, PUBLIC),
        *ledger_routes(site, PROMISES),
        *act_routes(site, PROMISE),
        site.route("/promises/{ref}", record),
    ]
