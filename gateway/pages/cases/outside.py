"""What others decide: the competent organ on a recommendation, the decider on an appeal."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit


async def outside_decision(visit: Visit) -> Response:
    """Whom it is about, which organ answers and what it was asked stand there already: most answers say yes."""
    rpc, values = "accountability.RecordOutsideDecision", {}
    title = visit.t(f"act.{rpc}")
    case = visit.request.query_params.get("case", "")
    found = await visit.part("accountability.ListRecommendations", case_id=case, page_size=500) if case else None
    sent = next((one for one in found["recommendations"] if one["id"] == visit.ref("ref")), None) if found else None
    if sent:
        values = {"measures": sent["measures"]}
        whole = await visit.ask("accountability.GetCase", case_id=case)
        await visit.learn(whole)
        party = next(one for one in whole["case"]["parties"] if one["id"] == sent["party_id"])
        person, organ = visit.name(party["official_id"] or party["unit_path"]), visit.label("choice.organ", sent["organ"])
        title = f"{title} · {visit.t('letter_to', person=person, organ=organ)}"
    return await _decided(visit, rpc, "recommendation_id", "recommendation", title, values)


async def appeal(visit: Visit) -> Response:
    rpc = "accountability.DecideAppeal"
    return await _decided(visit, rpc, "appeal_id", "appeal", visit.t(f"act.{rpc}"), {})


async def _decided(visit: Visit, rpc: str, name: str, field: str, title: str, values: dict[str, Any]) -> Response:
    """The version the person saw comes with the address of the form, which its case's page made."""
    version = visit.request.query_params.get("version", "1")
    case = visit.request.query_params.get("case", "")
    return await single(
        visit,
        rpc,
        title,
        (visit.t("title.cases"), f"/cases/{case}" if case else "/cases"),
        lambda answer: f"/cases/{answer[field]['case_id']}?done={rpc.partition('.')[2]}",
        given={name: visit.ref("ref"), "expected_version": version},
        values=values,
    )
