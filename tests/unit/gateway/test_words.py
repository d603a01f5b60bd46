"""The catalogue says everything a page may ask for, in both languages."""

from __future__ import annotations

import pytest

from gateway import pages
from gateway.contracts import Contracts
from gateway.words import MissingWord
from tests.unit.gateway.page_words import wanted


def test_every_label_the_pages_may_ask_for_is_written(contracts: Contracts) -> None:
    words = pages.words()

    missing = sorted({keys[0] for keys in wanted(contracts) if not any(words.has(key) for key in keys)})

    assert missing == []


def test_a_missing_label_is_an_error_and_never_an_empty_space() -> None:
    with pytest.raises(MissingWord):
        pages.words().text("no.such.label", "zh")


def test_chinese_sentences_use_chinese_punctuation() -> None:
    words = pages.words()

    faulty = [key for key in words.below("") if any(sign in words.text(key, "zh") for sign in ",;?")]

    assert faulty == []
