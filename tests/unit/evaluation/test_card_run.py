"""Ten thousand cards: in parts, in minutes, each part the same bytes when it is made again."""

from __future__ import annotations

import hashlib
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from chassis.clock import monotonic
from chassis.errors import Unavailable
from chassis.keys import Keyring
from papers import cards, cards_apart
from papers.documents import Faces
from services.evaluation.cards import serial as serials
from services.evaluation.cards import sheet
from tests.unit.evaluation.cards_designed import LETTERS, SAID, designed, named

MADE = datetime(2026, 11, 16, tzinfo=UTC)
RUN, PART = 10_000, 500
AT_MOST_SECONDS = 300.0  # of one core, whatever else the machine does


def _cards(keys: Keyring, first: int, count: int) -> list[cards.Card]:
    letter = {cards.ADDRESSEE: "464000\n清河市平桥路8号\n某某公司（收）", cards.LETTER: "某某公司：\n请填写所附评议卡。"}
    return [cards.Card(serials.derived(keys, "run", str(number)), letter) for number in range(first, first + count)]


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_part_made_apart_is_the_same_bytes_and_refused_for_the_same_reasons(tmp_path: Path) -> None:
    card = designed("A4-DL", named((6,)))
    template = sheet.template(card, SAID, LETTERS["DL"])
    part = _cards(Keyring(tmp_path), 1, 3)
    made = cards_apart.pdf(template, part, MADE)
    assert made == cards_apart.pdf(cards.from_json(cards.to_json(template)), part, MADE)
    assert len(pypdfium2.PdfDocument(made)) == 6
    with pytest.raises(Unavailable, match="FONT_MISSING"):
        cards_apart.pdf(template, part, MADE, Faces(*[("No Such Family",)] * 4))


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_ten_thousand_cards_are_printed_in_minutes(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    template = sheet.template(designed("A4", named((20,))), SAID)
    keys = Keyring(tmp_path / "keys")
    began, spent, digests, size = monotonic(), _spent(), [], 0
    for first in range(1, RUN + 1, PART):
        made = cards_apart.pdf(template, _cards(keys, first, PART), MADE)
        digests.append(hashlib.sha256(made).digest())
        size += len(made)
    seconds = _spent() - spent
    record_property("cards", f"{seconds:.0f} s of one core, {monotonic() - began:.0f} s in all, {size / 1e6:.0f} MB")
    assert seconds < AT_MOST_SECONDS
    assert len(set(digests)) == RUN // PART
    again = cards_apart.pdf(template, _cards(keys, RUN // 2 + 1, PART), MADE)
    assert hashlib.sha256(again).digest() == digests[RUN // 2 // PART]
