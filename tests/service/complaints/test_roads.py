"""Roads that lead away: danger to life, suspected secrets, the discipline organ, courts and review bodies."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, handovers_pb2, roads_pb2

from tests.service.complaints.city import CLERK, DONGHE, HOUSING, LEADER, OFFICE, City

SAID = "我不 想 活 了，你们等着"
BRIBE = "窗口的人收了红包才给办"


def alerts(city: City, **wanted: Any) -> list[Any]:
    """What whoever is on duty sees."""
    return list(city.do("ListDangerAlerts", LEADER, **wanted).danger_alerts)


def handovers(city: City, **wanted: Any) -> list[Any]:
    """What the office sees of handovers."""
    return list(city.do("ListHandovers", OFFICE, **wanted).handovers)


def taken(city: City, on: Any) -> Any:
    """The parcel of a complaint, printed."""
    return city.do("TakeParcel", CLERK, complaint_id=on.complaint_id).parcel


def test_danger_in_the_words_alerts_the_leader_at_once_and_the_receipt_says_so(city: City) -> None:
    receipt = city.filed(text=SAID)

    [alert] = alerts(city, waiting_only=True)
    assert (alert.number, alert.kind) == (receipt.number, roads_pb2.DANGER_KIND_SUICIDE)
    assert alert.source == roads_pb2.DANGER_SOURCE_WORDS
    assert list(receipt.roads) == ["danger"]
    [fact] = city.facts(events_pb2.DangerRaised)
    assert (fact.danger_raised.kind, fact.danger_raised.danger_alert_id) == ("suicide", alert.danger_alert_id)


@pytest.mark.parametrize("said", ["这家店跳楼价骗人", "窗口没有人", "气死我了"])
def test_what_only_sounds_like_danger_alerts_nobody(city: City, said: str) -> None:
    assert not city.filed(text=said).roads
    assert not alerts(city)


def test_the_filers_own_mark_alerts_whatever_the_words_say(city: City) -> None:
    receipt = city.filed(danger=roads_pb2.DANGER_KIND_VIOLENCE)

    [alert] = alerts(city)
    assert (alert.kind, alert.source) == (roads_pb2.DANGER_KIND_VIOLENCE, roads_pb2.DANGER_SOURCE_FILER)
    assert list(receipt.roads) == ["danger"]


def test_whoever_works_on_it_marks_danger_once_and_somebody_takes_it_once(city: City) -> None:
    at = city.dispatched()
    marked = city.do("MarkDanger", HOUSING, on=at, kind=roads_pb2.DANGER_KIND_CROWD, note="门口聚了五十人")
    again = city.refused("MarkDanger", CLERK, on=marked, kind=roads_pb2.DANGER_KIND_CROWD)
    assert again.reason == "DANGER_ALREADY_RAISED"

    [alert] = alerts(city)
    known = {"danger_alert_id": alert.danger_alert_id, "expected_version": alert.version}
    done = city.do("TakeDangerAlert", LEADER, **known).danger_alert

    assert (done.taken_by, alerts(city, waiting_only=True)) == ("leader", [])
    twice = city.refused("TakeDangerAlert", OFFICE, **{**known, "expected_version": done.version})
    assert twice.reason == "DANGER_ALERT_TAKEN"


def test_no_other_district_sees_an_alert(city: City) -> None:
    city.filed(text=SAID)

    assert not city.do("ListDangerAlerts", DONGHE).danger_alerts


def test_a_text_that_hints_at_bribery_is_told_the_right_road_while_it_is_written(city: City) -> None:
    told = city.do("HintRoads", None, jurisdiction_path="/qinghe", text=BRIBE).roads

    assert [(road.id, list(road.phones)) for road in told] == [("discipline", ["12388"])]
    assert "12388" in told[0].what_zh
    assert not city.do("HintRoads", None, text="排队两个小时").roads


@pytest.mark.parametrize(
    ("said", "road"),
    [
        ("我不服判决，法院判错了", "litigation"),
        ("不服行政处罚", "administrative_review"),
        ("老板拖欠工资三个月", "arbitration"),
        ("附上绝密的图纸", "secret"),
    ],
)
def test_each_road_is_hinted_by_its_words(city: City, said: str, road: str) -> None:
    assert [one.id for one in city.do("HintRoads", None, text=said).roads] == [road]


def test_every_road_is_a_row_with_its_source(city: City) -> None:
    roads = city.do("ShowRoads", None, jurisdiction_path="/qinghe/donghe").roads

    assert [road.id for road in roads][:3] == ["danger", "discipline", "secret"]
    assert all(road.name_zh and road.name_en and road.what_zh and road.what_en and road.source for road in roads)


def test_a_complaint_declined_for_another_road_shows_it_to_its_filer(city: City) -> None:
    receipt = city.filed()
    told = {"reason": "arbitration", "explanation": "请向劳动人事争议仲裁委员会申请仲裁"}
    city.do("DeclineComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1, **told)

    assert city.do("FollowComplaint", None, receipt_code=receipt.receipt_code).road == "arbitration"


def test_a_report_of_bribery_has_five_working_days_to_reach_the_discipline_organ(city: City) -> None:
    receipt = city.filed(text=BRIBE)

    [handover] = handovers(city)
    assert handover.state == handovers_pb2.HANDOVER_STATE_SUSPECTED
    assert (handover.number, handover.hand_over_by) == (receipt.number, "2026-11-23")
    assert list(receipt.roads) == ["discipline"]


def test_nothing_is_erased_before_the_parcel_was_taken_for_the_organ(city: City) -> None:
    found = city.seen(city.filed(text=BRIBE))
    assert city.refused("MoveToDiscipline", CLERK, on=found, organ="清河市纪委监委").reason == "PARCEL_NOT_TAKEN"

    parcel = taken(city, found)

    assert (parcel.text, parcel.number) == (BRIBE, found.number)
    moved = city.do("MoveToDiscipline", CLERK, on=found, organ="清河市纪委监委")
    assert moved.stage == complaint_pb2.STAGE_MOVED
    assert city.refused("TakeParcel", CLERK, complaint_id=found.complaint_id).reason == "PARCEL_GONE"
    assert BRIBE.encode() not in city.dump()


def test_nothing_leaves_for_an_organ_while_another_complaint_is_merged_into_it(city: City) -> None:
    lead, other = city.seen(city.filed(text=BRIBE)), city.seen(city.filed(text=BRIBE))
    merged = city.do("Merge", CLERK, on=other, into_complaint_id=lead.complaint_id)
    taken(city, lead)
    organ = "清河市纪委监委"
    assert city.refused("MoveToDiscipline", CLERK, on=lead, organ=organ).reason == "MERGED_UNDER_IT"
    assert city.refused("IsolateSecret", CLERK, on=lead).reason == "MERGED_UNDER_IT"

    alone = city.do("Unmerge", CLERK, on=merged)
    for one in (lead, alone):
        taken(city, one)
        city.do("MoveToDiscipline", CLERK, on=one, organ=organ)
    assert BRIBE.encode() not in city.dump()


def test_its_filer_is_shown_the_organ_and_the_receipt_the_organ_gave(city: City) -> None:
    receipt = city.filed(text=BRIBE)
    found = city.seen(receipt)
    taken(city, found)
    city.do("MoveToDiscipline", CLERK, on=found, organ="清河市纪委监委")
    [handover] = handovers(city, state=handovers_pb2.HANDOVER_STATE_HANDED_OVER)

    known = {"handover_id": handover.handover_id, "expected_version": handover.version}
    city.do("RecordOrganReceipt", CLERK, **known, receipt_number="清纪信〔2026〕9号", receipted_on="2026-11-18")

    seen = city.do("FollowComplaint", None, receipt_code=receipt.receipt_code)
    assert (seen.organ, seen.organ_receipt) == ("清河市纪委监委", "清纪信〔2026〕9号")
    assert (seen.organ_receipted_on, seen.title) == ("2026-11-18", "")
    early = {"handover_id": handover.handover_id, "expected_version": handover.version + 1}
    assert city.refused("DismissHandover", CLERK, **early).reason == "HANDOVER_STATE"


def test_what_only_sounded_like_bribery_is_put_aside_and_goes_on(city: City) -> None:
    receipt = city.filed(text=BRIBE)
    [handover] = handovers(city)

    city.do("DismissHandover", CLERK, handover_id=handover.handover_id, expected_version=handover.version)

    assert handovers(city, state=handovers_pb2.HANDOVER_STATE_SUSPECTED) == []
    city.do("AcceptComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1)


def test_what_a_unit_has_had_gives_no_parcel(city: City) -> None:
    at = city.dispatched()

    assert city.refused("TakeParcel", CLERK, complaint_id=at.complaint_id).reason == "ALREADY_WITH_UNIT"


def test_what_may_be_a_secret_is_stopped_and_nobody_reads_finds_or_handles_it(city: City) -> None:
    at = city.do("SignFor", HOUSING, on=city.dispatched())

    isolated = city.do("IsolateSecret", CLERK, on=at)

    for reader in (CLERK, OFFICE, HOUSING):
        seen = city.seen(isolated, reader)
        assert (seen.title, seen.text, seen.stage) == ("", "", complaint_pb2.STAGE_ISOLATED)
    assert not city.do("ListComplaints", OFFICE, filter={"text": "办证窗口"}).complaints
    assert city.refused("Report", HOUSING, on=isolated, text="x", proposed_conclusion=1).reason == "STAGE_FORBIDS"
    assert city.seen(isolated).paused
    assert not city.do("FollowComplaint", None, receipt_code=city.last_receipt.receipt_code).title


def test_another_person_rules_that_it_was_no_secret_and_it_stands_where_it_stood(city: City) -> None:
    at = city.do("SignFor", HOUSING, on=city.dispatched())
    isolated = city.do("IsolateSecret", OFFICE, on=at)
    assert city.refused("RuleOnSecret", OFFICE, on=isolated, secret=False).reason == "SAME_PERSON"

    again = city.do("RuleOnSecret", LEADER, on=isolated, secret=False)

    seen = city.seen(again, HOUSING)
    assert (seen.stage, seen.title, seen.paused) == (complaint_pb2.STAGE_HANDLING, "办证窗口无人值守", False)
    assert [one.number for one in city.do("ListComplaints", OFFICE, filter={"text": "办证窗口"}).complaints] == [at.number]


def test_a_secret_is_handed_to_the_secrecy_organ_and_erased_here(city: City) -> None:
    receipt = city.filed()
    isolated = city.do("IsolateSecret", CLERK, on=city.seen(receipt))
    ruling = {"secret": True, "organ": "清河市国家保密局"}
    assert city.refused("RuleOnSecret", LEADER, on=isolated, **ruling).reason == "PARCEL_NOT_TAKEN"
    assert city.refused("TakeParcel", CLERK, complaint_id=isolated.complaint_id).reason == "ISOLATED"
    parcel = city.do("TakeParcel", OFFICE, complaint_id=isolated.complaint_id).parcel
    assert parcel.title == "办证窗口无人值守"
    assert not city.seen(isolated).title

    moved = city.do("RuleOnSecret", LEADER, on=isolated, **ruling)

    assert moved.stage == complaint_pb2.STAGE_MOVED
    followed = city.do("FollowComplaint", None, receipt_code=receipt.receipt_code)
    assert (followed.organ, followed.title) == ("清河市国家保密局", "")
