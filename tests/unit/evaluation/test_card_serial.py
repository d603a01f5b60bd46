"""What the QR codes of cards say, and that only ours are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from chassis.keys import Keyring
from services.evaluation.cards import serial
from services.evaluation.cards.geometry import VERSION, Box, Fiducial, Geometry, RowPlace, Sheet, Side, from_json, to_json


def test_a_serial_is_the_same_for_the_same_card_and_another_for_any_other(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    assert serial.derived(keys, "campaign", "1") == serial.derived(keys, "campaign", "1")
    assert len({serial.derived(keys, "campaign", str(number)) for number in range(100)}) == 100
    assert serial.derived(keys, "a", "1") != Keyring(tmp_path / "other").code(serial.PURPOSE, "a", "1")


@given(st.binary(min_size=32, max_size=32), st.integers(1, 99), st.sampled_from([1, 2]))
def test_what_is_written_is_read(digest: bytes, sheet: int, side: int) -> None:
    said = serial.text("7KQ2M-XV40B-9TDRA-HW3CE", digest, sheet, side)
    assert serial.read(said) == serial.Printed("7KQ2M-XV40B-9TDRA-HW3CE", serial.mark(digest), sheet, side)


@given(st.text(max_size=60))
def test_foreign_codes_are_nothing(said: str) -> None:
    assert serial.read(said) is None


def test_the_largest_text_keeps_the_picture_at_29_modules() -> None:
    said = serial.text("7KQ2M-XV40B-9TDRA-HW3CE", b"\xff" * 32, 99, 2)
    assert segno.make(said, error="q", boost_error=False, version=3, micro=False).symbol_size(border=0) == (29, 29)


@pytest.mark.parametrize(
    ("code", "sheet", "side"), [("7KQ2M", 1, 1), ("7KQ2M-XV40B-9TDRA-HW3CE", 0, 1), ("7KQ2M-XV40B-9TDRA-HW3CE", 1, 3)]
)
def test_no_such_side_is_not_written(code: str, sheet: int, side: int) -> None:
    with pytest.raises(ValueError, match="card"):
        serial.text(code, b"\0" * 32, sheet, side)


def test_a_geometry_comes_back_from_its_json_and_has_one_digest() -> None:
    corners = (Fiducial(12, 12, 6, 2.6), Fiducial(198, 12, 6), Fiducial(198, 285, 6), Fiducial(12, 285, 6))
    row = RowPlace(0, Box(20, 80, 90, 10), Box(20, 80, 170, 10), (Box(120, 82, 6, 6), Box(140, 82, 6, 6)))
    side = Side(1, corners, Box(170, 20, 20, 20), Box(17, 17, 176, 263), (row,))
    geometry = Geometry(VERSION, "A4", 210.0, 297.0, (1, 2), 0.3, 0, (Sheet(1, (side,)),))
    again = from_json(to_json(geometry))
    assert again.digest() == geometry.digest() and again.rows == (0,) and again.side(1, 1) is not None
    for wrong in ("{}", to_json(geometry).replace('"version":1', '"version":7'), "[]"):
        with pytest.raises(ValueError, match="geometry"):
            from_json(wrong)
