"""What pens leave on paper: strokes of many hands, as polylines in millimetres, and how they are drawn.

A hand keeps its pen and its manner for a whole card; each mark of it differs a little. Shapes count from the centre of a
box, in halves of the box's size, so that (1, 1) is its lower right corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Line = NDArray[np.float64]
Random = np.random.Generator

SHIFT = 4  # binary digits after the point in coordinates given to OpenCV


@dataclass(frozen=True, slots=True)
class Pen:
    """How wide it writes (mm), how dark (0 to 1 of what falls on it is swallowed), how grainy, how often it skips."""

    name: str
    width: float
    dark: float
    grain: float
    skips: float


@dataclass(frozen=True, slots=True)
class Hand:
    """Who fills a card: a pen, a kind of mark, how far it strays (mm), how far it overshoots (boxes), how it trembles."""

    pen: Pen
    manner: str
    stray: float
    overshoot: float
    tremble: float


MANNERS = ("tick", "tick", "tick", "tick", "cross", "cross", "full", "full", "line", "round", "dab")


def some_pen(random: Random, light: bool = False) -> Pen:
    """A pen out of the drawer; a light one is a hard pencil or a pen that hardly presses."""
    if light:
        return Pen("light", random.uniform(0.25, 0.5), random.uniform(0.22, 0.42), random.uniform(0.1, 0.5), 0.0)
    name = str(random.choice(["ballpoint", "gel", "pencil", "felt", "blue"], p=[0.35, 0.25, 0.15, 0.1, 0.15]))
    width = {"ballpoint": (0.25, 0.45), "gel": (0.4, 0.65), "pencil": (0.35, 0.7), "felt": (0.8, 1.5), "blue": (0.28, 0.5)}
    dark = {"ballpoint": (0.7, 0.95), "gel": (0.85, 0.98), "pencil": (0.45, 0.75), "felt": (0.85, 0.98), "blue": (0.55, 0.8)}
    grain = {"pencil": 0.35, "ballpoint": 0.15, "blue": 0.15}.get(name, 0.05)
    skips = 0.04 if name in ("ballpoint", "blue") else 0.0
    return Pen(name, random.uniform(*width[name]), random.uniform(*dark[name]), grain, skips)


def some_hand(random: Random) -> Hand:
    """A hand; one in ten is an unsteady one."""
    unsteady = random.random() < 0.1
    return Hand(
        some_pen(random),
        str(random.choice(MANNERS)),
        random.uniform(0.2, 0.6) * (1.5 if unsteady else 1),
        random.uniform(0.0, 0.9),
        random.uniform(0.02, 0.06) * (4 if unsteady else 1),
    )


def shape(manner: str, random: Random, overshoot: float) -> list[Line]:
    """The strokes of one mark, around the centre of its box."""
    o = 1 + overshoot * random.uniform(0.3, 1.3)
    if manner == "tick":
        low = random.uniform(0.3, 0.9)
        return [_bent([(-0.8 * random.uniform(0.7, 1.1), 0.0), (-0.2, low), (0.9 * o, -0.9 * o)], random, 0.1)]
    if manner == "cross":
        a, b = random.uniform(0.65, 0.9, 2) * o
        return [_bent([(-a, -a), (a, a)], random, 0.12), _bent([(b, -b), (-b, b)], random, 0.12)]
    if manner == "line":
        tilt = random.uniform(-0.9, 0.3)
        return [_bent([(-0.8 * o, -0.8 * tilt), (0.8 * o, 0.8 * tilt)], random, 0.12)]
    if manner == "round":
        radius = random.uniform(0.5, 0.85)
        angles = np.linspace(0, 2 * np.pi * random.uniform(0.92, 1.15), 40) + random.uniform(0, 6)
        return [np.stack([radius * np.cos(angles), radius * random.uniform(0.8, 1.1) * np.sin(angles)], 1)]
    if manner == "dab":
        spots = random.normal(0, 0.16, (14, 2))
        return [spots.cumsum(0) * 0.6 + random.normal(0, 0.15, 2) - spots.cumsum(0).mean(0) * 0.6]
    return [_hatched(random, 0.85 * min(o, 1.25), random.uniform(5, 11))]


def struck(random: Random) -> list[Line]:
    """How a mark is taken back: lines through it, a scribble over it, or a large cross."""
    how = random.integers(4)
    if how == 3:
        return blackened(random)
    if how == 0:
        return [_bent([(-1.5, dy + 0.2), (1.5, dy - 0.2)], random, 0.15) for dy in (-0.25, 0.25)]
    if how == 1:
        return [_hatched(random, 1.25, random.uniform(8, 14))]
    return [_bent([(-1.5, -1.4), (1.5, 1.4)], random, 0.1), _bent([(1.5, -1.4), (-1.5, 1.4)], random, 0.1)]


def blackened(random: Random) -> list[Line]:
    """A box filled with ink, as the card asks for where a mark is to be taken back."""
    return [_hatched(random, random.uniform(0.85, 1.1), random.uniform(9, 14)) for _ in range(2)]


def around(random: Random) -> list[Line]:
    """A ring around the whole box: a mark beside what was asked for."""
    angles = np.linspace(0, 2 * np.pi * random.uniform(0.95, 1.1), 50) + random.uniform(0, 6)
    return [np.stack([random.uniform(1.3, 1.6) * np.cos(angles), random.uniform(1.3, 1.6) * np.sin(angles)], 1)]


def draw(ink: Picture, line: Line, pen: Pen, scale: float, random: Random, tremble: float) -> None:
    """Lays one stroke (mm) into a picture of swallowed light at `scale` pixels to the mm; the darker of two stays."""
    if len(line) < 2:
        return
    steps = np.hypot(*np.diff(line, axis=0).T)
    many = max(3, int(steps.sum() / 0.25))
    along = np.r_[0, steps.cumsum()]
    at = np.linspace(0, along[-1], many)
    points = np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], 1)
    points += _slow(random, many) * tremble * 2
    pressure = np.clip(0.9 + 0.25 * _slow(random, many)[:, 0], 0.45, 1.1)
    low = np.floor((points.min(0) - 2) * scale).astype(int).clip(0)
    high = np.ceil((points.max(0) + 2) * scale).astype(int)
    patch = ink[low[1] : high[1], low[0] : high[0]]
    if not patch.size:
        return
    laid = _laid(patch.shape, (points * scale - low) * (1 << SHIFT), pressure, pen, scale, random)
    np.maximum(patch, laid, out=patch)


def _laid(size: tuple[int, ...], points: Line, pressure: Any, pen: Pen, scale: float, random: Random) -> Picture:
    """One stroke in a picture of its own, with the grain of the paper in it."""
    laid = np.zeros(size, np.float32)
    whole = points.round().astype(int)
    for first, second, press in zip(whole[:-1], whole[1:], pressure, strict=False):
        if random.random() < pen.skips:
            continue
        thick = max(1, round(pen.width * scale * (0.75 + 0.25 * press)))
        segment = [tuple(int(x) for x in first), tuple(int(x) for x in second)]
        cv2.line(laid, segment[0], segment[1], float(pen.dark * min(1.0, press)), thick, cv2.LINE_AA, SHIFT)
    if pen.grain:
        rough = cv2.GaussianBlur(random.normal(0, 1, size).astype(np.float32), (0, 0), scale * 0.08)
        laid *= np.clip(1 - pen.grain * (0.5 + rough / max(float(rough.std()), 1e-6)), 0.15, 1.0)
    return laid


def _bent(corners: list[tuple[float, float]], random: Random, jitter: float) -> Line:
    """A stroke through these corners as a hand would draw it: a curve that cuts them a little."""
    rough = np.array(corners) + random.normal(0, jitter, (len(corners), 2))
    at = np.linspace(0, 1, 24)
    if len(rough) == 2:
        bow = random.normal(0, 0.08) * np.sin(np.pi * at)
        return np.asarray(rough[0] + (rough[1] - rough[0]) * at[:, None] + bow[:, None], np.float64)
    straight = np.stack([np.interp(at, np.linspace(0, 1, len(rough)), rough[:, axis]) for axis in (0, 1)], 1)
    straight[1:-1] = (straight[:-2] + straight[1:-1] + straight[2:]) / 3
    return straight


def _hatched(random: Random, reach: float, turns: float) -> Line:
    """To and fro across the box."""
    at = np.linspace(0, 1, int(turns * 6))
    across = reach * np.sin(2 * np.pi * turns * at / 2)
    down = reach * (2 * at - 1)
    angle = random.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray((np.stack([across, down], 1) + random.normal(0, 0.07, (len(at), 2))) @ turn.T * 0.9, np.float64)


def _slow(random: Random, many: int) -> Line:
    """A slowly wandering pair of numbers around 0."""
    knots = max(2, many // 8)
    return np.stack(
        [np.interp(np.linspace(0, 1, many), np.linspace(0, 1, knots), random.normal(0, 1, knots)) for _ in (0, 1)], 1
    )
