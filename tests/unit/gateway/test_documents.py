"""Documents are taken away as files; the name on them comes from the directory, nobody types it."""

from __future__ import annotations

import re

import pytest
from google.protobuf.message import Message
from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token

KIND_DECISION, KIND_CIRCULAR, FORMAT_PDF, FORMAT_WORD = 3, 5, 1, 2
NAME = "欧阳某某"


@pytest.fixture
def known(any_suite: AnySuite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory knows the party's name."""
    plain = any_suite.filled

    def told(name: str, depth: int = 0) -> Message:
        message = plain(name, depth)
        if name.endswith("GetNamesResponse"):
            message.names["abc"] = NAME  # type: ignore[attr-defined]
        return message

    monkeypatch.setattr(any_suite, "filled", told)


@pytest.mark.usefixtures("known")
def test_a_draft_is_asked_for_with_the_name_of_its_party(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")

    file = browser.get("/cases/abc/draft/export?kind=DECISION&party=abc&as=PDF")

    sent = any_suite.sent["accountability.BuildDocument"]
    assert (sent.case_id, sent.wanted.kind, sent.format) == ("abc", KIND_DECISION, FORMAT_PDF)
    assert [(one.party_id, one.name) for one in sent.wanted.names] == [("abc", NAME)]
    assert file.status_code == 200 and file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_an_issued_document_is_read_in_the_form_asked_for(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('decider')}")

    assert browser.get("/documents/abc/export?as=WORD").status_code == 200
    sent = any_suite.sent["accountability.ReadDocument"]
    assert (sent.document_id, sent.format) == ("abc", FORMAT_WORD)


def test_a_name_that_nobody_knows_is_not_made_up(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")

    assert browser.get("/cases/abc/draft/export?kind=DECISION&party=abc&as=PDF").status_code == 200
    assert not any_suite.sent["accountability.BuildDocument"].wanted.names


def test_issuing_asks_for_no_name_and_leads_back_to_the_case(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    page = "/cases/abc/acts/IssueDocument"
    form = browser.get(page).text
    csrf = re.findall(r'name="csrf" value="([^"]*)"', form)[0]
    assert "wanted.names" not in form

    typed = {"wanted.kind": "DOCUMENT_KIND_CIRCULAR", "wanted.secrecy": "秘密★1年"}
    answer = browser.post(page, data={"csrf": csrf, **typed})

    assert answer.headers["location"] == "/cases/abc?done=IssueDocument"
    wanted = any_suite.sent["accountability.IssueDocument"].wanted
    assert (wanted.kind, wanted.secrecy) == (KIND_CIRCULAR, "秘密★1年")
