"""What each box holds, in several measures: how much ink, how dark its darkest, how far it reaches, what lies around it.

A box is measured against the card's own empty boxes, so that frames, dirt of the copier and the grain of the paper cancel
out; and against the other marks of the card, since a hand keeps its pen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards.reading.flatten import FINE, Cut, Floats

Flags = NDArray[np.bool_]

INSET = 0.55  # mm beside the frame's middle that are not counted as inside
OUTSET = 0.45
DARKEST = 0.06  # share of the inside that "darkest" is the mean of


@dataclass(frozen=True, slots=True)
class Measures:
    """Each an array (rows, boxes), unless said otherwise; ink counts 1 for print.

    `inside` is the mean ink, `darkest` that of the darkest points, `reach` how much of the box's width or height is crossed,
    `spread` the share of points with ink, `sides` (rows, boxes, 4) the darkest ink above, below, left and right of the box,
    `noise` (one number) how restless the card's empty boxes are.
    """

    inside: Floats
    darkest: Floats
    reach: Floats
    spread: Floats
    sides: Floats
    noise: float

    @property
    def features(self) -> Floats:
        """What evidence is weighed from (rows, boxes, features); in logarithms, so that a light hand counts as well."""
        dark, full = np.maximum(self.darkest, 0), np.maximum(self.inside, 0)
        columns = (
            np.ones_like(dark),
            np.log(full + 0.004),
            np.log(dark + 0.02),
            self.reach,
            np.log(self.spread + 0.01),
            np.log((dark + 0.005) / (self.noise + 0.005)),
        )
        return np.stack(columns, 2)


def measured(boxes: Cut) -> Measures:
    """The measures of all boxes of a side at once."""
    ink, edge, (height, width) = boxes.ink, boxes.edge, boxes.size
    inset = round(INSET * FINE)
    rows, columns = ink.shape[:2]
    within = (
        slice(None),
        slice(None),
        slice(edge + inset, edge + height - inset),
        slice(edge + inset, edge + width - inset),
    )
    inside = ink[within].reshape(rows * columns, -1)
    means = inside.mean(1)
    empties = np.argsort(means)[: max(4, rows * columns // 2)]
    empty = ink.reshape(rows * columns, *ink.shape[2:])[empties].mean(0)
    floor = empty[within[2:]].ravel()
    clean = inside - floor
    noise = float(clean[empties].std())
    smooth = _smooth(ink - empty)
    core = smooth[within]
    flat = core.reshape(rows, columns, -1)
    count = max(2, round(flat.shape[2] * DARKEST))
    darkest = np.partition(flat, flat.shape[2] - count, axis=2)[:, :, -count:].mean(2)
    dark = core > np.maximum(0.35 * darkest, 3 * noise + 0.03)[:, :, None, None]
    reach = np.maximum(dark.any(2).mean(2), dark.any(3).mean(2))
    return Measures(
        (means - floor.mean()).reshape(rows, columns).astype(np.float32),
        darkest.astype(np.float32),
        reach.astype(np.float32),
        dark.mean((2, 3)).astype(np.float32),
        _beside(smooth, boxes),
        noise,
    )


def _beside(smooth: Floats, boxes: Cut) -> Floats:
    """The darkest ink above, below, left and right of each box."""
    edge, (height, width), outset = boxes.edge, boxes.size, round(OUTSET * FINE)
    ring = smooth.copy()
    ring[:, :, edge - outset : edge + height + outset, edge - outset : edge + width + outset] = 0
    return np.stack(
        [
            ring[:, :, : edge - outset].max((2, 3)),
            ring[:, :, edge + height + outset :].max((2, 3)),
            ring[:, :, edge : edge + height, : edge - outset].max((2, 3)),
            ring[:, :, edge : edge + height, edge + width + outset :].max((2, 3)),
        ],
        2,
    )


def _smooth(ink: Floats) -> Floats:
    """Means over three by three points, box by box: all boxes are one tall picture."""
    tall = ink.reshape(-1, ink.shape[3])
    return np.asarray(cv2.blur(tall, (3, 3)), np.float32).reshape(ink.shape)
