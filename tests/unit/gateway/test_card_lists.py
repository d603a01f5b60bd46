"""Every list of cards is handed out as a workbook too, from the page that shows it."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token

AT = "/campaigns/x/cards"


@pytest.mark.parametrize(
    ("page", "lists"), [("designs", 1), ("runs", 1), ("mail", 2), ("scans", 1), ("audit", 2), ("faults", 1)]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_list_of_cards_is_handed_out_as_a_workbook(
    browser: TestClient, any_suite: AnySuite, page: str, lists: int, language: str
) -> None:
    browser.cookies.set("session", f"secret|{token('organiser', 'registrar', 'checker', 'auditor')}")
    any_suite.rows = 3
    shown = browser.get(f"{AT}/{page}", params={"lang": language}).text
    books = re.findall(r'href="([^"]+\.xlsx[^"]*)" download', shown)
    assert len(books) == lists, "the page's list, and turnout or samples beside it"
    for address in books:
        answer = browser.get(address.replace("&amp;", "&"), params={"lang": language})
        lines = list(openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert len(lines) == 4 and all(lines[0]) and "column." not in str(lines)
