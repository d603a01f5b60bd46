"""What comes of a count: a unit objects and is answered, work is commended by one and confirmed by another."""

from __future__ import annotations

from typing import Any

from tests.contract.world import District, World


def tell(world: World, district: District, released: Any) -> None:
    """Objections against a released campaign that is not final yet, the ledger, bulletins."""
    object_with(world, district, released)
    commend(world, district)
    report(world, district, released)


def object_with(world: World, district: District, released: Any) -> None:
    """One objection stays unanswered, so that the campaign stays released; one about the ledger is answered."""
    office = district.somebody("office")
    [rated] = [one for group in released.plan.object_groups for one in group.objects]
    about = {"campaign_id": released.campaign_id, "object_id": rated.object_id}
    own = district.somebody("unit_head", unit=rated.unit_path)
    score = world.do("evaluation.ExplainScore", district, own, **about).score
    world.do("evaluation.ListOwnResults", district, own)
    for entry in score.adjustments[:1]:
        entered = {**about, "adjustment_id": entry.adjustment_id}
        filed = world.do("evaluation.FileObjection", district, own, **entered).objection
        said = {"objection_id": filed.objection_id, "expected_version": filed.version, "answer": 2}
        world.do("evaluation.AnswerObjection", district, office, **said)
    world.do("evaluation.FileObjection", district, own, adjustment_id="", **about)


def commend(world: World, district: District) -> None:
    """One commendation is confirmed, one waits."""
    office, leader = district.somebody("office"), district.somebody("leader")
    unit = next(one["unit_id"] for one in district.known.records("unit_id"))
    for number in range(2):
        said = {"unit_id": unit, "level": "city", "commended_on": "2026-05-04", "document": f"通报{number}"}
        entry = world.do("evaluation.CommendWork", district, office, **said).adjustment
    decided = {"adjustment_id": entry.adjustment_id, "expected_version": entry.version, "confirmed": True}
    world.do("evaluation.DecideCommendation", district, leader, **decided)


def report(world: World, district: District, released: Any) -> None:
    """One bulletin is issued, one stays a draft."""
    organiser, publisher = district.somebody("organiser"), district.somebody("publisher")
    for campaign_id in ("", released.campaign_id):
        said = {"campaign_id": campaign_id, "year": 2026, "jurisdiction_path": district.path}
        drafted = world.do("evaluation.DraftBulletin", district, organiser, **said).bulletin
    seen = world.do("evaluation.GetBulletin", district, publisher, bulletin_id=drafted.bulletin_id).bulletin
    known = {"bulletin_id": drafted.bulletin_id, "expected_version": drafted.version, "paper_hash": seen.paper_hash}
    world.do("evaluation.IssueBulletin", district, publisher, **known)
