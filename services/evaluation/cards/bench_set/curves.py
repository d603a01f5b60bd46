"""The curve of rows asked against rows wrong, for each level, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from services.evaluation.cards import serial
from services.evaluation.cards.bench_set.damage import LEVELS, UNSEEN
from services.evaluation.cards.bench_set.fitting import Example, Point, curve, examples
from services.evaluation.cards.bench_set.making import make
from services.evaluation.cards.bench_set.questionnaire import bench_geometry
from services.evaluation.cards.reading.thresholds import shipped

MOVED = tuple(float(x) for x in np.arange(-14.0, 3.01, 1.0))
COLOURS = {1: "#1b7f5c", 2: "#2460a7", 3: "#b3261e", 4: "#7a4b9e"}
WIDE, HIGH, EDGE = 720, 380, 56


def training(cards: int, seed: int) -> list[Example]:
    """Cards of the levels that thresholds may see."""
    return [one for level in LEVELS if level != UNSEEN for one in _seen(cards, level, seed)]


def level_curves(cards: int, seed: int, say: Callable[[str], None]) -> dict[int, list[Point]]:
    """The curve of each level on a fresh set."""
    curves = {}
    for level in LEVELS:
        curves[level] = curve(_seen(cards, level, seed), shipped().deciding, MOVED)
        say(
            f"level {level}: "
            + ", ".join(f"{p.threshold:g}: {p.asked:.2%} asked {p.wrong:.3%} wrong" for p in curves[level][::4])
        )
    return curves


def _seen(cards: int, level: int, seed: int) -> list[Example]:
    geometry = bench_geometry()
    return list(examples(make(geometry, cards, level, seed), {serial.mark(geometry.digest()): geometry}, shipped()))


def _whole(most: float, step: float) -> float:
    """The next multiple of a step, so that an axis has plain numbers."""
    return max(step, step * float(np.ceil(most / step - 1e-9)))


def drawn(curves: Mapping[int, Sequence[Point]]) -> str:
    """An SVG: rows asked to the right, rows silently wrong upwards; a dot stands where the thresholds are as shipped."""
    right = _whole(min(0.3, max(p.asked for points in curves.values() for p in points)), 0.05)
    top = _whole(max(p.wrong for points in curves.values() for p in points), 0.001)
    across, up = WIDE - 2 * EDGE, HIGH - 2 * EDGE

    def at(point: Point) -> tuple[float, float]:
        return round(EDGE + point.asked / right * across, 1), round(HIGH - EDGE - point.wrong / top * up, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
    ]
    for part in range(6):
        x, y = EDGE + across * part / 5, HIGH - EDGE - up * part / 5
        parts.append(f'<path d="M{EDGE} {y:.1f}H{WIDE - EDGE}M{x:.1f} {EDGE}V{HIGH - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HIGH - EDGE + 18}" text-anchor="middle">{right * part / 5:.0%}</text>')
        parts.append(f'<text x="{EDGE - 6}" y="{y + 4:.1f}" text-anchor="end">{top * part / 5 * 10_000:.0f}</text>')
    for place, (level, points) in enumerate(curves.items()):
        shown = [point for point in points if point.asked <= right]
        line = " ".join(f"{x},{y}" for x, y in map(at, shown))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[level]}" stroke-width="2"/>')
        for x, y in (at(point) for point in shown if point.threshold == 0):
            parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{COLOURS[level]}"/>')
        parts.append(f'<text x="{EDGE + 120 * place}" y="{EDGE - 14}" fill="{COLOURS[level]}">level {level}</text>')
    words = "rows put to people (right) against rows of 10,000 silently wrong (up); dots: thresholds as shipped"
    parts.append(f'<text x="{WIDE / 2}" y="{HIGH - 12}" text-anchor="middle">{words}</text></svg>')
    return "\n".join(parts) + "\n"
