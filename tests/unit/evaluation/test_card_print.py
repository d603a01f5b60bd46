"""What is printed lies where the geometry says, to a tenth of a millimetre, and is the same when made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Invalid
from papers import cards
from papers.documents_fonts import Fonts
from services.evaluation.cards import serial as serials
from services.evaluation.cards import sheet
from services.evaluation.cards.design import Design
from services.evaluation.cards.geometry import Box, Side
from services.evaluation.domain.plan import Plan
from tests.unit.evaluation.cards_designed import FORMS, LETTERS, SAID, SERIAL, WINDOWS, designed, named
from tests.unit.evaluation.test_card_design import plans

FONTS = Fonts()
MADE = datetime(2026, 11, 16, tzinfo=UTC)
DPI = 300
SCALE = DPI / 25.4
NEAR = 0.1
QUESTIONS = ("服务态度", "办事效率", "廉洁自律")


def _printed(card: Design, serials_of: Sequence[str] = (SERIAL,)) -> bytes:
    template = sheet.template(card, SAID)
    return cards.pdf(template, [cards.Card(one) for one in serials_of], FONTS, MADE)


def _rendered(made: bytes) -> list[np.ndarray]:
    """The pages at 300 dpi. The renderer stretches a page to whole pixels; that is taken back."""
    pages = [page.render(scale=DPI / 72, grayscale=True).to_numpy() for page in pypdfium2.PdfDocument(made)]
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(made)]
    return [_unstretched(picture, width, height) for picture, (width, height) in zip(pages, sizes, strict=True)]


def _unstretched(picture: np.ndarray, width: float, height: float) -> np.ndarray:
    across, down = width * DPI / 72 / picture.shape[1], height * DPI / 72 / picture.shape[0]
    moved = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
    return cv2.warpAffine(picture, moved, picture.shape[::-1], flags=cv2.INTER_LINEAR, borderValue=255)


def _dark(picture: np.ndarray, box: Box, around: float) -> Box:
    """The rectangle of ink found in a box and a little around it, to a part of a pixel: how grey its outermost pixels are
    says how far they are covered. Full rectangles the renderer rounds to whole pixels."""
    left, top = int((box.x - around) * SCALE), int((box.y - around) * SCALE)
    part = picture[top : int((box.bottom + around) * SCALE), left : int((box.right + around) * SCALE)]
    covered = 1 - part / 255.0
    (x, right), (y, bottom) = _ends(covered.max(0)), _ends(covered.max(1))
    return Box((left + x) / SCALE, (top + y) / SCALE, (right - x) / SCALE, (bottom - y) / SCALE)


def _ends(covered: np.ndarray) -> tuple[float, float]:
    inked = np.flatnonzero(covered > 0.04)
    return inked[0] + 1 - covered[inked[0]], inked[-1] + covered[inked[-1]]


def _near(found: Box, meant: Box, line: float = 0.0) -> None:
    outer = Box(meant.x - line / 2, meant.y - line / 2, meant.width + line, meant.height + line)
    off = [abs(one - other) for one, other in zip(_edges(found), _edges(outer), strict=True)]
    assert max(off) <= NEAR, (off, meant)


def _edges(box: Box) -> tuple[float, ...]:
    return box.x, box.y, box.right, box.bottom


def _must_lie_there(picture: np.ndarray, card: Design, sheet_number: int, side: Side) -> None:
    geometry = card.geometry()
    for mark in side.fiducials:
        _near(_dark(picture, mark.box, 1.0), mark.box)
        middle = picture[int(mark.y * SCALE), int(mark.x * SCALE)]
        assert (middle > 128) == bool(mark.hole)
    read = zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=zxingcpp.BarcodeFormat.QRCode)
    meant = serials.Printed(SERIAL, serials.mark(geometry.digest()), sheet_number, side.side)
    assert [serials.read(one.text) for one in read] == [meant]
    _near(_dark(picture, side.qr, 1.0), side.qr)
    for row in side.rows:
        for box in row.boxes:
            _near(_dark(picture, box, 0.6), box, geometry.line)
            inner = Box(box.x + 0.4, box.y + 0.4, box.width - 0.8, box.height - 0.8)
            part = picture[int(inner.y * SCALE) : int(inner.bottom * SCALE), int(inner.x * SCALE) : int(inner.right * SCALE)]
            assert part.min() == 255, "an empty box is empty"


@pytest.mark.parametrize(
    ("form", "objects", "questions", "sides"),
    [
        ("A4-DL", (8,), QUESTIONS, 2),
        ("A4", (20,), QUESTIONS[:1], 1),
        ("A5-C5", (3, 3), QUESTIONS, 2),
        ("A5", (14,), QUESTIONS[:1], 1),
    ],
)
def test_what_is_printed_lies_where_the_geometry_says(
    form: str, objects: tuple[int, ...], questions: tuple[str, ...], sides: int
) -> None:
    card = designed(form, named(objects, questions), sides)
    pictures = _rendered(_printed(card))
    geometry = card.geometry()
    places = list(geometry.sides)
    assert len(pictures) == len(places) + (sides == 2 and len(places) % 2)
    for picture, (number, side) in zip(pictures, places, strict=False):
        assert abs(picture.shape[1] - geometry.width * SCALE) <= 1 and abs(picture.shape[0] - geometry.height * SCALE) <= 1
        _must_lie_there(picture, card, number, side)
    assert all(picture.min() == 255 for picture in pictures[len(places) :]), "the back of nothing is empty"


def test_the_same_cards_are_the_same_bytes_and_each_has_its_own_serial() -> None:
    card = designed("A5", named((5,)))
    two = [SERIAL, "00000-11111-22222-33333"]
    made = _printed(card, two)
    assert made == _printed(card, two)
    read = [zxingcpp.read_barcode(np.ascontiguousarray(picture)) for picture in _rendered(made)]
    assert [serials.read(one.text).serial for one in read if one] == two  # type: ignore[union-attr]


@settings(max_examples=10, deadline=None)
@given(plans(), st.sampled_from(sorted(FORMS)))
def test_what_is_accepted_is_set_without_a_word_out_of_its_place(asked: Plan, form: str) -> None:
    try:
        card = designed(form, asked, 2)
    except Invalid:
        return
    template = sheet.template(card, SAID)
    assert len(cards.pictures(template, cards.Card(SERIAL), FONTS, 20)) == len(template.pages)


def test_a_preview_shows_what_will_be_printed() -> None:
    card = designed("A4-C5", named((6,)))
    template = sheet.template(card, SAID)
    picture = cv2.imdecode(
        np.frombuffer(cards.pictures(template, cards.Card(SERIAL), FONTS, 150)[0], np.uint8), cv2.IMREAD_GRAYSCALE
    )
    assert picture is not None and abs(picture.shape[1] - 1240) <= 1
    assert serials.read(zxingcpp.read_barcode(picture).text) is not None  # type: ignore[union-attr]


def test_a_template_comes_back_from_its_json() -> None:
    template = sheet.template(designed("A5-C5", named((9,)), 2), SAID)
    assert cards.from_json(cards.to_json(template)) == template


@pytest.mark.parametrize(("form", "sides", "pages"), [("A4-DL", 2, 4), ("A5-C5", 1, 2)])
def test_a_cover_letter_lies_before_its_card_with_the_addressee_in_the_window(form: str, sides: int, pages: int) -> None:
    card = designed(form, named((4,)), sides)
    letter = LETTERS[card.form.letter]
    template = sheet.template(card, SAID, letter)
    assert len(template.pages) == pages and cards.without_letter(template) == sheet.template(card, SAID)
    said = {cards.ADDRESSEE: "464000\n清河市平桥路8号\n某某公司（收）", cards.LETTER: "某某公司：\n请填写所附评议卡。"}
    made = cards.pdf(template, [cards.Card(SERIAL, said)], FONTS, MADE)
    assert len(pypdfium2.PdfDocument(made)) == pages, "an empty back is a page too"
    text = pypdfium2.PdfDocument(made)[0].get_textpage()
    assert "某某公司（收）" in text.get_text_bounded() and "HW3CE" in text.get_text_bounded()
    window = WINDOWS[card.form.letter]
    assert window.sure(letter.width, letter.folded).holds(letter.addressee)
    assert not any(window.seen(letter.width, letter.folded).meets(one) for one in (letter.heading, letter.body, letter.foot))
    picture = _rendered(made)[0]
    ink = _dark(picture, letter.addressee, 0.0)
    assert ink.height > 10 and letter.addressee.holds(ink), "the addressee is seen wherever the letter lies"


def test_words_of_a_place_that_do_not_fit_are_refused_before_anything_is_set() -> None:
    wordy = replace(SAID, fill="请用黑色或者蓝色的签字笔、圆珠笔认真填写，" * 6)
    with pytest.raises(Invalid, match="CARD_WORDS_TOO_LONG"):
        sheet.template(designed("A5-C5", named((5,))), wordy)


def test_a_text_too_long_for_its_field_is_named_before_anything_is_set() -> None:
    card = designed("A5", named((5,)))
    template = sheet.template(card, SAID)
    good, bad = cards.Card(SERIAL), cards.Card(SERIAL, {cards.SERIAL: "很长的卡号" * 20})
    assert cards.too_long(template, [good, bad]) == [(1, cards.SERIAL)]
    with pytest.raises(ValueError, match="1 serial"):
        cards.pdf(template, [good, bad], FONTS, MADE)
