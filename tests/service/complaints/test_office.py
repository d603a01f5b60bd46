"""What the office steers by: unclear ones before a leader, several clocks, cooperating units, the ladder, matters."""

from __future__ import annotations

import pytest
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2, parts_pb2, unclear_pb2

from tests.doors import caller
from tests.service.complaints.city import (
    CLERK,
    HOUSING,
    LEADER,
    OFFICE,
    REPORT,
    SECRET_NAME,
    WATER,
    City,
    calendar_of,
    post_changed,
)

UNCLEAR = {"reason_code": "several_bodies", "text": "供水和物业各说各的，是否由我们受理？"}
STRANGER = caller("unit_clerk", unit="/qinghe/donghe/civil-affairs", subject="stranger")
LEADING_CLERK = caller("clerk", "leader", jurisdiction="/qinghe", subject="clerk")


def unclear(city: City) -> pb.Complaint:
    """One that a clerk has laid before a leader."""
    receipt = city.filed()
    laid: pb.Complaint = city.do("ReferUnclear", CLERK, complaint_id=receipt.complaint_id, expected_version=1, **UNCLEAR)
    return laid


def with_parts(city: City, **changed: object) -> pb.Complaint:
    """One that lies with housing, in which water cooperates."""
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    submitted = city.do(
        "SubmitForApproval", CLERK, on=city.registered(**changed), cooperating_unit_paths=["/qinghe/water"], **how
    )
    approved = city.do("ApproveDisposal", OFFICE, on=submitted, approved=True)
    sent: pb.Complaint = city.do("Dispatch", CLERK, on=approved)
    return sent


def parts(city: City, as_: object = WATER, **wanted: object) -> list[parts_pb2.Part]:
    """The parts somebody is shown."""
    return list(city.do("ListParts", as_, **wanted).parts)


def test_an_unclear_complaint_lies_before_a_leader_while_the_clock_of_acceptance_runs(city: City) -> None:
    laid = unclear(city)
    assert laid.stage == pb.STAGE_UNCLEAR
    assert [(clock.step, clock.running) for clock in city.seen(laid).clocks] == [("accept", True)]
    ruled = city.do("RuleOnUnclear", LEADER, on=laid, ruling=unclear_pb2.UNCLEAR_RULING_ACCEPT, regime="hotline")
    assert (ruled.stage, ruled.regime) == (pb.STAGE_ACCEPTED, "hotline")
    last = city.do("ListTimeline", OFFICE, complaint_id=laid.complaint_id).entries
    assert [(entry.act, entry.reason_code) for entry in last[1:]] == [
        ("refer_unclear", "several_bodies"),
        ("rule_accept", ""),
    ]


def test_nobody_rules_on_what_they_laid_before_a_leader(city: City) -> None:
    laid = unclear(city)
    accept = {"ruling": unclear_pb2.UNCLEAR_RULING_ACCEPT}
    assert city.refused("RuleOnUnclear", LEADING_CLERK, on=laid, **accept).reason == "SAME_PERSON"


def test_a_ruling_against_acceptance_is_told_to_the_filer(city: City) -> None:
    laid = unclear(city)
    code = city.last_receipt.receipt_code
    forward = {"ruling": unclear_pb2.UNCLEAR_RULING_FORWARD, "reason_code": "other_duty"}
    incomplete = city.refused("RuleOnUnclear", LEADER, on=laid, **forward)
    assert (incomplete.reason, incomplete.field) == ("RULING_INCOMPLETE", "forwarded_to")
    decline = {"ruling": unclear_pb2.UNCLEAR_RULING_DECLINE, "reason_code": "litigation"}
    assert city.refused("RuleOnUnclear", LEADER, on=laid, **decline).reason == "RULING_INCOMPLETE"
    ruled = city.do("RuleOnUnclear", LEADER, on=laid, forwarded_to="市供水集团", explanation="由其答复", **forward)
    assert ruled.stage == pb.STAGE_FORWARDED
    followed = city.do("FollowComplaint", None, receipt_code=code)
    assert "市供水集团" in followed.steps[-1].text


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("ForwardComplaint", {"forwarded_to": "信访局"}),
        ("ReferUnclear", {"text": "？"}),
        ("Supervise", {"regime": "supervised"}),
    ],
)
def test_a_reason_that_is_on_no_list_is_refused_by_its_field(city: City, act: str, said: dict[str, str]) -> None:
    receipt = city.filed()
    on = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    refused = city.refused(act, OFFICE, **on, reason_code="because", **said)
    assert (refused.reason, refused.field) == ("REASON_UNKNOWN", "reason_code")
    assert city.do(act, OFFICE, **on, **said).version == 2


