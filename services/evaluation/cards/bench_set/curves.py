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

MOVED = tuple(float(x) for x in np.arange(-6.0, 6.01, 0.5))
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
            + ", ".join(f"{p.threshold:g}: {p.asked:.2%} asked {p.wrong:.3%} wrong" for p in curves[level][::2])
        )
    return curves


def _seen(cards: int, level: int, seed: int) -> list[Example]:
    geometry = bench_geometry()
    return list(examples(make(geometry, cards, level, seed), {serial.mark(geometry.digest()): geometry}, shipped()))


def drawn(curves: Mapping[int, Sequence[Point]]) -> str:
    """An SVG: thresholds to the right, shares of rows up; asked as a line, wrong as a dashed one."""
    top = max(0.05, *(max(point.asked, point.wrong) for points in curves.values() for point in points)) * 1.05
    last = max(point.threshold for points in curves.values() for point in points)

    def at(point: Point, share: float) -> str:
        x = EDGE + point.threshold / last * (WIDE - 2 * EDGE)
        return f"{x:.1f},{HIGH - EDGE - share / top * (HIGH - 2 * EDGE):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
    ]
    for tick in np.arange(0, top, 0.05):
        y = HIGH - EDGE - tick / top * (HIGH - 2 * EDGE)
        parts.append(f'<path d="M{EDGE} {y:.1f}H{WIDE - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:.0%}</text>')
    for number in range(int(last) + 1):
        x = EDGE + number / last * (WIDE - 2 * EDGE)
        parts.append(f'<text x="{x:.1f}" y="{HIGH - EDGE + 18}" text-anchor="middle">{number}</text>')
    for place, (level, points) in enumerate(curves.items()):
        colour = COLOURS[level]
        for dash, shares in (("", [p.asked for p in points]), (' stroke-dasharray="4 3"', [p.wrong for p in points])):
            line = " ".join(at(point, share) for point, share in zip(points, shares, strict=True))
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{EDGE + 10 + 150 * place}" y="{EDGE - 22}" fill="{colour}">level {level}</text>')
    chosen = shipped().deciding.mark
    x = EDGE + chosen / last * (WIDE - 2 * EDGE)
    parts.append(
        f'<path d="M{x:.1f} {EDGE - 10}V{HIGH - EDGE}" stroke="#333"/><text x="{x + 5:.1f}" y="{EDGE}">as shipped</text>'
    )
    words = "threshold of evidence (to the right: more doubt); rows asked (line), rows silently wrong (dashed)"
    parts.append(f'<text x="{WIDE / 2}" y="{HIGH - 12}" text-anchor="middle">{words}</text></svg>')
    return "\n".join(parts) + "\n"
