"""What comes from outside goes to the service byte by byte; a list says what was done before it was shown."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token


def test_a_report_is_passed_on_byte_by_byte_with_its_signature_and_needs_no_session(
    browser: TestClient, any_suite: AnySuite
) -> None:
    headers = {"webhook-id": "m-1", "webhook-timestamp": "1763254800", "webhook-signature": "v1,abc="}
    body = '{"delivery": "d",  "state":"failed","receipt":"空号"}'.encode()

    answer = browser.post("/incoming/hook-7", content=body, headers=headers)

    assert answer.status_code == 204
    sent = any_suite.sent["complaints.ReceiveReport"]
    assert (sent.webhook, sent.message_id, sent.timestamp, sent.signature) == ("hook-7", "m-1", "1763254800", "v1,abc=")
    assert sent.body == body


def test_a_report_that_is_too_large_is_refused_before_anybody_is_asked(browser: TestClient, any_suite: AnySuite) -> None:
    answer = browser.post("/incoming/hook-7", content=b"x" * (5 * 1024 * 1024))
    assert answer.status_code == 413 and "complaints.ReceiveReport" not in any_suite.asked


def test_a_list_says_what_was_done(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('system_admin')}")
    answer = browser.get("/deliveries?done=TestWebhook")
    assert answer.status_code == 200 and "测试已发出" in answer.text
