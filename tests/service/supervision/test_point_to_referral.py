"""The story: a point reports, an inspection finds, a notice goes out, the limit passes, accountability is told."""

from __future__ import annotations

from zhengfeng.supervision.v1 import events_pb2, finding_acts_pb2, finding_pb2, inspection_pb2, point_pb2

from tests.service.supervision.city import HOUSING, OFFICE, POINT, City, which


def test_from_a_points_report_to_the_referral(city: City) -> None:
    reported = city.point_reports()
    inspection = city.started(city.sealed(point_report_id=reported.point_report_id))
    finding = city.confirmed(inspection, city.recorded(inspection))
    released = city.released(inspection)
    assert released.stage == inspection_pb2.INSPECTION_STAGE_RELEASED
    assert released.findings == 1

    told = city.noticed(city.finding(finding, OFFICE))
    assert told.notice.number == "整改通知书〔2026〕1号"
    assert told.clock.due_on == "2026-11-30"
    assert (told.light, told.stage) == (finding_pb2.LIGHT_GREEN, finding_pb2.FINDING_STAGE_NOTIFIED)

    city.go_to("2026-11-26 23:59")
    assert city.finding(told, HOUSING).light == finding_pb2.LIGHT_GREEN
    city.go_to("2026-11-27 00:00")
    assert city.finding(told, HOUSING).light == finding_pb2.LIGHT_YELLOW
    city.go_to("2026-12-01 00:00")
    red = city.finding(told, HOUSING)
    assert (red.light, red.stage) == (finding_pb2.LIGHT_RED, finding_pb2.FINDING_STAGE_NOTIFIED)
    city.go_to("2026-12-01 09:00")
    assert city.finding(told, OFFICE).HasField("reminded_at")
    city.go_to("2026-12-07 09:00")
    assert city.finding(told, OFFICE).HasField("escalated_at")
    assert not city.finding(told, OFFICE).HasField("referral")
    city.go_to("2026-12-14 09:00")

    referred = city.finding(told, OFFICE)
    assert (referred.referral.by, referred.referral.reason) == ("system", "overdue")
    [event] = city.door.announced(events_pb2.ReferredToAccountability)
    assert (event.subject_id, event.unit_path, event.version) == (
        told.finding_id,
        "/qinghe/housing",
        referred.version,
    )
    assert list(event.referred.misconduct) == ["absent", "slow"]
    assert event.referred.undercover
    assert (event.referred.origin.service, event.referred.origin.number) == ("supervision", referred.number)
    assert city.acts_on(told, OFFICE) == [
        "record_finding",
        "confirm_finding",
        "release_inspection",
        "issue_notice",
        "turned_yellow",
        "turned_red",
        "reminded",
        "escalated",
        "referred",
    ]


def test_each_step_announces_its_fact_once(city: City) -> None:
    told = city.noticed()
    city.go_to("2026-12-20 09:00")
    city.go_to("2026-12-21 09:00")

    lights = [event.light_changed.light for event in city.door.announced(events_pb2.FindingLightChanged)]
    assert lights == ["yellow", "red"]
    [overdue] = city.door.announced(events_pb2.FindingOverdue)
    assert overdue.finding_overdue.due_at.ToJsonString() == "2026-11-30T16:00:00Z"
    assert overdue.finding_overdue.misconduct == "absent"
    assert len(city.door.announced(events_pb2.ReferredToAccountability)) == 1
    versions = [event.version for event in city.door.announced() if event.subject_id == told.finding_id]
    assert versions == sorted(versions)


def test_the_office_may_refer_at_once_and_the_rule_does_not_do_it_again(city: City) -> None:
    told = city.noticed()
    request = finding_acts_pb2.ReferToAccountabilityRequest(reason="拒不整改", official_ids=["official-7"], **which(told))

    referred = city.door.call(city.findings.ReferToAccountability, request, OFFICE).finding
    city.go_to("2026-12-20 09:00")

    again = finding_acts_pb2.ReferToAccountabilityRequest(reason="拒不整改", **which(city.finding(told, OFFICE)))
    assert city.refused(city.findings.ReferToAccountability, again, OFFICE).reason == "ALREADY_REFERRED"
    [event] = city.door.announced(events_pb2.ReferredToAccountability)
    assert list(event.referred.official_ids) == ["official-7"]
    assert event.referred.reason == "office"
    assert referred.stage == finding_pb2.FINDING_STAGE_NOTIFIED


