"""Feedback by where a complaint came from; second handling asked for, granted, refused, and begun by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, feedback_pb2, second_pb2

from tests.doors import caller
from tests.service.complaints.city import (
    CLERK,
    CLOSING,
    HOUSING,
    HOUSING_HEAD,
    LEADER,
    OFFICE,
    REPORT,
    WATER,
    WATER_HEAD,
    City,
    draft,
)

OTHER = caller("office", jurisdiction="/qinghe", subject="other-office")
OPEN, GIVEN = feedback_pb2.FEEDBACK_STATE_OPEN, feedback_pb2.FEEDBACK_STATE_GIVEN


def owed(city: City, on: object) -> feedback_pb2.Feedback:
    """The feedback of the latest closing."""
    return city.do("ListFeedbacks", OFFICE, complaint_id=on.complaint_id).feedbacks[-1]  # type: ignore[attr-defined]


def came_in_by(city: City, channel: int, **changed: object) -> complaint_pb2.Complaint:
    """A complaint a clerk entered, closed as established."""
    city.filed = lambda **draft: _entered(city, channel, **{**draft, **changed})  # type: ignore[method-assign]
    return city.closed()


def _entered(city: City, channel: int, **changed: object) -> object:
    return city.do("RegisterForCaller", CLERK, draft=draft(**changed), channel=channel)


@pytest.mark.parametrize(
    ("channel", "route"),
    [
        (complaint_pb2.CHANNEL_HOTLINE, feedback_pb2.FEEDBACK_ROUTE_WEB),
        (complaint_pb2.CHANNEL_MEDIA, feedback_pb2.FEEDBACK_ROUTE_PROPAGANDA),
        (complaint_pb2.CHANNEL_SUPERIOR, feedback_pb2.FEEDBACK_ROUTE_COMPLAINANT),
    ],
)
def test_where_the_outcome_is_told_follows_from_where_the_complaint_came_from(city: City, channel: int, route: int) -> None:
    closed = came_in_by(city, channel)

    found = owed(city, closed)

    assert (found.route, found.state, found.due_on) == (route, OPEN, "2026-11-23")


def test_media_are_answered_through_the_propaganda_department_only(city: City) -> None:
    closed = came_in_by(city, complaint_pb2.CHANNEL_MEDIA)

    refused = city.refused("RecordFeedback", CLERK, on=closed, by="telephone", reached=True, proof="录音")

    assert refused.reason == "MEANS_FORBIDDEN"
    told = city.do("RecordFeedback", CLERK, on=closed, by="press", reached=True, proof="宣传部收件回执3号")
    assert owed(city, told).state == GIVEN


def test_a_contact_without_proof_does_not_stop_the_clock_and_proof_does(city: City) -> None:
    closed = city.closed()
    tried = city.do("RecordFeedback", CLERK, on=closed, by="telephone", reached=True, proof="")
    missed = city.do("RecordFeedback", CLERK, on=tried, by="telephone", reached=False, proof="三次无人接听")
    city.go_to("2026-11-24T09:00")
    city.door.run_timer("feedback")

    late = owed(city, missed)
    assert (late.state, late.light, late.attempts) == (OPEN, complaint_pb2.LIGHT_RED, 2)
    [fact] = city.facts(events_pb2.FeedbackLate)
    assert fact.feedback_late.route == "complainant"

    now = city.seen(missed)
    city.do("RecordFeedback", CLERK, on=now, by="telephone", reached=True, proof="录音20261124-3")
    assert owed(city, now).state == GIVEN
    [given] = city.facts(events_pb2.FeedbackGiven)
    assert (given.feedback_given.means, given.version) == ("telephone", now.version + 1)
    assert city.refused("RecordFeedback", CLERK, on=city.seen(now), by="visit").reason == "FEEDBACK_GIVEN_BEFORE"


def test_silence_is_never_satisfied_and_keeps_the_complaint_out_of_the_archive(city: City) -> None:
    closed = city.closed()

    assert city.refused("Archive", CLERK, on=closed).reason == "FEEDBACK_OPEN"
    answer = city.do("Statistics", OFFICE, by=1)
    assert (answer.total.closed, answer.total.rated, answer.total.satisfied) == (1, 0, 0)


def test_a_grade_given_by_code_proves_that_the_outcome_was_read(city: City) -> None:
    closed = city.closed()

    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=4)

    assert (owed(city, closed).state, owed(city, closed).means) == (GIVEN, "receipt")
    assert [fact.version for fact in city.facts(events_pb2.FeedbackGiven)] == [closed.version + 1]


def test_its_filer_asks_for_second_handling_once_and_the_office_refuses_with_a_reason(city: City) -> None:
    closed, code = city.closed(), city.last_receipt.receipt_code
    shown = city.do("AskForSecondHandling", None, receipt_code=code, reason="窗口还是没有人")
    assert "AskForSecondHandling" not in shown.next and shown.second_request == "asked"
    again = city.refused("AskForSecondHandling", None, receipt_code=code, reason="再要一次")
    assert again.reason == "SECOND_ALREADY_ASKED"
    [asked] = city.do("ListSecondRequests", OFFICE).second_requests
    on = {"second_request_id": asked.second_request_id, "expected_version": asked.version}
    assert city.refused("DecideSecondHandling", OFFICE, **on, granted=False, reason="不").reason == "SAME_PERSON"
    assert city.refused("DecideSecondHandling", OTHER, **on, granted=True, reason="好").reason == "UNIT_MISSING"

    city.do("DecideSecondHandling", OTHER, **on, granted=False, reason="已派人值守，照片附卷")

    followed = city.do("FollowComplaint", None, receipt_code=code)
    assert followed.second_request == "refused"
    assert followed.steps[-1].text == "已派人值守，照片附卷"
    seen = city.do("GetSecondRequest", LEADER, second_request_id=asked.second_request_id).second_request
    assert (seen.text, seen.reason) == ("窗口还是没有人", "已派人值守，照片附卷")
    assert city.seen(closed).stage == complaint_pb2.STAGE_CLOSED


def test_granted_it_is_handled_by_other_hands_under_its_own_clock_and_opens_the_leader_question(city: City) -> None:
    closed = city.closed()
    city.do("AskForSecondHandling", None, receipt_code=city.last_receipt.receipt_code, reason="没有解决")
    [asked] = city.do("ListSecondRequests", OFFICE, state=second_pb2.SECOND_REQUEST_STATE_ASKED).second_requests
    on = {"second_request_id": asked.second_request_id, "expected_version": asked.version}
    same = city.refused("DecideSecondHandling", OTHER, **on, granted=True, unit_path="/qinghe/housing", reason="再办")
    assert same.reason == "SAME_HANDLER"

    city.do("DecideSecondHandling", OTHER, **on, granted=True, unit_path="/qinghe/water", reason="另派单位")

    again = city.seen(closed)
    assert again.stage == complaint_pb2.STAGE_REDOING and again.unit_path == "/qinghe/water"
    assert [clock.step for clock in again.clocks if clock.running] == ["redo"]
    [opened] = city.facts(events_pb2.SecondHandlingOpened)
    assert opened.unit_path == "/qinghe/housing"
    assert owed(city, closed).state == feedback_pb2.FEEDBACK_STATE_SUPERSEDED
    city.go_to("2026-11-18T09:00")
    signed = city.do("SignFor", WATER, on=city.seen(again))
    both = caller("unit_clerk", unit="/qinghe", subject=HOUSING.subject)
    assert city.refused("Report", both, on=signed, text="同一个人又报一次", **REPORT).reason == "SAME_HANDLER"
    reported = city.do("Report", WATER, on=signed, text="另一单位重新查清。", **REPORT)
    closed_again = city.do("Close", OFFICE, on=city.do("SignReport", WATER_HEAD, on=reported), **CLOSING)
    assert owed(city, closed_again).state == OPEN


def test_the_days_to_ask_begin_when_the_outcome_was_told_and_keep_the_complaint_out_of_the_archive(city: City) -> None:
    closed = city.closed()
    city.go_to("2026-12-17T09:00")
    told = city.do("RecordFeedback", CLERK, on=city.seen(closed), by="telephone", reached=True, proof="录音20261217-1")
    assert city.refused("Archive", CLERK, on=told).reason == "ASKING_OPEN"
    city.go_to("2027-01-16T23:59")

    city.do("AskForSecondHandling", None, receipt_code=city.last_receipt.receipt_code, reason="还没有解决")

    assert city.refused("Archive", CLERK, on=city.seen(closed)).reason == "SECOND_REQUEST_OPEN"


def test_a_satisfied_complainant_keeps_nothing_out_of_the_archive(city: City) -> None:
    closed = city.closed()
    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=4)

    assert city.do("Archive", CLERK, on=city.seen(closed)).stage == complaint_pb2.STAGE_ARCHIVED


def test_lights_that_turned_inside_the_house_are_no_sign_of_poor_handling(city: City) -> None:
    receipt = city.filed()
    city.go_to("2026-11-24T09:00")
    accepted = city.do("AcceptComplaint", CLERK, on=city.seen(receipt))
    city.go_to("2026-11-25T09:00")
    assert "overdue" in {entry.act for entry in city.do("ListTimeline", OFFICE, complaint_id=receipt.complaint_id).entries}
    city.accepted = lambda **_: accepted  # type: ignore[method-assign]
    closed = city.closed()

    city.do("RateHandling", None, receipt_code=receipt.receipt_code, grade=1)

    assert city.seen(closed).stage == complaint_pb2.STAGE_CLOSED


def test_thirty_days_after_being_told_nobody_asks_any_more(city: City) -> None:
    told = city.do("RecordFeedback", CLERK, on=city.closed(), by="telephone", reached=True, proof="录音20261116-1")
    city.go_to("2026-12-17T09:00")
    assert city.seen(told).stage == complaint_pb2.STAGE_CLOSED

    late = city.refused("AskForSecondHandling", None, receipt_code=city.last_receipt.receipt_code, reason="太晚")

    assert late.reason == "ASKED_TOO_LATE"


def test_poor_handling_and_a_poor_grade_begin_it_by_themselves(city: City) -> None:
    signed = city.signed()
    reminded = city.do("Remind", OFFICE, on=signed, text="请尽快")
    closed = city.do("Close", OFFICE, on=reminded, **CLOSING)

    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=1, remark="没人管")

    again = city.seen(closed)
    assert (again.stage, again.unit_path) == (complaint_pb2.STAGE_REDOING, "/qinghe")
    [request] = city.do("ListSecondRequests", OFFICE).second_requests
    assert request.source == second_pb2.SECOND_REQUEST_SOURCE_AUTOMATIC
    assert list(request.signs) == ["reminded"] and request.grade == 1
    [opened] = city.facts(events_pb2.SecondHandlingOpened)
    assert opened.second_handling_opened.reason == "automatic"


def test_a_poor_grade_alone_opens_nothing(city: City) -> None:
    closed = city.closed()

    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=1)

    assert city.seen(closed).stage == complaint_pb2.STAGE_CLOSED


def test_one_light_that_cannot_be_turned_keeps_no_other_feedback_waiting(city: City) -> None:
    broken, *others = [city.closed() for _ in range(3)]
    with city.door.store.engine.begin() as connection:
        spoilt = sa.text("UPDATE complaints SET stage = 'nowhere' WHERE number = :number")
        connection.execute(spoilt, {"number": broken.number})
    city.clock.advance(timedelta(days=9))

    city.door.run_timer("feedback")

    lights = {one.number: one.light for one in city.do("ListFeedbacks", OFFICE).feedbacks}
    assert [lights[one.number] for one in others] == [complaint_pb2.LIGHT_RED] * 2
    assert len(city.facts(events_pb2.FeedbackLate)) == 2


def test_a_unit_that_cooperated_the_first_time_does_not_lead_the_second(city: City) -> None:
    lying = city.dispatched()
    city.do("AskPart", CLERK, on=lying, unit_path="/qinghe/water", text="请提供供水记录。")
    signed_for = city.do("SignFor", HOUSING, on=city.seen(lying))
    reported = city.do("Report", HOUSING, on=signed_for, text="属实。", **REPORT)
    closed = city.do("Close", OFFICE, on=city.do("SignReport", HOUSING_HEAD, on=reported), **CLOSING)

    refused = city.refused("OrderSecondHandling", OFFICE, on=closed, unit_path="/qinghe/water", reason="办理不力")

    assert (refused.reason, refused.field) == ("SAME_HANDLER", "unit_path")
    assert city.do("OrderSecondHandling", OFFICE, on=closed, unit_path="/qinghe", reason="办理不力").unit_path == "/qinghe"


def test_a_grade_is_the_word_on_one_handling_and_only_that_on_the_last_one_is_counted(city: City) -> None:
    signed = city.signed()
    closed = city.do("Close", OFFICE, on=city.do("Remind", OFFICE, on=signed, text="请尽快"), **CLOSING)
    code = city.last_receipt.receipt_code
    city.do("RateHandling", None, receipt_code=code, grade=1)
    city.door.run_timer("figures")
    total = city.do("Statistics", OFFICE, by=1).total
    assert (total.received, total.closed, total.rated, total.satisfied) == (1, 0, 0, 0)

    office = caller("office", "leader", jurisdiction="/qinghe", subject="other-hands")
    signed_for = city.do("SignFor", office, on=city.seen(closed))
    again = city.do("SignReport", office, on=city.do("Report", office, on=signed_for, text="另查。", **REPORT))
    city.do("Close", OFFICE, on=again, **CLOSING)
    silent = city.do("Statistics", OFFICE, by=1).total
    city.do("RateHandling", None, receipt_code=code, grade=5)

    total = city.do("Statistics", OFFICE, by=1).total
    assert (silent.closed, silent.rated, silent.satisfied) == (1, 0, 0)  # silence is never satisfied
    assert (total.closed, total.rated, total.satisfied) == (1, 1, 1)
    [first] = city.do("ListSecondRequests", OFFICE).second_requests
    assert first.grade == 1  # kept where it opened the second handling
