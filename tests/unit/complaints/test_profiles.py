"""Profiles of files: which one fits, and what a local time means where the clocks change."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from suite.imports import known_profiles, profile_for, reading
from suite.imports.profiles import NoProfile
from suite.imports.reading import Unreadable

CITY = known_profiles()["city-311"]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("01/01/2015 12:20:09 AM", datetime(2015, 1, 1, 5, 20, 9, tzinfo=UTC)),
        ("07/01/2015 12:00:00 PM", datetime(2015, 7, 1, 16, 0, tzinfo=UTC)),
        ("11/01/2015 01:30:00 AM", datetime(2015, 11, 1, 5, 30, tzinfo=UTC)),
        ("03/08/2015 01:59:59 AM", datetime(2015, 3, 8, 6, 59, 59, tzinfo=UTC)),
        ("03/08/2015 02:30:00 AM", datetime(2015, 3, 8, 7, 0, tzinfo=UTC)),
        ("03/08/2015 03:00:00 AM", datetime(2015, 3, 8, 7, 0, tzinfo=UTC)),
    ],
)
def test_local_times_keep_their_order_where_the_clocks_change(written: str, instant: datetime) -> None:
    assert CITY.instant(written) == instant


def test_no_time_is_none_and_a_wrong_one_is_refused() -> None:
    assert CITY.instant("") is None
    with pytest.raises(ValueError, match="does not match"):
        CITY.instant("2015-01-01")


def test_the_profile_is_known_by_its_columns() -> None:
    assert profile_for(["CASE_ENQUIRY_ID", "OPEN_DT", "CASE_TITLE"]).name == "city-311"
    assert profile_for(["留言编号", "留言主题", "留言时间", "留言详情", "label"]).name == "messages-cn"
    with pytest.raises(NoProfile, match="none of the profiles"):
        profile_for(["a", "b"])
    with pytest.raises(NoProfile):
        profile_for(["CASE_ENQUIRY_ID", "OPEN_DT", "CASE_TITLE"], "messages-cn")


def test_a_field_is_the_first_of_its_columns_that_holds_something() -> None:
    assert CITY.value("title", {"CASE_TITLE": " ", "TYPE": "Street Light Outages"}) == "Street Light Outages"
    assert CITY.value("deadline_at", {"TARGET_DT": ""}) == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe\x00", b"\x1f\x8bbroken", gzip.compress(b"a,b\n1,2\n" * 9000)[:60]],
    ids=["empty", "blank", "no text", "no gzip", "cut off"],
)
def test_a_file_that_lies_about_what_it_is_is_unreadable(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        reading.header(path)
        reading.count(path)


def test_a_message_board_is_read_with_its_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    text = '留言编号,留言主题,留言时间,留言详情,label\n7,路灯不亮,2016/11/11 14:56:14,"第一行\n第二行",城乡建设\n'
    path.write_text(text, encoding="utf-8-sig")
    [row] = reading.rows(path, profile_for(reading.header(path)), "/qinghe")
    assert row.past is not None
    assert (row.past.source_number, row.past.title, row.past.category) == ("7", "路灯不亮", "城乡建设")
    assert row.past.text == "第一行\n第二行"
    assert row.past.received_at == datetime(2016, 11, 11, 6, 56, 14, tzinfo=UTC)
