"""Why a released result is not made final now, in the words of the result; what is asked before a campaign is closed."""

from __future__ import annotations

import re
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from chassis.clock import SHANGHAI, SettableClock
from gateway.pages.campaigns.campaign import not_final_yet
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused, Violation
from tests.unit.gateway.answering import AnySuite, token

PASSED, RUNNING = "2026-11-10T16:00:00Z", "2026-11-20T16:00:00Z"


class Reader:
    """Somebody reading the record on 16 November 2026; a word is shown by its key and what is put into it."""

    site = SimpleNamespace(clock=SettableClock(datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)))

    def t(self, key: str, /, **params: object) -> str:
        return " ".join([key, *map(str, params.values())])

    def day(self, text: str) -> str:
        return text


@pytest.mark.parametrize(
    ("until", "open_ones", "told"),
    [
        (RUNNING, 0, "not_final.window 2026-11-20"),
        (RUNNING, 2, "not_final.objection 2"),
        (PASSED, 1, "not_final.objection 1"),
        (PASSED, 0, ""),
        (None, 0, ""),
    ],
)
def test_a_running_window_and_an_unanswered_objection_are_told(until: str | None, open_ones: int, told: str) -> None:
    result = {"objections_until": until, "objections": {"open": open_ones}}
    reader: Any = Reader()
    assert not_final_yet(reader, result) == told


def test_whether_unfinished_cards_are_left_out_is_asked_plainly_and_only_where_there_are_any(
    browser: TestClient, any_suite: AnySuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, told = Visit.ask, "还有 2 张卡没完"

    async def refusing(visit: Visit, rpc: str, **command: Any) -> Any:
        if rpc == "evaluation.CloseCampaign" and not command.get("leave_cards"):
            raise Refused(409, "CARDS_NOT_DONE", told, (Violation("leave_cards", told),))
        return await ask(visit, rpc, **command)

    monkeypatch.setattr(Visit, "ask", refusing)
    browser.cookies.set("session", f"secret|{token('organiser')}")
    address = "/campaigns/abc/acts/CloseCampaign"
    page = browser.get(address).text
    hidden = dict(re.findall(r'name="(csrf|request_id|expected_version)" value="([^"]*)"', page))

    refused = browser.post(address, data=hidden)
    assert 'name="leave_cards"' not in page
    assert refused.status_code == 409 and told in refused.text
    assert "不计这些卡，现在就截止吗？" in refused.text and 'name="leave_cards" value="true"' in refused.text

    hidden = dict(re.findall(r'name="(csrf|request_id|expected_version)" value="([^"]*)"', refused.text))
    closed = browser.post(address, data={**hidden, "leave_cards": "true"})
    assert closed.headers["location"] == "/campaigns/abc?done=CloseCampaign"
    assert any_suite.sent["evaluation.CloseCampaign"].leave_cards
