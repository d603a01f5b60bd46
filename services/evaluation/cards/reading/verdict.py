"""From measures to verdicts: which row is sure of what, and which is put to people and why.

Being wrong is the one thing that must not happen, so every doubt asks: a second box with ink, a mark unlike the card's other
marks, a stroke that comes in from another row, frames that are not seen where they should be, paper on which a light mark
could hide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards.geometry import Side
from services.evaluation.cards.reading.flatten import FINE, Cut, Flat, Floats
from services.evaluation.cards.reading.marks import Flags, Measures, streaks
from services.evaluation.cards.reading.thresholds import Deciding

NOTHING = -1
ABOVE, BELOW, LEFT, RIGHT = range(4)


class Kind(Enum):
    """What a row looks like."""

    FULL = "full"
    TICK = "tick"
    CROSS = "cross"
    LIGHT = "light"
    DOUBLE = "double"
    CORRECTED = "corrected"
    NONE = "none"


class Doubt(Enum):
    """Why a row is put to people."""

    NO_DOUBT = ""
    NOT_FRAMED = "not_framed"
    TWO_MARKS = "two_marks"
    FAINT = "faint"
    UNLIKE = "unlike"
    BRIDGED = "bridged"
    STRUCK = "struck"
    MAYBE_LOST = "maybe_lost"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is read in one row: the number of its box, or NOTHING; sure if there is no doubt. `evidence` is that of the box,
    `next_evidence` of the second, `framed` how clearly the row's frames were seen."""

    row: int
    box: int
    kind: Kind
    doubt: Doubt
    evidence: float
    next_evidence: float
    framed: float
    darkest: float
    inside: float

    @property
    def sure(self) -> bool:
        """Whether nobody need be asked."""
        return self.doubt is Doubt.NO_DOUBT


def evidence(measures: Measures, limits: Deciding) -> Floats:
    """How much speaks for a mark in each box: below 0 rather not, above 0 rather yes."""
    return np.asarray(measures.features @ np.array(limits.weights, np.float32), np.float32)


def verdicts(
    card: Flat, boxes: Cut, measures: Measures, side: Side, bilevel: bool, limits: Deciding
) -> tuple[RowVerdict, ...]:
    """All rows of a side, in their order."""
    weighed = evidence(measures, limits)
    row = _Rows(measures, weighed, limits)
    marked = row.top > limits.clear
    doubts = [Doubt.NO_DOUBT] * len(weighed)
    for where, why in (
        (boxes.framed < limits.framed, Doubt.NOT_FRAMED),
        (marked & row.second_mark(), Doubt.TWO_MARKS),
        (marked & row.faint(), Doubt.FAINT),
        (marked & row.unlike(), Doubt.UNLIKE),
        (marked & row.blackened(), Doubt.STRUCK),
        (_bridged(card, boxes, measures, side, row, weighed, limits), Doubt.BRIDGED),
        (~marked & row.may_hide(bilevel), Doubt.MAYBE_LOST),
    ):
        for number in np.nonzero(where)[0]:
            if doubts[number] is Doubt.NO_DOUBT:
                doubts[number] = why
    return tuple(
        RowVerdict(
            place.row,
            int(row.best[n]) if marked[n] else NOTHING,
            _kind(measures, n, int(row.best[n]), bool(marked[n]), doubts[n], limits),
            doubts[n],
            float(row.top[n]),
            float(row.next[n]),
            float(boxes.framed[n]),
            float(row.darkest[n]),
            float(row.inside[n]),
        )
        for n, place in enumerate(side.rows)
    )


