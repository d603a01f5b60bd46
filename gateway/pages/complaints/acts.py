"""What can be done with a complaint. The service says what is next; the order here is the order of the buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.pages.complaints.identity import readers
from gateway.pages.frame.acts import Act, Record, RecordKind
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit
from gateway.pages.outside.records import peers_to_choose
from gateway.pages.roads.organs import organs

ROAD = (
    "STAGE_RECEIVED",
    "STAGE_ACCEPTED",
    "STAGE_REGISTERED",
    "STAGE_SUBMITTED",
    "STAGE_HANDLING",
    "STAGE_REPORTED",
    "STAGE_CLOSED",
    "STAGE_ARCHIVED",
)

HANDED_OVER_FROM = ("STAGE_RECEIVED", "STAGE_ACCEPTED", "STAGE_REGISTERED")


def is_next(name: str) -> Callable[[Record], bool]:
    return lambda record: name in record["next"]


async def open_ones(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """Those that look alike first: what a complaint may be merged into."""
    similar = await visit.part("complaints.SimilarComplaints", complaint_id=record["complaint_id"], limit=20)
    rows: list[dict[str, Any]] = [one["complaint"] for one in similar["similar"]] if similar else []
    return {"into_complaint_id": [Option(one["complaint_id"], f"{one['number']} {one['title']}") for one in rows]}


def from_filing(record: Record) -> Mapping[str, Any]:
    names = ("category", "accused_unit_path", "accused_official_id", "regime")
    return {name: record[name] for name in names}


def to_whom(record: Record) -> Mapping[str, Any]:
    return {"way": "WAY_ASSIGNED", "track": "TRACK_COMMON", "unit_path": record["accused_unit_path"]}


def from_report(record: Record) -> Mapping[str, Any]:
    """What the unit reported: the office confirms it or says otherwise."""
    report = record["report"]
    if not report:
        return {}
    return {
        "conclusion": report["proposed_conclusion"],
        "official_ids": report["official_ids"],
        "rectified_on": report["rectified_on"],
        "categories": [record["category"]],
        "self_found": "false",
    }


def _act(name: str, **more: Any) -> Act:
    return Act(f"complaints.{name}", is_next(name), **more)


COMPLAINT = RecordKind(
    key="complaints",
    path="/complaints",
    rpc="complaints.GetComplaint",
    field="complaint",
    id="complaint_id",
    acts=(
        _act("AcceptComplaint", start=from_filing),
        _act("RegisterComplaint", start=from_filing),
        _act("ReferUnclear"),
        _act("RuleOnUnclear"),
        _act("SubmitForApproval", start=to_whom),
        _act("ApproveDisposal"),
        _act("Dispatch"),
        _act("SignFor"),
        _act("SignReport", template="complaints/sign.html"),
        _act("Report"),
        _act("Close", template="complaints/close.html", start=from_report),
        _act("SendBack"),
        _act("AskComplainant"),
        _act("RuleOnBounce"),
        _act("DecideExtension"),
        _act("RequestExtension"),
        _act("Bounce"),
        _act("Pause"),
        _act("Resume"),
        _act("AskPart"),
        _act("Undertake"),
        _act("ReportUpwards"),
        _act("Remind"),
        _act("Escalate"),
        _act("Supervise"),
        _act("OrderSecondHandling"),
        _act("RecordFeedback"),
        _act("ReferToAccountability"),
        _act("Merge", options=open_ones),
        _act("Unmerge"),
        _act("DeclineComplaint"),
        _act("ForwardComplaint"),
        Act("complaints.TransferOut", lambda record: record["stage"] in HANDED_OVER_FROM, options=peers_to_choose),
        _act("MarkDanger"),
        _act("MoveToDiscipline", template="roads/move.html", options=organs("organ_discipline")),
        _act("IsolateSecret"),
        _act("RuleOnSecret", options=organs("organ_secrecy")),
        _act("Archive"),
        Act("complaints.RecuseFromComplaint", lambda record: not record["closed_at"], back="/complaints"),
        Act("complaints.RequestIdentity", lambda record: record["manner"] != "MANNER_ANONYMOUS", options=readers),
    ),
)
