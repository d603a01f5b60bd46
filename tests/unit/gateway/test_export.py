"""Exports of any length: written batch by batch, in order, text staying text; a fault on the way gives no half a book."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest

from gateway.pages.frame.export import AHEAD, streamed_workbook
from tests.unit.gateway.apart import apart

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


async def sent(batches: AsyncIterator[list[list[str]]]) -> bytes:
    answer = await streamed_workbook("投诉", ["编号", "标题"], batches, "x.xlsx", NOW)
    return b"".join([bytes(piece) async for piece in answer.body_iterator])  # type: ignore[attr-defined, arg-type]


def test_more_batches_than_fit_in_memory_arrive_in_order_and_none_is_a_formula() -> None:
    async def batches() -> AsyncIterator[list[list[str]]]:
        for batch in range(AHEAD * 5):
            yield [[f"{batch}-{row}", "=1+1"] for row in range(10)]

    book = openpyxl.load_workbook(BytesIO(apart(sent(batches()))))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [f"{batch}-{row}" for batch in range(AHEAD * 5) for row in range(10)]
    assert {cell.data_type for cell in book.worksheets[0]["B"][1:]} == {"s"}


def test_an_empty_list_is_a_workbook_with_its_heads() -> None:
    async def none() -> AsyncIterator[list[list[str]]]:
        return
        yield []

    book = openpyxl.load_workbook(BytesIO(apart(sent(none()))))
    assert [cell.value for cell in book.worksheets[0][1]] == ["编号", "标题"]


def test_a_list_that_breaks_off_gives_no_half_a_workbook() -> None:
    async def broken() -> AsyncIterator[list[list[str]]]:
        yield [["1", "a"]]
        raise RuntimeError("away")

    with pytest.raises(RuntimeError, match="away"):
        apart(sent(broken()))
