"""One case: parties with facts and measures, the proposal with reasons and near misses, what was sent to other organs."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.cases import cells
from gateway.pages.cases.acts import CASE, ROAD
from gateway.pages.frame.acts import offered
from gateway.pages.frame.life import line, passed_by
from gateway.pages.frame.visit import Visit


async def record(visit: Visit) -> Response:
    ref = visit.ref("ref")
    case = await CASE.read(visit)
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "timeline": ("accountability.ListTimeline", {"case_id": ref, "page_size": 300}),
        "recommendations": ("accountability.ListRecommendations", {"case_id": ref, "page_size": 100}),
        "appeals": ("accountability.ListAppeals", {"case_id": ref, "page_size": 100}),
        "tracks": ("accountability.ListTrackDecisions", {"case_id": ref, "page_size": 500}),
        "suspensions": ("accountability.ListSuspensions", {"case_id": ref, "page_size": 500}),
        "documents": ("accountability.ListDocuments", {"case_id": ref, "page_size": 100}),
        "points": ("evaluation.ListAdjustments", {"unit_path": case["unit_path"], "page_size": 500}),
    }
    if case["proposal_id"]:
        calls["proposal"] = ("accountability.ExplainProposal", {"proposal_id": case["proposal_id"]})
    if case["tolerance"]:
        calls["checks"] = ("accountability.GetToleranceChecks", {"case_id": ref})
    found = await visit.parts(**calls)
    entries = found["timeline"]["entries"] if found["timeline"] else []
    entries = [{**one, "note": cells.noted(visit, one["act"], one["note"])} for one in entries]
    await visit.learn(case, found)
    points = found["points"]["adjustments"] if found["points"] else []
    template = "cases/beside.html" if visit.request.query_params.get("beside") else "cases/record.html"
    return visit.site.page(
        visit,
        template,
        case=case,
        found=found,
        entries=entries,
        ref=ref,
        party_of={one["id"]: one["official_id"] or one["unit_path"] for one in case["parties"]},
        checks=_checks(visit, found.get("checks")),
        proposal=proposal_by_party(found.get("proposal")),
        conduct_of=conducts(case),
        adjustments=[one for one in points if any(origin["subject_id"] == ref for origin in one["origins"])],
        life=line(visit, "CaseState", ROAD, case["state"], passed_by(entries, "state")),
        offers=offered(visit, CASE, case, ref),
    )


def _checks(visit: Visit, answer: dict[str, Any] | None) -> dict[str, str]:
    """What each check asks, in the visitor's language."""
    return {one["key"]: one[f"text_{visit.language}"] for one in answer["checks"]} if answer else {}


def conducts(case: dict[str, Any]) -> dict[str, str]:
    """Of those with several breaches, what each fact is about: the rules speak of one fact at a time."""
    several = [one["facts"] for one in case["parties"] if len(one["facts"]) > 1]
    return {fact["id"]: fact["conduct"] for facts in several for fact in facts}


def proposal_by_party(answer: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The proposal for each party by the party's id."""
    return {one["party_id"]: one for one in answer["proposal"]["parties"]} if answer else {}
