"""Somebody stays out of a complaint, the desk looks for repeats, and a complaint of long ago is anonymised and erased."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2

from chassis.settings import Setting
from tests.contract.world import District, World

LONG_AGO = timedelta(days=40 * 366)


def tell(world: World, district: District) -> None:
    """What guards those who complain, in one district."""
    office = district.people[f"office@{district.slug}"]
    clerk = district.somebody("clerk", subject=f"second-clerk@{district.slug}")
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "category": "absent"}
    said = {"title": district.mark, "text": district.mark, "confidential_text": district.mark}
    who = {"name": f"名{district.mark}", "phone": "13900000002"}
    filed = world.do("complaints.FileComplaint", district, None, **about, **said, identity=who, manner=1)
    on = {"complaint_id": filed.complaint_id, "expected_version": 1}
    taken_off = {"account_id": clerk.subject, "substitute_id": "", "reason": district.mark}
    world.do("complaints.RecuseFromComplaint", district, office, **on, **taken_off)
    recusals = world.do("complaints.ListRecusals", district, office, complaint_id=filed.complaint_id).recusals
    assert [one.account_id for one in recusals] == [clerk.subject]
    assert world.do("complaints.FindRepeats", district, office, phone=who["phone"]).named == 1
    world.do(
        "complaints.ImportComplaints", district, office, source=f"old-{district.slug}", complaints=[_old(world, district)]
    )
    world.doors["complaints"].run_timer("retention")
    unfiltered = dict.fromkeys(("number", "rule", "from_day", "to_day"), "")
    assert world.do("complaints.ListRetentionLog", district, office, **unfiltered, retention_step=0).entries
    _held(world, district, filed.complaint_id)


def _held(world: World, district: District, complaint_id: str) -> None:
    """A complaint is kept by a hold, another hold on it is over, and of one of long ago no rule speaks."""
    office = district.people[f"office@{district.slug}"]
    kept = {"complaint_id": complaint_id, "reason": district.mark, "until": "2030-12-31"}
    held = world.do("complaints.HoldComplaint", district, office, **kept).retention_hold
    over = world.do("complaints.HoldComplaint", district, office, **kept).retention_hold
    which = {"retention_hold_id": over.retention_hold_id, "expected_version": over.version}
    world.do("complaints.EndHold", district, office, **which)
    holding = world.do("complaints.ListHolds", district, office, complaint_id=complaint_id, holding=True)
    assert [one.retention_hold_id for one in holding.retention_holds] == [held.retention_hold_id]
    narrow = {
        "id": "superior",
        "zh": "上级",
        "en": "superior",
        "anonymise_years": 9,
        "erase_years": 9,
        "channels": ["superior"],
    }
    door = world.doors["complaints"]
    door.store.settings.load([Setting(district.path, "retention.rules", [narrow], date(2000, 1, 1), None, "test")])
    source = f"older-{district.slug}"
    world.do("complaints.ImportComplaints", district, office, source=source, complaints=[_old(world, district)])
    door.run_timer("retention")
    assert world.do("complaints.ListUnruled", district, office).unruled


def _old(world: World, district: District) -> dict[str, Any]:
    """A complaint that was closed so long ago that nothing it said may be kept."""
    received = world.clock.now() - LONG_AGO
    return {
        "source_number": f"{district.slug}-1",
        "jurisdiction_path": district.path,
        "title": district.mark,
        "text": district.mark,
        "channel": complaint_pb2.CHANNEL_LETTER,
        "received_at": received,
        "closed_at": received + timedelta(days=20),
    }
