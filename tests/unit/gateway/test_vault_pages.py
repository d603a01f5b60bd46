"""Pages of what guards those who complain: the log says whether it holds; a typed number stands in no address."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token

PATHS = ("/identity-log", "/retention", "/repeats", "/identity-log?act=IDENTITY_ACT_READ&from_day=2026-11-01")


@pytest.fixture
def keeper(browser: TestClient) -> TestClient:
    """Somebody who may see all of them."""
    browser.cookies.set("session", f"secret|{token('identity_keeper', 'clerk', 'office', 'leader')}")
    return browser


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rows", [0, 1, 50])
def test_the_pages_are_drawn(keeper: TestClient, any_suite: AnySuite, rows: int, language: str) -> None:
    any_suite.rows = rows
    assert [(path, keeper.get(path, params={"lang": language}).status_code) for path in PATHS] == [
        (path, 200) for path in PATHS
    ]


def test_the_log_says_at_its_top_whether_it_is_as_it_was_written(keeper: TestClient, any_suite: AnySuite) -> None:
    any_suite.rows = 1
    assert "不一致" in keeper.get("/identity-log").text
    any_suite.rows = 0
    assert "与写入时一致" in keeper.get("/identity-log").text


def test_a_typed_number_is_asked_by_post_and_comes_back_in_no_address(keeper: TestClient, any_suite: AnySuite) -> None:
    page = keeper.get("/repeats").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    answer = keeper.post("/repeats", data={"csrf": csrf, "phone": "13912345678", "id_number": ""})
    assert answer.status_code == 200 and "13912345678" not in str(answer.url)
    assert any_suite.sent["complaints.FindRepeats"].phone == "13912345678"


def test_a_browser_is_known_again_when_it_files_and_by_nothing_of_its_own(browser: TestClient, any_suite: AnySuite) -> None:
    first = browser.get("/file")
    cookie = first.headers["set-cookie"]
    assert "device=" in cookie and "HttpOnly" in cookie and "Max-Age" not in cookie
    assert "set-cookie" not in browser.get("/file").headers
