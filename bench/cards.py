"""Row `cards`: mailed cards read per second on one core, 20 rows a card, from the file's bytes to every row's verdict.

With the picture and the strips that people are shown. The cards are drawn, as many of each level of damage. The ceiling
decodes the same pictures by bare OpenCV and warps each once, by the place it truly has. Both are counted in seconds of the
processor.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import cv2
import numpy as np

from bench.harness import Row, Sides
from services.evaluation.cards import serial
from services.evaluation.cards.bench_set.damage import LEVELS
from services.evaluation.cards.bench_set.making import MadeCard, make
from services.evaluation.cards.bench_set.questionnaire import bench_geometry
from services.evaluation.cards.bench_set.scoring import Score, result_lines, score, truth_lines
from services.evaluation.cards.reading.flatten import FINE
from services.evaluation.cards.reading.look import look
from services.evaluation.cards.reading.pages import Page, pages
from services.evaluation.cards.reading.reader import OpticalReader
from services.evaluation.cards.reading.thresholds import shipped

CARDS, SEED = 10, 11


def told(level: str, one: Score) -> str:
    """A level's figures in words."""
    share = f"{one.asked_share:.1%} asked" + (f" ({one.unread} not read)" if one.unread else "")
    return f"level {level}: {one.rows} rows, {share}, {one.wrong} silently wrong, {one.serials} of {one.cards} serials"


@contextmanager
def prepare() -> Iterator[Sides]:
    """The cards, and how rightly they are read."""
    cv2.setNumThreads(1)
    geometry = bench_geometry()
    known = {serial.mark(geometry.digest()): geometry}
    cards: list[MadeCard] = [card for level in LEVELS for card in make(geometry, CARDS, level, SEED)]
    matrices = [np.diag([FINE, FINE, 1.0]) @ np.linalg.inv(card.card_to_picture) for card in cards]
    size = (round(geometry.width * FINE), round(geometry.height * FINE))
    reader, thresholds = OpticalReader(), shipped()
    truth, result = [], []
    for card in cards:
        truth += truth_lines(card)
        for page in pages(card.picture, thresholds.limits, card.name):
            result += result_lines(card.name, look(page.grey, known, thresholds)) if isinstance(page, Page) else []
    scores = score(truth, result)

    def ours() -> float:
        began = process_time()
        for card in cards:
            list(reader.read(card.picture, card.name, known))
        return len(cards) / (process_time() - began)

    def ceiling() -> float:
        began = process_time()
        for card, matrix in zip(cards, matrices, strict=True):
            grey = cv2.imdecode(np.frombuffer(card.picture, np.uint8), cv2.IMREAD_GRAYSCALE)
            cv2.warpPerspective(grey, matrix, size)
        return len(cards) / (process_time() - began)

    yield Sides(ours, ceiling, notes=lambda: "; ".join(told(level, one) for level, one in sorted(scores.items())))


ROW = Row(
    name="cards",
    what="cards of 20 rows read per second of one core against bare OpenCV decode and one warp of the same pictures",
    unit="cards/s",
    must=0.3,
    prepare=prepare,
)
