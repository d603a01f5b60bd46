"""What leaves the house: which facts are told to whom, tried until it arrives, with no text lying in a queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import deliveries_pb2, notices_pb2, webhooks_pb2

from carriage.letter import Letter
from services.complaints.storage.outside import DELIVERIES
from tests.doors import caller
from tests.service.complaints.city import OFFICE, City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
AUDIT = caller("audit_admin", jurisdiction="/qinghe", subject="audit-admin")
ADDRESS = "若水@example.cn".replace("若水", "ruoshui")
OUT = webhooks_pb2.WEBHOOK_DIRECTION_OUT
WAITING = deliveries_pb2.DELIVERY_STATE_WAITING
MAIL, SMS = deliveries_pb2.DELIVERY_MEANS_MAIL, deliveries_pb2.DELIVERY_MEANS_SMS
HOOK = {"jurisdiction_path": "/qinghe", "name": "数据平台", "direction": OUT, "url": "https://platform.example/facts"}


def sorted_out(city: City) -> list[deliveries_pb2.Delivery]:
    """The deliveries after the courier has looked through what was announced, oldest first."""
    city.door.usecases.sorting.sort()
    return list(reversed(city.do("ListDeliveries", ADMIN).deliveries))


def letter(city: City, delivery: deliveries_pb2.Delivery) -> Letter:
    """What the courier would send now."""
    with city.door.store.engine.connect() as connection:
        table = DELIVERIES.table
        [row] = connection.execute(sa.select(table).where(table.c.id == delivery.delivery_id))
    made: Letter = city.door.usecases.post.letter(DELIVERIES.value(row))
    return made


def test_a_fact_is_ordered_once_for_each_webhook_that_asked_for_it(city: City) -> None:
    city.filed()
    city.do("CreateWebhook", ADMIN, **HOOK, facts=["ComplaintAccepted", "ComplaintClosed"])
    city.do("CreateWebhook", ADMIN, **{**HOOK, "name": "别处"}, facts=["ComplaintClosed"])

    city.accepted()
    first, again = sorted_out(city), sorted_out(city)

    assert [(one.addressee, one.kind, one.state) for one in first] == [("数据平台", "ComplaintAccepted", WAITING)]
    assert again == first
    body = letter(city, first[0]).body.decode()
    assert "ComplaintAccepted" in body and city.last_receipt.number in body


def test_what_is_announced_later_is_ordered_though_the_place_has_moved_on(city: City) -> None:
    city.do("CreateWebhook", ADMIN, **HOOK, facts=["ComplaintAccepted"])
    for _ in range(3):
        city.accepted()
        sorted_out(city)
        city.clock.advance(timedelta(minutes=2))
    assert len(sorted_out(city)) == 3


def test_a_stopped_webhook_is_told_nothing_and_no_other_place_is_told_of_ours(city: City) -> None:
    hook = city.do("CreateWebhook", ADMIN, **HOOK, facts=["ComplaintAccepted"]).webhook
    elsewhere = caller("system_admin", jurisdiction="/qinghe/donghe", subject="donghe-admin")
    city.do("CreateWebhook", elsewhere, **{**HOOK, "jurisdiction_path": "/qinghe/donghe"}, facts=["ComplaintAccepted"])
    off = {"webhook_id": hook.webhook_id, "running": False}
    city.do("SwitchWebhook", ADMIN, **off, expected_version=1)
    city.accepted()
    assert sorted_out(city) == []
    assert city.refused("SwitchWebhook", ADMIN, **off, expected_version=2).reason == "WEBHOOK_ALREADY_SO"
    city.do("SwitchWebhook", ADMIN, **{**off, "running": True}, expected_version=2)
    assert sorted_out(city) == [], "facts of the time between are not sent"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"url": "http://platform.example/facts"}, "URL_NOT_ALLOWED"),
        ({"url": "https://user:word@platform.example/"}, "URL_NOT_ALLOWED"),
        ({"url": "file:///etc/passwd"}, "URL_NOT_ALLOWED"),
        ({"facts": []}, "NOTHING_CHOSEN"),
        ({"facts": ["ComplaintLaughedAt"]}, "FACT_UNKNOWN"),
        ({"jurisdiction_path": "/elsewhere"}, "JURISDICTION_UNKNOWN"),
    ],
)
def test_a_webhook_nobody_may_have_is_refused(city: City, changed: dict[str, object], reason: str) -> None:
    asked = {**HOOK, "facts": ["ComplaintClosed"], **changed}
    assert city.refused("CreateWebhook", ADMIN, **asked).reason == reason


def test_a_secret_is_told_once_and_again_only_to_the_same_request(city: City) -> None:
    asked = {**HOOK, "facts": ["ComplaintClosed"], "request_id": "once"}
    first, again = (city.do("CreateWebhook", ADMIN, **asked) for _ in range(2))
    assert first.secret == again.secret and first.secret.startswith("whsec_")
    assert first.secret.encode() not in city.dump()
    one = {"webhook_id": first.webhook.webhook_id, "expected_version": 1}
    renewed = city.do("RenewWebhookSecret", ADMIN, **one)
    assert renewed.secret != first.secret and renewed.webhook.HasField("old_secret_until")


def test_a_complainant_is_told_where_they_asked_to_be_and_every_use_is_logged(city: City) -> None:
    receipt = city.filed()
    given = {"receipt_code": receipt.receipt_code, "means": MAIL, "address": ADDRESS, "language": "zh"}
    assert city.refused("GiveNoticeAddress", None, **given).reason == "CONSENT_MISSING"
    assert city.do("GiveNoticeAddress", None, **given, consent=True).hint == "r…@example.cn"
    city.do(
        "AcceptComplaint", caller("clerk", jurisdiction="/qinghe"), complaint_id=receipt.complaint_id, expected_version=1
    )

    [ordered] = sorted_out(city)
    sent = letter(city, ordered)

    assert (sent.address, sent.message_id) == (ADDRESS, ordered.delivery_id)
    assert receipt.number in sent.body.decode()
    assert receipt.receipt_code not in sent.body.decode() and "窗口" not in sent.body.decode()
    log = city.do("ListIdentityLog", AUDIT, complaint_id=receipt.complaint_id).entries
    assert [entry.act for entry in log] == ["notice_sent"]
    assert ADDRESS.encode() not in city.dump()


def test_who_wants_no_more_notices_is_sent_none(city: City) -> None:
    receipt = city.filed()
    code = {"receipt_code": receipt.receipt_code}
    city.do("GiveNoticeAddress", None, **code, means=SMS, address="139 1234 5678", consent=True)
    city.do("StopNotices", None, **code)
    city.do("StopNotices", None, **code)
    city.do(
        "AcceptComplaint", caller("clerk", jurisdiction="/qinghe"), complaint_id=receipt.complaint_id, expected_version=1
    )
    assert sorted_out(city) == []
    assert city.refused("StopNotices", None, receipt_code="AAAAA-AAAAA-AAAAA-AAAAA").reason == "RECEIPT_UNKNOWN"


def test_an_address_leaves_with_what_the_complaint_said(city: City) -> None:
    receipt = city.filed()
    given = {"receipt_code": receipt.receipt_code, "means": MAIL, "address": ADDRESS, "consent": True}
    city.do("GiveNoticeAddress", None, **given)
    city.do(
        "AcceptComplaint", caller("clerk", jurisdiction="/qinghe"), complaint_id=receipt.complaint_id, expected_version=1
    )
    [ordered] = sorted_out(city)
    with city.door.store.begin(OFFICE) as tx:
        city.door.usecases.post._desk.contents.erase(tx, receipt.complaint_id)
    assert letter(city, ordered) is None
    assert city.refused("GiveNoticeAddress", None, **given).reason == "TEXT_ERASED"


@pytest.mark.parametrize(("means", "address"), [(MAIL, "no-address"), (SMS, "call me"), (MAIL, "a@b\nBcc: c@d.cn")])
def test_what_is_no_address_is_refused(city: City, means: int, address: str) -> None:
    code = city.filed().receipt_code
    given = {"receipt_code": code, "means": means, "address": address, "consent": True}
    assert city.refused("GiveNoticeAddress", None, **given).reason == "ADDRESS_INVALID"


def test_a_unit_is_told_of_what_it_is_given_at_the_address_kept_for_it(city: City) -> None:
    whose = {"jurisdiction_path": "/qinghe", "unit_path": "/qinghe/housing", "kind": notices_pb2.CONTACT_KIND_UNIT}
    kept = city.do("AddContact", ADMIN, **whose, means=MAIL, address="desk@housing.example").contact
    assert kept.hint == "d…@housing.example"
    city.dispatched()
    [ordered] = sorted_out(city)
    assert (ordered.kind, ordered.addressee) == ("dispatched", "/qinghe/housing")
    assert letter(city, ordered).address == "desk@housing.example"
    assert b"desk@housing.example" not in city.dump()
    one = {"contact_id": kept.contact_id, "expected_version": 1}
    city.do("RemoveContact", ADMIN, **one)
    assert letter(city, ordered) is None


def test_a_delivery_that_fails_waits_longer_each_time_and_is_given_up_in_the_end(city: City) -> None:
    hook = city.do("CreateWebhook", ADMIN, **HOOK, facts=["ComplaintClosed"]).webhook
    ordered = city.do("TestWebhook", ADMIN, webhook_id=hook.webhook_id).delivery
    cases, waits = city.door.usecases.deliveries, []
    while due := cases.due():
        failed = cases.failed(due[0], "HTTP 500", False)
        if failed.next_at is None:
            break
        waits.append((failed.next_at - city.clock.now()).total_seconds())
        city.clock.set(failed.next_at)
    assert waits[:4] == [5, 10, 20, 40] and max(waits) == 3600
    [given_up] = city.do("ListDeliveries", ADMIN).deliveries
    assert given_up.state == deliveries_pb2.DELIVERY_STATE_GIVEN_UP and given_up.receipt == "HTTP 500"
    one = {"delivery_id": ordered.delivery_id}
    again = city.do("RetryDelivery", ADMIN, **one, expected_version=given_up.version).delivery
    assert again.state == WAITING and len(cases.due()) == 1
    city.do("CallOffDelivery", ADMIN, **one, expected_version=again.version)
    assert city.refused("RetryDelivery", ADMIN, **one, expected_version=again.version + 1).reason == "DELIVERY_ENDED"


def test_a_webhook_is_told_however_late_but_a_notice_that_is_old_helps_nobody(city: City) -> None:
    city.do("CreateWebhook", ADMIN, **HOOK, facts=["ComplaintAccepted"])
    receipt = city.filed()
    given = {"receipt_code": receipt.receipt_code, "means": MAIL, "address": ADDRESS, "consent": True}
    city.do("GiveNoticeAddress", None, **given)
    clerk = caller("clerk", jurisdiction="/qinghe")
    city.do("AcceptComplaint", clerk, complaint_id=receipt.complaint_id, expected_version=1)
    city.clock.advance(timedelta(hours=100))
    assert [ordered.kind for ordered in sorted_out(city)] == ["ComplaintAccepted"]
