"""What needs time, undertaken and assessed; what is beyond the power of a place, reported upwards and received."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2

from chassis.clock import local_day
from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """One complaint on the track of key problems: undertaken, assessed, reported upwards."""
    people = {role: district.somebody(role) for role in ("clerk", "office", "leader", "unit_clerk")}
    at = _dispatched(world, district, people)
    effect_by = (local_day(world.clock.now()) + timedelta(days=30)).isoformat()
    said = {"text": district.mark, "effect_by": effect_by}
    made = world.do("complaints.Undertake", district, people["unit_clerk"], **said, **_on(at)).undertaking
    on = {"undertaking_id": made.undertaking_id, "expected_version": made.version}
    world.do("complaints.SettleUndertaking", district, people["leader"], kept=True, result=district.mark, **on)
    at = world.do("complaints.GetComplaint", district, people["office"], complaint_id=at.complaint_id).complaint
    sent = world.do("complaints.ReportUpwards", district, people["office"], text=district.mark, **_on(at)).upward_report
    received_on = local_day(world.clock.now()).isoformat()
    on = {"upward_report_id": sent.upward_report_id, "expected_version": sent.version, "received_on": received_on}
    world.do("complaints.RecordUpwardReceipt", district, people["clerk"], receipt_number=district.mark, **on)


def _on(complaint: Any) -> dict[str, Any]:
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def _dispatched(world: World, district: District, people: dict[str, Any]) -> Any:
    """A complaint that lies with its unit."""
    clerk = people["clerk"]
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "category": "absent"}
    said = {"title": district.mark, "text": district.mark, "manner": complaint_pb2.MANNER_ANONYMOUS}
    receipt = world.do("complaints.FileComplaint", district, None, **about, **said, identity={})
    found = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    at = world.do("complaints.AcceptComplaint", district, clerk, regime="efficiency", **found).complaint
    at = world.do("complaints.RegisterComplaint", district, clerk, accused_unit_path=district.unit, **_on(at)).complaint
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_KEY, "unit_path": district.unit}
    at = world.do("complaints.SubmitForApproval", district, clerk, **how, **_on(at)).complaint
    at = world.do("complaints.ApproveDisposal", district, people["office"], approved=True, **_on(at)).complaint
    return world.do("complaints.Dispatch", district, clerk, **_on(at)).complaint
