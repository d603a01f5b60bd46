"""One complaint: its life, what can be done now, the clock, the report, the timeline, what is linked both ways."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.complaints.acts import COMPLAINT, ROAD
from gateway.pages.frame.acts import offered
from gateway.pages.frame.life import line, passed_by
from gateway.pages.frame.visit import Visit

FRESH = 300
REASONS = {
    "decline_complaint": "DeclineComplaintRequest.reason",
    "forward_complaint": "ForwardComplaintRequest.reason_code",
    "refer_unclear": "ReferUnclearRequest.reason_code",
    "return_disposal": "ApproveDisposalRequest.reason_code",
    "bounce": "BounceRequest.reason_code",
    "rule_on_bounce": "RuleOnBounceRequest.reason_code",
    "pause": "PauseRequest.reason",
    "request_extension": "RequestExtensionRequest.reason_code",
    "grant_extension": "RequestExtensionRequest.reason_code",
    "refuse_extension": "DecideExtensionRequest.reason_code",
    "supervise": "SuperviseRequest.reason_code",
    "remind": "RemindRequest.reason_code",
    "escalate": "EscalateRequest.step",
    "unmerge": "UnmergeRequest.reason_code",
    "send_back": "SendBackRequest.reason_code",
    "order_second_handling": "OrderSecondHandlingRequest.reason_code",
    "refer_to_accountability": "ReferToAccountabilityRequest.reason_code",
}
"""The list each act's reason was chosen from."""


async def record(visit: Visit) -> Response:
    ref = visit.ref("ref")
    complaint = await COMPLAINT.read(visit)
    found = await visit.parts(
        clocks=("complaints.ExplainClocks", {"complaint_id": ref}),
        parts=("complaints.ListParts", {"complaint_id": ref, "page_size": 50}),
        steps=("complaints.ListEscalations", {"complaint_id": ref, "page_size": 50}),
        timeline=("complaints.ListTimeline", {"complaint_id": ref, "page_size": FRESH}),
        similar=("complaints.SimilarComplaints", {"complaint_id": ref, "limit": 5}),
        given=("complaints.ListAttachments", {"complaint_id": ref, "page_size": 100}),
        cases=("accountability.ListCases", {"origin_subject_id": ref, "page_size": 20}),
        points=("evaluation.ListAdjustments", _points(complaint)),
        left=("directory.WorkingDaysBetween", _left(visit, complaint)),
        identity=("complaints.ListIdentityLog", {"complaint_id": ref, "page_size": 50}),
        asked=("complaints.ListIdentityRequests", {"complaint_id": ref, "page_size": 50}),
    )
    entries = [explained(visit, one) for one in (found["timeline"]["entries"] if found["timeline"] else [])]
    await visit.learn(complaint, found)
    values: dict[str, Any] = {
        "complaint": complaint,
        "found": found,
        "entries": entries,
        "adjustments": linked(found["points"], ref),
        "life": line(visit, "Stage", ROAD, complaint["stage"], passed_by(entries, "stage")),
        "offers": offered(visit, COMPLAINT, complaint, ref),
        "ref": ref,
    }
    template = "complaints/beside.html" if visit.request.query_params.get("beside") else "complaints/record.html"
    return visit.site.page(visit, template, **values)


def explained(visit: Visit, entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its reason in people's words, and without the key of it before what was said."""
    code, act = entry["reason_code"], entry["act"]
    word = visit.label(f"choice.{REASONS[act]}", code) if code and act in REASONS else ""
    return {**entry, "why": word, "text": entry["text"].removeprefix(f"{code}: ") if code else entry["text"]}


def _points(complaint: dict[str, Any]) -> dict[str, Any]:
    return {"unit_path": complaint["accused_unit_path"] or complaint["unit_path"], "page_size": 500}


def _left(visit: Visit, complaint: dict[str, Any]) -> dict[str, Any]:
    """From today to the last day in time; for one without a last day, of today only."""
    today = visit.today.isoformat()
    return {"start": today, "end": max(complaint["due_on"] or today, today)}


def linked(answer: dict[str, Any] | None, ref: str) -> list[dict[str, Any]]:
    """The points that came off because of this record, directly or through its case."""
    rows = answer["adjustments"] if answer else []
    return [one for one in rows if any(origin["subject_id"] == ref for origin in one["origins"])]
