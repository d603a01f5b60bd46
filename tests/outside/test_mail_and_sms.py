"""Notices by a real SMTP server and by an SMS provider's HTTP interface, each under one message id however often tried."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from zhengfeng.complaints.v1 import deliveries_pb2, notices_pb2, webhooks_pb2

from carriage.signing import secret_of, signature
from tests.authority import Authority
from tests.doors import caller
from tests.outside.conftest import MakeCourier
from tests.outside.receivers import Postbox, Receiver, told
from tests.servers.programs import free_port
from tests.service.complaints.city import CLERK, City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
MAIL, SMS = deliveries_pb2.DELIVERY_MEANS_MAIL, deliveries_pb2.DELIVERY_MEANS_SMS
DELIVERED, GIVEN_UP = deliveries_pb2.DELIVERY_STATE_DELIVERED, deliveries_pb2.DELIVERY_STATE_GIVEN_UP
WAITING = deliveries_pb2.DELIVERY_STATE_WAITING
ADDRESS, PHONE = "ruoshui@example.cn", "13912345678"


def accepted(city: City, means: int, address: str, language: str = "zh") -> deliveries_pb2.Delivery:
    """A complaint accepted, whose complainant wants to be told at this address."""
    receipt = city.filed()
    given = {"receipt_code": receipt.receipt_code, "means": means, "address": address, "language": language}
    city.do("GiveNoticeAddress", None, **given, consent=True)
    return city.do("AcceptComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1)


def states(city: City) -> list[tuple[int, int, str]]:
    """How every delivery stands."""
    return [(one.state, one.attempts, one.receipt) for one in city.do("ListDeliveries", ADMIN).deliveries]


def server_at(port: int) -> str:
    return f"smtp://127.0.0.1:{port}?from=office@qinghe.example&tls=no"


def test_a_notice_arrives_by_mail_with_a_number_and_nothing_of_what_was_written(
    city: City, mail: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = mail
    complaint = accepted(city, MAIL, ADDRESS)
    courier_of(smtp=server_at(port)).look()
    [(to, letter)] = box.letters
    text = letter.get_content()
    assert (to, letter["From"], letter["To"]) == (ADDRESS, "office@qinghe.example", ADDRESS)
    assert complaint.number in letter["Subject"] and complaint.number in text and "窗口" not in text
    assert letter["Auto-Submitted"] == "auto-generated"
    [(state, attempts, receipt)] = states(city)
    assert (state, attempts) == (DELIVERED, 1) and receipt == f"SMTP 250 {letter['Message-ID']}"
    assert ADDRESS.encode() not in city.dump()


def test_a_busy_server_is_tried_again_under_the_same_message_id_and_an_unknown_receiver_is_given_up(
    city: City, mail: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = mail
    box.busy.add(ADDRESS)
    accepted(city, MAIL, ADDRESS, "en")
    courier = courier_of(smtp=server_at(port))
    courier.look()
    assert states(city) == [(WAITING, 1, "SMTP 450")] and not box.letters
    box.busy.clear()
    city.clock.advance(timedelta(seconds=6))
    courier.look()
    [(_, letter)] = box.letters
    delivery = city.do("ListDeliveries", ADMIN).deliveries[0]
    assert letter["Message-ID"] == f"<{delivery.delivery_id}@qinghe.example>" and "accepted" in letter.get_content()
    box.unknown.add("gone@example.cn")
    accepted(city, MAIL, "gone@example.cn")
    courier.look()
    assert states(city)[0] == (GIVEN_UP, 1, "SMTP 550")


def test_a_server_without_encryption_is_told_nothing_unless_that_is_said(
    city: City, mail: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = mail
    accepted(city, MAIL, ADDRESS)
    courier_of(smtp=server_at(port).removesuffix("&tls=no")).look()
    assert not box.letters and states(city)[0][0] == WAITING


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Postbox, int]]:
    """A mail server that upgrades to TLS under an authority this machine trusts."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue("mail.qinghe")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    yield box, port
    controller.stop()


def test_mail_goes_encrypted_to_a_server_that_can(
    city: City, encrypted: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = encrypted
    accepted(city, MAIL, ADDRESS)
    courier_of(smtp=server_at(port).removesuffix("&tls=no")).look()
    assert len(box.letters) == 1


def test_an_sms_goes_by_the_providers_interface_and_its_report_comes_back_signed(
    city: City, platform: Receiver, courier_of: MakeCourier
) -> None:
    platform.status, platform.answer = 503, b""
    complaint = accepted(city, SMS, "139 1234 5678")
    courier = courier_of(sms=f"http://office:token-7@{platform.address}/send")
    courier.look()
    platform.status, platform.answer = 200, json.dumps({"id": "sms-88"}).encode()
    city.clock.advance(timedelta(seconds=6))
    courier.look()
    first, second = platform.received
    assert first == second or first[1] == second[1], "the same id at both tries"
    assert second[0]["authorization"] == "Bearer token-7" and second[0]["idempotency-key"] == told(second[1])["id"]
    assert told(second[1])["to"] == PHONE and complaint.number in told(second[1])["text"]
    assert states(city) == [(DELIVERED, 2, "SMS sms-88")]
    made = city.do(
        "CreateWebhook", ADMIN, jurisdiction_path="/qinghe", name="短信平台", direction=webhooks_pb2.WEBHOOK_DIRECTION_IN
    )
    body = json.dumps({"delivery": told(second[1])["id"], "state": "failed", "receipt": "空号"}).encode()
    at = str(int(city.clock.now().timestamp()))
    right = signature(secret_of(made.secret), "r-1", at, body)
    about = {"webhook": made.webhook.webhook_id, "message_id": "r-1", "timestamp": at, "body": body}
    city.do("ReceiveReport", None, **about, signature=right)
    assert states(city) == [(GIVEN_UP, 2, "空号")]


def test_what_has_no_channel_waits_and_says_so(city: City, courier_of: MakeCourier) -> None:
    accepted(city, MAIL, ADDRESS)
    courier_of().look()
    assert states(city) == [(WAITING, 1, "not configured")]
    log = city.do("ListIdentityLog", caller("audit_admin", subject="audit"), page_size=10).entries
    assert not log, "an address is not opened for nothing"


def test_the_office_is_told_when_a_limit_has_run_out(city: City, mail: tuple[Postbox, int], courier_of: MakeCourier) -> None:
    box, port = mail
    about = {"jurisdiction_path": "/qinghe", "kind": notices_pb2.CONTACT_KIND_OFFICE, "means": MAIL}
    city.do("AddContact", ADMIN, **about, address="office@qinghe.example")
    complaint = city.dispatched()
    city.go_to("2027-03-01 09:00")
    courier_of(smtp=server_at(port)).look()
    told_of = [letter["Subject"] for to, letter in box.letters if to == "office@qinghe.example"]
    assert told_of == [f"{complaint.number}已超期"]
