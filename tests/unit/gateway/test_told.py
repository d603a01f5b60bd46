"""Sentences of the services in people's words: lines that manage from above, and words of the place's own settings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from gateway import pages
from gateway.pages.frame.told import told
from gateway.pages.frame.visit import Visit
from tests.unit.gateway.answering import AnySuite, token


def visit(language: str) -> Visit:
    site = SimpleNamespace(words=pages.words())
    return Visit(cast("Any", site), cast("Any", None), None, language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "停职不由本办公室决定，应提请税务系统垂管机关。"),
        ("en", "The office does not decide suspension of duties; that is for the line of 税务."),
    ],
)
def test_a_line_that_manages_from_above_is_called_by_its_name(language: str, said: str) -> None:
    params = {"measure": "suspension", "organ": "line:税务"}
    sentence = {
        "zh": "suspension 不由本办公室决定，应提请 line:税务。",
        "en": "The office does not decide suspension; that is for line:税务.",
    }[language]

    assert told(visit(language), sentence, params) == said


def test_what_the_place_sets_is_said_in_its_own_words_and_another_word_stays() -> None:
    here = visit("zh")
    here.lists["checks"] = {"no_gain": "“没有谋取私利”"}

    assert told(here, "不成立：no_gain, other。", {"checks": "no_gain, other"}) == "不成立：“没有谋取私利”、other。"


def test_the_page_behind_a_column_asks_how_the_table_calls_it(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    behind = "/statistics/behind?figure=FIGURE_PERSONS_BY_MEASURE&from_day=2026-01-01&to_day=2026-12-31"

    assert browser.get(f"{behind}&column=other").status_code == 200
    assert "accountability.MeasureTable" in any_suite.asked
    any_suite.asked.clear()
    assert browser.get(behind).status_code == 200
    assert "accountability.MeasureTable" not in any_suite.asked


def test_a_circular_may_tell_of_any_decided_case(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")

    assert browser.get("/circular-desk/new").text.count('name="case"') == 5
    assert any_suite.sent["accountability.ListCases"].page_size == 500


def test_evidence_of_a_flag_is_counted_and_no_hash_is_shown(browser: TestClient) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")

    assert "证据材料 2 份" in browser.get("/flags/abc").text
    assert "2 piece(s) of evidence" in browser.get("/flags/abc?lang=en").text
