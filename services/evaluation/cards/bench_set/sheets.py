"""An empty card as the press leaves it, drawn from its geometry alone: boxes, fiducials, QR code, lines of print.

The print is rough on purpose: what stands there says nothing, it only has to be in the way as real text is.
"""

from __future__ import annotations

import cv2
import numpy as np
import segno

from services.evaluation.cards.bench_set.strokes import Picture, Random
from services.evaluation.cards.geometry import Box, Geometry, Side

TEXT_DARK = 0.88
PAPER = 255


def empty(geometry: Geometry, side: Side, scale: float, random: Random) -> Picture:
    """One side without its QR code: how much light each point swallows, 0 to 1."""
    dark = np.zeros((round(geometry.height * scale), round(geometry.width * scale)), np.float32)
    for mark in side.fiducials:
        _fill(dark, mark.box, scale, 0.97)
        if mark.hole:
            _fill(dark, Box(mark.x - mark.hole / 2, mark.y - mark.hole / 2, mark.hole, mark.hole), scale, 0.0)
    for row in side.rows:
        _written(dark, row.label, scale, random)
        for box in row.boxes:
            _outline(dark, box, geometry.line, scale, 1 - geometry.ink / PAPER)
    top = min(box.y for row in side.rows for box in row.boxes)
    heads = Box(side.room.x, max(side.room.y, top - 7), side.room.width, 3.2)
    if heads.y >= side.qr.bottom + 1:
        _written(dark, heads, scale, random)
    return dark


def put_code(dark: Picture, side: Side, said: str, scale: float) -> None:
    """Draws the QR code into its place."""
    code = np.array([list(line) for line in segno.make(said, error="m", micro=False).matrix], np.uint8)
    left, top = side.qr.x * scale, side.qr.y * scale
    right, bottom = side.qr.right * scale, side.qr.bottom * scale
    size = (round(right) - round(left), round(bottom) - round(top))
    drawn = cv2.resize(code.astype(np.float32) * 0.97, size, interpolation=cv2.INTER_NEAREST)
    dark[round(top) : round(top) + size[1], round(left) : round(left) + size[0]] = drawn


def _fill(dark: Picture, box: Box, scale: float, level: float) -> None:
    dark[round(box.y * scale) : round(box.bottom * scale), round(box.x * scale) : round(box.right * scale)] = level


def _outline(dark: Picture, box: Box, line: float, scale: float, level: float) -> None:
    half = line / 2
    for edge in (
        Box(box.x - half, box.y - half, box.width + line, line),
        Box(box.x - half, box.bottom - half, box.width + line, line),
        Box(box.x - half, box.y, line, box.height),
        Box(box.right - half, box.y, line, box.height),
    ):
        _fill(dark, edge, scale, level)


def _written(dark: Picture, place: Box, scale: float, random: Random) -> None:
    """Something like a line of Chinese: squares of short strokes."""
    sign = min(3.6, place.height * 0.8)
    y = place.y + (place.height - sign) / 2
    for number in range(int(place.width * random.uniform(0.4, 0.95) / (sign * 1.05))):
        x = place.x + number * sign * 1.05
        for _ in range(int(random.integers(4, 9))):
            ends = random.uniform(0.08, 0.92, (2, 2)) * sign
            ends[1, int(random.integers(2))] = ends[0, int(random.integers(2))]
            first, second = (tuple(int(v * scale * 16) for v in (x + end[0], y + end[1])) for end in ends)
            cv2.line(dark, first, second, TEXT_DARK, max(1, round(0.28 * scale)), cv2.LINE_AA, 4)
