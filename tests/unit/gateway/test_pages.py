"""Every page is drawn in both languages, with no row, one row and many, and can be used by everybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from gateway.contracts import Contracts
from tests.unit.gateway.answering import AnySuite, token

NO_PAGE = re.compile(
    r"^/(api|assets|incoming|open311/|healthz|metrics|openapi\.json|rate-worker\.js|sign-out|large|views)"
    r"|\.xlsx$|\.pdf$|\.png$|/hall/frames$|/files/|/file/hints$|/evidence/file$|/codes$|/letters$|/raters/import$|/confirm$|/export$|/bulk$|/withdraw$|/box$|/pictures/|/check/rows$|/again$|/print$|/scans/reading$"
)
OF_COMPLAINTS = re.compile(
    r"^/(complaint|publication|answers|review|exposure|second|feedback|transfer|deliver|board|topics|figures|work|matters|evidence)"
)


def roles(contracts: Contracts) -> list[str]:
    return [value.removeprefix("ROLE_").lower() for value in contracts.enum_values("zhengfeng.common.v1.Role")]


def addresses(browser: TestClient, contracts: Contracts) -> list[str]:
    """Every page by GET, each act of each kind of record included."""
    from tests.unit.gateway.page_words import ALL_KINDS

    paths = [route.path for route in browser.app.routes if isinstance(route, Route) and not NO_PAGE.search(route.path)]  # type: ignore[attr-defined]
    acts = {f"{kind.path}/{{ref}}/acts/{act.name}" for kind in ALL_KINDS for act in kind.acts if kind.key != "key-units"}
    plain = {path for path in paths if not path.endswith("/acts/{act}")}
    return sorted(re.sub(r"\{\w+\}", "abc", path) for path in plain | acts)


class Outline(HTMLParser):
    """Headings, fields without a label, tables without a caption, ids."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.fields: list[tuple[str, bool]] = []
        self.labels: set[str] = set()
        self.tables = self.captions = 0
        self._in_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self._in_label += 1
            self.labels.add(given.get("for") or "")
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append((given.get("id") or "", bool(self._in_label or given.get("aria-label"))))
        self.tables += tag == "table"
        self.captions += tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        self._in_label -= tag == "label"


@pytest.mark.parametrize(("rows", "language"), [(0, "en"), (1, "zh"), (1, "en"), (50, "zh")])
def test_every_page_is_drawn(
    browser: TestClient, any_suite: AnySuite, contracts: Contracts, rows: int, language: str
) -> None:
    any_suite.rows = rows
    faults = []
    for path in addresses(browser, contracts):
        browser.cookies.set("session", f"secret|{token(*roles(contracts))}")
        answer = browser.get(path, params={"lang": language})
        if answer.status_code != 200 and not (rows == 0 and answer.status_code in (404, 409)):
            faults.append((path, answer.status_code))
    assert faults == []


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_can_be_read_and_filled_in_by_everybody(browser: TestClient, contracts: Contracts, signed_in: bool) -> None:
    faults = []
    for path in addresses(browser, contracts):
        if signed_in:
            browser.cookies.set("session", f"secret|{token(*roles(contracts))}")
        answer = browser.get(path)
        if answer.status_code != 200:
            continue
        outline = Outline()
        outline.feed(answer.text)
        levels = [1, *outline.headings]
        skipped = [b for a, b in pairwise(levels) if b > a + 1]
        unlabelled = [name for name, labelled in outline.fields if not labelled and name not in outline.labels]
        if outline.headings.count(1) != 1 or skipped or unlabelled or outline.tables != outline.captions:
            faults.append((path, outline.headings, unlabelled, outline.tables, outline.captions))
    assert faults == []


def test_with_one_service_down_the_page_shows_the_rest_and_says_so(browser: TestClient, any_suite: AnySuite) -> None:
    any_suite.silent = {"accountability", "evaluation"}
    browser.cookies.set("session", f"secret|{token('office')}")

    answer = browser.get("/complaints/abc", params={"lang": "zh"})

    assert answer.status_code == 200
    assert "问责服务、评议服务暂时没有应答" in answer.text


