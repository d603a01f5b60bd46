"""Cards in parts: each the same bytes when it is made again, refused apart for the same reasons as here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from chassis.errors import Unavailable
from chassis.keys import Keyring
from papers import cards, cards_apart
from papers.documents import Faces
from services.evaluation.cards import serial as serials
from services.evaluation.cards import sheet
from tests.unit.evaluation.card_run import PART, run
from tests.unit.evaluation.cards_designed import LETTERS, SAID, designed, named

MADE = datetime(2026, 11, 16, tzinfo=UTC)


def _cards(keys: Keyring, count: int) -> list[cards.Card]:
    letter = {cards.ADDRESSEE: "464000\n清河市平桥路8号\n某某公司（收）", cards.LETTER: "某某公司：\n请填写所附评议卡。"}
    return [cards.Card(serials.derived(keys, "run", str(number)), letter) for number in range(count)]


def test_a_part_made_apart_is_the_same_bytes_and_refused_for_the_same_reasons(tmp_path: Path) -> None:
    card = designed("A4-DL", named((6,)))
    template = sheet.template(card, SAID, LETTERS["DL"])
    part = _cards(Keyring(tmp_path), 3)
    made = cards_apart.pdf(template, part, MADE)
    assert made == cards_apart.pdf(cards.from_json(cards.to_json(template)), part, MADE)
    assert len(pypdfium2.PdfDocument(made)) == 6
    with pytest.raises(Unavailable, match="FONT_MISSING"):
        cards_apart.pdf(template, part, MADE, Faces(*[("No Such Family",)] * 4))


@pytest.mark.prove
def test_every_serial_of_a_part_is_read_off_its_pages(tmp_path: Path) -> None:
    found = run(tmp_path, 2 * PART)
    assert found.same and found.read == PART
