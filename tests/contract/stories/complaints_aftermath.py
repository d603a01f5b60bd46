"""What follows closed complaints: told, asked about again, published, exposed by media, reviewed by others."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, events_pb2

from tests.contract.world import District, World

ESTABLISHED = events_pb2.CONCLUSION_ESTABLISHED
PLAIN: dict[str, Any] = {
    "title": "窗口值守",
    "question": "有人反映窗口无人。",
    "answer": "已经补岗。",
    "names": ["钱文"],
}


def tell(world: World, district: District) -> None:
    """Everything that follows a closing in one district."""
    people = {
        role: district.somebody(role) for role in ("clerk", "office", "leader", "publisher", "supervisor", "unit_clerk")
    }
    people["unit_head"] = district.somebody("unit_head")
    second = district.somebody("office", subject=f"second@{district.slug}")
    closed = [_closed(world, district, people, receipt) for receipt in (_entered(world, district, people) for _ in range(4))]
    _published(world, district, people, closed[0][0])
    world.do("complaints.DraftAnswer", district, people["clerk"], complaint_id=closed[1][0].complaint_id, names=["钱文"])
    _asked(world, district, second, closed[2])
    world.do("complaints.AskForSecondHandling", district, None, receipt_code=closed[3][1])
    _exposed(world, district, people)
    _reviewed(world, district, people, second)


def _on(complaint: Any) -> dict[str, Any]:
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def _entered(world: World, district: District, people: dict[str, Any]) -> Any:
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "manner": 3}
    channel = complaint_pb2.CHANNEL_HOTLINE
    said = {**about, "title": district.mark, "text": district.mark}
    return world.do("complaints.RegisterForCaller", district, people["clerk"], channel=channel, **said)


def _closed(world: World, district: District, people: dict[str, Any], receipt: Any) -> tuple[Any, str]:
    """A complaint closed as established, with its receipt code."""
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": district.unit}
    found = {"official_ids": [district.officials["handler"]]}
    road: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("AcceptComplaint", "clerk", {}),
        ("RegisterComplaint", "clerk", {"accused_unit_path": district.unit}),
        ("SubmitForApproval", "clerk", how),
        ("ApproveDisposal", "office", {"approved": True}),
        ("Dispatch", "clerk", {}),
        ("SignFor", "unit_clerk", {}),
        ("Report", "unit_clerk", {"proposed_conclusion": ESTABLISHED, **found}),
        ("SignReport", "unit_head", {}),
        ("Close", "office", {"conclusion": ESTABLISHED, "misconduct": ["inaction"], **found}),
    )
    at = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    for act, who, more in road:
        done = world.do(f"complaints.{act}", district, people[who], **more, **at).complaint
        at = _on(done)
    return done, receipt.receipt_code


def _published(world: World, district: District, people: dict[str, Any], closed: Any) -> None:
    """Drafted, passed by another, released by a third."""
    one = world.do(
        "complaints.DraftAnswer", district, people["clerk"], complaint_id=closed.complaint_id, **PLAIN
    ).publication
    on = {"publication_id": one.publication_id, "expected_version": one.version}
    one = world.do("complaints.ReviewAnswer", district, people["office"], passed=True, **on).publication
    on["expected_version"] = one.version
    world.do("complaints.ReleaseAnswer", district, people["publisher"], **on)


def _asked(world: World, district: District, office: Any, closed: tuple[Any, str]) -> None:
    """Second handling asked for by code and refused by whoever did not close it."""
    world.do("complaints.AskForSecondHandling", district, None, receipt_code=closed[1])
    asked = world.do("complaints.ListSecondRequests", district, office, complaint_id=closed[0].complaint_id)
    [one] = asked.second_requests
    on = {"second_request_id": one.second_request_id, "expected_version": one.version}
    world.do("complaints.DecideSecondHandling", district, office, granted=False, **on)


def _exposed(world: World, district: District, people: dict[str, Any]) -> None:
    """One exposure just recorded, one that led to a public commitment."""
    about = {"unit_path": district.unit, "jurisdiction_path": district.path, "exposed_on": "2026-11-09"}
    world.do("complaints.RecordExposure", district, people["clerk"], **about)
    one = world.do("complaints.RecordExposure", district, people["clerk"], **about).exposure
    on = {"exposure_id": one.exposure_id, "expected_version": one.version}
    one = world.do("complaints.VerifyExposure", district, people["office"], conclusion=ESTABLISHED, **on).exposure
    on["expected_version"] = one.version
    world.do("complaints.RecordCommitment", district, people["office"], due_on="2027-06-30", **on)


def _reviewed(world: World, district: District, people: dict[str, Any], office: Any) -> None:
    """One sample drawn with a complaint asked to be left out, one only planned."""
    today = world.clock.today().isoformat()
    plan = {"jurisdiction_path": district.path, "closed_from": "2026-01-01", "closed_to": today, "wanted": 2}
    plan["reviewers"] = [people["supervisor"].subject]
    world.do("complaints.PlanReview", district, people["office"], **plan)
    one = world.do("complaints.PlanReview", district, people["office"], **plan).review_sample
    published = one.planned_at.ToDatetime(tzinfo=UTC) + timedelta(minutes=1)  # whatever the clock does meanwhile
    seed = {"seed": district.mark, "seed_published_at": published}
    world.clock.advance(timedelta(minutes=30))
    on = {"review_sample_id": one.review_sample_id, "expected_version": one.version}
    world.do("complaints.DrawReviewSample", district, office, **seed, **on)
    dealt = world.do("complaints.ListReviewItems", district, people["supervisor"], review_sample_id=one.review_sample_id)
    item = {"review_item_id": dealt.review_items[0].review_item_id, "expected_version": 1}
    world.do("complaints.AskExclusion", district, people["supervisor"], **item)
