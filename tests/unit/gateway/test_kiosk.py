"""A device in the hall: whoever starts it is signed out of the suite, not only of the browser."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token


def test_whoever_starts_a_shared_device_has_no_session_any_more(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('registrar')}")
    page = browser.get("/kiosk/abc")
    assert page.status_code == 200
    assert any_suite.asked.count("directory.SignOut") == 1
    assert 'session=""' in page.headers["set-cookie"]
    assert "/sign-out" not in page.text
