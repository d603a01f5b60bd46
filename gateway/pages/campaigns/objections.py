"""Objections: filed from the own result, listed, answered."""

from __future__ import annotations

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
    found = await visit.parts(entry=("evaluation.GetAdjustment", {"adjustment_id": objection["adjustment_id"]}))
    await visit.learn(objection, found)
    offers = offered(visit, OBJECTION, objection, visit.ref("ref"))
    template = "campaigns/objection.html"
    return visit.site.page(visit, template, objection=objection, entry=_entry(found), offers=offers, ref=visit.ref("ref"))


def _entry(found: dict[str, dict[str, object] | None]) -> object:
    answer = found["entry"]
    return answer["adjustment"] if answer else None


async def file(visit: Visit) -> Response:
    """The form a unit objects with; it chooses the whole result or one entry that took points off."""
    ref, object_id = visit.ref("ref"), visit.ref("object")
    explained = (await visit.ask("evaluation.ExplainScore", campaign_id=ref, object_id=object_id))["score"]
    await visit.learn(explained)
    address = f"/results/{ref}/objects/{object_id}"
    return await single(
        visit,
        "evaluation.FileObjection",
        visit.t("object_to_result"),
        (explained["row"]["name"], address),
        lambda answer: f"{address}?done=FileObjection",
        given={"campaign_id": ref, "object_id": object_id},
        values={"adjustment_id": visit.request.query_params.get("entry", "")},
        options={"adjustment_id": [Option("", visit.t("the_result")), *map(_option(visit), explained["adjustments"])]},
    )


def _option(visit: Visit):  # type: ignore[no-untyped-def]
    def option(entry: dict[str, object]) -> Option:
        number = entry["origins"][0]["number"] if entry["origins"] else ""  # type: ignore[index]
        words = [visit.label("AdjustmentCause", str(entry["cause"])), str(number), visit.day(str(entry["happened_at"]))]
        return Option(str(entry["adjustment_id"]), " · ".join(word for word in words if word))

    return option
