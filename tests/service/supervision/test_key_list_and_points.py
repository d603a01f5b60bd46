"""What fills the key list, and what points may do."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.evaluation.v1 import events_pb2 as evaluation
from zhengfeng.supervision.v1 import events_pb2, keylist_pb2, point_acts_pb2

from chassis.clock import new_id
from tests.doors import caller
from tests.service.supervision.city import DISTRICT_OFFICE, OFFICE, POINT, PROOF, City


def rated(city: City, unit: str = "/qinghe/housing", **what: str) -> evaluation.EvaluationEvent:
    fact = evaluation.RatedUnsatisfied(campaign_id=new_id(city.clock), score="58.2", grade="unsatisfied", **what)
    event = evaluation.EvaluationEvent(subject_id=new_id(city.clock), version=1, unit_path=unit, rated_unsatisfied=fact)
    event.jurisdiction_path, event.number = "/qinghe", "评议〔2026〕1号"
    return event


def overdue(city: City, complaint: str, clock: str = "handle") -> complaints.ComplaintEvent:
    return complaints.ComplaintEvent(
        subject_id=complaint,
        version=3,
        unit_path="/qinghe/housing",
        jurisdiction_path="/qinghe",
        number="投诉〔2026〕1号",
        overdue=complaints.ComplaintOverdue(clock=clock),
    )


def listed(city: City, as_: Any = OFFICE, **narrowed: Any) -> list[keylist_pb2.KeyUnit]:
    request = keylist_pb2.ListKeyUnitsRequest(**narrowed)
    return list(city.door.call(city.key_list.ListKeyUnits, request, as_).key_units)


def test_a_unit_rated_unsatisfied_is_put_on_the_key_list(city: City) -> None:
    city.door.hear(rated(city))

    [unit] = listed(city)
    assert (unit.unit_path, unit.reason, unit.origins[0].service) == (
        "/qinghe/housing",
        "rated_unsatisfied",
        "evaluation",
    )
    [event] = city.door.announced(events_pb2.KeyListChanged)
    assert event.key_list_changed.listed
    assert not listed(city, DISTRICT_OFFICE)


def test_an_official_or_a_district_rated_unsatisfied_lists_no_unit(city: City) -> None:
    city.door.hear(rated(city, kind="official", official_id=new_id(city.clock)))
    city.door.hear(rated(city, "/qinghe/donghe", kind="district"))
    assert listed(city) == []

    city.door.hear(rated(city, kind="leading_group"))
    assert [one.unit_path for one in listed(city)] == ["/qinghe/housing"]


def test_a_fact_told_twice_lists_once(city: City) -> None:
    event = rated(city)

    city.door.hear(event)
    city.door.hear(event)

    assert len(city.door.announced(events_pb2.KeyListChanged)) == 1


def test_three_overdue_complaints_put_a_unit_on_the_key_list_however_often_each_is_told(city: City) -> None:
    ids = [new_id(city.clock) for _ in range(3)]
    city.door.hear(overdue(city, ids[0]), overdue(city, ids[0], "accept"), overdue(city, ids[1]))
    assert not listed(city)

    city.door.hear(overdue(city, ids[2]))

    [unit] = listed(city)
    assert (unit.reason, len(unit.origins)) == ("complaints_overdue", 3)


def test_a_unit_taken_off_can_be_listed_again_with_a_higher_version(city: City) -> None:
    city.door.hear(rated(city))
    [unit] = listed(city)
    request = keylist_pb2.TakeOffKeyListRequest(
        key_unit_id=unit.key_unit_id, expected_version=unit.version, reason="整改到位"
    )

    city.door.call(city.key_list.TakeOffKeyList, request, OFFICE)
    assert not listed(city)
    assert len(listed(city, past=True)) == 1
    again = keylist_pb2.TakeOffKeyListRequest(key_unit_id=unit.key_unit_id, expected_version=2, reason="再次")
    assert city.refused(city.key_list.TakeOffKeyList, again, OFFICE).reason == "NOT_ON_KEY_LIST"
    city.door.hear(rated(city))

    events = city.door.announced(events_pb2.KeyListChanged)
    assert [event.version for event in events] == [1, 2, 3]
    assert [event.key_list_changed.reason for event in events] == ["rated_unsatisfied", "taken_off", "rated_unsatisfied"]


def test_a_point_sees_itself_its_rounds_and_its_own_reports(city: City) -> None:
    other = caller("point", jurisdiction="/qinghe", subject="another-point")
    reported = city.point_reports()
    look = point_acts_pb2.GetPointReportRequest(point_report_id=reported.point_report_id)

    assert city.refused(city.points.GetPointReport, look, other).reason == "POINT_REPORT_NOT_FOUND"
    reports = point_acts_pb2.ListPointReportsRequest()
    assert len(city.door.call(city.points.ListPointReports, reports, POINT).point_reports) == 1
    assert not city.door.call(city.points.ListPointReports, reports, other).point_reports
    assert not city.door.call(city.points.ListPoints, point_acts_pb2.ListPointsRequest(), other).points


def test_a_report_in_a_round_is_counted_there_and_only_while_it_is_open(city: City) -> None:
    opened = point_acts_pb2.OpenRoundRequest(
        jurisdiction_path="/qinghe", title="窗口作风", text="看在岗", opens_on="2026-11-16", closes_on="2026-11-20"
    )
    round_id = city.door.call(city.points.OpenRound, opened, OFFICE).round.round_id
    report = point_acts_pb2.ReportFromPointRequest(
        round_id=round_id, about_unit_path="/qinghe/water", title="在岗", text="无异常", evidence=[PROOF]
    )
    report.occurred_at.FromDatetime(city.clock.now())

    city.door.call(city.points.ReportFromPoint, report, POINT)

    [seen] = city.door.call(city.points.ListRounds, point_acts_pb2.ListRoundsRequest(), POINT).rounds
    assert seen.reports == 1
    city.go_to("2026-11-21 09:00")
    assert city.refused(city.points.ReportFromPoint, report, POINT).reason == "ROUND_NOT_OPEN"


def test_who_reports_for_no_point_or_about_nothing_known_is_refused(city: City) -> None:
    report = point_acts_pb2.ReportFromPointRequest(about_unit_path="/qinghe/water", title="t", text="t")
    report.occurred_at.FromDatetime(city.clock.now())
    nowhere = point_acts_pb2.ReportFromPointRequest()
    nowhere.CopyFrom(report)
    nowhere.about_unit_path = "/qinghe/nowhere"
    stranger = caller("point", jurisdiction="/qinghe", subject="stranger")

    assert city.refused(city.points.ReportFromPoint, report, stranger).reason == "POINT_NOT_FOUND"
    assert city.refused(city.points.ReportFromPoint, nowhere, POINT).reason == "UNIT_UNKNOWN"


def test_an_account_reports_for_one_point_at_a_time(city: City) -> None:
    again = point_acts_pb2.CreatePointRequest(jurisdiction_path="/qinghe", name="另一店", kind=1, account_id=POINT.subject)
    assert city.refused(city.points.CreatePoint, again, OFFICE).reason == "ACCOUNT_TAKEN"
    [point] = city.door.call(city.points.ListPoints, point_acts_pb2.ListPointsRequest(active=True), OFFICE).points
    end = point_acts_pb2.EndPointRequest(point_id=point.point_id, expected_version=point.version)

    city.door.call(city.points.EndPoint, end, OFFICE)

    assert city.door.call(city.points.CreatePoint, again, OFFICE).point.number != point.number


def test_a_report_set_aside_says_why_and_is_not_taken_up_again(city: City) -> None:
    reported = city.point_reports()
    aside = point_acts_pb2.SetAsideReportRequest(
        point_report_id=reported.point_report_id, expected_version=reported.version, reason="当日为公休日"
    )

    seen = city.door.call(city.points.SetAsideReport, aside, OFFICE).point_report

    assert seen.outcome_reason == "当日为公休日"
    aside.expected_version = seen.version
    assert city.refused(city.points.SetAsideReport, aside, OFFICE).reason == "POINT_REPORT_SETTLED"