def test_several_clocks_run_at_once_and_the_tightest_governs(city: City) -> None:
    dispatched = city.dispatched()
    assert dispatched.due_on == "2026-12-28"
    supervised = city.do("Supervise", LEADER, on=dispatched, regime="supervised_urgent", reason_code="leader_instruction")
    assert supervised.due_on == "2026-11-23"
    again = city.refused("Supervise", OFFICE, on=supervised, regime="supervised")
    assert again.reason == "ALREADY_SUPERVISED"
    other = city.refused("Supervise", OFFICE, on=city.dispatched(), regime="petition")
    assert other.reason == "REGIME_UNKNOWN"
    explained = city.do("ExplainClocks", HOUSING, complaint_id=dispatched.complaint_id).clocks
    told = [(one.clock.step, one.clock.running, one.clock.governs, one.clock.source) for one in explained]
    assert told == [
        ("accept", False, False, "local"),
        ("handle", True, False, "local"),
        ("supervise", True, True, "local"),
    ]
    days = explained[2].days
    assert [(day.day, day.why, day.used) for day in days] == [
        ("2026-11-16", "start", 0),
        ("2026-11-17", "working", 1),
        ("2026-11-18", "working", 2),
        ("2026-11-19", "working", 3),
        ("2026-11-20", "working", 4),
        ("2026-11-21", "weekend", 4),
        ("2026-11-22", "weekend", 4),
        ("2026-11-23", "working", 5),
    ]
    assert explained[1].clock.basis == "机关效能监察投诉中心办理规定"


def test_the_hotlines_inner_limits_run_in_minutes_and_never_cost_the_unit_an_overdue(city: City) -> None:
    receipt = city.filed()
    on = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    accepted = city.do("AcceptComplaint", CLERK, **on, regime="hotline_urgent")
    clocks = {clock.step: clock for clock in accepted.clocks}
    assert clocks["dispatch"].budget == "60 minutes"
    assert accepted.due_at.ToJsonString() == "2026-11-16T02:00:00Z"
    city.go_to("2026-11-16 10:01")
    assert city.seen(accepted).light == pb.LIGHT_RED
    assert not city.facts(events_pb2.ComplaintOverdue)
    city.go_to("2026-11-17 00:00")
    assert [event.overdue.clock for event in city.facts(events_pb2.ComplaintOverdue)] == ["handle"]


def test_a_complaint_is_in_time_by_the_limit_that_ran_to_the_end_not_by_one_that_was_done_before(city: City) -> None:
    receipt = city.filed()
    on = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    accepted = city.do("AcceptComplaint", CLERK, **on, regime="hotline")
    about = {"category": "absent", "accused_unit_path": "/qinghe/housing"}
    registered = city.do("RegisterComplaint", CLERK, on=accepted, **about)
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    approved = city.do(
        "ApproveDisposal", OFFICE, on=city.do("SubmitForApproval", CLERK, on=registered, **how), approved=True
    )
    sent = city.do("Dispatch", CLERK, on=approved)
    assert [(clock.step, clock.running) for clock in sent.clocks][1:] == [
        ("handle", True),
        ("dispatch", False),
        ("sign", True),
    ]
    city.go_to("2026-11-18 09:00")
    signed_for = city.do("SignFor", HOUSING, on=city.seen(sent))
    assert signed_for.due_on == "2026-11-23"
    withdrawn = city.do("WithdrawComplaint", None, receipt_code=receipt.receipt_code)
    assert withdrawn.stage == pb.STAGE_WITHDRAWN
    assert city.seen(sent).due_on == "2026-11-23"


