"""Who may handle what: never the accused, one level up, bounced at most twice, handled again by other hands."""

from __future__ import annotations

import pytest
from zhengfeng.accountability.v1 import events_pb2 as accountability
from zhengfeng.common.v1 import origin_pb2
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2

from tests.doors import caller
from tests.service.complaints.city import (
    CLERK,
    CLOSING,
    DONGHE,
    HOUSING,
    HOUSING_HEAD,
    LEADER,
    OFFICE,
    REPORT,
    WATER,
    City,
    post_changed,
)

BOUNCE = {"reason": "不属于本单位职责", "legal_basis": "三定方案第二条"}
OFFICE_2 = caller("office", jurisdiction="/qinghe", subject="office-2")


def test_a_complaint_about_a_units_own_leader_goes_one_level_up(city: City) -> None:
    city.door.hear(post_changed("official-7", "/qinghe/housing/approvals", "section_head"))
    submitted = city.submitted(unit_path="/qinghe/housing/approvals", official="official-7")
    assert submitted.disposal.asked_unit_path == "/qinghe/housing/approvals"
    assert submitted.disposal.unit_path == "/qinghe/housing"


def test_a_complaint_about_a_bureaus_head_stays_with_the_office_whatever_section_is_asked(city: City) -> None:
    city.door.hear(post_changed("official-8", "/qinghe/housing", "unit_head"))
    submitted = city.submitted(unit_path="/qinghe/housing/approvals", official="official-8")
    assert submitted.disposal.unit_path == "/qinghe"


def test_it_is_not_dispatched_to_where_the_accused_has_gone_meanwhile(city: City) -> None:
    approved = city.do("ApproveDisposal", OFFICE, on=city.submitted(official="official-9"), approved=True)
    city.door.hear(post_changed("official-9", "/qinghe/housing", "handler"))
    assert city.refused("Dispatch", CLERK, on=approved).reason == "DISPATCH_TO_ACCUSED"


@pytest.mark.parametrize("act", ["AcceptComplaint", "RequestIdentity", "GetComplaint", "ListTimeline", "SimilarComplaints"])
def test_the_accused_has_nothing_to_do_with_it(city: City, act: str) -> None:
    receipt = city.filed(accused_official_id="official-3")
    accused = caller("clerk", jurisdiction="/qinghe", subject="clerk-3", official_id="official-3")
    addressed = {"complaint_id": receipt.complaint_id}
    fields = {"AcceptComplaint": {"expected_version": 1}, "RequestIdentity": {"purpose": "核实情况"}}.get(act, {})
    assert city.refused(act, accused, **addressed, **fields).reason == "RECUSED"
    assert not city.do("ListComplaints", accused).complaints
    assert city.do("ListComplaints", CLERK).complaints


def test_a_district_dispatches_to_its_own_units_only(city: City) -> None:
    receipt = city.filed(jurisdiction_path="/qinghe/donghe", accused_unit_path="")
    accepted = city.do("AcceptComplaint", DONGHE, complaint_id=receipt.complaint_id, expected_version=1)
    registered = city.do("RegisterComplaint", DONGHE, on=accepted, category="absent")
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON}
    elsewhere = city.refused("SubmitForApproval", DONGHE, on=registered, unit_path="/qinghe/housing", **how)
    assert (elsewhere.reason, elsewhere.field) == ("UNIT_ELSEWHERE", "unit_path")
    own = city.do("SubmitForApproval", DONGHE, on=registered, unit_path="/qinghe/donghe/civil-affairs", **how)
    assert own.disposal.unit_path == "/qinghe/donghe/civil-affairs"


def test_nobody_approves_the_disposal_they_submitted(city: City) -> None:
    clerk_and_leader = caller("clerk", "leader", jurisdiction="/qinghe", subject="clerk")
    submitted = city.submitted()
    assert city.refused("ApproveDisposal", clerk_and_leader, on=submitted, approved=True).reason == "SAME_PERSON"
    assert city.refused("Dispatch", CLERK, on=submitted).reason == "DISPOSAL_NOT_APPROVED"


def test_a_disposal_not_approved_goes_back_to_the_clerk(city: City) -> None:
    returned = city.do("ApproveDisposal", LEADER, on=city.submitted(), approved=False, opinion="先问清楚")
    assert returned.stage == pb.STAGE_REGISTERED
    assert not returned.HasField("disposal")


