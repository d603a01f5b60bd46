"""Nobody on a complaint's path is the accused, their head or their subordinate; about who leads the office it goes up."""

from __future__ import annotations

import grpc
import pytest
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2
from zhengfeng.directory.v1 import events_pb2 as directory

from tests.doors import caller, refusal
from tests.service.complaints.city import CLERK, HOUSING, KEEPER, LEADER, OFFICE, City, post_changed
from tests.service.complaints.test_attachments import given, listed
from tests.service.complaints.test_publishing import drafted, on

HEAD, HANDLER, CLERK_IN_OFFICE, OFFICE_HEAD = "official-head", "official-handler", "official-clerk", "official-office-head"
BUREAU, SECTION, OFFICE_UNIT = "/qinghe/housing", "/qinghe/housing/approvals", "/qinghe/efficiency-office"
DISTRICT_OFFICE = "/qinghe/donghe/efficiency-office"


def office_unit(path: str, jurisdiction: str) -> directory.DirectoryEvent:
    """The supervising office of a place, as the directory tells it."""
    fact = directory.UnitChanged(name=path, kind="office", valid_from="2013-01-01")
    return directory.DirectoryEvent(
        subject_id=f"unit:{path}", version=1, unit_path=path, jurisdiction_path=jurisdiction, unit_changed=fact
    )


def holds(city: City, official_id: str, path: str, kind: str) -> None:
    """Somebody takes up a post."""
    city.door.hear(post_changed(official_id, path, kind))


def test_heads_and_subordinates_of_the_accused_do_nothing_and_read_nothing(city: City) -> None:
    city.door.hear(office_unit(OFFICE_UNIT, "/qinghe"))
    holds(city, HANDLER, BUREAU, "handler")
    holds(city, HEAD, BUREAU, "unit_head")
    about_handler, about_head = city.registered(official=HANDLER), city.registered(official=HEAD)
    head = caller("clerk", jurisdiction="/qinghe", subject="moonlighting-head", official_id=HEAD)
    under = caller("clerk", jurisdiction="/qinghe", subject="moonlighting-handler", official_id=HANDLER)
    for who, which in ((head, about_handler), (under, about_head)):
        assert city.refused("GetComplaint", who, complaint_id=which.complaint_id).reason == "RECUSED"
        assert city.refused("SubmitForApproval", who, on=which, unit_path="/qinghe/water", **HOW).reason == "RECUSED"
        listed = city.do("ListComplaints", who).complaints
        assert which.complaint_id not in {one.complaint_id for one in listed}
        assert city.do("GetComplaint", CLERK, complaint_id=which.complaint_id).complaint_id == which.complaint_id


HOW = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON}


def test_who_must_stay_out_grants_no_identity_and_opens_none(city: City) -> None:
    holds(city, HANDLER, BUREAU, "handler")
    holds(city, HEAD, BUREAU, "unit_head")
    about = city.registered(official=HANDLER)
    one = {"complaint_id": about.complaint_id, "purpose": "核实到访时间", "reader": "chief"}
    asked = city.do("RequestIdentity", OFFICE, **one).identity_request
    chief = caller("office", "identity_keeper", jurisdiction="/qinghe", subject="chief", official_id=HEAD)
    decision = {"identity_request_id": asked.identity_request_id, "expected_version": 1, "granted": True, "hours": 1}
    other = caller("identity_keeper", jurisdiction="/qinghe", subject="other-keeper", official_id=HEAD)
    assert city.refused("GrantIdentity", other, **decision).reason == "RECUSED"
    city.do("GrantIdentity", KEEPER, **decision)
    refused = city.refused("OpenIdentity", chief, identity_request_id=asked.identity_request_id)
    assert refused.reason == "IDENTITY_NOT_GRANTED"


def test_a_complaint_about_who_leads_the_office_goes_to_the_level_above(city: City) -> None:
    city.door.hear(office_unit(DISTRICT_OFFICE, "/qinghe/donghe"))
    holds(city, OFFICE_HEAD, DISTRICT_OFFICE, "unit_head")
    filed = city.filed(jurisdiction_path="/qinghe/donghe", accused_official_id=OFFICE_HEAD, accused_unit_path="")
    donghe = caller("office", jurisdiction="/qinghe/donghe", subject="donghe-office")
    assert city.refused("GetComplaint", donghe, complaint_id=filed.complaint_id).reason == "COMPLAINT_NOT_FOUND"
    assert city.seen(filed).jurisdiction_path == "/qinghe"


