"""What changes a version of the rules is sent with the version its author saw; a list is exported as it is shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token


@pytest.fixture
def author(browser: TestClient) -> TestClient:
    browser.cookies.set("session", f"secret|{token('rule_author', 'approver')}")
    return browser


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_a_workbook_replaces_the_draft_only_as_it_was_seen(author: TestClient, any_suite: AnySuite) -> None:
    address = "/rules/upload?draft=abc&version=2"
    page = author.get(address).text
    assert hidden(page, "expected_version") == "2"
    any_suite.rows = 0
    sent = {name: hidden(page, name) for name in ("csrf", "request_id", "expected_version")}
    answer = author.post(address, data=sent, files={"workbook": ("rules.xlsx", b"PK")}, follow_redirects=False)
    assert answer.status_code == 303
    assert any_suite.sent["accountability.ReviseRules"].expected_version == 2


@pytest.mark.parametrize("page", ["grid", "write"])
def test_a_draft_leads_to_its_workbook_with_the_version_seen(
    page: str, author: TestClient, any_suite: AnySuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = any_suite.filled

    def own_draft(name: str, depth: int = 0) -> Any:
        message: Any = filled(name, depth)
        if name.endswith(".GetRuleVersionResponse"):
            message.rule_version.state, message.rule_version.author = 1, "account-1"
        return message

    monkeypatch.setattr(any_suite, "filled", own_draft)
    assert 'href="/rules/upload?draft=abc&amp;version=3"' in author.get(f"/rules/abc/{page}").text


def test_a_row_is_frozen_only_in_the_version_that_was_seen(author: TestClient, any_suite: AnySuite) -> None:
    page = author.get("/rules/abc/freeze").text
    assert hidden(page, "expected_version") == "3"
    sent = {"csrf": hidden(page, "csrf"), "expected_version": "2", "row": "abc", "reason": "停用", "ground": "停用"}
    author.post("/rules/abc/freeze", data=sent)
    assert any_suite.sent["accountability.FreezeRow"].expected_version == 2


def test_the_workbook_of_a_back_test_lists_what_the_page_lists(author: TestClient, any_suite: AnySuite) -> None:
    links = [
        re.search(r'href="([^"]*back-test\.xlsx[^"]*)"', author.get(f"/rules/abc/back-test{asked}").text)
        for asked in ("", "?whole&same")
    ]
    assert [link and link[1] for link in links] == ["/rules/abc/back-test.xlsx", "/rules/abc/back-test.xlsx?same"]
    assert author.get("/rules/abc/back-test.xlsx?same").status_code == 200
    assert any_suite.sent["accountability.BackTest"].list_same