def test_a_second_bounce_is_ruled_on_by_another_person_and_sticks(city: City) -> None:
    bounced = city.do("Bounce", HOUSING, on=city.dispatched(), **BOUNCE)
    ruled = city.do("RuleOnBounce", OFFICE, on=bounced, unit_path="/qinghe/water", reason="由水务局办理")
    assert (ruled.stage, ruled.unit_path) == (pb.STAGE_HANDLING, "/qinghe/water")
    again = city.do("Bounce", WATER, on=ruled, **BOUNCE)
    how = {"unit_path": "/qinghe/water", "reason": "裁定由水务局办理"}
    assert city.refused("RuleOnBounce", OFFICE, on=again, **how).reason == "SAME_PERSON"
    final = city.do("RuleOnBounce", OFFICE_2, on=again, **how)
    assert city.refused("Bounce", WATER, on=final, **BOUNCE).reason == "BOUNCED_TWICE"


def test_a_bounce_comes_within_two_working_days(city: City) -> None:
    dispatched = city.dispatched()
    city.go_to("2026-11-19 00:00")
    assert city.refused("Bounce", HOUSING, on=dispatched, **BOUNCE).reason == "BOUNCE_TOO_LATE"


def test_a_report_follows_signing_for_it_and_an_unsigned_one_is_sent_back(city: City) -> None:
    dispatched = city.dispatched()
    assert city.refused("Report", HOUSING, on=dispatched, text="已处理", **REPORT).reason == "NOT_SIGNED_FOR"
    signed_for = city.do("SignFor", HOUSING, on=dispatched)
    assert city.refused("SignFor", HOUSING, on=signed_for).reason == "ALREADY_SIGNED_FOR"
    reported = city.do("Report", HOUSING, on=signed_for, text="已处理", **REPORT)
    back = city.do("SendBack", OFFICE, on=reported, reason="未经主要负责人签署")
    assert back.stage == pb.STAGE_SENT_BACK
    assert not back.HasField("report")
    assert city.do("SignFor", HOUSING, on=back).stage == pb.STAGE_HANDLING


def test_a_report_is_signed_once_by_the_head_of_the_unit(city: City) -> None:
    reported = city.reported()
    assert city.refused("SignReport", HOUSING, on=reported).reason == "ROLE_NOT_ALLOWED"
    signed = city.do("SignReport", HOUSING_HEAD, on=reported)
    assert signed.report.signed_by == "housing-head"
    assert city.refused("SignReport", HOUSING_HEAD, on=signed).reason == "ALREADY_SIGNED"


def test_what_is_closed_is_not_closed_again(city: City) -> None:
    assert city.refused("Close", OFFICE, on=city.closed(), **CLOSING).reason == "COMPLAINT_ALREADY_CLOSED"


def test_a_day_no_calendar_has_is_refused_by_its_field(city: City) -> None:
    refused = city.refused("Close", OFFICE, on=city.signed(), **CLOSING, rectified_on="2026-02-30")
    assert (refused.reason, refused.field) == ("DAY_INVALID", "rectified_on")


def test_nothing_was_set_right_on_a_day_that_has_not_come(city: City) -> None:
    signed = city.signed()
    refused = city.refused("Close", OFFICE, on=signed, **CLOSING, rectified_on="2099-01-01")
    assert (refused.reason, refused.field) == ("RECTIFIED_IN_FUTURE", "rectified_on")


def test_second_handling_goes_to_other_hands_under_its_own_clock_and_asks_about_the_same_unit(city: City) -> None:
    closed = city.closed()
    how = {"reason": "投诉人不满意"}
    same = city.refused("OrderSecondHandling", OFFICE, on=closed, unit_path="/qinghe/housing", **how)
    assert same.reason == "SAME_HANDLER"
    redoing = city.do("OrderSecondHandling", OFFICE, on=closed, unit_path="/qinghe/water", **how)
    assert (redoing.stage, redoing.unit_path, redoing.second_handling) == (pb.STAGE_REDOING, "/qinghe/water", True)
    assert [clock.step for clock in redoing.clocks if clock.running] == ["redo"]
    [opened] = city.facts(events_pb2.SecondHandlingOpened)
    assert opened.unit_path == "/qinghe/housing"

    signed_for = city.do("SignFor", WATER, on=redoing)
    assert signed_for.stage == pb.STAGE_REDOING
    reported = city.do("Report", WATER, on=signed_for, text="复核属实。", **REPORT)
    head = caller("unit_head", unit="/qinghe/water", subject="water-head")
    city.do("Close", OFFICE, on=city.do("SignReport", head, on=reported), **CLOSING)
    second = city.facts(events_pb2.ComplaintClosed)[-1]
    assert (second.closed.second_handling, second.unit_path) == (True, "/qinghe/housing")


