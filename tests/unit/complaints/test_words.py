"""Words to search by: pairs of Chinese characters, whole words of everything else, the same however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.domain.words import index_words, query_words


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("办证窗口无人值守", "窗口"),
        ("办证窗口无人值守", "口"),
        ("拨打12345热线", "12345"),
        ("Water bill 自来水费", "WATER"),
        ("全角ＡＢＣ１２３", "abc123"),
        ("𠮷野家门口", "𠮷野"),
        ("A/B岗", "b"),
    ],
)
def test_what_stands_in_a_text_is_found(text: str, query: str) -> None:
    assert query_words(query) <= index_words(text)


@pytest.mark.parametrize(("text", "query"), [("窗户", "窗口"), ("口窗", "窗口"), ("1234567", "12345")])
def test_what_does_not_stand_there_is_not_found(text: str, query: str) -> None:
    assert not query_words(query) <= index_words(text)


@given(st.text(alphabet="办证窗口无人 abc12,。\n", min_size=1, max_size=60), st.data())
def test_every_part_of_a_text_between_separators_finds_it(text: str, data: st.DataObject) -> None:
    runs = [run for run in index_words(text) if run.strip()]
    if runs:
        assert query_words(data.draw(st.sampled_from(sorted(runs)))) <= index_words(text)
