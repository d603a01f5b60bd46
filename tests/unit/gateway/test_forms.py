"""Forms made from contracts ask for every field that the address does not say."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.unit.gateway.answering import token


def test_a_field_that_is_called_like_a_word_of_the_address_is_asked_for(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    page = browser.get("/objections/abc/acts/AnswerObjection").text
    assert 'name="answer"' in page and 'name="objection_id"' not in page
