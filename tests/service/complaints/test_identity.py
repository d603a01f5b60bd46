"""Who raised it: sealed at intake, opened for a named person and purpose, every look logged, erased by key."""

from __future__ import annotations

import grpc
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, identity_pb2, intake_pb2

from tests.doors import caller
from tests.service.complaints.city import (
    CLERK,
    HOUSING,
    HOUSING_HEAD,
    KEEPER,
    LEADER,
    OFFICE,
    SECRET_NAME,
    SECRET_PHONE,
    City,
    draft,
)

PURPOSE = "核实当日到访时间"
AUDIT = caller("audit_admin", jurisdiction="/qinghe", subject="audit-admin")


def asked(city: City) -> identity_pb2.IdentityRequest:
    """A request of the office to read an identity."""
    receipt = city.filed()
    answer = city.do("RequestIdentity", OFFICE, complaint_id=receipt.complaint_id, purpose=PURPOSE)
    request: identity_pb2.IdentityRequest = answer.identity_request
    return request


def decide(city: City, request: identity_pb2.IdentityRequest, **how: object) -> identity_pb2.IdentityRequest:
    """The decision of the keeper on it."""
    said = {"granted": True, "hours": 24, "expected_version": request.version, **how}
    answer = city.do("GrantIdentity", KEEPER, identity_request_id=request.identity_request_id, **said)
    decided: identity_pb2.IdentityRequest = answer.identity_request
    return decided


def test_an_identity_is_opened_for_the_granted_reader_and_every_step_is_logged(city: City) -> None:
    request = asked(city)
    one = {"identity_request_id": request.identity_request_id}
    assert city.refused("OpenIdentity", OFFICE, **one).reason == "IDENTITY_NOT_GRANTED"
    decide(city, request)
    assert city.do("OpenIdentity", OFFICE, **one).identity.name == SECRET_NAME
    assert city.refused("OpenIdentity", CLERK, **one).reason == "IDENTITY_NOT_GRANTED"
    entries = city.do("ListIdentityLog", AUDIT, complaint_id=request.complaint_id).entries
    assert {(entry.act, entry.by) for entry in entries} == {
        ("asked", "office"),
        ("read_refused", "office"),
        ("granted", "keeper"),
        ("read", "office"),
        ("read_refused", "clerk"),
    }
    assert {entry.purpose for entry in entries} == {PURPOSE}


def test_requests_are_listed_to_who_decides_and_to_who_asked_or_reads(city: City) -> None:
    request = asked(city)
    shown = city.do("ListIdentityRequests", KEEPER, state=identity_pb2.IDENTITY_REQUEST_STATE_ASKED).identity_requests
    assert [(one.identity_request_id, one.reader, one.purpose) for one in shown] == [
        (request.identity_request_id, "office", PURPOSE)
    ]
    assert not city.do("ListIdentityRequests", CLERK).identity_requests
    decide(city, request)
    (own,) = city.do("ListIdentityRequests", OFFICE, identity_request_id=request.identity_request_id).identity_requests
    assert own.state == identity_pb2.IDENTITY_REQUEST_STATE_GRANTED and own.good_until.seconds > own.asked_at.seconds
    assert not city.do("ListIdentityRequests", KEEPER, complaint_id="another").identity_requests


def test_a_grant_ends_with_its_time(city: City) -> None:
    request = asked(city)
    decide(city, request)
    city.go_to("2026-11-17 09:00")
    refused = city.refused("OpenIdentity", OFFICE, identity_request_id=request.identity_request_id)
    assert (refused.code, refused.reason) == (grpc.StatusCode.PERMISSION_DENIED, "IDENTITY_NOT_GRANTED")


def test_nobody_grants_what_they_asked_for_or_are_to_read(city: City) -> None:
    both = caller("office", "leader", jurisdiction="/qinghe", subject="office")
    request = asked(city)
    one = {"identity_request_id": request.identity_request_id, "expected_version": 1, "granted": True, "hours": 1}
    assert city.refused("GrantIdentity", both, **one).reason == "SAME_PERSON"
    for_leader = city.do("RequestIdentity", OFFICE, complaint_id=request.complaint_id, reader="leader", purpose=PURPOSE)
    one = {**one, "identity_request_id": for_leader.identity_request.identity_request_id}
    assert city.refused("GrantIdentity", LEADER, **one).reason == "SAME_PERSON"


def test_a_grant_is_no_longer_than_the_setting_and_decided_once(city: City) -> None:
    request = asked(city)
    one = {"identity_request_id": request.identity_request_id, "expected_version": 1, "granted": True}
    assert city.refused("GrantIdentity", KEEPER, **one, hours=73).reason == "GRANT_TOO_LONG"
    assert city.refused("GrantIdentity", KEEPER, **one, hours=0).reason == "GRANT_TOO_LONG"
    decided = decide(city, request, granted=False)
    assert decided.state == identity_pb2.IDENTITY_REQUEST_STATE_REFUSED
    again = {**one, "expected_version": decided.version, "hours": 1}
    assert city.refused("GrantIdentity", KEEPER, **again).reason == "IDENTITY_REQUEST_DECIDED"


def test_an_anonymous_complaint_holds_no_identity(city: City) -> None:
    receipt = city.filed(manner=complaint_pb2.MANNER_ANONYMOUS, identity=intake_pb2.Identity())
    refused = city.refused("RequestIdentity", OFFICE, complaint_id=receipt.complaint_id, purpose=PURPOSE)
    assert refused.reason == "NO_IDENTITY"


