"""Objections: filed from the own result, listed, answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.acts import Act, RecordKind, offered
from gateway.pages.frame.forms import Option
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit

LEDGER = Ledger(
    key="objections",
    path="/objections",
    rpc="evaluation.ListObjections",
    rows="objections",
    id="objection_id",
    record="/objections/{}",
    columns=(
        Column("number"),
        Column("campaign_number", word="campaign"),
        Column("object_name", wide=True, word="object"),
        Column("state", "ObjectionState"),
        Column("filed_at", "moment"),
        Column("answered_at", "moment"),
    ),
    filters=("state",),
)
OBJECTION = RecordKind(
    key="objections",
    path="/objections",
    rpc="evaluation.GetObjection",
    field="objection",
    id="objection_id",
    acts=(Act("evaluation.AnswerObjection", lambda record: record["state"] == "OBJECTION_STATE_FILED"),),
)


async def record(visit: Visit) -> Response:
    """One objection with its answer."""
    objection = await OBJECTION.read(visit)
    about = objection["adjustment_id"]
    found = await visit.part("evaluation.GetAdjustment", adjustment_id=about) if about else None
    await visit.learn(objection, found)
    entry = found["adjustment"] if found else None
    offers = offered(visit, OBJECTION, objection, visit.ref("ref"))
    page: dict[str, Any] = {"objection": objection, "entry": entry, "offers": offers, "ref": visit.ref("ref")}
    return visit.site.page(visit, "campaigns/objection.html", **page)


async def file(visit: Visit) -> Response:
    """The form a unit objects with; it chooses the whole result or one entry that took points off."""
    ref, object_id = visit.ref("ref"), visit.ref("object")
    explained = (await visit.ask("evaluation.ExplainScore", campaign_id=ref, object_id=object_id))["score"]
    await visit.learn(explained)
    address = f"/results/{ref}/objects/{object_id}"
    entries = [_option(visit, one) for one in explained["adjustments"]]
    return await single(
        visit,
        "evaluation.FileObjection",
        visit.t("object_to_result"),
        (explained["row"]["name"], address),
        lambda answer: f"{address}?done=FileObjection",
        given={"campaign_id": ref, "object_id": object_id},
        values={"adjustment_id": visit.request.query_params.get("entry", "")},
        options={"adjustment_id": [Option("", visit.t("the_result")), *entries]},
    )


def _option(visit: Visit, entry: Mapping[str, Any]) -> Option:
    """A ledger entry to object to: why, by which record, on which day."""
    number = entry["origins"][0]["number"] if entry["origins"] else ""
    words = [visit.label("AdjustmentCause", entry["cause"]), number, visit.day(entry["happened_at"])]
    return Option(entry["adjustment_id"], " · ".join(word for word in words if word))
