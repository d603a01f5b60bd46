"""Drawn cards for the tests of reading: one geometry, one reader, pictures made whole."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards import serial
from services.evaluation.cards.bench_set import scoring
from services.evaluation.cards.bench_set.filling import RowTruth, fill
from services.evaluation.cards.bench_set.making import SCALE, make, some_serial
from services.evaluation.cards.bench_set.questionnaire import bench_geometry
from services.evaluation.cards.bench_set.sheets import empty, put_code
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.reading.look import NotRead, Seen, look
from services.evaluation.cards.reading.pages import Page, pages
from services.evaluation.cards.reading.thresholds import shipped

Grey = NDArray[np.uint8]


@cache
def geometry() -> Geometry:
    return bench_geometry()


def known() -> dict[str, Geometry]:
    return {serial.mark(geometry().digest()): geometry()}


def seen(picture: Grey) -> list[Seen | NotRead]:
    return look(picture, known(), shipped())


def opened(raw: bytes) -> Grey:
    (page,) = pages(raw, shipped().limits)
    assert isinstance(page, Page)
    return page.grey


@cache
def clean_card(seed: int = 1, of: Geometry | None = None) -> tuple[Grey, tuple[RowTruth, ...], str]:
    """A filled card without any damage at SCALE pixels to the mm, with a white edge around it."""
    whole, random = of or geometry(), np.random.default_rng(seed)
    side = whole.sheets[0].sides[0]
    dark = empty(whole, side, SCALE, random)
    number = some_serial(random)
    put_code(dark, side, serial.text(number, whole.digest(), 1, 1), SCALE)
    ink = np.zeros_like(dark)
    rows = fill(ink, side, SCALE, random)
    grey = (245 * (1 - dark) * (1 - ink)).astype(np.uint8)
    return np.asarray(cv2.copyMakeBorder(grey, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=245), np.uint8), rows, number


def turned(picture: Grey, degrees: float, ground: int = 245) -> Grey:
    """The whole picture turned, nothing cut off."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    wide, high = (np.abs(matrix[:, :2]) @ [width, height]).astype(int) + 2
    matrix[:, 2] += [(wide - width) / 2, (high - height) / 2]
    size = (int(wide), int(high))
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_AREA, borderValue=float(ground)), np.uint8)


def scored(cards: int, level: int, seed: int) -> scoring.Score:
    """A set made, read and scored."""
    truth, result = [], []
    for card in make(geometry(), cards, level, seed):
        truth += scoring.truth_lines(card)
        result += scoring.result_lines(card.name, seen(opened(card.picture)))
    return scoring.score(truth, result)[str(level)]
