"""What leaders look at: a trend by month or week with a table beside it, and evidence that leads to its record."""

from __future__ import annotations

import html
import json
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.unit.gateway import answering
from tests.unit.gateway.answering import AnySuite, token


@pytest.fixture
def leader(browser: TestClient) -> TestClient:
    """Somebody who may see the board and what lies behind it."""
    browser.cookies.set("session", f"secret|{token('leader', 'office')}")
    return browser


@pytest.mark.parametrize(("by", "points"), [("month", 6), ("week", 12)])
def test_each_point_of_the_trend_opens_the_records_of_its_days_and_no_day_is_counted_twice(
    leader: TestClient, any_suite: AnySuite, by: str, points: int
) -> None:
    page = leader.get("/board", params={"trend": by}).text
    told = json.loads(html.unescape(page.split('data-trend="', 1)[1].split('"', 1)[0]))
    received = told["series"][0]

    assert len(told["labels"]) == len(received["values"]) == len(received["opens"]) == points
    days = [parse_qs(urlsplit(address).query) for address in received["opens"]]
    spans = [(day["filter.received_from"][0], day["filter.received_to"][0]) for day in days]
    assert all(first <= last for first, last in spans)
    assert all(last < after for (_, last), (after, _) in pairwise(spans))
    assert all(html.escape(address) in page for address in received["opens"]), "the table opens the same records"


def test_a_reviewed_sample_behind_a_years_score_leads_to_the_sample(
    leader: TestClient, any_suite: AnySuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(answering.WORDS, "what", "sampled")

    assert 'href="/review-samples/' in leader.get("/year-scores/abc").text
