"""The watchers watched: flags for the level above, and what units file of their own handlings."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.single import single
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

MENU = (
    Entry("/flags", "title.flags", "accountability.ListFlags", "group.cases"),
    Entry("/own-handlings", "title.own-handlings", "accountability.ListOwnHandlings", "group.cases"),
)
FLAGS = Ledger(
    key="flags",
    path="/flags",
    rpc="accountability.ListFlags",
    rows="flags",
    id="id",
    record="/flags/{}",
    columns=(
        Column("number"),
        Column("kind", "FlagKind"),
        Column("state", "FlagState"),
        Column("unit_path", "name", word="answers"),
        Column("reason", "reason", wide=True, word="shown_by"),
        Column("case_number", word="shown_in"),
        Column("on_day", "day"),
    ),
    filters=("kind", "state", "unit_path"),
    new="/flags/new",
    new_rpc="accountability.RaiseFlag",
)
OWN_HANDLINGS = Ledger(
    key="own-handlings",
    path="/own-handlings",
    rpc="accountability.ListOwnHandlings",
    rows="own_handlings",
    id="id",
    record="/own-handlings/{}",
    columns=(
        Column("document_number"),
        Column("state", "OwnHandlingState"),
        Column("unit_path", "name"),
        Column("official_id", "name"),
        Column("measures", "choice.measure"),
        Column("decided_on", "day"),
        Column("filed_at", "day"),
        Column("late", "truth"),
    ),
    filters=("state", "unit_path"),
    new="/own-handlings/new",
    new_rpc="accountability.FileOwnHandling",
)
SEEN = ("kind", "unit_path", "on_day", "evidence", "evidence_sha256")


def undecided(record: Record) -> bool:
    return bool(record["state"] == "FLAG_STATE_OPEN")


FLAG = RecordKind(
    key="flags",
    path="/flags",
    rpc="accountability.GetFlag",
    field="flag",
    id="flag_id",
    acts=(Act("accountability.ConfirmFlag", undecided), Act("accountability.DismissFlag", undecided)),
)
OWN_HANDLING = RecordKind(
    key="own-handlings",
    path="/own-handlings",
    rpc="accountability.GetOwnHandling",
    field="own_handling",
    id="own_handling_id",
    acts=(Act("accountability.RuleOnOwnHandling", lambda record: record["state"] == "OWN_HANDLING_STATE_FILED"),),
    label=lambda record: str(record["document_number"]),
)
RAISE = Act("accountability.RaiseFlag", only=SEEN, start=lambda record: {"unit_path": record["unit_path"]})


async def flag(visit: Visit) -> Response:
    return await _record(visit, FLAG, "cases/flag.html")


async def own_handling(visit: Visit) -> Response:
    return await _record(visit, OWN_HANDLING, "cases/own_handling.html")


async def _record(visit: Visit, kind: RecordKind, template: str) -> Response:
    """The record with what can be done; beside its list, the same without the frame."""
    ref, record = visit.ref("ref"), await kind.read(visit)
    await visit.learn(record)
    beside = bool(visit.request.query_params.get("beside"))
    offers = offered(visit, kind, record, ref)
    return visit.site.page(visit, template, record=record, ref=ref, offers=offers, beside=beside)


async def raise_flag(visit: Visit) -> Response:
    def done(answer: dict[str, Any]) -> str:
        """Supervisors raise flags and read none."""
        here = f"/flags/{answer['flag']['id']}" if visit.may("accountability.GetFlag") else "/work"
        return f"{here}?done=RaiseFlag"

    back = (visit.t("title.flags"), "/flags" if visit.may("accountability.ListFlags") else "/work")
    return await single(visit, "accountability.RaiseFlag", visit.t("new.flags"), back, done, only=SEEN)


async def file_own(visit: Visit) -> Response:
    """A head files for the own unit; whoever has several chooses."""
    person = await visit.part("directory.WhoAmI")
    return await single(
        visit,
        "accountability.FileOwnHandling",
        visit.t("new.own-handlings"),
        (visit.t("title.own-handlings"), "/own-handlings"),
        lambda answer: f"/own-handlings/{answer['own_handling']['id']}?done=FileOwnHandling",
        values={"unit_path": person["person"]["unit_path"] if person else ""},
    )


def routes(site: Site) -> list[Route]:
    return [
        site.route("/flags/new", raise_flag, post=True),
        site.route("/own-handlings/new", file_own, post=True),
        *ledger_routes(site, FLAGS),
        *ledger_routes(site, OWN_HANDLINGS),
        *act_routes(site, FLAG),
        *act_routes(site, OWN_HANDLING),
        site.route("/flags/{ref}", flag),
        site.route("/own-handlings/{ref}", own_handling),
    ]