def test_more_days_for_a_petition_are_granted_by_a_leader_only(city: City) -> None:
    city.door.hear(calendar_of(2027))
    receipt = city.filed()
    on = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    petition = city.do("AcceptComplaint", CLERK, **on, regime="petition")
    registered = city.do("RegisterComplaint", CLERK, on=petition, category="slow")
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    submitted = city.do("SubmitForApproval", CLERK, on=registered, **how)
    sent = city.do("Dispatch", CLERK, on=city.do("ApproveDisposal", OFFICE, on=submitted, approved=True))
    asked = city.do("RequestExtension", HOUSING, on=sent, days=30, reason="涉及三个部门", reason_code="complex")
    assert city.refused("DecideExtension", OFFICE, on=asked, granted=True).reason == "EXTENSION_NOT_YOURS"
    granted = city.do("DecideExtension", LEADER, on=asked, granted=True)
    assert granted.due_on == "2027-02-14"
    [_, handle] = city.do("ExplainClocks", OFFICE, complaint_id=receipt.complaint_id).clocks
    [entry] = handle.extensions
    assert (entry.days, entry.granted_by, entry.reason_code) == (30, "leader", "complex")
    assert (handle.clock.basis, handle.clock.source) == ("《信访工作条例》第三十四条", "law")


def test_a_cooperating_unit_reads_the_redacted_copy_and_acts_on_its_part_only(city: City) -> None:
    sent = with_parts(city)
    [event] = city.facts(events_pb2.ComplaintDispatched)
    assert list(event.dispatched.cooperating_unit_paths) == ["/qinghe/water"]
    seen = city.seen(sent, WATER)
    assert (seen.redacted, list(seen.next)) == (True, [])
    assert SECRET_NAME not in seen.text
    assert city.refused("SignFor", WATER, on=sent).reason == "COMPLAINT_NOT_FOUND"
    assert city.refused("GetComplaint", STRANGER, complaint_id=sent.complaint_id).reason == "COMPLAINT_NOT_FOUND"
    [part] = parts(city)
    on = {"part_id": part.part_id, "expected_version": part.version}
    assert city.refused("ReportPart", WATER, **on, text="供水正常").reason == "NOT_SIGNED_FOR"
    assert city.refused("SignForPart", STRANGER, **on).reason == "PART_NOT_FOUND"
    signed = city.do("SignForPart", WATER, **on).part
    on["expected_version"] = signed.version
    assert city.refused("SignForPart", WATER, **on).reason == "ALREADY_SIGNED_FOR"
    done = city.do("ReportPart", WATER, **on, text="当日供水正常。").part
    on["expected_version"] = done.version
    assert city.refused("ReportPart", WATER, **on, text="再说一遍").reason == "ALREADY_REPORTED"
    assert [one.state for one in parts(city, HOUSING)] == [parts_pb2.PART_STATE_REPORTED]
    last = city.do("ListTimeline", HOUSING, complaint_id=sent.complaint_id).entries[-1]
    assert (last.act, last.text) == ("report_part", "当日供水正常。")


def test_one_more_unit_is_asked_later_and_none_twice(city: City) -> None:
    sent = with_parts(city)
    asking = {"text": "请核对排班", "on": sent}
    for there in ("/qinghe/water", "/qinghe/housing"):
        assert city.refused("AskPart", CLERK, unit_path=there, **asking).reason == "UNIT_ALREADY_THERE"
    city.do("AskPart", CLERK, unit_path="/qinghe/housing/approvals", **asking)
    assert {part.unit_path for part in parts(city, OFFICE)} == {"/qinghe/water", "/qinghe/housing/approvals"}


def test_the_accuseds_own_unit_never_cooperates(city: City) -> None:
    city.door.hear(post_changed("official-5", "/qinghe/water", "handler"))
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    registered = city.registered(official="official-5")
    refused = city.refused("SubmitForApproval", CLERK, on=registered, cooperating_unit_paths=["/qinghe/water"], **how)
    assert refused.reason == "DISPATCH_TO_ACCUSED"


