"""What is not a card that can be read is refused with a reason, or asked about; it is never sure, and the rest goes on."""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from chassis.i18n import Catalogue
from services.evaluation.cards.bench_set.questionnaire import bench_geometry
from services.evaluation.cards.port import CardRead, Refused, Verdict
from services.evaluation.cards.reading.look import NotRead, Seen
from services.evaluation.cards.reading.reader import OpticalReader
from tests.unit.evaluation.drawn_cards import Grey, clean_card, geometry, known, seen, turned

SERVICE = Path(__file__).parents[3] / "services/evaluation"


def png(picture: Grey) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


def jpeg(picture: Grey) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


def reasons(raw: bytes, name: str) -> list[str]:
    found = list(OpticalReader().read(raw, name, known()))
    assert all(isinstance(one, Refused) for one in found)
    return [one.reason for one in found if isinstance(one, Refused)]


def pdf(pages: int, password: str = "") -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(72, 72))
    document.save(out, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of 60,000 x 60,000 points in a few kilobytes, if anybody unpacked it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


def a_cat() -> Grey:
    picture = np.full((1200, 900), 230, np.uint8)
    cv2.ellipse(picture, (450, 650), (260, 220), 0, 0, 360, 90, -1)
    for left in (-1, 1):
        ear = np.array([[450 + left * 230, 560], [450 + left * 240, 330], [450 + left * 80, 450]])
        cv2.fillPoly(picture, [ear], 90)
        cv2.circle(picture, (450 + left * 100, 610), 40, 240, -1)
        for whisker in (-30, 0, 30):
            cv2.line(picture, (450 + left * 60, 720), (450 + left * 340, 720 + whisker), 20, 4)
    return picture


def test_files_that_cannot_be_a_scan_are_refused_whole() -> None:
    card = clean_card(1)[0]
    assert reasons(b"hello", "scan.pdf") == ["SCAN_NOT_A_PICTURE"]
    assert reasons(png(card), "scan.pdf") == ["SCAN_TYPE_DIFFERS"]
    assert reasons(pdf(1, "secret"), "scan.pdf") == ["SCAN_LOCKED"]
    assert reasons(b"%PDF-1.7 and nothing after it", "scan.pdf") == ["SCAN_DAMAGED"]
    assert reasons(bomb(), "scan.png") == ["SCAN_TOO_MANY_PIXELS"]
    assert reasons(png(card)[:20_000], "scan.png") == ["SCAN_DAMAGED"]
    assert reasons(jpeg(card)[:60_000], "scan.jpg") == ["SCAN_DAMAGED"]


def test_a_pdf_of_twenty_thousand_pages_is_refused_before_any_is_drawn() -> None:
    raw = pdf(20_000)
    assert reasons(raw, "scan.pdf") == ["SCAN_TOO_MANY_PAGES"]
    counted = OpticalReader().count(raw, "scan.pdf")
    assert isinstance(counted, Refused)


def test_pages_without_a_card_are_refused_with_what_was_seen() -> None:
    assert reasons(png(np.full((1600, 1200), 250, np.uint8)), "scan.png") == ["PAGE_EMPTY"]
    assert reasons(png(a_cat()), "scan.png") == ["PAGE_WITHOUT_CODE"]
    (refused,) = OpticalReader().read(png(a_cat()), "scan.png", known())
    assert refused.picture
    assert reasons(png(np.full((40, 40), 250, np.uint8)), "scan.png") == ["SCAN_TOO_SMALL"]


def test_a_card_of_another_campaign_is_refused() -> None:
    other = bench_geometry(rows=9)
    assert reasons(png(clean_card(1, other)[0]), "scan.png") == ["CARD_OF_ANOTHER_CAMPAIGN"]


def test_another_code_is_refused() -> None:
    import segno

    out = io.BytesIO()
    segno.make("https://example.invalid", micro=False).save(out, kind="png", scale=12)
    assert reasons(out.getvalue(), "scan.png") == ["CODE_OF_SOMETHING_ELSE"]


@pytest.mark.parametrize("kept", [(0.0, 0.5, 0.0, 1.0), (0.0, 1.0, 0.55, 1.0), (0.0, 0.62, 0.0, 1.0)])
def test_a_torn_half_is_never_sure_of_a_missing_row(kept: tuple[float, float, float, float]) -> None:
    picture, truth, _ = clean_card(1)
    top, bottom, left, right = kept
    height, width = picture.shape
    torn = np.full_like(picture, 245)
    part = slice(int(top * height), int(bottom * height)), slice(int(left * width), int(right * width))
    torn[part] = picture[part]
    for one in seen(torn):
        if isinstance(one, Seen):
            assert all(row.box == truth[row.row].box for row in one.rows if row.sure)
        else:
            assert one.reason in {"CARD_NOT_WHOLE", "PAGE_WITHOUT_CODE"}


def test_two_cards_over_one_another_are_not_read() -> None:
    small = bench_geometry("A5", rows=8)
    first, second = clean_card(1, small), clean_card(2, small)
    height, width = first[0].shape
    glass = np.full((height + 500, width + 700), 120, np.uint8)
    glass[500:, 700:] = first[0]
    glass[:height, :width] = second[0]
    from services.evaluation.cards import serial

    for one in OpticalReader().read(png(glass), "scan.png", {serial.mark(small.digest()): small}):
        if isinstance(one, CardRead):
            truth = {first[2]: first[1], second[2]: second[1]}[one.serial]
            sure = [row for row in one.rows if row.verdict is Verdict.SURE]
            assert all(row.mark == ([0, *small.answers][truth[row.row].box + 1]) for row in sure)
        else:
            assert one.reason in {"CARDS_OVERLAP", "CARD_NOT_WHOLE", "PAGE_WITHOUT_CODE"}


def test_a_card_seen_through_its_back_is_refused() -> None:
    picture = clean_card(1)[0]
    faint = (255 - (255 - picture[:, ::-1].astype(int)) * 0.6).astype(np.uint8)
    for one in seen(np.ascontiguousarray(faint)) + seen(np.ascontiguousarray(picture[::-1])):
        assert isinstance(one, NotRead)
        assert one.reason == "CARD_SEEN_FROM_BEHIND"


def test_a_bad_page_does_not_stop_the_others() -> None:
    card, out = Image.fromarray(clean_card(1)[0]), io.BytesIO()
    card.save(
        out,
        format="TIFF",
        save_all=True,
        append_images=[Image.fromarray(a_cat()), Image.fromarray(turned(np.asarray(card), 180))],
    )
    found = list(OpticalReader().read(out.getvalue(), "scan.tif", known()))
    assert [type(one) for one in found] == [CardRead, Refused, CardRead]
    assert [one.page for one in found] == [1, 2, 3]
    assert [one.page for one in OpticalReader().read(out.getvalue(), "scan.tif", known(), 2, 2)] == [2]
    assert OpticalReader().count(out.getvalue(), "scan.tif") == 3


def test_scans_in_a_pdf_are_read_page_by_page() -> None:
    card, out = Image.fromarray(clean_card(1)[0]), io.BytesIO()
    card.save(out, format="PDF", save_all=True, append_images=[card], resolution=203.2)
    found = list(OpticalReader().read(out.getvalue(), "batch.pdf", known()))
    assert [one.serial for one in found if isinstance(one, CardRead)] == [clean_card(1)[2]] * 2


def test_every_reason_has_its_sentences() -> None:
    catalogue = Catalogue.load(SERVICE / "catalogue.toml")
    said = set()
    for path in (SERVICE / "cards/reading").glob("*.py"):
        said |= set(re.findall(r'"((?:SCAN|PAGE|CARD|CARDS|CODE)_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    assert len(said) > 10
    assert not {reason for reason in said if reason not in catalogue}


def test_a_card_with_a_side_that_its_design_has_not_is_refused() -> None:
    from services.evaluation.cards import serial
    from services.evaluation.cards.bench_set.making import SCALE
    from services.evaluation.cards.bench_set.sheets import empty, put_code

    side = geometry().sheets[0].sides[0]
    dark = empty(geometry(), side, SCALE, np.random.default_rng(1))
    put_code(dark, side, serial.text("7KQ2M-XV40B-9TDRA-HW3CE", geometry().digest(), 2, 1), SCALE)
    assert reasons(png((245 * (1 - dark)).astype(np.uint8)), "scan.png") == ["CARD_SIDE_UNKNOWN"]
