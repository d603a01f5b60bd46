"""Webhooks against a real web server: signed, in order, tried until they arrive; and reports that come in, checked."""

from __future__ import annotations

import json
from datetime import timedelta

import grpc
import pytest
from zhengfeng.complaints.v1 import deliveries_pb2, webhooks_pb2

from carriage.signing import secret_of, signature, signed_by
from tests.doors import caller
from tests.outside.conftest import MakeCourier
from tests.outside.receivers import Receiver, told
from tests.service.complaints.city import City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
OUT, IN = webhooks_pb2.WEBHOOK_DIRECTION_OUT, webhooks_pb2.WEBHOOK_DIRECTION_IN
DELIVERED = deliveries_pb2.DELIVERY_STATE_DELIVERED
WAITING = deliveries_pb2.DELIVERY_STATE_WAITING
GIVEN_UP = deliveries_pb2.DELIVERY_STATE_GIVEN_UP


def subscribed(city: City, where: str, name: str = "数据平台") -> webhooks_pb2.CreateWebhookResponse:
    """A webhook for what is accepted."""
    about = {"jurisdiction_path": "/qinghe", "name": name, "direction": OUT, "url": f"http://{where}/facts"}
    made: webhooks_pb2.CreateWebhookResponse = city.do("CreateWebhook", ADMIN, **about, facts=["ComplaintAccepted"])
    return made


def deliveries(city: City) -> list[deliveries_pb2.Delivery]:
    """All of them, oldest first."""
    return list(reversed(city.do("ListDeliveries", ADMIN).deliveries))


def signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Whether the receiver, who holds this secret, believes the message."""
    about = (headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"])
    return signed_by([secret_of(secret)], *about, body)


def test_a_fact_arrives_signed_and_leaves_a_receipt(city: City, platform: Receiver, courier_of: MakeCourier) -> None:
    made = subscribed(city, platform.address)
    accepted = city.accepted()

    courier_of().look()

    [(headers, body)] = platform.received
    assert signed(headers, body, made.secret) and not signed(headers, body + b" ", made.secret)
    event = told(body)
    assert event["id"] == headers["webhook-id"] and event["subject"] == accepted.complaint_id
    assert event["type"] == "zhengfeng.complaints.v1.ComplaintAccepted"
    assert "窗口" not in body.decode()
    [kept] = deliveries(city)
    assert (kept.state, kept.attempts, kept.receipt) == (DELIVERED, 1, "HTTP 204")


def test_what_has_arrived_is_not_sent_again(city: City, platform: Receiver, courier_of: MakeCourier) -> None:
    subscribed(city, platform.address)
    city.accepted()
    courier = courier_of()
    courier.look()
    courier.look()
    courier_of().look()
    assert len(platform.received) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_refused_delivery_waits_and_comes_again_under_the_same_id(
    city: City, platform: Receiver, courier_of: MakeCourier, status: int
) -> None:
    platform.status = status
    subscribed(city, platform.address)
    city.accepted()
    courier = courier_of()
    courier.look()
    courier.look()
    assert len(platform.received) == 1, "not before its time, and no redirect is followed"
    platform.status = 200
    city.clock.advance(timedelta(seconds=6))
    courier.look()
    first, second = platform.received
    assert first[0]["webhook-id"] == second[0]["webhook-id"] and first[1] == second[1]
    assert [(one.state, one.attempts) for one in deliveries(city)] == [(DELIVERED, 2)]


def test_a_receiver_that_is_gone_is_given_up_at_once(city: City, platform: Receiver, courier_of: MakeCourier) -> None:
    platform.status = 410
    subscribed(city, platform.address)
    city.accepted()
    courier_of().look()
    assert [(one.state, one.receipt) for one in deliveries(city)] == [(GIVEN_UP, "HTTP 410")]


def test_later_facts_wait_for_the_one_that_failed_and_nobody_else_waits_for_a_dead_receiver(
    city: City, platform: Receiver, courier_of: MakeCourier
) -> None:
    subscribed(city, "127.0.0.1:1", "没有应答的平台")
    subscribed(city, platform.address)
    one, other = city.accepted(), city.accepted()
    courier = courier_of()
    courier.look()
    assert [told(body)["subject"] for _, body in platform.received] == [one.complaint_id, other.complaint_id]
    dead = [each for each in deliveries(city) if each.addressee == "没有应答的平台"]
    assert sorted((each.attempts, each.state) for each in dead) == [(0, WAITING), (1, WAITING)]


def test_while_a_secret_is_renewed_both_are_signed_with(city: City, platform: Receiver, courier_of: MakeCourier) -> None:
    made = subscribed(city, platform.address)
    one = {"webhook_id": made.webhook.webhook_id, "expected_version": 1}
    renewed = city.do("RenewWebhookSecret", ADMIN, **one)
    city.do("TestWebhook", ADMIN, webhook_id=made.webhook.webhook_id)
    courier = courier_of()
    courier.look()
    city.clock.advance(timedelta(days=2))
    city.do("TestWebhook", ADMIN, webhook_id=made.webhook.webhook_id)
    courier.look()
    during, after = platform.received
    assert signed(*during, made.secret) and signed(*during, renewed.secret)
    assert signed(*after, renewed.secret) and not signed(*after, made.secret)
    assert told(during[1])["type"] == "zhengfeng.test"


def taking(city: City) -> tuple[str, bytes]:
    """An incoming webhook and its secret."""
    made = city.do("CreateWebhook", ADMIN, jurisdiction_path="/qinghe", name="短信平台", direction=IN)
    return made.webhook.webhook_id, secret_of(made.secret)


def report(city: City, webhook: str, secret: bytes, **changed: object) -> dict[str, object]:
    """A report as the other side signs and sends it."""
    body = json.dumps({"delivery": "nothing-of-ours", "state": "delivered", "receipt": "ok"}).encode()
    timestamp = str(int(city.clock.now().timestamp()))
    sent = {"webhook": webhook, "message_id": "m-1", "timestamp": timestamp, "body": body, **changed}
    made = signature(secret, str(sent["message_id"]), str(sent["timestamp"]), body)
    return {"signature": made, **sent}


def test_a_report_is_taken_once_and_never_again(city: City) -> None:
    webhook, secret = taking(city)
    sent = report(city, webhook, secret)
    city.do("ReceiveReport", None, **sent)
    assert city.refused("ReceiveReport", None, **sent).reason == "SEEN_BEFORE"
    again = {**sent, **report(city, webhook, secret, message_id="m-2")}
    city.do("ReceiveReport", None, **again)


def test_forged_and_stale_reports_are_refused_and_look_alike_whatever_was_guessed(city: City) -> None:
    webhook, secret = taking(city)
    good = report(city, webhook, secret)
    out = subscribed(city, "127.0.0.1:9").webhook.webhook_id
    forged = [
        {**good, "body": b'{"delivery":"other","state":"failed"}'},
        {**good, "signature": "v1,AAAA"},
        {**good, "signature": signature(b"wrong", "m-1", str(good["timestamp"]), bytes(good["body"]))},  # type: ignore[call-overload]
        {**good, "message_id": "m-3"},
        {**good, "timestamp": str(int(str(good["timestamp"])) + 1)},
        {**good, "webhook": "00000000-0000-7000-8000-000000000000"},
        {**good, "webhook": "no-such-webhook"},
        {**good, "webhook": out},
    ]
    refusals = {city.refused("ReceiveReport", None, **one) for one in forged}
    assert {(one.code, one.reason) for one in refusals} == {(grpc.StatusCode.PERMISSION_DENIED, "SIGNATURE_WRONG")}
    assert len(refusals) == 1, "which webhook exists cannot be found out"
    old = str(int(city.clock.now().timestamp()) - 3600)
    assert city.refused("ReceiveReport", None, **report(city, webhook, secret, timestamp=old)).reason == "MESSAGE_TOO_OLD"
    odd = {**good, "body": b"[]"}
    odd["signature"] = signature(secret, "m-1", str(good["timestamp"]), b"[]")
    assert city.refused("ReceiveReport", None, **odd).reason == "REPORT_UNREADABLE"
    city.do("ReceiveReport", None, **good)