def test_a_finding_set_right_in_time_is_verified_and_struck_off(city: City) -> None:
    told = city.noticed()
    answer = finding_acts_pb2.AnswerNoticeRequest(text="立即整改", **which(told))
    answered = city.door.call(city.findings.AnswerNotice, answer, HOUSING).finding
    assert (answered.clock.step, answered.clock.due_on) == (finding_pb2.LIMIT_STEP_RECTIFY, "2026-12-28")

    closed = city.closed(city.verified(city.submitted(answered)))

    assert closed.stage == finding_pb2.FINDING_STAGE_CLOSED
    [event] = city.door.announced(events_pb2.FindingClosed)
    assert (event.finding_closed.self_found, event.finding_closed.rectified_on) == (False, "2026-11-16")
    city.go_to("2027-01-20 09:00")
    assert not city.door.announced(events_pb2.FindingOverdue)


def test_what_looks_unfinished_goes_back_with_a_short_limit(city: City) -> None:
    back = city.verified(city.submitted(city.noticed()), accepted=False)

    assert (back.stage, back.clock.limit) == (finding_pb2.FINDING_STAGE_RECTIFYING, "5 working_days")
    assert back.clock.due_on == "2026-11-23"
    assert city.submitted(back).stage == finding_pb2.FINDING_STAGE_SUBMITTED


def test_a_unit_that_found_its_own_problem_needs_no_notice_and_is_known_by_it(city: City) -> None:
    own = finding_acts_pb2.ReportOwnFindingRequest(
        unit_path="/qinghe/housing/approvals", misconduct=["slow"], title="审批积压", text="自查发现积压十二件"
    )
    reported = city.door.call(city.findings.ReportOwnFinding, own, HOUSING).finding
    assert reported.self_found

    city.closed(city.verified(city.submitted(reported)))

    [event] = city.door.announced(events_pb2.FindingClosed)
    assert event.finding_closed.self_found
    [recorded] = city.door.announced(events_pb2.FindingRecorded)
    assert recorded.finding_recorded.found_by == "self"
    assert recorded.finding_recorded.origin.number == reported.number


def test_a_problem_somebody_else_found_first_is_not_the_units_own(city: City) -> None:
    city.noticed()
    own = finding_acts_pb2.ReportOwnFindingRequest(
        unit_path="/qinghe/housing", misconduct=["slow"], title="审批积压", text="自查"
    )

    assert city.refused(city.findings.ReportOwnFinding, own, HOUSING).reason == "ALREADY_FOUND"


def test_a_report_can_become_a_finding_without_an_inspection(city: City) -> None:
    reported = city.point_reports()
    request = finding_acts_pb2.RecordPointFindingRequest(
        point_report_id=reported.point_report_id,
        expected_version=reported.version,
        unit_path="/qinghe/housing",
        misconduct=["absent"],
        title="窗口无人",
        text="监测点反映并附照片",
    )

    recorded = city.door.call(city.findings.RecordPointFinding, request, OFFICE).finding

    assert recorded.found_by == finding_pb2.FOUND_BY_POINT
    assert recorded.origin.number == reported.number
    report = city.door.call(city.points.GetPointReport, _get(reported), POINT).point_report
    assert (report.outcome, report.outcome_id) == (point_pb2.REPORT_OUTCOME_FINDING, recorded.finding_id)
    assert city.noticed(recorded).stage == finding_pb2.FINDING_STAGE_NOTIFIED


def test_findings_of_the_same_kind_at_the_same_unit_are_linked(city: City) -> None:
    first = city.found()

    second = city.found()

    assert (first.repeat_of, first.repeats) == ("", 0)
    assert (second.repeat_of, second.repeats) == (first.finding_id, 1)
    assert [finding.finding_id for finding in city.listed(OFFICE, repeated=True)] == [second.finding_id]


def _get(reported: point_pb2.PointReport) -> object:
    from zhengfeng.supervision.v1 import point_acts_pb2

    return point_acts_pb2.GetPointReportRequest(point_report_id=reported.point_report_id)
