"""Bulletins about complaints: one drafted about a week, one of a month issued by the leader."""

from __future__ import annotations

from zhengfeng.complaints.v1 import bulletins_pb2

from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What a district's office writes about its complaints."""
    office, leader = (district.somebody(role) for role in ("office", "leader"))
    about = {"jurisdiction_path": district.path, "title": district.mark, "opening": district.mark}
    week = {"period": bulletins_pb2.BULLETIN_PERIOD_WEEK, "since": "2026-11-09"}
    world.do("complaints.DraftComplaintBulletin", district, office, **about, **week)
    month = {"period": bulletins_pb2.BULLETIN_PERIOD_MONTH, "since": "2026-10-01"}
    made = world.do("complaints.DraftComplaintBulletin", district, office, **about, **month).complaint_bulletin
    issued = {"complaint_bulletin_id": made.complaint_bulletin_id, "expected_version": made.version}
    world.do("complaints.IssueComplaintBulletin", district, leader, **issued)
