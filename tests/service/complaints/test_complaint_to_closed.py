"""The story: a citizen files, a clerk accepts and dispatches, the unit reports, its head signs, the office closes."""

from __future__ import annotations

from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2

from tests.service.complaints.city import CLERK, CLOSING, HOUSING, HOUSING_HEAD, OFFICE, REPORT, City


def test_from_filing_to_the_grade(city: City) -> None:
    receipt = city.filed(category="absent")
    assert receipt.number == "投诉〔2026〕1号"
    assert receipt.answer_by == "2026-11-23"
    code = receipt.receipt_code
    followed = city.do("FollowComplaint", None, receipt_code=code)
    assert (followed.number, followed.stage) == (receipt.number, pb.STAGE_RECEIVED)

    accepted = city.do("AcceptComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1)
    assert (accepted.stage, accepted.due_on, accepted.light) == (pb.STAGE_ACCEPTED, "2026-12-28", pb.LIGHT_GREEN)
    registered = city.do("RegisterComplaint", CLERK, on=accepted, category="absent", accused_unit_path="/qinghe/housing")
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing", "opinion": "请房产局办理"}
    submitted = city.do("SubmitForApproval", CLERK, on=registered, **how)
    approved = city.do("ApproveDisposal", OFFICE, on=submitted, approved=True)
    dispatched = city.do("Dispatch", CLERK, on=approved)
    assert (dispatched.stage, dispatched.unit_path) == (pb.STAGE_HANDLING, "/qinghe/housing")

    signed_for = city.do("SignFor", HOUSING, on=dispatched)
    reported = city.do("Report", HOUSING, on=signed_for, text="经查属实。", **REPORT)
    assert city.refused("Close", OFFICE, on=reported, **CLOSING).reason == "UNSIGNED_REPORT"
    signed = city.do("SignReport", HOUSING_HEAD, on=reported)
    closed = city.do("Close", OFFICE, on=signed, **CLOSING)
    assert closed.stage == pb.STAGE_CLOSED

    told = city.do("FollowComplaint", None, receipt_code=code)
    assert (told.stage, told.answer) == (pb.STAGE_CLOSED, "情况属实，已责令整改。")
    assert told.conclusion == events_pb2.CONCLUSION_ESTABLISHED
    assert list(told.next) == ["RateHandling", "AskForSecondHandling"]
    assert city.do("RateHandling", None, receipt_code=code, grade=4).grade == 4
    assert city.refused("RateHandling", None, receipt_code=code, grade=1).reason == "ALREADY_RATED"


def test_closing_announces_unit_persons_categories_and_whether_the_unit_found_it_itself(city: City) -> None:
    closed = city.closed()
    [event] = city.facts(events_pb2.ComplaintClosed)
    fact = event.closed
    assert (event.subject_id, event.number, event.unit_path) == (closed.complaint_id, closed.number, "/qinghe/housing")
    assert (event.jurisdiction_path, event.version) == ("/qinghe", closed.version)
    assert fact.conclusion == events_pb2.CONCLUSION_ESTABLISHED
    assert (list(fact.official_ids), list(fact.category), fact.self_found) == (["official-1"], ["absent"], False)


def test_every_step_of_the_story_is_announced_in_order(city: City) -> None:
    city.closed()
    announced = [event.WhichOneof("fact") for event in city.facts()]
    assert announced == ["filed", "accepted", "dispatched", "reported", "closed"]


def test_the_timeline_names_every_act_and_its_author(city: City) -> None:
    closed = city.closed()
    entries = city.do("ListTimeline", OFFICE, complaint_id=closed.complaint_id).entries
    assert [(entry.act, entry.by) for entry in entries] == [
        ("file_complaint", "complainant"),
        ("accept_complaint", "clerk"),
        ("register_complaint", "clerk"),
        ("submit_for_approval", "clerk"),
        ("approve_disposal", "office"),
        ("dispatch", "clerk"),
        ("sign_for", "housing-clerk"),
        ("report", "housing-clerk"),
        ("sign_report", "housing-head"),
        ("close", "office"),
    ]
    assert entries[-1].text == "情况属实，已责令整改。"


def test_what_may_be_done_next_depends_on_stage_and_role(city: City) -> None:
    submitted = city.submitted()
    assert "ApproveDisposal" in city.seen(submitted, OFFICE).next
    assert "ApproveDisposal" not in city.seen(submitted, CLERK).next
    assert "Dispatch" not in city.seen(submitted, CLERK).next
