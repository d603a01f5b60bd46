"""Investigators are chosen by name; the account and the official behind it follow from the choice."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from gateway.pages.cases.investigators import Investigators
from gateway.pages.frame.forms import Option
from tests.unit.gateway.answering import LONG_NAME, AnySuite, token

ASSIGN = "/cases/abc/acts/AssignInvestigators"


def colleague(account: str, official: str, unit: str = "问责科") -> dict[str, str]:
    return {"account_id": account, "official_id": official, "display_name": f"人员{account}", "unit_name": unit}


def test_each_is_offered_by_name_and_unit_and_who_is_no_official_is_not() -> None:
    here = Investigators([colleague("1", "o1"), colleague("2", ""), colleague("3", "o3", unit="")])

    assert here.options() == [Option("1", "人员1 · 问责科"), Option("3", "人员3")]
    assert here.options(but=["1"]) == [Option("3", "人员3")]
    assert here.person("1") == {"account": "1", "official_id": "o1"}
    assert here.person("2") == {"account": "2", "official_id": ""}


def test_nobody_types_an_account(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    offered = f'<option value="abc">{LONG_NAME} · {LONG_NAME}</option>'

    assert browser.get(ASSIGN).text.count(offered) == 2
    substitute = browser.get("/cases/abc/acts/RecuseInvestigator").text
    assert 'name="substitute.official_id"' not in substitute
    assert not re.search(r'<input type="text"[^>]* name="substitute.account"', substitute)


def test_what_was_chosen_is_sent_and_stays_chosen_if_it_is_refused(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    csrf = re.findall(r'name="csrf" value="([^"]*)"', browser.get(ASSIGN).text)[0]
    sent = {"csrf": csrf, "account0": "abc", "account1": "abc"}

    refused = browser.post(ASSIGN, data={**sent, "expected_version": "never"})
    assert refused.status_code == 400
    assert refused.text.count('<option value="abc" selected>') == 2

    accepted = browser.post(ASSIGN, data=sent)
    assert accepted.headers["location"] == "/cases/abc?done=AssignInvestigators"
    people = any_suite.sent["accountability.AssignInvestigators"].investigators
    assert [(one.account, one.official_id) for one in people] == [("abc", "abc")] * 2


def test_a_substitute_takes_the_official_behind_the_account_along(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    page = "/cases/abc/acts/RecuseInvestigator"
    csrf = re.findall(r'name="csrf" value="([^"]*)"', browser.get(page).text)[0]
    typed = {"account": "abc", "ground": "RECUSAL_GROUND_RELATIVE", "reason": "近亲属", "substitute.account": "abc"}

    answer = browser.post(page, data={"csrf": csrf, **typed})

    assert answer.headers["location"] == "/cases/abc?done=RecuseInvestigator"
    substitute = any_suite.sent["accountability.RecuseInvestigator"].substitute
    assert (substitute.account, substitute.official_id) == ("abc", "abc")