def test_once_the_office_finds_it_is_about_its_own_leader_it_leaves_and_at_the_top_it_is_transferred(city: City) -> None:
    city.door.hear(office_unit(DISTRICT_OFFICE, "/qinghe/donghe"), office_unit(OFFICE_UNIT, "/qinghe"))
    holds(city, OFFICE_HEAD, DISTRICT_OFFICE, "unit_head")
    holds(city, "official-top", OFFICE_UNIT, "unit_head")
    donghe = caller("clerk", jurisdiction="/qinghe/donghe", subject="donghe-clerk")
    filed = city.filed(jurisdiction_path="/qinghe/donghe", accused_unit_path="")
    at = city.do("AcceptComplaint", donghe, complaint_id=filed.complaint_id, expected_version=1)
    moved = city.do("RegisterComplaint", donghe, on=at, category="absent", accused_official_id=OFFICE_HEAD)
    assert moved.jurisdiction_path == "/qinghe"
    top = city.registered(official="official-top")
    assert city.refused("SubmitForApproval", CLERK, on=top, unit_path="/qinghe/water", **HOW).reason == "GOES_ABOVE"


def test_when_the_accused_takes_up_a_post_where_it_lies_the_complaint_leaves(city: City) -> None:
    at = city.dispatched(official=HANDLER, unit_path=SECTION)
    section = caller("unit_clerk", unit=SECTION, subject="section-clerk")
    assert city.seen(at, section).unit_path == SECTION
    holds(city, HANDLER, SECTION, "section_head")
    assert city.refused("GetComplaint", section, complaint_id=at.complaint_id).reason == "COMPLAINT_NOT_FOUND"
    now = city.seen(at)
    assert (now.unit_path, now.stage, now.signed_for_by) == (BUREAU, complaint_pb2.STAGE_HANDLING, "")
    assert city.facts(events_pb2.ComplaintDispatched)[-1].unit_path == BUREAU


def test_a_report_of_the_accuseds_own_unit_counts_for_nothing(city: City) -> None:
    at = city.reported(official=HANDLER)
    holds(city, HANDLER, BUREAU, "deputy_in_charge")
    now = city.seen(at)
    assert (now.unit_path, now.stage, now.HasField("report")) == ("/qinghe", complaint_pb2.STAGE_SENT_BACK, False)


def test_somebody_recuses_themselves_and_names_who_takes_over(city: City) -> None:
    at = city.accepted()
    one = {"reason": "与被反映人是亲属", "substitute_id": "clerk-two"}
    after = city.do("RecuseFromComplaint", CLERK, on=at, **one)
    assert city.refused("GetComplaint", CLERK, complaint_id=at.complaint_id).reason == "RECUSED"
    assert not city.do("ListComplaints", CLERK).complaints
    second = caller("clerk", jurisdiction="/qinghe", subject="clerk-two")
    city.do("RegisterComplaint", second, on=after, category="absent", accused_unit_path=BUREAU)
    (told,) = city.do("ListRecusals", OFFICE, complaint_id=at.complaint_id).recusals
    assert (told.account_id, told.substitute_id, told.decided_by) == ("clerk", "clerk-two", "clerk")


@pytest.mark.parametrize(
    ("who", "asked", "reason"),
    [
        (CLERK, {"account_id": "office"}, "NOT_YOURS_TO_RECUSE"),
        (LEADER, {"account_id": "office", "substitute_id": "office"}, "SUBSTITUTE_IS_RECUSED"),
    ],
)
def test_only_the_office_or_a_leader_keeps_others_out(city: City, who: object, asked: dict[str, str], reason: str) -> None:
    at = city.accepted()
    assert city.refused("RecuseFromComplaint", who, on=at, reason="利害关系", **asked).reason == reason  # type: ignore[arg-type]
    kept_out = city.do("RecuseFromComplaint", LEADER, on=at, reason="利害关系", account_id="office")
    again = city.refused("RecuseFromComplaint", LEADER, on=kept_out, reason="利害关系", account_id="office")
    assert again.reason == "RECUSED_ALREADY"


