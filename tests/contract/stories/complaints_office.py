"""Complaints laid before a leader, put under supervision, handled with a cooperating unit, and taken up the ladder."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, unclear_pb2

from chassis.auth import Caller
from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What the office and leaders steer by in one district: one complaint from the doubt about it to the ladder."""
    people = {role: district.somebody(role) for role in ("clerk", "office", "leader", "unit_clerk")}
    at = _dispatched(world, district, people, _ruled_on(world, district, people))
    section = {"unit_path": f"{district.unit}/desk", "text": district.mark}
    part = world.do("complaints.AskPart", district, people["clerk"], **section, **_on(at)).part
    on = {"part_id": part.part_id, "expected_version": part.version}
    part = world.do("complaints.SignForPart", district, people["unit_clerk"], **on).part
    on["expected_version"] = part.version
    world.do("complaints.ReportPart", district, people["unit_clerk"], text=district.mark, **on)
    at = world.do("complaints.GetComplaint", district, people["office"], complaint_id=at.complaint_id).complaint
    why = {"reason_code": "grave", "text": district.mark}
    world.do("complaints.Escalate", district, people["office"], step="unit_head", **why, **_on(at))


def _on(complaint: Any) -> dict[str, Any]:
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def _ruled_on(world: World, district: District, people: dict[str, Caller]) -> Any:
    """One a clerk was in doubt about and a leader has accepted, under supervision from the first day."""
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "category": "absent"}
    said = {"title": district.mark, "text": district.mark, "manner": complaint_pb2.MANNER_ANONYMOUS}
    receipt = world.do("complaints.FileComplaint", district, None, **about, **said, identity={})
    found = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    doubt = {"reason_code": "several_bodies", "text": district.mark}
    at = world.do("complaints.ReferUnclear", district, people["clerk"], **doubt, **found).complaint
    ruling = {"ruling": unclear_pb2.UNCLEAR_RULING_ACCEPT, "regime": "efficiency", "reason_code": ""}
    at = world.do("complaints.RuleOnUnclear", district, people["leader"], **ruling, **_on(at)).complaint
    why = {"regime": "supervised", "reason_code": "leader_instruction", "text": district.mark}
    return world.do("complaints.Supervise", district, people["office"], **why, **_on(at)).complaint


def _dispatched(world: World, district: District, people: dict[str, Caller], at: Any) -> Any:
    """The same as it lies with its unit, a section of which will cooperate: nobody of another unit has business there."""
    clerk = people["clerk"]
    at = world.do("complaints.RegisterComplaint", district, clerk, accused_unit_path=district.unit, **_on(at)).complaint
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": district.unit}
    at = world.do("complaints.SubmitForApproval", district, clerk, **how, **_on(at)).complaint
    at = world.do("complaints.ApproveDisposal", district, people["office"], approved=True, **_on(at)).complaint
    return world.do("complaints.Dispatch", district, clerk, **_on(at)).complaint
