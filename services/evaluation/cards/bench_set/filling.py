"""Who ticks what: the truth of a card and the strokes that say so.

What a row truly says is what the person meant and a careful reader would see: one box, nothing, or more than can be told
(`UNTOLD`), which must be put to people: two boxes, or one blackened box, which the card's words call "not counted", with no
other beside it. A corrected row truly says the box that was not struck out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.evaluation.cards.bench_set.strokes import (
    Hand,
    Line,
    Picture,
    Random,
    around,
    blackened,
    draw,
    shape,
    some_hand,
    some_pen,
    struck,
)
from services.evaluation.cards.geometry import Box, Side
from services.evaluation.cards.reading.network import MARK, ODD

NOTHING, UNTOLD = -1, -2
KINDS = ("plain", "light", "none", "double", "corrected", "blackened", "round_box", "hesitated")
SHARES = (0.905, 0.025, 0.025, 0.006, 0.01, 0.002, 0.002, 0.025)
OTHER_MANNERS = ("tick", "cross", "line")


@dataclass(frozen=True, slots=True)
class RowTruth:
    """What one row says: `box` counts from 0 in the row, or NOTHING or UNTOLD; `kind` is how it was filled.

    `inked` says of every box that has ink what was meant by it: a MARK, or something ODD: taken back, blackened, ringed.
    """

    row: int
    box: int
    kind: str
    manner: str
    inked: tuple[tuple[int, int], ...] = ()


def fill(ink: Picture, side: Side, scale: float, random: Random, shares: Sequence[float] = SHARES) -> tuple[RowTruth, ...]:
    """Fills a side as one person would, into a picture of swallowed light; `shares` are those of KINDS."""
    hand = some_hand(random)
    favourite = random.dirichlet(np.ones(len(side.rows[0].boxes)) * 1.5)
    return tuple(_row(ink, place.row, place.boxes, hand, favourite, scale, random, shares) for place in side.rows)


def _row(
    ink: Picture,
    row: int,
    boxes: tuple[Box, ...],
    hand: Hand,
    favourite: np.ndarray,
    scale: float,
    random: Random,
    shares: Sequence[float],
) -> RowTruth:
    kind = str(random.choice(KINDS, p=shares))
    manner = hand.manner if random.random() < 0.93 else str(random.choice(OTHER_MANNERS))
    chosen, other = (int(x) for x in random.choice(len(boxes), 2, replace=False, p=0.9 * favourite + 0.1 / len(boxes)))
    if kind == "none":
        if random.random() < 0.1:
            _speck(ink, boxes[other], hand, scale, random)
        return RowTruth(row, NOTHING, kind, "")
    if kind == "blackened" and hand.manner != "full":
        _lay(ink, blackened(random), boxes[chosen], replace(hand, stray=0.2), scale, random)
        return RowTruth(row, UNTOLD, kind, "", ((chosen, ODD),))
    if kind == "light":
        hand = replace(hand, pen=some_pen(random, light=True), overshoot=min(hand.overshoot, 0.3))
    if kind == "round_box":
        _lay(ink, around(random), boxes[chosen], hand, scale, random)
        return RowTruth(row, chosen, kind, "around", ((chosen, ODD),))
    _lay(ink, shape(manner, random, hand.overshoot), boxes[chosen], hand, scale, random)
    if kind == "double":
        _lay(ink, shape(manner, random, hand.overshoot), boxes[other], hand, scale, random)
        return RowTruth(row, UNTOLD, kind, manner, ((chosen, MARK), (other, MARK)))
    if kind == "corrected":
        _lay(ink, shape(manner, random, hand.overshoot), boxes[other], hand, scale, random)
        _lay(ink, struck(random), boxes[other], replace(hand, stray=0.2), scale, random)
        return RowTruth(row, chosen, kind, manner, ((chosen, MARK), (other, ODD)))
    if kind == "hesitated":
        _speck(ink, boxes[other], hand, scale, random)
    return RowTruth(row, chosen, kind, manner, ((chosen, MARK),))


def _lay(ink: Picture, lines: list[Line], box: Box, hand: Hand, scale: float, random: Random) -> None:
    half = np.array([box.width, box.height]) / 2
    centre = np.array([box.x, box.y]) + half
    off = random.normal(0, hand.stray, 2).clip(-half * 0.6, half * 0.6)
    for line in lines:
        draw(ink, centre + off + line * half, hand.pen, scale, random, hand.tremble)


def _speck(ink: Picture, box: Box, hand: Hand, scale: float, random: Random) -> None:
    """Where a pen rested while its owner thought: a point or the beginning of a stroke, in or near a box."""
    start = np.array([box.x + box.width * random.uniform(-0.1, 1.1), box.y + box.height * random.uniform(-0.1, 1.1)])
    end = start + random.normal(0, 0.25, 2)
    draw(ink, np.stack([start, end]), replace(hand.pen, width=min(hand.pen.width, 0.5), skips=0.0), scale, random, 0.01)
