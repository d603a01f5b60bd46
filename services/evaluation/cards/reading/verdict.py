"""From measures and the network's opinion to verdicts: which row is sure of what, and which is put to people and why.

Being wrong is the one thing that must not happen, so every doubt asks: a box on which measures and network disagree, a
second box that may be marked, a weak mark unlike the card's other marks, frames that are not seen where they should be,
paper on which a light mark could hide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from services.evaluation.cards.geometry import Side
from services.evaluation.cards.reading.flatten import Cut, Floats, Whole
from services.evaluation.cards.reading.marks import Flags, Measures
from services.evaluation.cards.reading.network import Opinion
from services.evaluation.cards.reading.thresholds import Deciding

NOTHING = -1
ABOVE, BELOW = 0, 1


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
    STRUCK = "struck"
    MAYBE_LOST = "maybe_lost"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is read in one row: the number of its box, or NOTHING; sure if there is no doubt.

    `evidence` is that of the box, `next_evidence` of the second. To the network the box looks `marked` more like a mark
    than empty and `meant` more than odd, and all others empty by `others_empty` (all boxes, where nothing is read). `framed`
    is how clearly the row's frames are seen, `darkest` and `inside` the ink of the box.
    """

    row: int
    box: int
    kind: Kind
    doubt: Doubt
    evidence: float
    next_evidence: float
    marked: float
    meant: float
    others_empty: float
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


def worth_a_look(weighed: Floats, limits: Deciding) -> Flags:
    """Which boxes (rows, boxes) of this evidence the network is asked about: not those that are as empty as can be.

    The best box of a row always is, and every box of a row that seems to have no mark.
    """
    best = weighed.max(1, keepdims=True)
    return np.asarray((weighed > limits.unlooked) | (weighed == best) | (best <= limits.clear))


def verdicts(
    boxes: Cut, measures: Measures, weighed: Floats, thought: Opinion, side: Side, bilevel: bool, limits: Deciding
) -> tuple[RowVerdict, ...]:
    """All rows of a side, in their order."""
    row = _Rows(measures, weighed, thought, limits)
    doubts = [Doubt.NO_DOUBT] * len(weighed)
    of_one = row.marked & ~row.corrected
    for where, why in (
        (boxes.framed < limits.framed, Doubt.NOT_FRAMED),
        (of_one & row.second_mark(bilevel), Doubt.TWO_MARKS),
        (of_one & row.struck(bilevel), Doubt.STRUCK),
        (of_one & row.faint(), Doubt.FAINT),
        (of_one & row.unlike(), Doubt.UNLIKE),
        (~row.marked & row.may_hide(bilevel), Doubt.MAYBE_LOST),
    ):
        for number in np.nonzero(where)[0]:
            if doubts[number] is Doubt.NO_DOUBT:
                doubts[number] = why
    return tuple(
        RowVerdict(
            place.row,
            int(row.best[n]) if row.marked[n] else NOTHING,
            _kind(measures, row, n, doubts[n], limits),
            doubts[n],
            evidence=float(row.top[n]),
            next_evidence=float(row.next[n]),
            marked=float(row.inked[n]),
            meant=float(row.meant[n]),
            others_empty=float(row.others_empty[n]),
            framed=float(boxes.framed[n]),
            darkest=float(row.darkest[n]),
            inside=float(row.inside[n]),
        )
        for n, place in enumerate(side.rows)
    )