def test_the_office_handles_itself_what_no_unit_may(city: City) -> None:
    city.door.hear(post_changed("official-8", "/qinghe/housing", "unit_head"))
    own = city.dispatched(official="official-8")
    assert own.unit_path == "/qinghe"
    assert city.refused("SignFor", HOUSING, on=own).reason == "COMPLAINT_NOT_FOUND"
    reported = city.do("Report", OFFICE, on=city.do("SignFor", OFFICE, on=own), text="经查属实。", **REPORT)
    assert city.do("SignReport", LEADER, on=reported).report.signed_by == "leader"


def test_what_accountability_decided_returns_to_the_ledger_once(city: City) -> None:
    closed = city.closed()
    origin = origin_pb2.Origin(service="complaints", subject_id=closed.complaint_id, number=closed.number)
    decided = accountability.AccountabilityEvent(
        event_id="0199c0de-0000-7000-8000-000000000001",
        subject_id="case-1",
        version=5,
        number="问责〔2026〕1号",
        decided=accountability.Decided(origins=[origin], outcome="decided"),
    )
    city.door.hear(decided)
    city.door.hear(decided)
    outcome = city.seen(closed).outcome
    assert (outcome.case_number, outcome.outcome) == ("问责〔2026〕1号", "decided")
    [returned] = city.facts(events_pb2.OutcomeReturned)
    assert returned.outcome_returned.case_id == "case-1"

    older = accountability.AccountabilityEvent(
        subject_id="case-1", version=4, decision_changed=accountability.DecisionChanged(origins=[origin], outcome="changed")
    )
    city.door.hear(older)
    assert city.seen(closed).outcome.outcome == "decided"


def test_a_decision_about_somebody_elses_complaint_changes_nothing(city: City) -> None:
    origin = origin_pb2.Origin(service="complaints", subject_id="0199c0de-0000-7000-8000-00000000dead")
    fact = accountability.Decided(origins=[origin], outcome="decided")
    city.door.hear(accountability.AccountabilityEvent(subject_id="case-2", version=1, decided=fact))
    assert not city.facts()


def test_a_referral_names_unit_and_officials(city: City) -> None:
    city.do("ReferToAccountability", OFFICE, on=city.dispatched(), reason="久拖不办", official_ids=["official-1"])
    [event] = city.facts(events_pb2.ComplaintReferred)
    assert (event.unit_path, list(event.referred.official_ids)) == ("/qinghe/housing", ["official-1"])


def test_a_stale_version_is_refused_and_changes_nothing(city: City) -> None:
    accepted = city.accepted()
    stale = city.refused("AcceptComplaint", CLERK, complaint_id=accepted.complaint_id, expected_version=1)
    assert (stale.reason, stale.field) == ("STALE_VERSION", "expected_version")


def test_an_act_repeated_with_its_request_id_is_answered_as_the_first_time(city: City) -> None:
    receipt = city.filed()
    once = {"complaint_id": receipt.complaint_id, "expected_version": 1, "request_id": "a-1"}
    first = city.do("AcceptComplaint", CLERK, **once)
    assert city.do("AcceptComplaint", CLERK, **once) == first
    assert len(city.facts(events_pb2.ComplaintAccepted)) == 1


def test_rows_of_another_unit_or_district_are_as_if_they_were_not(city: City) -> None:
    dispatched = city.dispatched()
    for stranger in (WATER, DONGHE):
        assert city.refused("GetComplaint", stranger, complaint_id=dispatched.complaint_id).reason == "COMPLAINT_NOT_FOUND"
    assert city.refused("SignFor", WATER, on=dispatched).reason == "COMPLAINT_NOT_FOUND"
    assert city.refused("Remind", DONGHE, on=dispatched, text="请尽快").reason == "COMPLAINT_NOT_FOUND"
    assert not city.do("ListComplaints", WATER).complaints
    assert len(city.do("ListComplaints", HOUSING).complaints) == 1


def test_an_archived_complaint_is_at_its_end(city: City) -> None:
    told = city.do("RecordFeedback", CLERK, on=city.closed(), by="telephone", reached=True, proof="录音20261116-3")
    assert city.refused("Archive", CLERK, on=told).reason == "ASKING_OPEN"
    city.go_to("2026-12-17 09:00")
    archived = city.do("Archive", CLERK, on=told)
    assert archived.stage == pb.STAGE_ARCHIVED
    assert city.refused("Archive", CLERK, on=archived).reason == "STAGE_FORBIDS"
