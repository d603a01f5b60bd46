"""The lines of a card's table poured into its sides, beside the folds.

Here: on which side and at which height each line lies. Not here: which lines there are (`cards.design`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from chassis.errors import Invalid
from papers.cards_fit import lines_of
from services.evaluation.cards.forms import Form, Said

_CLEAR = 1.5  # how far a box stays from a fold


class Kind(Enum):
    """What a line of the table is: a group of objects, an object with several questions, or a row with boxes."""

    SECTION = "section"
    OBJECT = "object"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: its words, its place from top to bottom once it has one, and the ballot's row."""

    kind: Kind
    text: str
    height: float
    row: int = -1
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One side as it is designed."""

    sheet: int
    side: int
    table: float
    lines: tuple[Line, ...]


class Flow:
    """Lines poured into sides from top to bottom: an object stays together where a side has room for it."""

    def __init__(self, form: Form, said: Said, sides: int, head_height: float, text: float) -> None:
        self._form, self._said, self._of_sheet, self._head, self._text = form, said, sides, head_height, text
        self._sides: list[list[Line]] = []
        self._y = 0.0
        self._turn()

    def poured(self, blocks: Sequence[Sequence[Line]]) -> tuple[Drawn, ...]:
        """The sides that hold the blocks."""
        for block in blocks:
            if self._fits(block, self._y):
                self._put(block)
            elif self._sides[-1] and self._fits(block, self._table(False)):
                self._turn()
                self._put(block)
            else:
                self._break(block)
        return tuple(self._drawn(place, lines) for place, lines in enumerate(self._sides))

    def _break(self, block: Sequence[Line]) -> None:
        """A block that no side has room for goes over several, its head repeated."""
        head = [line for line in block if line.kind is not Kind.ROW]
        again = [self._again(line) for line in head if line.kind is Kind.OBJECT]
        for row in block[len(head) :]:
            if not self._fits([*head, row], self._y):
                self._turn()
                head = head or again
                if not self._fits([*head, row], self._y):
                    raise Invalid("CARD_NAME_TOO_LONG", "plan", name=row.text)
            self._put([*head, row])
            head = []

    def _again(self, line: Line) -> Line:
        """An object's name on the next side. One that fills its two lines is repeated as it is."""
        text, width = line.text + self._said.continued, self._form.room.width - 2
        longer = lines_of(text, self._text, width) > lines_of(line.text, self._text, width)
        return line if longer else Line(line.kind, text, line.height)

    def _turn(self) -> None:
        self._sides.append([])
        self._y = self._table(len(self._sides) == 1)

    def _table(self, first: bool) -> float:
        return (self._form.first.table if first else self._form.next.table) + self._head

    def _fits(self, block: Sequence[Line], y: float) -> bool:
        for line in block:
            y = self._beside_folds(line, y) + line.height
        return y <= self._form.bottom

    def _put(self, block: Sequence[Line]) -> None:
        for line in block:
            y = round(self._beside_folds(line, self._y), 2)
            self._sides[-1].append(Line(line.kind, line.text, line.height, line.row, y))
            self._y = y + line.height

    def _beside_folds(self, line: Line, y: float) -> float:
        """Where a line begins so that no fold runs through its boxes: what is folded there is read badly."""
        if line.kind is not Kind.ROW:
            return y
        above = y + (line.height - self._form.box) / 2 - _CLEAR
        below = above + self._form.box + 2 * _CLEAR
        crossed = next((fold for fold in self._form.folds if above < fold < below), None)
        return y if crossed is None else y + crossed - above

    def _drawn(self, place: int, lines: Sequence[Line]) -> Drawn:
        sheet, side = divmod(place, self._of_sheet)
        return Drawn(sheet + 1, side + 1, self._form.first.table if place == 0 else self._form.next.table, tuple(lines))
