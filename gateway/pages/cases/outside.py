"""What others decide: the competent organ on a recommendation, the decider on an appeal."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit


async def outside_decision(visit: Visit) -> Response:
    return await _decided(visit, "accountability.RecordOutsideDecision", "recommendation_id", "recommendation")


async def appeal(visit: Visit) -> Response:
    return await _decided(visit, "accountability.DecideAppeal", "appeal_id", "appeal")


async def _decided(visit: Visit, rpc: str, name: str, field: str) -> Response:
    """The version the person saw comes with the address of the form, which its case's page made."""
    version = visit.request.query_params.get("version", "1")
    case = visit.request.query_params.get("case", "")
    return await single(
        visit,
        rpc,
        visit.t(f"act.{rpc}"),
        (visit.t("title.cases"), f"/cases/{case}" if case else "/cases"),
        lambda answer: f"/cases/{answer[field]['case_id']}?done={rpc.partition('.')[2]}",
        given={name: visit.ref("ref"), "expected_version": version},
    )