def test_a_units_handler_steps_aside_too(city: City) -> None:
    at = city.dispatched()
    after = city.do("RecuseFromComplaint", HOUSING, on=at, reason="与投诉人相识")
    assert city.refused("SignFor", HOUSING, on=after).reason == "RECUSED"


def taken_off(city: City, one: complaint_pb2.Complaint) -> None:
    """The office's person is taken off it by the leader."""
    city.do("RecuseFromComplaint", LEADER, on=city.seen(one, LEADER), reason="利害关系", account_id="office")


def test_who_was_taken_off_touches_no_file_of_it(city: City) -> None:
    at = city.accepted()
    file = given(city, city.last_receipt)
    assert len(listed(city, at)) == 1
    taken_off(city, at)
    one, which = {"complaint_id": at.complaint_id}, {"attachment_id": file.attachment_id, "expected_version": file.version}
    for rpc, asked in (("ListAttachments", one), ("BeginUpload", one), ("ShowToUnit", {**which, "shown": True})):
        assert city.refused(rpc, OFFICE, **asked).reason == "RECUSED"


def test_heads_and_subordinates_reach_neither_originals_nor_who_read_them(city: City) -> None:
    holds(city, HANDLER, BUREAU, "handler")
    holds(city, HEAD, BUREAU, "unit_head")
    about = city.registered(official=HANDLER)
    file = given(city, city.last_receipt)
    head = caller("identity_keeper", "leader", jurisdiction="/qinghe", subject="head", official_id=HEAD)
    assert city.refused("ListOriginalLooks", head, complaint_id=about.complaint_id).reason == "RECUSED"
    asked = city.request("DownloadOriginal", attachment_id=file.attachment_id, purpose="看看")
    with pytest.raises(grpc.RpcError) as refused:
        list(city.method("DownloadOriginal")(asked, metadata=city.door.metadata(head), timeout=60))
    assert refusal(refused.value).reason == "RECUSED"


def test_who_was_taken_off_neither_reads_nor_passes_its_answer_and_is_shown_no_feedback(city: City) -> None:
    one = drafted(city)
    assert city.do("ListPublications", OFFICE).publications and city.do("ListFeedbacks", OFFICE).feedbacks
    taken_off(city, one)
    assert city.refused("GetPublication", OFFICE, publication_id=one.publication_id).reason == "RECUSED"
    assert city.refused("ReviewAnswer", OFFICE, **on(one), passed=True, opinion="好").reason == "RECUSED"
    assert not city.do("ListPublications", OFFICE).publications
    assert not city.do("ListFeedbacks", OFFICE).feedbacks


def test_who_was_taken_off_decides_on_no_second_handling(city: City) -> None:
    closed = city.closed()
    city.do("AskForSecondHandling", None, receipt_code=city.last_receipt.receipt_code, reason="没有解决")
    [asked] = city.do("ListSecondRequests", OFFICE).second_requests
    taken_off(city, closed)
    known = {"second_request_id": asked.second_request_id}
    refusing = {**known, "expected_version": 1, "granted": False, "reason": "不予支持"}
    assert city.refused("GetSecondRequest", OFFICE, **known).reason == "RECUSED"
    assert city.refused("DecideSecondHandling", OFFICE, **refusing).reason == "RECUSED"
    assert not city.do("ListSecondRequests", OFFICE).second_requests


def test_who_was_taken_off_neither_takes_an_alert_nor_puts_a_suspicion_aside(city: City) -> None:
    receipt = city.filed(text="我不想活了，窗口的人收了红包才给办")
    [alert] = city.do("ListDangerAlerts", OFFICE).danger_alerts
    [handover] = city.do("ListHandovers", OFFICE).handovers
    taken_off(city, receipt)
    known = {"danger_alert_id": alert.danger_alert_id, "expected_version": alert.version}
    assert city.refused("TakeDangerAlert", OFFICE, **known).reason == "RECUSED"
    aside = {"handover_id": handover.handover_id, "expected_version": handover.version}
    assert city.refused("DismissHandover", OFFICE, **aside).reason == "RECUSED"
    receipt_of_organ = {"receipt_number": "清纪信9号", "receipted_on": "2026-11-18"}
    assert city.refused("RecordOrganReceipt", OFFICE, **aside, **receipt_of_organ).reason == "RECUSED"
    assert not city.do("ListDangerAlerts", OFFICE).danger_alerts
    city.do("TakeDangerAlert", LEADER, **known)
