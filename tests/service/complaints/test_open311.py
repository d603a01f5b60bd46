"""Open311 behind the gateway: keys, filing by key, and what of a complaint is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from zhengfeng.complaints.v1 import complaint_pb2, intake_pb2

from tests.doors import caller
from tests.service.complaints.city import CLERK, OFFICE, SECRET_NAME, SECRET_PHONE, City, draft

SECURITY = caller("security_admin", jurisdiction="/qinghe", subject="security")


def issued(city: City, **wanted: Any) -> Any:
    """A key for a program that files in the city."""
    asked = {"jurisdiction_path": "/qinghe", "holder": "随手拍", **wanted}
    return city.do("IssueOpen311Key", SECURITY, request_id="k1", **asked)


def posted(city: City, key: str, **changed: Any) -> Any:
    """What a program is told that files somebody's complaint in confidence."""
    said = draft(**{"manner": complaint_pb2.MANNER_CONFIDENTIAL, "category": "absent", **changed})
    return city.do("FilePublicRequest", None, api_key=key, draft=said)


def listed(city: City, **wanted: Any) -> list[Any]:
    """What anybody sees."""
    return list(city.do("ListPublicRequests", None, **wanted).requests)


def dispatch(city: City) -> None:
    """The one complaint there is goes its way to the housing bureau."""
    [at] = city.do("ListComplaints", OFFICE).complaints
    at = city.do("AcceptComplaint", CLERK, on=at)
    at = city.do("RegisterComplaint", CLERK, on=at, category="absent")
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    at = city.do("ApproveDisposal", OFFICE, on=city.do("SubmitForApproval", CLERK, on=at, **how), approved=True)
    city.do("Dispatch", CLERK, on=at)


def test_a_key_is_shown_once_and_kept_as_a_keyed_hash(city: City) -> None:
    key = issued(city)

    assert city.do("IssueOpen311Key", SECURITY, request_id="k1", jurisdiction_path="/qinghe", holder="随手拍") == key
    assert key.api_key.encode() not in city.dump()
    assert key.api_key not in str(city.do("ListOpen311Keys", SECURITY))


def test_what_is_filed_by_key_is_a_complaint_like_any_other_and_its_holder_can_follow_it(city: City) -> None:
    told = posted(city, issued(city).api_key)

    assert told.number == "2026-1"
    followed = city.do("FollowComplaint", None, receipt_code=told.receipt_code)
    assert followed.number == "投诉〔2026〕1号"
    [row] = city.do("ListComplaints", OFFICE).complaints
    assert row.channel == complaint_pb2.CHANNEL_OPEN311
    assert city.do("FindPublicRequest", None, token=told.token).number == told.number
    assert city.do("ListOpen311Keys", SECURITY).open311_keys[0].filed == 1


def test_a_wrong_and_a_withdrawn_key_are_refused_alike_and_nothing_is_stored(city: City) -> None:
    key = issued(city)
    wrong = {"api_key": "00000-00000-00000-00000", "draft": draft()}
    before = city.refused("FilePublicRequest", None, **wrong)
    city.do(
        "WithdrawOpen311Key",
        SECURITY,
        open311_key_id=key.open311_key.open311_key_id,
        expected_version=key.open311_key.version,
    )

    after = city.refused("FilePublicRequest", None, api_key=key.api_key, draft=draft())

    assert (before.reason, before.field) == ("OPEN311_KEY_UNKNOWN", "") == (after.reason, after.field)
    assert not city.do("ListComplaints", OFFICE).complaints


def test_the_same_post_sent_twice_is_refused_with_the_number_it_was_given(city: City) -> None:
    key = issued(city).api_key
    posted(city, key)

    again = city.refused(
        "FilePublicRequest",
        None,
        api_key=key,
        draft=draft(manner=complaint_pb2.MANNER_CONFIDENTIAL, category="absent"),
    )

    assert again.reason == "OPEN311_SENT_TWICE"
    assert len(city.do("ListComplaints", OFFICE).complaints) == 1
    city.clock.advance(timedelta(days=2))
    assert posted(city, key).number == "2026-2"


def test_a_post_repeated_under_its_request_id_is_answered_as_the_first_time(city: City) -> None:
    key = issued(city).api_key
    first = city.do("FilePublicRequest", None, request_id="p1", api_key=key, draft=draft())

    assert city.do("FilePublicRequest", None, request_id="p1", api_key=key, draft=draft()) == first


def test_a_key_files_in_its_own_place_only(city: City) -> None:
    key = issued(city, jurisdiction_path="/qinghe/donghe").api_key

    assert city.refused("FilePublicRequest", None, api_key=key, draft=draft()).reason == "OPEN311_PLACE_NOT_OPEN"