def climb(city: City, moment: str) -> list[str]:
    """Lets time pass; the steps announced so far."""
    city.go_to(moment)
    city.door.run_timer("ladder")
    return [event.escalated.step for event in city.facts(events_pb2.ComplaintEscalated)]


def test_an_overdue_complaint_climbs_the_ladder_day_by_day(city: City) -> None:
    city.door.hear(calendar_of(2027))
    sent = city.dispatched()  # its last day is Monday 28 December
    assert climb(city, "2026-12-28 23:59") == []
    assert climb(city, "2026-12-29 00:01") == ["reminder", "unit_head"]
    assert climb(city, "2027-01-03 23:59") == ["reminder", "unit_head"]
    assert climb(city, "2027-01-04 00:01") == ["reminder", "unit_head", "circular"]
    assert climb(city, "2027-01-11 00:01")[3:] == ["referral"]
    assert climb(city, "2027-03-11 00:01")[4:] == []
    [referred] = city.facts(events_pb2.ComplaintReferred)
    assert (referred.subject_id, referred.referred.reason) == (sent.complaint_id, "overdue")
    taken = city.do("ListEscalations", HOUSING).escalations
    assert {(one.step, one.by, one.reason_code) for one in taken[2:]} == {
        ("reminder", "system", "overdue"),
        ("unit_head", "system", "overdue"),
    }
    assert not city.do("ListEscalations", STRANGER).escalations


def test_a_step_waits_for_the_calendar_of_its_year(city: City) -> None:
    city.dispatched()
    assert climb(city, "2027-01-05 09:00") == ["reminder", "unit_head"]
    city.door.hear(calendar_of(2027))
    assert climb(city, "2027-01-06 09:01") == ["reminder", "unit_head", "circular"]


def test_the_office_takes_a_step_before_time_does_and_time_does_not_take_it_again(city: City) -> None:
    sent = city.dispatched()
    assert city.refused("Escalate", OFFICE, on=sent, step="gallows").reason == "STEP_UNKNOWN"
    told = city.do("Escalate", OFFICE, on=sent, step="unit_head", reason_code="grave", text="请主要负责人过问")
    assert city.refused("Escalate", OFFICE, on=told, step="unit_head").reason == "ESCALATION_DONE"
    assert climb(city, "2026-12-29 00:01") == ["unit_head", "reminder"]


def test_who_reports_or_is_given_more_days_leaves_the_ladder(city: City) -> None:
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    closed = city.closed()
    assert closed.stage == pb.STAGE_CLOSED
    city.go_to("2026-12-28 09:00")
    asked = city.do("RequestExtension", HOUSING, on=city.seen(signed_for), days=3, reason="取证")
    city.do("DecideExtension", LEADER, on=asked, granted=True)
    assert climb(city, "2026-12-31 00:01") == []


def test_a_matter_is_listed_once_with_all_complaints_about_it(city: City) -> None:
    lead, other, third = city.registered(), city.registered(), city.registered()
    city.do("Merge", CLERK, on=other, into_complaint_id=lead.complaint_id)
    merged = city.do("Merge", CLERK, on=third, into_complaint_id=lead.complaint_id)
    [matter] = city.do("ListMatters", OFFICE).matters
    assert (matter.complaint.number, matter.complaints) == (lead.number, 3)
    apart = city.do("Unmerge", CLERK, on=merged, reason_code="other_happening")
    assert apart.stage == pb.STAGE_REGISTERED
    [matter] = city.do("ListMatters", OFFICE, open_only=True).matters
    assert matter.complaints == 2
    assert city.do("ListMatters", CLERK, unit_path="/qinghe/water").matters == []


def test_a_report_still_comes_from_the_unit_that_leads(city: City) -> None:
    sent = with_parts(city)
    assert city.refused("Report", WATER, on=sent, text="代为报结", **REPORT).reason == "COMPLAINT_NOT_FOUND"
