"""Why a released result is not made final now, in the words of the result itself."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.clock import SHANGHAI, SettableClock
from gateway.pages.campaigns.campaign import not_final_yet

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
