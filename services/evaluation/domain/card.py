"""A card as the box knows it: which rows are decided, which are asked of people, and what became of it.

A row is sure only if every reading of it was sure of the same mark; any other is asked of two people who key it apart, and
where they differ of a third. A card is counted when no row of any of its sides is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from chassis.errors import Conflict, Invalid, NotAllowed
from services.evaluation.domain.ballot import BallotClass

OPEN_ROW = 254  # neither a grade nor "don't know": nothing is decided yet


class CardState(Enum):
    """Where a card stands."""

    OPEN = "open"
    COMPLETE = "complete"
    COUNTED = "counted"
    REFUSED = "refused"


class DoubtState(Enum):
    """Where a row stands that people are asked for."""

    ASKED = "asked"
    DISPUTED = "disputed"
    DECIDED = "decided"


class Origin(Enum):
    """Why people are asked: the machine was not sure, copies differ, the card is keyed from the paper, a sample."""

    MACHINE = "machine"
    COPIES = "copies"
    DESK = "desk"
    SAMPLE = "sample"


NEXT: dict[CardState, frozenset[CardState]] = {
    CardState.OPEN: frozenset({CardState.COMPLETE, CardState.REFUSED}),
    CardState.COMPLETE: frozenset({CardState.OPEN, CardState.COUNTED, CardState.REFUSED}),
    CardState.COUNTED: frozenset(),
    CardState.REFUSED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `marks` holds a byte for each cell of the ballot, OPEN_ROW where nothing is decided; cells that are not on
    the card are blank. `copies` says how often a side came again."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    serial_hash: bytes
    design_id: str
    state: CardState
    reason: str
    received_at: datetime
    by_hand: bool
    paper_place: str
    marks: bytes
    copies: int = 0
    ballot_class: int = 0
    position: int = -1
    leaf_hash: bytes = b""

    @property
    def rows_open(self) -> int:
        """How many rows are not decided."""
        return self.marks.count(OPEN_ROW)

    @property
    def ended(self) -> bool:
        """Whether nothing changes it any more."""
        return not NEXT[self.state]

    def marked(self, marks: Iterable[tuple[int, int]], copies: int = 0) -> Card:
        """The card with these rows set; open again where a row is, complete where none is any more."""
        cells = bytearray(self.marks)
        for row, mark in marks:
            cells[row] = mark
        state = CardState.OPEN if OPEN_ROW in cells else CardState.COMPLETE
        return replace(self, version=self.version + 1, marks=bytes(cells), state=state, copies=self.copies + copies)

    def counted(self, ballot_class: BallotClass, position: int, leaf_hash: bytes) -> Card:
        """The card with its ballot in the box."""
        placed = replace(self, ballot_class=ballot_class.value, position=position, leaf_hash=leaf_hash)
        return placed._to(CardState.COUNTED)

    def refused(self, reason: str) -> Card:
        """The card that is not counted, and why."""
        return replace(self, reason=reason)._to(CardState.REFUSED)

    def _to(self, state: CardState) -> Card:
        if state not in NEXT[self.state]:
            raise Conflict("CARD_ALREADY_COUNTED")
        return replace(self, version=self.version + 1, state=state)


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one person keyed."""

    by: str
    mark: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that people are asked for. `counted` is, for a sample, the mark that was counted; else -1."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    card_id: str
    row: int
    origin: Origin
    state: DoubtState
    first_by: str = ""
    second_by: str = ""
    third_by: str = ""
    keyings: tuple[Keyed, ...] = ()
    mark: int = -1
    counted: int = -1

    def key(self, keyed: Keyed) -> Doubt:
        """The row with one more answer. Raises Conflict ROW_NOT_ASKED, NotAllowed ROW_KEYED_BY_YOU."""
        if self.state is not DoubtState.ASKED:
            raise Conflict("ROW_NOT_ASKED")
        self._must_be_another(keyed.by)
        both = (*self.keyings, keyed)
        marks = [one.mark for one in both]
        agreed = len(both) == 2 and marks[0] == marks[1]
        if agreed or self.counted == keyed.mark:
            return self._with(both, DoubtState.DECIDED, keyed.mark)
        return self._with(both, DoubtState.DISPUTED if len(both) == 2 else DoubtState.ASKED)

    def decide(self, keyed: Keyed, again: int) -> Doubt:
        """The row decided by a third. Raises Conflict ROW_NOT_DISPUTED, NotAllowed ROW_KEYED_BY_YOU, Invalid
        DECISION_NOT_CONFIRMED where who decides alone did not say the same twice."""
        if self.state is not DoubtState.DISPUTED:
            raise Conflict("ROW_NOT_DISPUTED")
        self._must_be_another(keyed.by)
        if keyed.mark != again:
            raise Invalid("DECISION_NOT_CONFIRMED", "again")
        return self._with((*self.keyings, keyed), DoubtState.DECIDED, keyed.mark)

    def _must_be_another(self, by: str) -> None:
        if any(one.by == by for one in self.keyings):
            raise NotAllowed("ROW_KEYED_BY_YOU")

    def _with(self, keyings: tuple[Keyed, ...], state: DoubtState, mark: int = -1) -> Doubt:
        first, second, third = ([one.by for one in keyings] + ["", "", ""])[:3]
        keyed = replace(self, first_by=first, second_by=second, third_by=third)
        return replace(keyed, version=self.version + 1, keyings=keyings, state=state, mark=mark)


@dataclass(frozen=True, slots=True)
class CardsLeft:
    """What of a campaign's cards is not done: pages that wait or are parked, rows that people are asked for, cards."""

    pages: int
    rows: int
    cards: int

    def must_be_none(self) -> None:
        """Raises Conflict CARDS_NOT_DONE where anything is left: whoever sent these in would be left out."""
        if self.pages or self.rows or self.cards:
            raise Conflict("CARDS_NOT_DONE", "leave_cards", pages=self.pages, rows=self.rows, cards=self.cards)


def must_be_answer(mark: int, answers: Sequence[int]) -> None:
    """Raises Invalid RATING_OUTSIDE_SCALE for what nobody could tick; 0 says that nothing, or nothing clear, is."""
    if mark and mark not in answers:
        raise Invalid("RATING_OUTSIDE_SCALE", "grade")
