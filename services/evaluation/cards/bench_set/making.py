"""Making a set: card after card from one seed, each a picture file's bytes with its truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from services.evaluation.cards import serial as serials
from services.evaluation.cards.bench_set.damage import BY_LEVEL, Matrix, damaged
from services.evaluation.cards.bench_set.filling import SHARES, RowTruth, fill
from services.evaluation.cards.bench_set.sheets import empty, put_code
from services.evaluation.cards.bench_set.strokes import Picture, Random
from services.evaluation.cards.geometry import Geometry, Side

SCALE = 8.0  # pixels to the mm at which a card is drawn before it is damaged
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class MadeCard:
    """One filled and damaged card: a JPEG, what it truly says, and where the upright card (mm) lies on it (pixels)."""

    name: str
    serial: str
    sheet: int
    side: int
    rows: tuple[RowTruth, ...]
    picture: bytes
    card_to_picture: Matrix
    dpi: int
    level: int


def make(
    geometry: Geometry, cards: int, level: int, seed: int, shares: Sequence[float] = SHARES, first: int = 0
) -> Iterator[MadeCard]:
    """`cards` sides from number `first` on, the sides of the geometry in turn, filled in these shares of `filling.KINDS`.

    The same arguments make the same bytes, in any order of asking.
    """
    sides = list(geometry.sides)
    blanks = [empty(geometry, side, SCALE, np.random.default_rng((seed, place))) for place, (_, side) in enumerate(sides)]
    for number in range(first, first + cards):
        place = number % len(sides)
        sheet, side = sides[place]
        random = np.random.default_rng((seed, level, number, 7))
        yield _one(geometry, sheet, side, blanks, place, f"L{level}-{seed}-{number:05}.jpg", level, random, shares)


def _one(
    geometry: Geometry,
    sheet: int,
    side: Side,
    blanks: list[Picture],
    place: int,
    name: str,
    level: int,
    random: Random,
    shares: Sequence[float],
) -> MadeCard:
    dark, ink, serial = blanks[place].copy(), np.zeros_like(blanks[place]), some_serial(random)
    put_code(dark, side, serials.text(serial, geometry.digest(), sheet, side.side), SCALE)
    rows = fill(ink, side, SCALE, random, shares)
    back = None
    if BY_LEVEL[level].bleed and random.random() < 0.5:
        back = blanks[-1 - place].copy()
        fill(back, side, SCALE, random, shares)
    seen = damaged(1 - (1 - dark) * (1 - ink), back, SCALE, level, random)
    picture = cv2.imencode(".jpg", seen.grey, [cv2.IMWRITE_JPEG_QUALITY, seen.quality])[1].tobytes()
    return MadeCard(name, serial, sheet, side.side, rows, picture, seen.card_to_picture, seen.dpi, level)


def some_serial(random: Random) -> str:
    """A serial that looks like a real one and belongs to nobody."""
    signs = "".join(SIGNS[int(x)] for x in random.integers(0, 32, 20))
    return "-".join(signs[at : at + 5] for at in range(0, 20, 5))


def hashed(cards: Iterator[MadeCard]) -> str:
    """The SHA-256 over all pictures: two machines that made the same set have the same."""
    together = hashlib.sha256()
    for card in cards:
        together.update(card.picture)
    return together.hexdigest()
