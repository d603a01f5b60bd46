"""Filers joined to one matter: each is answered, each feedback is owed, and nobody reads another's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2, feedback_pb2, intake_pb2

from tests.doors import caller
from tests.service.complaints.city import CLERK, CLOSING, HOUSING, HOUSING_HEAD, OFFICE, REPORT, SECRET_NAME, City, draft

OTHER_NAME = "司马青田"
OTHER = caller("office", jurisdiction="/qinghe", subject="other-office")
OPEN, GIVEN = feedback_pb2.FEEDBACK_STATE_OPEN, feedback_pb2.FEEDBACK_STATE_GIVEN
ANSWERED = f"{SECRET_NAME}与{OTHER_NAME}反映的情况属实，已责令整改。"


def another(**changed: Any) -> Any:
    """What somebody else raises about the same happening."""
    return draft(identity=intake_pb2.Identity(name=OTHER_NAME), text="我也去过，没有人。", **changed)


def matter(city: City) -> tuple[Any, Any, str]:
    """A complaint that lies with its unit, one of the hotline merged into it, and one by receipt code merged into that."""
    lead = city.dispatched()
    joined = city.do("RegisterForCaller", CLERK, draft=another(), channel=pb.CHANNEL_HOTLINE)
    inner = city.do("FileComplaint", None, draft=another())
    city.do("Merge", CLERK, on=city.seen(inner), into_complaint_id=joined.complaint_id)
    city.do("Merge", CLERK, on=city.seen(joined), into_complaint_id=lead.complaint_id)
    return lead, joined, inner.receipt_code


def answered(city: City, lead: Any, **closing: Any) -> Any:
    """The matter with its answer."""
    signed_for = city.do("SignFor", HOUSING, on=city.seen(lead))
    said = {**REPORT, "text": f"{SECRET_NAME}、{OTHER_NAME}所述经查属实。"}
    reported = city.do("Report", HOUSING, on=signed_for, **said)
    signed = city.do("SignReport", HOUSING_HEAD, on=reported)
    return city.do("Close", OFFICE, on=signed, **{**CLOSING, "answer": ANSWERED, **closing})


def owed(city: City, on: Any) -> list[feedback_pb2.Feedback]:
    return list(city.do("ListFeedbacks", OFFICE, complaint_id=on.complaint_id).feedbacks)


def test_when_a_matter_is_answered_all_joined_to_it_close_and_each_is_owed_a_feedback(city: City) -> None:
    lead, joined, code = matter(city)
    city.go_to("2026-11-20T09:00")

    closed = answered(city, lead)

    other = city.seen(joined)
    assert (other.stage, other.closing.conclusion) == (pb.STAGE_CLOSED, closed.closing.conclusion)
    assert (other.unit_path, other.matter_id) == ("/qinghe/housing", lead.complaint_id)
    assert not [clock for clock in other.clocks if clock.running]
    assert [(one.route, one.state) for one in owed(city, other)] == [(feedback_pb2.FEEDBACK_ROUTE_WEB, OPEN)]
    shown = city.do("FollowComplaint", None, receipt_code=code)
    assert shown.stage == pb.STAGE_CLOSED and "RateHandling" in shown.next
    # whom it holds to account is said once, of the matter
    [whole] = city.facts(events_pb2.ComplaintClosed)
    assert whole.subject_id == lead.complaint_id
    assert len(city.facts(events_pb2.ComplaintClosedWithMatter)) == 2
    assert city.refused("Unmerge", CLERK, on=other).reason == "STAGE_FORBIDS"
    total = city.do("Statistics", OFFICE, by=1).total
    assert (total.received, total.matters, total.closed) == (3, 1, 3)


def test_whoever_was_taken_out_before_the_answer_goes_on_alone(city: City) -> None:
    lead, joined, _ = matter(city)
    alone = city.do("Unmerge", CLERK, on=city.seen(joined))

    answered(city, lead)

    assert (alone.stage, city.seen(alone).stage) == (pb.STAGE_RECEIVED, pb.STAGE_RECEIVED)
    assert owed(city, alone) == []


def test_one_joined_is_told_rates_and_is_archived_by_itself(city: City) -> None:
    lead, joined, code = matter(city)
    answered(city, lead)

    city.do("RateHandling", None, receipt_code=code, grade=5)

    inner = city.do("FollowComplaint", None, receipt_code=code)
    assert inner.grade == 5
    [waiting] = owed(city, joined)
    assert waiting.state == OPEN  # another's grade proves nothing
    assert city.refused("Archive", CLERK, on=city.seen(joined)).reason == "FEEDBACK_OPEN"
    total = city.do("Statistics", OFFICE, by=1).total
    assert (total.rated, total.satisfied) == (1, 1)


def test_an_answer_on_the_web_tells_all_of_the_matter_who_are_told_there(city: City) -> None:
    def entered(**said: Any) -> Any:
        return city.do("RegisterForCaller", CLERK, draft=draft(**said), channel=pb.CHANNEL_HOTLINE)

    city.filed = entered  # type: ignore[method-assign]
    lead, joined, code = matter(city)
    closed = answered(city, lead, answer="情况属实，已责令整改。")
    said = {"title": "窗口无人值守", "question": "群众反映窗口无人。", "names": ["钱文"]}
    gives_away = city.refused("DraftAnswer", CLERK, complaint_id=joined.complaint_id, **{**said, "answer": SECRET_NAME})
    assert gives_away.reason == "NOT_REDACTED"  # the name of who led the matter
    drafted = city.do("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **{**said, "answer": "已补岗。"}).publication
    on = {"publication_id": drafted.publication_id, "expected_version": drafted.version}
    passed = city.do("ReviewAnswer", OFFICE, **on, passed=True, opinion="好").publication
    publisher = caller("publisher", jurisdiction="/qinghe", subject="publisher")
    city.do("ReleaseAnswer", publisher, publication_id=passed.publication_id, expected_version=passed.version)

    assert [one.state for one in (*owed(city, closed), *owed(city, joined))] == [GIVEN, GIVEN]
    assert city.do("FollowComplaint", None, receipt_code=code).stage == pb.STAGE_CLOSED
    [inner] = [one for one in city.do("ListFeedbacks", OFFICE).feedbacks if one.state == OPEN]
    assert inner.route == feedback_pb2.FEEDBACK_ROUTE_COMPLAINANT


def test_filers_of_one_matter_do_not_read_each_others_names(city: City) -> None:
    lead, _, code = matter(city)
    own = city.last_receipt.receipt_code

    answered(city, lead)

    for one in (own, code):
        shown = city.do("FollowComplaint", None, receipt_code=one)
        assert "反映的情况属实" in shown.answer
        assert SECRET_NAME not in str(shown) and OTHER_NAME not in str(shown)


def test_a_matter_answered_a_second_time_is_told_anew_to_all_joined(city: City) -> None:
    lead, joined, code = matter(city)
    closed = answered(city, lead)
    city.do("RateHandling", None, receipt_code=code, grade=1)
    city.clock.advance(timedelta(hours=1))
    again = city.do("OrderSecondHandling", OFFICE, on=city.seen(closed), unit_path="/qinghe/water", reason="办理不力")
    assert city.seen(joined).stage == pb.STAGE_CLOSED  # the first conclusion stands until the second

    water = caller("unit_clerk", "unit_head", unit="/qinghe/water", subject="water")
    reported = city.do("Report", water, on=city.do("SignFor", water, on=again), text="另查。", **REPORT)
    signed = city.do("SignReport", water, on=reported)
    city.do("Close", OFFICE, on=signed, **{**CLOSING, "answer": "重新查清。"})

    first, second = owed(city, joined)
    assert (first.state, second.state) == (feedback_pb2.FEEDBACK_STATE_SUPERSEDED, OPEN)
    shown = city.do("FollowComplaint", None, receipt_code=code)
    assert (shown.answer, shown.grade) == ("重新查清。", 0)


def test_a_matter_is_sampled_for_review_once(city: City) -> None:
    lead, _, _ = matter(city)
    answered(city, lead)
    days = {"closed_from": "2026-11-01", "closed_to": "2026-11-16"}

    plan = {"jurisdiction_path": "/qinghe", "organisation": "代表小组", "reviewers": ["delegate-1"], **days}

    assert city.do("PlanReview", OFFICE, wanted=1, **plan).review_sample.frame == 1
