"""Codes that a decoder gives up on: blurred, crossed by a line, on a restless ground."""

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from services.evaluation.cards import serial
from services.evaluation.cards.bench_set.making import SCALE, some_serial
from services.evaluation.cards.reading.look import NotRead, Seen
from services.evaluation.cards.reading.sampling import ALWAYS, MODULES
from tests.unit.evaluation.drawn_cards import Grey, clean_card, geometry, seen, turned

EDGE = 40  # pixels of white around a clean card


@pytest.mark.parametrize("seed", range(20))
def test_what_is_laid_over_every_code_is_in_every_code(seed: int) -> None:
    random = np.random.default_rng(seed)
    said = serial.text(some_serial(random), geometry().digest(), 1 + seed, 1 + seed % 2)
    modules = np.array([list(line) for line in segno.make(said, error="m", micro=False).matrix])
    assert modules.shape == (MODULES, MODULES)
    assert (modules[ALWAYS > 0] == 1).all()
    assert (modules[ALWAYS < 0] == 0).all()


def _crossed(picture: Grey) -> Grey:
    """A pen went through one finder of the code."""
    box = geometry().sheets[0].sides[0].qr
    from_, to = ((box.x - 3, box.y + 1.0), (box.x + 4, box.y + 4.5))
    points = [(round(EDGE + x * SCALE), round(EDGE + y * SCALE)) for x, y in (from_, to)]
    crossed = picture.copy()
    cv2.line(crossed, points[0], points[1], 60, round(0.6 * SCALE), cv2.LINE_AA)
    return crossed


def _blurred(picture: Grey, dpi: float, pixels: float) -> Grey:
    by = dpi / 25.4 / SCALE
    small = cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), pixels), np.uint8)


@pytest.mark.parametrize("degrees", [0, 33, 90, 147, 180, 261])
def test_a_code_that_is_blurred_or_crossed_out_in_a_corner_is_read_all_the_same(degrees: float) -> None:
    picture, _, number = clean_card(seed=3)
    for spoilt in (_blurred(picture, 120, 1.8), _blurred(_crossed(picture), 150, 1.0)):
        turned_so = turned(spoilt, degrees)
        assert not zxingcpp.read_barcodes(turned_so), "a decoder alone reads this: the test shows nothing"
        (card,) = seen(turned_so)
        assert isinstance(card, Seen)
        assert card.printed.serial == number


def test_a_code_smeared_by_a_moving_camera_is_read() -> None:
    picture, _, number = clean_card(seed=8)
    small = _blurred(picture, 120, 0.8)
    for long in (5, 6):
        for way in (np.eye(long), np.eye(long)[:, ::-1]):
            smeared = np.asarray(cv2.filter2D(small, -1, way / long), np.uint8)
            assert not zxingcpp.read_barcodes(smeared), "a decoder alone reads this: the test shows nothing"
            (card,) = seen(smeared)
            assert isinstance(card, Seen)
            assert card.printed.serial == number


def test_a_card_is_found_on_a_ground_more_restless_than_its_code() -> None:
    picture, _, number = clean_card(seed=4)
    small = _blurred(_crossed(picture), 130, 0.5)
    random = np.random.default_rng(5)
    ground = np.where(random.random((small.shape[0] + 500, small.shape[1] + 500)) < 0.5, 0, 255).astype(np.uint8)
    ground[250:-250, 250:-250] = small
    (card,) = seen(ground)
    assert isinstance(card, Seen)
    assert card.printed.serial == number


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (100, 100), (120, 2000), (700, 500)])
def test_a_picture_with_no_code_on_it_is_looked_at_in_vain(size: tuple[int, int]) -> None:
    restless = np.random.default_rng(6).integers(0, 255, size).astype(np.uint8)
    (found,) = seen(restless)
    assert not isinstance(found, Seen)


def _two(first: Grey, second: Grey) -> Grey:
    return np.asarray(np.hstack([first, second]), np.uint8)


def test_a_spoilt_code_beside_a_good_one_is_read_too() -> None:
    (good, _, one), (other, _, two) = (clean_card(seed) for seed in (5, 6))
    glass = _blurred(_two(good, _crossed(other)), 130, 1.0)
    found = seen(glass)
    assert sorted(card.printed.serial for card in found if isinstance(card, Seen)) == sorted([one, two])


def test_a_code_that_nobody_can_read_is_said_to_be_there_alone_and_beside_another() -> None:
    (good, _, number), (other, _, _) = (clean_card(seed) for seed in (5, 7))
    box = geometry().sheets[0].sides[0].qr
    spoilt = other.copy()
    for line in range(8):
        y = round(EDGE + (box.y + 3 + 2 * line) * SCALE)
        cv2.line(spoilt, (round(EDGE + (box.x + 5) * SCALE), y), (round(EDGE + (box.right - 1) * SCALE), y), 40, 9)
    (alone,) = seen(spoilt)
    assert isinstance(alone, NotRead)
    assert alone.reason == "CODE_NOT_READ"
    card, unread = seen(_two(good, spoilt))
    assert isinstance(card, Seen)
    assert card.printed.serial == number
    assert isinstance(unread, NotRead)
    assert unread.reason == "CODE_NOT_READ"
