"""Matters, clocks that stand still, the ladder after a late signature, and whom a matter may not be handed to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2

from services.complaints.domain.regimes import REDO, SUPERVISE, Regime
from tests.service.complaints.city import CLERK, HOUSING, LEADER, OFFICE, WATER, City, calendar_of, draft, post_changed
from workdays import Calendar

NOT_OURS = {"reason": "非本单位职责", "legal_basis": "三定方案"}
HOW = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_COMMON, "unit_path": "/qinghe/housing"}


def test_lists_of_matters_parts_and_steps_leave_out_what_somebody_was_taken_off(city: City) -> None:
    at, other = city.dispatched(), city.registered()
    city.do("Merge", CLERK, on=other, into_complaint_id=at.complaint_id)
    asked = city.do("AskPart", CLERK, on=city.seen(at), unit_path="/qinghe/water", text="请提供供水记录。")
    reminded = city.do("Remind", CLERK, on=city.seen(at), text="请抓紧。")
    lists = {"ListMatters": "matters", "ListParts": "parts", "ListEscalations": "escalations"}
    assert asked.part.part_id and [len(getattr(city.do(rpc, OFFICE), rows)) for rpc, rows in lists.items()] == [1, 1, 1]

    city.do("RecuseFromComplaint", OFFICE, on=reminded, reason="与被反映人是亲属")

    assert [len(getattr(city.do(rpc, OFFICE), rows)) for rpc, rows in lists.items()] == [0, 0, 0]


def climb(city: City, moment: str) -> list[str]:
    """Lets time pass; the steps announced so far."""
    city.go_to(moment)
    city.door.run_timer("ladder")
    city.door.run_timer("ladder")
    return [event.escalated.step for event in city.facts(events_pb2.ComplaintEscalated)]


def test_who_signs_late_does_not_leave_the_ladder_of_the_limit_that_ran_out_meanwhile(city: City) -> None:
    city.door.hear(calendar_of(2027))
    receipt = city.filed()
    on = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    accepted = city.do("AcceptComplaint", CLERK, **on, regime="hotline")  # one day to sign, five to handle
    registered = city.do("RegisterComplaint", CLERK, on=accepted, category="absent")
    submitted = city.do("SubmitForApproval", CLERK, on=registered, **HOW)
    sent = city.do("Dispatch", CLERK, on=city.do("ApproveDisposal", OFFICE, on=submitted, approved=True))
    before = climb(city, "2026-12-14 09:00")
    assert before == ["reminder", "unit_head", "circular", "referral"]

    city.do("SignFor", HOUSING, on=city.seen(sent))

    assert climb(city, "2026-12-14 09:05")[4:] == ["reminder", "unit_head", "circular", "referral"]
    assert len(city.facts(events_pb2.ComplaintReferred)) == 1


def test_an_early_reminder_does_not_stand_for_the_letter_after_the_limit(city: City) -> None:
    reminded = city.do("Remind", OFFICE, on=city.dispatched(), text="请抓紧。", reason_code="due_soon")
    [early] = city.facts(events_pb2.ComplaintEscalated)
    assert not early.escalated.HasField("due_at")
    assert climb(city, "2026-12-29 00:01") == ["reminder", "reminder", "unit_head"]
    assert {
        one.reason_code for one in city.do("ListEscalations", OFFICE, complaint_id=reminded.complaint_id).escalations
    } == {
        "due_soon",
        "overdue",
    }


def test_a_referral_before_the_limit_is_announced_with_its_own_reason(city: City) -> None:
    city.do("Escalate", OFFICE, on=city.dispatched(), step="referral", reason_code="grave")
    [told] = city.facts(events_pb2.ComplaintReferred)
    assert told.referred.reason == "grave"


def test_a_second_handling_that_was_bounced_never_goes_back_to_the_first_handler(city: City) -> None:
    again = city.do("OrderSecondHandling", OFFICE, on=city.closed(), unit_path="/qinghe/water", reason="办理不力")
    bounced = city.do("Bounce", WATER, on=again, **NOT_OURS)
    back = {"on": bounced, "reason": "裁定办理"}
    assert city.refused("RuleOnBounce", OFFICE, unit_path="/qinghe/housing", **back).reason == "SAME_HANDLER"
    assert city.do("RuleOnBounce", OFFICE, unit_path="/qinghe/water", **back).stage == pb.STAGE_REDOING


def test_a_unit_that_cooperates_is_not_ruled_to_lead(city: City) -> None:
    sent = city.dispatched()
    city.do("AskPart", CLERK, on=sent, unit_path="/qinghe/water", text="请提供供水记录。")
    bounced = city.do("Bounce", HOUSING, on=city.seen(sent), **NOT_OURS)
    assert (
        city.refused("RuleOnBounce", OFFICE, on=bounced, unit_path="/qinghe/water", reason="裁定办理").reason
        == "UNIT_ALREADY_THERE"
    )


def test_after_a_ruling_the_unit_that_leads_now_sees_the_parts_and_no_other(city: City) -> None:
    sent = city.dispatched()
    city.do("AskPart", CLERK, on=sent, unit_path="/qinghe/housing/approvals", text="请核对排班。")
    bounced = city.do("Bounce", HOUSING, on=city.seen(sent), **NOT_OURS)
    city.do("RuleOnBounce", OFFICE, on=bounced, unit_path="/qinghe/water", reason="裁定办理")
    [part] = city.do("ListParts", WATER).parts
    assert (part.unit_path, part.lead_unit_path) == ("/qinghe/housing/approvals", "/qinghe/water")


def test_nothing_is_merged_into_what_its_own_accused_handle(city: City) -> None:
    city.door.hear(post_changed("official-5", "/qinghe/housing", "handler"))
    lead, other = city.dispatched(), city.registered(official="official-5")
    into = {"into_complaint_id": lead.complaint_id}
    assert city.refused("Merge", CLERK, on=other, **into).reason == "DISPATCH_TO_ACCUSED"
    told = draft(accused_official_id="official-5")
    joined = city.refused("JoinMatter", CLERK, draft=told, channel=pb.CHANNEL_HOTLINE, **into)
    assert joined.reason == "DISPATCH_TO_ACCUSED"


def test_a_matter_is_not_dispatched_to_the_accused_of_what_was_merged_into_it(city: City) -> None:
    city.door.hear(post_changed("official-5", "/qinghe/housing", "handler"))
    lead, other = city.submitted(), city.registered(official="official-5")
    approved = city.do("ApproveDisposal", OFFICE, on=lead, approved=True)
    city.do("Merge", CLERK, on=other, into_complaint_id=lead.complaint_id)
    assert city.refused("Dispatch", CLERK, on=approved).reason == "DISPATCH_TO_ACCUSED"


@pytest.mark.parametrize("act", ["Pause", "Merge"])
def test_a_clock_that_runs_beside_one_that_stands_still_can_be_stopped_too(city: City, act: str) -> None:
    lead = city.accepted()
    paused = city.do("Pause", OFFICE, on=city.accepted(), reason="hearing", legal_basis="行政许可法第四十五条")
    supervised = city.do("Supervise", LEADER, on=paused, regime="supervised_urgent")
    assert (supervised.paused, supervised.due_on) == (True, "2026-11-23")
    if act == "Pause":
        both = city.do("Pause", OFFICE, on=supervised, reason="court", legal_basis="同上")
        assert both.due_on == ""
        assert city.refused("Pause", OFFICE, on=both, reason="court", legal_basis="同上").reason == "ALREADY_PAUSED"
    else:
        merged = city.do("Merge", CLERK, on=supervised, into_complaint_id=lead.complaint_id)
        apart = city.do("Unmerge", CLERK, on=merged, reason_code="mistake")
        assert (apart.paused, apart.due_on) == (True, "2026-11-23")


def test_what_has_ended_waits_for_no_answer(city: City) -> None:
    receipt = city.filed()
    asked = city.do("AskComplainant", CLERK, on=city.seen(receipt), question="哪一天？")
    assert city.seen(asked).open_question
    declined = city.do("DeclineComplaint", CLERK, on=asked, reason="litigation", explanation="请起诉。")
    assert not city.seen(declined).open_question


def test_second_handling_and_supervision_warn_and_rest_as_handling_does() -> None:
    day = {"kind": "working_days", "amount": 1}
    quick = {"kind": "minutes", "amount": 60, "basis": "handle rule", "warn": {"kind": "minutes", "amount": 10}}
    regime = Regime.of("quick", {"warn": day, "basis": "whole rule", "handle": quick})
    at = datetime(2026, 11, 16, 1, tzinfo=UTC)
    for step in (REDO, SUPERVISE):
        [clock] = regime.clock(step, at, Calendar({}))
        assert (clock.warn.amount, regime.basis(step)) == (10, "handle rule")