class _Rows:
    """The best box of each row beside the others of its row, and beside the clear marks of the card."""

    def __init__(self, measures: Measures, weighed: Floats, thought: Opinion, limits: Deciding) -> None:
        self._measures, self._limits = measures, limits
        rows = np.arange(len(weighed))
        empty = thought.empty
        clearly_empty = empty - limits.slope * np.maximum(weighed - limits.knee, 0)
        self.corrected, replacing = _corrected(measures, weighed, thought, clearly_empty, limits)
        self.best = np.where(self.corrected, replacing, weighed.argmax(1))
        self.top = weighed[rows, self.best]
        self.marked = np.asarray(self.top > limits.clear)
        self.next = _without(weighed, self.best, -np.inf).max(1)
        self.inked, self.meant = thought.inked[rows, self.best], thought.meant[rows, self.best]
        self._others_seen_empty = _without(empty, self.best, np.inf).min(1)
        self.others_empty = np.where(self.marked, _without(clearly_empty, self.best, np.inf).min(1), empty.min(1))
        self.darkest, self.inside = measures.darkest[rows, self.best], measures.inside[rows, self.best]
        self._spread, self._reach = measures.spread[rows, self.best], measures.reach[rows, self.best]
        alike = (self.top >= limits.mark) & (self.top - self.next >= limits.gap) & (self.next <= limits.clear)
        self._known = int(alike.sum()) >= max(limits.least_marks, len(rows) * limits.known_share)
        pool = alike if self._known else np.ones(len(rows), bool)
        self._typical_dark, self._typical_inside, self._typical_spread = (
            float(np.median(values[pool])) for values in (self.darkest, self.inside, self._spread)
        )

    def second_mark(self, bilevel: bool) -> Flags:
        """Rows of which another box may be marked too; of a fax, those too where the end of a stroke is left beside it."""
        limits = self._limits
        other = (self.next > limits.nearly) & (self._others_seen_empty < limits.plain)
        if bilevel:
            other |= _without(self._measures.sides.max(2), self.best, 0).max(1) > limits.tail
        return np.asarray((self.others_empty < limits.apart) | other)

    def struck(self, bilevel: bool) -> Flags:
        """Boxes that look taken back, and blackened ones on a card of other marks: by the card's own words "not counted"."""
        limits = self._limits
        full, plain = (limits.scrubbed, limits.plainer) if bilevel else (limits.full, limits.plain)
        other = (self._typical_spread < limits.other_spread * full) | (self.inside > limits.more_ink * self._typical_inside)
        return np.asarray((self.meant < limits.meant) | ((self._spread > full) & other & (self.meant < plain)))

    def faint(self) -> Flags:
        """Rows whose mark the network does not see, or whose weak mark is little apart from the next box or a mere speck."""
        limits = self._limits
        weak = (self.top < limits.firm) & ((self._reach < limits.crossed) | (not self._known))
        close = (self.top < limits.mark) | (self.top - self.next < limits.gap)
        return np.asarray((self.inked < limits.inked) | (self._doubtful() & (weak | close)))

    def unlike(self) -> Flags:
        """Marks much darker, lighter or smaller than the other marks of the card: a hand keeps its pen, dirt does not."""
        limits = self._limits
        lighter = self.darkest < limits.as_dark * self._typical_dark
        smaller = self.inside < limits.as_full * self._typical_inside
        darker = self.darkest > limits.darker * self._typical_dark
        return np.asarray((self._doubtful() & (lighter | smaller)) | darker)

    def _doubtful(self) -> Flags:
        """Rows whose mark the network sees, but not so clearly that it needs no comparing."""
        return np.asarray(self.inked < self._limits.certain)

    def may_hide(self, bilevel: bool) -> Flags:
        """Rows without a mark on which one may be: of a fax, on restless paper, beside a box, in one not quite empty."""
        limits = self._limits
        noise = self._measures.noise
        if bilevel or noise > limits.restless:
            return np.ones(len(self.top), bool)
        unsure = self.others_empty < (limits.blanker if noise > limits.noise else limits.blank)
        unsure |= self.top > limits.unlooked
        return np.asarray(unsure | (self._beside() > limits.beside * max(self._typical_dark, limits.lightest_pen)))

    def _beside(self) -> Floats:
        """The darkest ink beside the boxes of each row: who misses a box means it. What lies towards a mark of the next row,
        under it or beside its column, belongs to that."""
        sides = self._measures.sides.copy()
        columns = np.arange(sides.shape[1])
        near = (np.abs(columns - self.best[:, None]) <= 1) & self.marked[:, None]
        sides[1:, :, ABOVE][near[:-1]] = 0
        sides[:-1, :, BELOW][near[1:]] = 0
        return np.asarray(sides.max((1, 2)), np.float32)


def _corrected(
    measures: Measures, weighed: Floats, thought: Opinion, empty: Floats, limits: Deciding
) -> tuple[Flags, Whole]:
    """Rows that surely say "not this one, that one", as the card asks those who err; and the box that is meant.

    What is struck out has its mark's ink and the strokes' besides: of two crosses, the larger is not taken for struck out.
    """
    rows, marked = np.arange(len(weighed)), np.minimum(thought.inked, thought.meant)
    best = marked.argmax(1)
    others = _without(empty, best, np.inf)
    taken_back = others.argmin(1)
    one = (np.sort(others, 1)[:, 1] > limits.apart) if others.shape[1] > 1 else np.ones(len(rows), bool)
    struck = (others[rows, taken_back] < limits.apart) & (thought.odd[rows, taken_back] > limits.struck)
    sure = (marked[rows, best] > limits.replacing) & (weighed[rows, best] > 0)
    more = measures.inside[rows, taken_back] > limits.more_struck * measures.inside[rows, best]
    return np.asarray(one & struck & sure & more), best


def _without(values: Floats, best: Whole, instead: float) -> Floats:
    """The values of each row with that of its best box put out of the running."""
    others = values.copy()
    others[np.arange(len(values)), best] = instead
    return others


def _kind(measures: Measures, row: _Rows, n: int, doubt: Doubt, limits: Deciding) -> Kind:
    box = int(row.best[n])
    if not row.marked[n]:
        return Kind.NONE
    if row.corrected[n]:
        return Kind.CORRECTED
    if doubt is Doubt.TWO_MARKS:
        return Kind.DOUBLE
    if measures.darkest[n, box] < limits.faint:
        return Kind.LIGHT
    if measures.spread[n, box] > limits.full:
        return Kind.FULL
    corners = measures.sides[n, box] > 0.3 * measures.darkest[n, box]
    crossed = corners.sum() >= 3 or (measures.reach[n, box] > 0.95 and corners[ABOVE] == corners[BELOW])
    return Kind.CROSS if crossed else Kind.TICK