def test_nothing_a_complaint_says_and_nobody_in_it_is_public(city: City) -> None:
    posted(city, issued(city).api_key)

    [shown] = listed(city)

    said = draft()
    secret = (SECRET_NAME, SECRET_PHONE, said.title, said.text, said.confidential_text, "/qinghe/housing")
    assert not [word for word in secret if word in str(shown)]
    assert (shown.service_code, shown.standing, shown.closed) == ("absent", "received", False)


@pytest.mark.parametrize(("manner", "unit"), [("MANNER_CONFIDENTIAL", ""), ("MANNER_NAMED", "/qinghe/housing")])
def test_which_unit_has_it_is_not_told_of_one_filed_in_confidence(city: City, manner: str, unit: str) -> None:
    posted(city, issued(city).api_key, manner=complaint_pb2.Manner.Value(manner))
    dispatch(city)

    assert [one.unit_name for one in listed(city)] == [unit]


def test_only_what_was_filed_by_open311_is_listed(city: City) -> None:
    told = posted(city, issued(city).api_key)
    city.filed()
    assert [one.number for one in listed(city)] == [told.number]


def standing(city: City, number: str) -> dict[str, Any]:
    """How one stands, without what is its own."""
    [one] = listed(city, numbers=[number])
    return {
        "standing": one.standing,
        "closed": one.closed,
        "service": one.service_code,
        "unit": one.unit_name,
        "due": one.due_at,
    }


def test_which_complaint_was_moved_or_isolated_is_told_neither_by_the_list_nor_by_what_it_lacks(city: City) -> None:
    key = issued(city).api_key
    moved, withdrawn, isolated = (posted(city, key, title=title) for title in ("一", "二", "三"))
    rows = {city.do("GetComplaint", OFFICE, complaint_id=one.complaint_id).title: one for one in _rows(city)}
    before = standing(city, isolated.number)

    city.do("TakeParcel", CLERK, complaint_id=rows["一"].complaint_id)
    city.do("MoveToDiscipline", CLERK, on=rows["一"], organ="清河市纪委监委")
    city.do("WithdrawComplaint", None, receipt_code=withdrawn.receipt_code, reason="已解决")
    city.do("IsolateSecret", CLERK, on=rows["三"])

    assert standing(city, moved.number) == standing(city, withdrawn.number)
    assert standing(city, moved.number) | {"due": None} == {
        "standing": "ended",
        "closed": True,
        "service": "",
        "unit": "",
        "due": None,
    }
    assert {name: value for name, value in standing(city, isolated.number).items() if name != "due"} == {
        name: value for name, value in before.items() if name != "due"
    }
    assert sorted(one.number for one in listed(city)) == sorted(one.number for one in (moved, withdrawn, isolated))
    assert [one.number for one in listed(city, service_codes=["absent"])] == [isolated.number]
    assert [one.number for one in listed(city, status="open")] == [isolated.number]


def _rows(city: City) -> list[Any]:
    return list(city.do("ListComplaints", OFFICE).complaints)


def test_without_days_the_last_ninety_are_listed_and_never_a_longer_span(city: City) -> None:
    key = issued(city).api_key
    posted(city, key)
    city.clock.advance(timedelta(days=91))
    posted(city, key)

    assert [one.number for one in listed(city)] == ["2027-1"]
    assert [one.number for one in listed(city, numbers=["2026-1", "2027-1"])] == ["2027-1", "2026-1"]
    filed = datetime(2026, 11, 16, tzinfo=UTC)
    assert [one.number for one in listed(city, received_from=filed)] == ["2026-1"]
    wide = {"received_from": filed, "received_before": filed + timedelta(days=91)}
    assert city.refused("ListPublicRequests", None, **wide).reason == "OPEN311_SPAN_TOO_LONG"
    back = {"received_from": filed, "received_before": filed - timedelta(days=1)}
    assert city.refused("ListPublicRequests", None, **back).reason == "OPEN311_SPAN_BACKWARDS"


def test_closed_and_open_ones_can_be_told_apart(city: City) -> None:
    key = issued(city).api_key
    first = posted(city, key)
    posted(city, key, title="另一件", identity=intake_pb2.Identity(name="某甲"))
    city.do("WithdrawComplaint", None, receipt_code=first.receipt_code)

    assert [one.number for one in listed(city, status="closed")] == ["2026-1"]
    assert [one.number for one in listed(city, status="open")] == ["2026-2"]
    assert listed(city, service_codes=["slow"]) == []
