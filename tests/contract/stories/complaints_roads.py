"""Danger to life, a parcel for the discipline organ with its receipt, a suspected secret that was none, Open311."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, handovers_pb2, roads_pb2

from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What leaves the seven steps in one district, and what comes in by Open311."""
    office, clerk = district.people[f"office@{district.slug}"], district.people[f"clerk@{district.slug}"]
    leader = district.somebody("leader", subject=f"duty@{district.slug}")
    at = _found(world, district, _filed(world, district, danger=roads_pb2.DANGER_KIND_SUICIDE))
    at = world.do("complaints.MarkDanger", district, clerk, kind=roads_pb2.DANGER_KIND_CROWD, **_on(at)).complaint
    assert world.do("complaints.ShowDuty", district, clerk, jurisdiction_path=district.path, day="").duty.role == "leader"
    alerts = world.do("complaints.ListDangerAlerts", district, leader, complaint_id=at.complaint_id).danger_alerts
    taking = {"danger_alert_id": alerts[0].danger_alert_id, "expected_version": alerts[0].version}
    world.do("complaints.TakeDangerAlert", district, leader, **taking)
    _handed_over(world, district, clerk)
    at = _found(world, district, _filed(world, district))
    at = world.do("complaints.IsolateSecret", district, clerk, **_on(at)).complaint
    world.do("complaints.RuleOnSecret", district, office, secret=False, **_on(at))
    suspected = _filed(world, district, text=f"{district.mark}送红包")
    [handover] = world.do("complaints.ListHandovers", district, clerk, complaint_id=suspected.complaint_id).handovers
    world.do("complaints.DismissHandover", district, clerk, **_known(handover))
    _program(world, district)


def _handed_over(world: World, district: District, clerk: Any) -> None:
    at = _found(world, district, _filed(world, district))
    world.do("complaints.TakeParcel", district, clerk, complaint_id=at.complaint_id)
    world.do("complaints.MoveToDiscipline", district, clerk, organ="纪委监委", **_on(at))
    gone = {"complaint_id": at.complaint_id, "state": handovers_pb2.HANDOVER_STATE_HANDED_OVER}
    [handover] = world.do("complaints.ListHandovers", district, clerk, **gone).handovers
    receipt = {"receipt_number": "纪信9号", "receipted_on": "2026-11-16"}
    world.do("complaints.RecordOrganReceipt", district, clerk, **receipt, **_known(handover))


def _program(world: World, district: District) -> None:
    admin = district.somebody("security_admin")
    place = {"jurisdiction_path": district.path}
    told = world.do("complaints.IssueOpen311Key", district, admin, holder="随手拍", **place)
    said = {"title": district.mark, "text": f"{district.mark}窗口没有人", "category": "absent", **place}
    anonymous = {"manner": complaint_pb2.MANNER_ANONYMOUS}
    world.do("complaints.FilePublicRequest", district, None, api_key=told.api_key, draft={**said, **anonymous})
    old = world.do("complaints.IssueOpen311Key", district, admin, holder="旧程序", **place).open311_key
    withdrawing = {"open311_key_id": old.open311_key_id, "expected_version": old.version}
    world.do("complaints.WithdrawOpen311Key", district, admin, **withdrawing)


def _filed(world: World, district: District, **more: Any) -> Any:
    said = {"title": district.mark, "text": district.mark, "category": "absent", "jurisdiction_path": district.path}
    return world.do("complaints.FileComplaint", district, None, **{**said, "manner": complaint_pb2.MANNER_ANONYMOUS, **more})


def _found(world: World, district: District, receipt: Any) -> Any:
    clerk = district.people[f"clerk@{district.slug}"]
    return world.do("complaints.GetComplaint", district, clerk, complaint_id=receipt.complaint_id).complaint


def _on(complaint: Any) -> dict[str, Any]:
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def _known(handover: Any) -> dict[str, Any]:
    return {"handover_id": handover.handover_id, "expected_version": handover.version}
