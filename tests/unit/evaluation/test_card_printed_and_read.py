"""A card as it is printed, with real words and its own examples of marks, is read again at every usual fineness."""

from __future__ import annotations

from datetime import UTC, datetime

import cv2
import numpy as np
import pypdfium2
import pytest

from papers import cards
from papers.documents_fonts import Fonts
from services.evaluation.cards import serial, sheet
from services.evaluation.cards.bench_set.filling import UNTOLD, RowTruth, fill
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.reading.look import Seen, look
from services.evaluation.cards.reading.thresholds import shipped
from tests.unit.evaluation.cards_designed import FORMS, SAID, SERIAL, designed, named
from tests.unit.evaluation.drawn_cards import Grey

MADE = datetime(2026, 11, 16, tzinfo=UTC)
FILLED_AT = 8.0


def printed(form: str) -> tuple[Geometry, bytes]:
    card = designed(form, named())
    return card.geometry(), cards.pdf(sheet.template(card, SAID), [cards.Card(SERIAL)], Fonts(), MADE)


def page_at(pdf: bytes, page: int, dpi: int) -> Grey:
    drawn = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72, grayscale=True).to_numpy()
    return np.asarray(drawn.reshape(drawn.shape[:2]), np.uint8)


def filled(picture: Grey, geometry: Geometry, page: int, seed: int) -> tuple[Grey, tuple[RowTruth, ...]]:
    size = (round(geometry.height * FILLED_AT), round(geometry.width * FILLED_AT))
    ink = np.zeros(size, np.float32)
    truth = fill(ink, list(geometry.sides)[page][1], FILLED_AT, np.random.default_rng(seed))
    how = cv2.INTER_AREA if picture.shape[0] < size[0] else cv2.INTER_LINEAR
    laid = cv2.resize(ink, picture.shape[::-1], interpolation=how)
    return np.asarray(picture * (1 - laid), np.uint8), truth


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_printed_card_is_read_at_150_200_and_300_dpi(form: str) -> None:
    geometry, pdf = printed(form)
    for page, (number, side) in enumerate(list(geometry.sides)[:2]):
        for dpi in (150, 200, 300):
            assert_read(geometry, pdf, page, (number, side.side), dpi)


def test_a_printed_card_is_read_at_600_dpi() -> None:
    geometry, pdf = printed("A5")
    assert_read(geometry, pdf, 0, (1, 1), 600)


def assert_read(geometry: Geometry, pdf: bytes, page: int, sheet_and_side: tuple[int, int], dpi: int) -> None:
    picture, truth = filled(page_at(pdf, page, dpi), geometry, page, seed=page + 3)
    (card,) = look(picture, {serial.mark(geometry.digest()): geometry}, shipped())
    assert isinstance(card, Seen)
    assert (card.printed.serial, (card.printed.sheet, card.printed.side)) == (SERIAL, sheet_and_side)
    said = {one.row: one for one in truth}
    sure = [row for row in card.rows if row.sure]
    assert all(row.box == said[row.row].box != UNTOLD for row in sure)
    plain = [row for row in card.rows if said[row.row].kind == "plain"]
    assert sum(row.sure for row in plain) >= len(plain) - 1


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_printed_card_that_nobody_filled_in_has_no_mark(form: str) -> None:
    geometry, pdf = printed(form)
    (card,) = look(page_at(pdf, 0, 200), {serial.mark(geometry.digest()): geometry}, shipped())
    assert isinstance(card, Seen)
    assert all(row.box < 0 or not row.sure for row in card.rows)
