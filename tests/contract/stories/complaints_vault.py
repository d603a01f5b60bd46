"""Somebody stays out of a complaint, the desk looks for repeats, and a complaint of long ago is anonymised and erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2

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
