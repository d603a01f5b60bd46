"""The ledger's own pages: one entry with what it rests on, and commended work recorded by one and confirmed by another."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.frame.acts import Act, RecordKind, offered
from gateway.pages.frame.forms import Option
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit

LEDGER = Ledger(
    key="adjustments",
    path="/adjustments",
    rpc="evaluation.ListAdjustments",
    rows="adjustments",
    id="adjustment_id",
    record="/adjustments/{}",
    columns=(
        Column("unit_path", "name"),
        Column("cause", "AdjustmentCause"),
        Column("measure", "choice.measure"),
        Column("state", "AdjustmentState"),
        Column("happened_at", "day"),
        Column("year", "number"),
        Column("origins", "origins"),
    ),
    filters=("unit_path", "year", "state"),
    new="/adjustments/commend",
    new_rpc="evaluation.CommendWork",
)


def label(entry: Any) -> str:
    """The number of what it rests on."""
    return str(entry["origins"][0]["number"]) if entry["origins"] else str(entry["year"])


ENTRY = RecordKind(
    key="adjustments",
    path="/adjustments",
    rpc="evaluation.GetAdjustment",
    field="adjustment",
    id="adjustment_id",
    acts=(Act("evaluation.DecideCommendation", lambda entry: entry["state"] == "ADJUSTMENT_STATE_PROPOSED"),),
    label=label,
)


async def record(visit: Visit) -> Response:
    """One entry."""
    entry = await ENTRY.read(visit)
    await visit.learn(entry, {"account_ids": entry["people"]})
    offers = offered(visit, ENTRY, entry, visit.ref("ref")) if entry["people"] else []
    page: dict[str, Any] = {"entry": entry, "label": label(entry), "offers": offers, "ref": visit.ref("ref")}
    return visit.site.page(visit, "campaigns/entry.html", **page)


async def commend(visit: Visit) -> Response:
    """The form of a commendation."""
    answer = await visit.part("directory.ListUnits", page_size=500)
    units = [Option(one["unit_id"], one["name"]) for one in answer["units"]] if answer else []
    levels = [Option(one, visit.t(f"level.{one}")) for one in ("city", "province", "state")]
    return await single(
        visit,
        "evaluation.CommendWork",
        visit.t("act.evaluation.CommendWork"),
        (visit.t("title.adjustments"), "/adjustments"),
        lambda answer: f"/adjustments/{answer['adjustment']['adjustment_id']}?done=CommendWork",
        options={"unit_id": units, "level": levels},
    )
