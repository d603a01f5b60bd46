"""What happens to a card between the desk it was filled at and the file it becomes: post, hands, scanner, telephone.

Levels 1 to 3 are what thresholds are fitted on: a good scan, a bad one, a photograph of a maltreated card. Level 4 has
damage of other kinds, which the thresholds never saw. Everything is drawn from the generator given, and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards.bench_set.strokes import Picture, Random

Grey = NDArray[np.uint8]
Matrix = NDArray[np.float64]
UNSEEN = 4
LEVELS = (1, 2, 3, UNSEEN)
GRID = 16  # pixels between points at which a distortion is worked out


@dataclass(frozen=True, slots=True)
class Damage:
    """How much of what, at most; each card draws its own. Lengths in millimetres, light as shares."""

    dpi: tuple[int, ...]
    turn: float  # degrees beside the quarter turns
    any_turn: float  # share of cards that lie anyhow
    keystone: float
    curl: float
    blur: float  # of the optics, in pixels of the picture
    noise: float
    shadow: float
    contrast: tuple[float, float]
    bleed: float
    folds: float
    stains: float
    fax: float
    lost: float  # share of cards with one fiducial torn off or inked over
    jpeg: tuple[int, int]


BY_LEVEL = {
    1: Damage((200, 240, 300), 2, 0.0, 0.0, 0.0, 0.6, 3, 0.05, (0.85, 1.0), 0.03, 0.05, 0.02, 0.0, 0.0, (75, 95)),
    2: Damage((150, 200, 300), 6, 0.1, 0.012, 0.4, 0.9, 6, 0.18, (0.72, 1.0), 0.1, 0.4, 0.25, 0.04, 0.03, (50, 85)),
    3: Damage((130, 150, 200), 12, 0.4, 0.06, 1.0, 1.3, 9, 0.4, (0.6, 0.95), 0.16, 0.6, 0.4, 0.06, 0.1, (32, 70)),
    4: Damage((120, 140, 170, 220), 20, 0.5, 0.05, 1.2, 1.1, 8, 0.35, (0.55, 0.95), 0.14, 0.3, 0.3, 0.04, 0.1, (30, 75)),
}


@dataclass(frozen=True, slots=True)
class Damaged:
    """A picture, and where a place of the upright card (mm) comes to lie on it (pixels), curl apart."""

    grey: Grey
    card_to_picture: Matrix
    quality: int
    dpi: int


def damaged(dark: Picture, back: Picture | None, scale: float, level: int, random: Random) -> Damaged:
    """A card, as swallowed light at `scale` pixels to the mm, becomes a picture; `back` shines through if given."""
    many = BY_LEVEL[level]
    light = 1 - dark * random.uniform(*many.contrast)
    if back is not None and many.bleed:
        light *= 1 - cv2.GaussianBlur(back[:, ::-1], (0, 0), 0.25 * scale) * random.uniform(0, many.bleed)
    if random.random() < many.folds:
        _fold(light, scale, random)
    if random.random() < many.stains:
        _stain(light, scale, random, ring=level == UNSEEN)
    if random.random() < many.lost:
        _lose(light, scale, random)
    dpi = int(random.choice(many.dpi))
    out, matrix = _seen(light, scale, dpi / 25.4, many, random)
    out *= _lighting(out.shape, many.shadow, random, crumpled=level == UNSEEN)
    if level == UNSEEN:
        _strange(out, dpi / 25.4, random)
    fax = random.random() < many.fax
    grey = _captured(out, many, random, fax)
    return Damaged(grey, matrix, int(random.integers(*many.jpeg)), dpi)


def _seen(light: Picture, scale: float, finer: float, many: Damage, random: Random) -> tuple[Picture, Matrix]:
    """The card on its background, turned, foreshortened and curled, at `finer` pixels to the mm."""
    height, width = light.shape[0] / scale, light.shape[1] / scale
    if random.random() < many.any_turn:
        angle = random.uniform(0, 360)
    else:
        angle = random.choice([0, 0, 0, 90, 180, 270]) + random.uniform(-many.turn, many.turn)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    radians = np.deg2rad(angle)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    moved = ((corners - corners.mean(0)) @ turn.T) * finer
    moved *= 1 + random.uniform(-many.keystone, many.keystone, (4, 1))
    margin = random.uniform(2, 12) * finer
    moved = np.asarray(moved + margin - moved.min(0), np.float64)
    size = np.ceil(moved.max(0) + margin).astype(int)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32)).astype(np.float64)
    u, v = _backwards(np.asarray(np.linalg.inv(matrix), np.float64), size, many.curl, random)
    coarse = cv2.GaussianBlur(light, (0, 0), max(0.3, 0.42 * scale / finer))
    ground = random.choice([0.0, 0.08, 0.35, 0.6, 0.97])
    seen = cv2.remap(coarse, u * scale - 0.5, v * scale - 0.5, cv2.INTER_LINEAR, borderValue=float(ground))
    return np.asarray(seen, np.float32), np.asarray(matrix, np.float64)


def _backwards(back: Matrix, size: NDArray[np.int_], curl: float, random: Random) -> tuple[Picture, Picture]:
    """Which place of the card each point of the picture sees, worked out on a grid: all of it is smooth."""
    many = size // GRID + 1
    xs, ys = np.meshgrid(
        *((np.arange(count) + 0.5) * length / count - 0.5 for count, length in zip(many, size, strict=True))
    )
    deep = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
    u = (back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / deep
    v = (back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / deep
    if curl:
        reach, phase = random.uniform(0, curl), random.uniform(0, 6.28, 2)
        v += reach * np.sin(v * (2 * np.pi / random.uniform(120, 300)) + u / random.uniform(80, 200) + phase[0])
        u += 0.5 * reach * np.sin(v * (2 * np.pi / random.uniform(150, 300)) + phase[1])
    whole = (int(size[0]), int(size[1]))
    first, second = (cv2.resize(one.astype(np.float32), whole, interpolation=cv2.INTER_LINEAR) for one in (u, v))
    return np.asarray(first, np.float32), np.asarray(second, np.float32)


def _fold(light: Picture, scale: float, random: Random) -> None:
    """A crease, dark on one side and light on the other, across or down the card."""
    height, width = light.shape
    across = random.random() < 0.6
    at = random.uniform(0.25, 0.75) * (height if across else width)
    tilt = random.uniform(-0.02, 0.02)
    length = width if across else height
    place = at + tilt * np.arange(length)
    first, last = round(max(0.0, place.min() - 14 * scale)), round(place.max() + 14 * scale)
    band = light[first:last] if across else light[:, first:last].T
    off = ((first + np.arange(len(band)))[:, None] - place[None, :]).astype(np.float32) / np.float32(scale)
    strength = random.uniform(0.08, 0.35) * np.clip(0.7 + 0.3 * random.normal(0, 1, (1, length)), 0.2, 1.3).astype(
        np.float32
    )
    crease = strength * np.exp(-((off / np.float32(random.uniform(0.1, 0.3))) ** 2))
    band *= 1 - crease - 0.06 * np.exp(-np.abs(off) / 4) * (off > 0)


def _stain(light: Picture, scale: float, random: Random, ring: bool) -> None:
    """A blot of coffee or tea with a darker rim; as a ring where the cup stood."""
    height, width = light.shape
    small = 8
    ys, xs = np.mgrid[0 : height // small, 0 : width // small].astype(np.float32) * (small / scale)
    for _ in range(int(random.integers(1, 4))):
        x, y = random.uniform(0, width / scale), random.uniform(0, height / scale)
        radius = random.uniform(25, 45) if ring else random.uniform(4, 25)
        turn = np.arctan2(ys - y, xs - x)
        wobble = 1 + 0.12 * np.sin(3 * turn + random.uniform(0, 6)) + 0.06 * np.sin(7 * turn + random.uniform(0, 6))
        off = np.hypot(xs - x, ys - y) / (radius * wobble)
        body = 0.0 if ring else random.uniform(0.05, 0.22)
        rim = random.uniform(0.08, 0.25) * np.exp(-(((off - 1) * radius / random.uniform(0.5, 1.5)) ** 2))
        blot = body / (1 + np.exp(((off - 1) * radius / 0.8).clip(-40, 40))) + rim
        light *= 1 - cv2.resize(blot.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)


def _lose(light: Picture, scale: float, random: Random) -> None:
    """One corner is torn off or inked over."""
    height, width = light.shape
    reach = random.uniform(14, 22) * scale
    corner = np.array([[0, 0], [reach, 0], [0, reach * random.uniform(0.7, 1.3)]])
    left, upper = random.random() < 0.5, random.random() < 0.5
    corner[:, 0] = corner[:, 0] if left else width - corner[:, 0]
    corner[:, 1] = corner[:, 1] if upper else height - corner[:, 1]
    cv2.fillPoly(light, [corner.round().astype(np.int32)], float(random.choice([0.05, 0.5, 0.95])))


def _lighting(size: tuple[int, ...], strength: float, random: Random, crumpled: bool) -> Picture:
    """Light that falls unevenly, the edge of a shadow, and on crumpled paper facets of every brightness."""
    height, width = size[:2]
    ys, xs = np.mgrid[0:48, 0:48].astype(np.float32) / 47
    angle = random.uniform(0, 6.28)
    slope = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle)
    light = 1 - strength * random.uniform(0, 1) * (slope + 0.5).clip(0, 1)
    if random.random() < strength:
        light *= 1 - strength * random.uniform(0.3, 0.9) / (
            1 + np.exp(-(slope - random.uniform(-0.3, 0.3)) * random.uniform(15, 80))
        )
    if crumpled:
        facets = cv2.resize(random.normal(0, 1, (9, 7)).astype(np.float32), (48, 48), interpolation=cv2.INTER_LINEAR)
        light *= 1 - (random.uniform(0.0, 0.12) * facets).clip(-0.1, 0.3)
    return np.asarray(cv2.resize(light.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _strange(out: Picture, finer: float, random: Random) -> None:
    """What no other level has: a moved camera, streaks, a glare, worn toner, dust, a scrawl."""
    height, width = out.shape
    if random.random() < 0.35:
        long = int(random.integers(2, 5))
        kernel = np.zeros((long, long), np.float32)
        kernel[np.arange(long), np.arange(long) if random.random() < 0.5 else long // 2] = 1 / long
        out[:] = cv2.filter2D(out, -1, kernel)
    if random.random() < 0.25:
        for _ in range(int(random.integers(1, 3))):
            x = int(random.integers(0, width))
            out[:, x : x + int(random.integers(1, 3))] *= random.uniform(0.55, 0.9)
    if random.random() < 0.25:
        ys, xs = np.ogrid[0:height, 0:width]
        off = ((xs - random.uniform(0, width)) ** 2 + (ys - random.uniform(0, height)) ** 2) / (
            random.uniform(8, 25) * finer
        ) ** 2
        out += (random.uniform(0.1, 0.45) * np.exp(-off)).astype(np.float32)
    if random.random() < 0.3:
        worn = cv2.resize(random.normal(0, 1, (40, 30)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        out += (1 - out) * (0.25 * worn).clip(0, 0.6)
    if random.random() < 0.2:
        _dust(out, finer, random)
    if random.random() < 0.2:
        start = np.array([random.uniform(0.1, 0.6) * width, random.uniform(0.05, 0.95) * height])
        line = start + np.cumsum(random.normal(0, 1.2 * finer, (25, 2)) + np.array([0.9 * finer, 0]), 0)
        cv2.polylines(
            out,
            [line.round().astype(np.int32)],
            False,
            float(random.uniform(0.1, 0.4)),
            max(1, round(0.4 * finer)),
            cv2.LINE_AA,
        )


def _dust(out: Picture, finer: float, random: Random) -> None:
    height, width = out.shape
    for x, y in random.uniform(0, 1, (int(random.integers(40, 250)), 2)):
        radius = max(1, round(finer * random.uniform(0.05, 0.2)))
        cv2.circle(out, (int(x * width), int(y * height)), radius, float(random.uniform(0.05, 0.5)), -1, cv2.LINE_AA)


def _captured(out: Picture, many: Damage, random: Random, fax: bool) -> Grey:
    """What the sensor makes of it: blur, noise, brightness, 8 bits; a fax keeps one."""
    blurred = cv2.GaussianBlur(out, (0, 0), random.uniform(0.3, many.blur))
    white = random.uniform(215, 252)
    noisy = blurred * white + random.standard_normal(out.shape, np.float32) * np.float32(random.uniform(0.5, many.noise))
    if fax:
        rough = cv2.blur(noisy, (61, 61))
        noisy = np.where(noisy > np.minimum(rough * 0.82, 190), 255, 0).astype(np.float32)
    return np.asarray(noisy.clip(0, 255), np.uint8)
