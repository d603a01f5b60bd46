"""Rules written on the web: linted as they are typed, saved only without a fault; why a step is not one's own is said."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from gateway.pages.cases.rules_road import turns
from tests.unit.gateway.answering import AnySuite, token

SHEETS = [{"name": "制度", "heads": ["代码"], "rows": [{"cells": ["qinghe-conduct"]}]}]
ACTS = ("ReviseRules", "SubmitRules", "ReviewRules", "ApproveRules", "FreezeRow", "ImportRules")


def sent(browser: TestClient, act: str, table: str = json.dumps(SHEETS)) -> Any:
    browser.cookies.set("session", f"secret|{token('rule_author')}")
    csrf = browser.get("/rules/write").text.partition('name="csrf" value="')[2].partition('"')[0]
    return browser.post("/rules/write", data={"csrf": csrf, "act": act, "table": table})


def test_what_is_typed_is_linted_cell_by_cell(browser: TestClient, any_suite: AnySuite) -> None:
    answer = sent(browser, "lint")
    assert answer.status_code == 200
    (fault,) = answer.json()["faults"]
    assert set(fault) == {"sheet", "row", "cell", "text", "error"}
    assert any_suite.sent["accountability.LintRules"].sheets.sheets[0].name == "制度"


def test_a_faulty_table_is_not_saved(browser: TestClient, any_suite: AnySuite) -> None:
    answer = sent(browser, "save")
    assert answer.json()["faults"][0]["error"] and "address" not in answer.json()
    assert "accountability.ImportRules" not in any_suite.asked


def test_a_faultless_table_is_saved_and_leads_to_its_grid(browser: TestClient, any_suite: AnySuite) -> None:
    any_suite.rows = 0
    assert sent(browser, "save").json()["address"] == "/rules/abc/grid?done=ImportRules"


@pytest.mark.parametrize("table", ["", "{", '[{"name": 5}]', '"text"'])
def test_what_is_no_table_is_refused(browser: TestClient, any_suite: AnySuite, table: str) -> None:
    assert sent(browser, "lint", table).status_code == 400
    assert "accountability.LintRules" not in any_suite.asked


def test_what_is_not_ones_own_draft_can_be_followed_but_not_changed(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('rule_author')}")
    page = browser.get("/rules/abc/write", params={"lang": "zh"}).text
    assert "只有起草人可以修改草稿" in page and "/rules/write?from=abc" in page


@dataclass
class Somebody:
    """Who looks at a version: their account and what their roles open."""

    account_id: str
    acts: tuple[str, ...] = ACTS
    today: date = date(2026, 11, 22)
    site: Any = field(default=None)

    def may(self, rpc: str) -> bool:
        return rpc.partition(".")[2] in self.acts

    def t(self, key: str) -> str:
        return key


@pytest.mark.parametrize(
    ("who", "state", "reviewer", "act", "why"),
    [
        ("author", "DRAFT", "", "SubmitRules", ""),
        ("other", "DRAFT", "", "SubmitRules", "turn_why.not_author"),
        ("author", "IN_REVIEW", "", "ReviseRules", "turn_why.no_draft"),
        ("author", "IN_REVIEW", "", "ReviewRules", "turn_why.own_text"),
        ("other", "IN_REVIEW", "", "ReviewRules", ""),
        ("other", "IN_REVIEW", "", "ApproveRules", "turn_why.not_reviewed"),
        ("other", "IN_REVIEW", "other", "ApproveRules", "turn_why.own_review"),
        ("author", "IN_REVIEW", "other", "ApproveRules", "turn_why.own_text"),
        ("third", "IN_REVIEW", "other", "ReviewRules", "turn_why.reviewed"),
        ("third", "IN_REVIEW", "other", "ApproveRules", ""),
        ("third", "APPROVED", "other", "ApproveRules", "turn_why.passed_by"),
        ("third", "APPROVED", "other", "FreezeRow", "turn_why.not_in_force"),
        ("third", "IN_FORCE", "other", "FreezeRow", ""),
    ],
)
def test_everybody_is_told_why_a_step_is_not_theirs(who: str, state: str, reviewer: str, act: str, why: str) -> None:
    rules = {"state": f"RULE_VERSION_STATE_{state}", "author": "author", "reviewer": reviewer, "valid_from": "2026-01-01"}
    found = {one.word: one for one in turns(Somebody(who), rules, "abc")}[f"turn.{act}"]  # type: ignore[arg-type]
    assert (found.why, bool(found.address)) == (why, not why)


def test_a_step_of_another_role_says_whose_it_is() -> None:
    rules = {"state": "RULE_VERSION_STATE_IN_FORCE", "author": "a", "reviewer": "b", "valid_from": "2026-01-01"}
    found = turns(Somebody("c", acts=()), rules, "abc")  # type: ignore[arg-type]
    assert {one.why for one in found} == {f"turn_role.{act}" for act in ACTS}