def test_a_named_complaint_names_somebody_and_an_anonymous_one_nobody(city: City) -> None:
    nobody = city.refused("FileComplaint", None, draft=draft(identity=intake_pb2.Identity()))
    assert (nobody.reason, nobody.field) == ("IDENTITY_MISSING", "draft.identity.name")
    somebody = city.refused("FileComplaint", None, draft=draft(manner=complaint_pb2.MANNER_ANONYMOUS))
    assert (somebody.reason, somebody.field) == ("IDENTITY_UNWANTED", "draft.identity")


def test_no_field_of_an_identity_and_no_word_of_the_text_stands_in_the_database(city: City) -> None:
    city.do("FileComplaint", None, request_id="r-1", draft=draft())
    city.closed()
    dump = city.dump()
    for secret in (SECRET_NAME, SECRET_PHONE, "柳巷", "窗口", "等了两个小时", "擅自离岗", "责令整改"):
        assert secret.encode() not in dump, secret


def test_facts_carry_no_name_and_no_text(city: City) -> None:
    city.closed()
    announced = b"".join(event.SerializeToString() for event in city.facts())
    for secret in (SECRET_NAME, SECRET_PHONE, "窗口", "擅自离岗"):
        assert secret.encode() not in announced


def test_who_files_while_signed_in_stands_nowhere(city: City) -> None:
    insider = caller("unit_clerk", unit="/qinghe/housing", subject="insider-7", official_id="official-7")
    said = draft(manner=complaint_pb2.MANNER_ANONYMOUS, identity=None)
    first, again = (city.do("FileComplaint", insider, draft=said, request_id="once") for _ in range(2))
    assert first == again
    assert b"insider-7" not in city.dump() and b"official-7" not in city.dump()


def test_a_unit_reads_the_redacted_copy_and_the_office_the_whole(city: City) -> None:
    dispatched = city.dispatched()
    whole, copy = city.seen(dispatched, OFFICE), city.seen(dispatched, HOUSING)
    assert SECRET_NAME in whole.text
    assert whole.confidential_text
    assert not whole.redacted
    assert copy.redacted
    assert copy.text == "我叫〔隐〕，电话〔隐〕。上周三去房产窗口，等了两个小时没有人。"
    assert not copy.confidential_text
    assert not city.seen(dispatched, HOUSING_HEAD).confidential_text


def test_the_unit_is_told_nothing_a_confidential_complainant_adds(city: City) -> None:
    dispatched = city.dispatched(manner=complaint_pb2.MANNER_CONFIDENTIAL)
    city.do("AddEvidence", None, receipt_code=city.last_receipt.receipt_code, text="我住在窗口对面")
    entries = city.do("ListTimeline", HOUSING, complaint_id=dispatched.complaint_id).entries
    assert entries[-1].act == "add_evidence"
    assert not entries[-1].text


def test_moving_to_the_discipline_organ_erases_all_but_number_time_organ_and_receipt(city: City) -> None:
    receipt = city.filed(title="收受礼金", category="greedy")
    city.do("AddEvidence", None, receipt_code=receipt.receipt_code, text="有转账记录")
    request = city.do("RequestIdentity", OFFICE, complaint_id=receipt.complaint_id, purpose=PURPOSE).identity_request
    decide(city, request)
    city.do("TakeParcel", CLERK, complaint_id=receipt.complaint_id)
    moved = city.do("MoveToDiscipline", CLERK, on=city.seen(receipt), organ="清河市纪委监委")
    assert moved.stage == complaint_pb2.STAGE_MOVED

    seen = city.seen(moved)
    assert (seen.number, seen.title, seen.text, seen.category, seen.accused_unit_path) == (receipt.number, "", "", "", "")
    assert not city.do("ListComplaints", OFFICE, filter={"text": "礼金"}).complaints
    opened = city.refused("OpenIdentity", OFFICE, identity_request_id=request.identity_request_id)
    assert opened.reason == "NO_IDENTITY"
    followed = city.do("FollowComplaint", None, receipt_code=receipt.receipt_code)
    assert (followed.number, followed.stage) == (receipt.number, complaint_pb2.STAGE_MOVED)
    assert not any(step.text for step in followed.steps)
    [event] = city.facts(events_pb2.ComplaintNotAccepted)
    assert event.not_accepted.reason == "moved_to_discipline"


def test_what_a_unit_has_had_can_no_longer_be_moved(city: City) -> None:
    assert city.refused("MoveToDiscipline", CLERK, on=city.dispatched(), organ="市纪委监委").reason == "ALREADY_WITH_UNIT"


def test_complaints_of_one_person_are_found_without_opening_anybodys_name(city: City) -> None:
    first = city.filed()
    second = city.filed(
        title="路灯不亮", text="柳巷路灯坏了", identity=intake_pb2.Identity(name="若水", phone="139-1234-5678")
    )
    other = city.filed(title="办证窗口没有人", identity=intake_pb2.Identity(name="李四", phone="13800000000"))
    similar = city.do("SimilarComplaints", CLERK, complaint_id=first.complaint_id).similar
    assert [(each.complaint.number, each.same_person) for each in similar] == [(second.number, True), (other.number, False)]
    assert similar[1].common_words > 3


def test_nobody_is_told_that_a_confidential_complaint_is_by_somebody_who_is_named(city: City) -> None:
    secret = city.filed(manner=complaint_pb2.MANNER_CONFIDENTIAL)
    named = city.filed(title="路灯不亮", text="柳巷路灯坏了", confidential_text="")
    for one in (secret, named):
        similar = city.do("SimilarComplaints", CLERK, complaint_id=one.complaint_id).similar
        assert not any(each.same_person for each in similar)