def test_a_stranger_is_sent_to_sign_in_and_back(browser: TestClient) -> None:
    answer = browser.get("/complaints?filter.open_only=true")

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/sign-in?next=%2Fcomplaints%3Ffilter.open_only%3Dtrue")


def test_signing_in_never_leads_to_another_host(browser: TestClient) -> None:
    form = {"user_name": "a", "password": "b", "totp_code": "123456", "next": "//elsewhere.example/"}

    answer = browser.post("/sign-in", data=form)

    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith("//")


def test_the_cookie_is_for_this_host_and_no_script(browser: TestClient) -> None:
    answer = browser.post("/sign-in", data={"user_name": "a", "password": "b", "totp_code": "123456"})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}])
def test_a_form_without_the_csrf_token_does_nothing(
    browser: TestClient, any_suite: AnySuite, headers: dict[str, str]
) -> None:
    browser.cookies.set("session", f"secret|{token('clerk')}")

    answer = browser.post("/complaints/abc/acts/AcceptComplaint", data={"csrf": "guessed"}, headers=headers)

    assert answer.status_code == 403
    assert any_suite.asked == []


def test_an_act_sends_the_version_that_was_seen(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('clerk')}")
    page = browser.get("/complaints/abc/acts/AcceptComplaint").text
    hidden = dict(re.findall(r'name="(csrf|request_id|expected_version)" value="([^"]*)"', page))

    answer = browser.post("/complaints/abc/acts/AcceptComplaint", data=hidden)

    assert answer.headers["location"] == "/complaints/abc?done=AcceptComplaint"
    assert any_suite.asked[-1] == "complaints.AcceptComplaint"
    assert hidden["expected_version"] == "3"


def test_no_page_asks_anything_of_another_host(browser: TestClient) -> None:
    answer = browser.get("/")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []
    assert "style=" not in answer.text


def test_everything_listed_can_be_exported(browser: TestClient, contracts: Contracts) -> None:
    browser.cookies.set("session", f"secret|{token(*roles(contracts))}")
    exports = [route.path for route in browser.app.routes if isinstance(route, Route) and route.path.endswith(".xlsx")]  # type: ignore[attr-defined]

    sent = {path: browser.get(path.replace("{ref}", "abc")) for path in exports}

    assert {path: answer.status_code for path, answer in sent.items() if answer.status_code != 200} == {}
    assert all(answer.content.startswith(b"PK") for answer in sent.values())


def test_the_stylesheet_stays_small() -> None:
    from gateway.assets import FOLDERS

    assert (FOLDERS[0] / "site.css").read_text().count("\n") < 600


def test_of_several_that_exclude_each_other_none_is_asked_for(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('investigator')}")
    page = browser.get("/cases/abc/acts/AddParty").text
    fields = re.findall(r'<\w+[^>]* name="(?:official_id|unit_path)"[^>]*>', page)
    assert len(fields) == 2 and not any("required" in field for field in fields)


def test_only_a_form_that_was_sent_does_anything(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office', 'rule_author')}")
    for path in ("/cases/abc/acts/CloseCase", "/rules/abc/acts/SubmitRules"):
        assert browser.head(path).status_code == 405
    assert not {"accountability.CloseCase", "accountability.SubmitRules"} & set(any_suite.sent)


def test_no_page_about_complaints_asks_more_often_the_longer_its_lists_are(
    browser: TestClient, any_suite: AnySuite, contracts: Contracts
) -> None:
    browser.cookies.set("session", f"secret|{token(*roles(contracts))}")
    asked: dict[str, list[int]] = {}
    for path in filter(OF_COMPLAINTS.match, addresses(browser, contracts)):
        for any_suite.rows in (2, 12):
            any_suite.asked.clear()
            browser.get(path)
            asked.setdefault(path, []).append(len(any_suite.asked))

    assert {path: counts for path, counts in asked.items() if counts[1] > counts[0]} == {}