class _Rows:
    """The best box of each row beside the others of its row, and beside the clear marks of the card."""

    def __init__(self, measures: Measures, weighed: Floats, limits: Deciding) -> None:
        self._measures, self._weighed, self._limits = measures, weighed, limits
        rows = np.arange(len(weighed))
        self.best = weighed.argmax(1)
        self.top = weighed[rows, self.best]
        self._others = weighed.copy()
        self._others[rows, self.best] = -np.inf
        self.next = self._others.max(1)
        self.darkest, self.inside = measures.darkest[rows, self.best], measures.inside[rows, self.best]
        self._spread, self._reach = measures.spread[rows, self.best], measures.reach[rows, self.best]
        alike = (self.top >= limits.mark) & (self.top - self.next >= limits.gap) & (self.next <= limits.clear)
        self._known = int(alike.sum()) >= max(limits.least_marks, len(rows) * limits.known_share)
        pool = alike if self._known else np.ones(len(rows), bool)
        self._typical_dark, self._typical_inside, self._typical_spread = (
            float(np.median(values[pool])) for values in (self.darkest, self.inside, self._spread)
        )

    def second_mark(self) -> Flags:
        """Rows of which another box may be marked too."""
        limits = self._limits
        paler = self._measures.darkest <= limits.beneath * self.darkest[:, None]
        clear = (self._others <= limits.clear) | ((self._others <= limits.nearly) & paler)
        return np.asarray(~clear.all(1))

    def faint(self) -> Flags:
        """Rows whose mark is too weak, too little apart from the next box, or too small to be more than a speck."""
        limits = self._limits
        weak = self.top < limits.firm
        unsure = (self._reach < limits.crossed) | (not self._known)
        return np.asarray((self.top < limits.mark) | (self.top - self.next < limits.gap) | (weak & unsure))

    def unlike(self) -> Flags:
        """Marks much lighter or much smaller than the other marks of the card: a hand keeps its pen, dirt does not."""
        dark = self.darkest < self._limits.as_dark * self._typical_dark
        return np.asarray(dark | (self.inside < self._limits.as_full * self._typical_inside))

    def blackened(self) -> Flags:
        """Blackened boxes on a card of other marks: "not counted", by the card's own words."""
        full = self._limits.full
        other = (self._typical_spread < self._limits.other_spread * full) | (
            self.inside > self._limits.more_ink * self._typical_inside
        )
        return np.asarray((self._spread > full) & other)

    def both_whole(self, row: int, box: int) -> bool:
        """Whether the marks of a box and of the one below are both as large as the card's others, and none lies only towards
        the other: then two marks touch, and neither is the tail of the other."""
        upper, inside = self._measures.upper[:, box], self._measures.inside[:, box]
        far = min(float(upper[row]), 1 - float(upper[row + 1])) >= self._limits.away
        return far and bool(self._known) and float(inside[row : row + 2].min()) >= self._limits.whole * self._typical_inside

    def may_hide(self, bilevel: bool) -> Flags:
        """Rows without a mark on which one may have been lost: of a fax, on restless paper, with ink beside the boxes."""
        limits = self._limits
        hidden = np.ones(len(self.top), bool)
        looked_at = np.nonzero((self.top <= limits.nothing) & ~bilevel)[0]
        if len(looked_at):
            hidden[looked_at] = self._stroked(looked_at)
        beside = self._beside() > limits.beside * max(self._typical_dark, limits.lightest_pen)
        return np.asarray(hidden | beside | (self._measures.noise > limits.noise))

    def _beside(self) -> Floats:
        """The darkest ink beside the boxes of each row; what lies towards a mark of the next row belongs to that."""
        sides = self._measures.sides.copy()
        columns = np.arange(sides.shape[1])
        near = (np.abs(columns - self.best[:, None]) <= 1) & (self.top >= self._limits.mark)[:, None]
        sides[1:, :, ABOVE][near[:-1]] = 0
        sides[:-1, :, BELOW][near[1:]] = 0
        return np.asarray(sides.max((1, 2)), np.float32)

    def _stroked(self, rows: NDArray[np.intp]) -> Flags:
        """Whether anything in these rows looks more like a stroke than what is in the card's surely empty boxes."""
        within, columns = self._measures.within, self._weighed.shape[1]
        rest = np.ones(len(self.top), bool)
        rest[rows] = False
        empty = rest[:, None] & (self._weighed <= self._limits.nothing)
        wanted = int(self._limits.empties)
        known = within[empty][:: max(1, int(empty.sum()) // wanted)]
        if len(known) < wanted // 2:
            return np.ones(len(rows), bool)
        here = streaks(within[rows].reshape(-1, *within.shape[2:])).reshape(len(rows), columns).max(1)
        return np.asarray(here > self._limits.stroke * float(np.median(streaks(known))))


def _bridged(
    card: Flat, boxes: Cut, measures: Measures, side: Side, row_marks: _Rows, weighed: Floats, limits: Deciding
) -> Flags:
    """Rows whose mark hangs together with one of the row above or below: one of the two may be only its tail."""
    found = np.zeros(len(side.rows), bool)
    dark = measures.sides > 0.5 * limits.bridge * measures.darkest[..., None]
    pairs = (weighed[:-1] > limits.clear) & (weighed[1:] > limits.clear) & dark[:-1, :, BELOW] & dark[1:, :, ABOVE]
    for row, box in zip(*np.nonzero(pairs), strict=True):
        upper, lower = side.rows[row].boxes[box], side.rows[row + 1].boxes[box]
        x, y = boxes.moved[row, box]
        top, bottom = round((upper.bottom + y + 0.4) * FINE), round((lower.y + boxes.moved[row + 1, box, 1] - 0.4) * FINE)
        left, right = round((upper.x + x - 2.5) * FINE), round((upper.right + x + 2.5) * FINE)
        if bottom <= top or bottom - top > 8 * FINE:
            continue
        gap = slice(top, bottom), slice(max(left, 0), right)
        ink = (1 - card.grey[gap].astype(np.float32) / np.maximum(card.paper[gap], 1)) / card.contrast
        weakest = float(min(measures.darkest[row, box], measures.darkest[row + 1, box]))
        if float(ink.max(1).min()) > limits.bridge * weakest:
            alone = not row_marks.both_whole(int(row), int(box))
            found[row : row + 2] |= alone & (row_marks.best[row : row + 2] == box)
    return found


def _kind(measures: Measures, row: int, box: int, marked: bool, doubt: Doubt, limits: Deciding) -> Kind:
    if not marked:
        return Kind.NONE
    if doubt is Doubt.TWO_MARKS:
        others = np.delete(measures.spread[row], box)
        struck = max(float(measures.spread[row, box]), float(others.max())) > limits.full
        return Kind.CORRECTED if struck and float(others.min(initial=1.0)) < limits.full else Kind.DOUBLE
    if measures.darkest[row, box] < limits.faint:
        return Kind.LIGHT
    if measures.spread[row, box] > limits.full:
        return Kind.FULL
    corners = measures.sides[row, box] > 0.3 * measures.darkest[row, box]
    return (
        Kind.CROSS
        if corners.sum() >= 3 or (measures.reach[row, box] > 0.95 and corners[ABOVE] == corners[BELOW])
        else Kind.TICK
    )
