"""Complaints just received with a sealed identity, lying with the unit, joined to one matter, closed as established."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, events_pb2

from tests.contract.world import District, World

ESTABLISHED = events_pb2.CONCLUSION_ESTABLISHED


def tell(world: World, district: District) -> None:
    """Everything that happens to complaints in one district."""
    district.somebody("clerk", "office", "leader", "identity_keeper")
    district.somebody("unit_clerk")
    district.somebody("unit_head")
    _ask_for_the_identity(world, district, _filed(world, district))
    _merged(world, district, _handled(world, district), _handled(world, district))
    closed = _closed(world, district, _handled(world, district))
    listed = world.do("complaints.ListComplaints", district, district.people[f"clerk@{district.slug}"])
    assert closed.complaint_id in {one.complaint_id for one in listed.complaints}


def _filed(world: World, district: District) -> Any:
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "category": "absent"}
    said = {"title": district.mark, "text": district.mark, "confidential_text": district.mark}
    who = {"name": f"名{district.mark}", "phone": "13900000001", "address": district.mark, "id_number": "110101190001010000"}
    named = complaint_pb2.MANNER_NAMED
    return world.do("complaints.FileComplaint", district, None, **about, **said, identity=who, manner=named)


def _on(complaint: Any) -> dict[str, Any]:
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def _ask_for_the_identity(world: World, district: District, receipt: Any) -> None:
    clerk = district.people[f"clerk@{district.slug}"]
    asked = world.do("complaints.RequestIdentity", district, clerk, complaint_id=receipt.complaint_id, purpose="核实情况")
    request = asked.identity_request
    granting = {
        "identity_request_id": request.identity_request_id,
        "expected_version": request.version,
        "granted": True,
        "hours": 24,
    }
    keeper = district.somebody("leader", "identity_keeper", subject=f"keeper@{district.slug}")
    world.do("complaints.GrantIdentity", district, keeper, **granting)


def _handled(world: World, district: District) -> Any:
    clerk, unit = district.people[f"clerk@{district.slug}"], district.people[f"unit_clerk@{district.slug}"]
    office = district.somebody("office")
    receipt = _filed(world, district)
    found = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    at = world.do("complaints.AcceptComplaint", district, clerk, **found).complaint
    at = world.do("complaints.RegisterComplaint", district, clerk, accused_unit_path=district.unit, **_on(at)).complaint
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": district.unit}
    at = world.do("complaints.SubmitForApproval", district, clerk, **how, **_on(at)).complaint
    at = world.do("complaints.ApproveDisposal", district, office, approved=True, **_on(at)).complaint
    at = world.do("complaints.Dispatch", district, clerk, **_on(at)).complaint
    return world.do("complaints.SignFor", district, unit, **_on(at)).complaint


def _merged(world: World, district: District, one: Any, other: Any) -> None:
    """Two complaints about the same matter become one matter."""
    clerk = district.people[f"clerk@{district.slug}"]
    world.do("complaints.Merge", district, clerk, **_on(one), into_complaint_id=other.complaint_id)


def _closed(world: World, district: District, at: Any) -> Any:
    unit, head = district.people[f"unit_clerk@{district.slug}"], district.people[f"unit_head@{district.slug}"]
    told = {
        "proposed_conclusion": ESTABLISHED,
        "rectification": district.mark,
        "official_ids": [district.officials["handler"]],
    }
    at = world.do("complaints.Report", district, unit, **told, **_on(at)).complaint
    at = world.do("complaints.SignReport", district, head, **_on(at)).complaint
    closing = {"conclusion": ESTABLISHED, "official_ids": [district.officials["handler"]], "misconduct": ["inaction"]}
    office = district.people[f"office@{district.slug}"]
    return world.do("complaints.Close", district, office, **closing, **_on(at)).complaint
