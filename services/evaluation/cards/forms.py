"""The forms of cards and the words on them, as settings give them: sizes, margins and places, and no rule in code.

All in millimetres from the upper left corner; sizes of letters in points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.cards.geometry import Box


@dataclass(frozen=True, slots=True)
class Window:
    """A window envelope: its size, where its window lies, and how far that may be off, along and across."""

    width: float
    height: float
    window: Box
    along: float
    across: float

    @staticmethod
    def of(setting: Mapping[str, Sequence[float]]) -> Window:
        """The envelope as a setting gives it."""
        (width, height), (along, across) = setting["envelope"], setting["play"]
        return Window(width, height, Box(*setting["window"]), along, across)

    def sure(self, width: float, height: float) -> Box:
        """What of a folded sheet of this size is seen wherever it lies in the envelope."""
        x, y = self.window.x + self.along, self.window.y + self.across
        right = self.window.right - self.along - (self.width - width)
        return Box(x, y, right - x, self.window.bottom - self.across - (self.height - height) - y)

    def seen(self, width: float, height: float) -> Box:
        """What of a folded sheet of this size may be seen."""
        x = self.window.x - self.along - (self.width - width)
        y = self.window.y - self.across - (self.height - height)
        return Box(x, y, self.window.right + self.along - x, self.window.bottom + self.across - y)


@dataclass(frozen=True, slots=True)
class First:
    """What lies where on the first side; `example` is the corner of the picture that shows how to fill in a box."""

    qr: tuple[float, float]
    title: Box
    group: Box
    serial: Box
    address: Box
    note: Box
    example: tuple[float, float]
    instructions: Box
    table: float


@dataclass(frozen=True, slots=True)
class Next:
    """What lies where on every other side."""

    qr: tuple[float, float]
    title: Box
    group: Box
    serial: Box
    table: float


@dataclass(frozen=True, slots=True)
class Form:
    """One form of card.

    `edge` is how far the fiducials are from the edges of the paper, `quiet` what is left empty around them; `row` the least
    height of a row; `roomy` greater heights, each with the size of what is asked in it, the greatest first, for a card that
    takes no more sides by them; `column` how far boxes are apart at least and at most, `label` the least width of what is
    asked. The table of boxes ends at `bottom`. `window` names the envelope it goes back in, empty for one without;
    `letter` the one it is sent out in, with a window for the cover letter; `folded` is the height of the folded sheet, 0
    where it is not folded. `sheets` is how many a card may have.
    """

    name: str
    paper: str
    width: float
    height: float
    edge: float
    fiducial: float
    hole: float
    quiet: float
    qr: float
    box: float
    line: float
    row: float
    roomy: tuple[tuple[float, float], ...]
    column: tuple[float, float]
    label: float
    text: float
    title: float
    sheets: int
    window: str
    letter: str
    folded: float
    bottom: float
    foot: Box
    first: First
    next: Next

    @property
    def room(self) -> Box:
        """What may be written on: all between the fiducials on the left and those on the right."""
        inner = self.edge + self.fiducial + self.quiet
        return Box(inner, self.edge, self.width - 2 * inner, self.height - 2 * self.edge)

    @property
    def folds(self) -> tuple[float, ...]:
        """Where the sheet is folded."""
        if not self.folded:
            return ()
        return tuple(self.folded * count for count in range(1, round(self.height / self.folded)))

    @staticmethod
    def of(name: str, setting: Mapping[str, Any]) -> Form:
        """One form as a setting gives it. Raises KeyError or TypeError for a missing or unknown word."""
        given = dict(setting)
        page = given.pop("size")
        first, following = _boxes(given.pop("first")), _boxes(given.pop("next"))
        places: dict[str, Any] = {"foot": Box(*given.pop("foot")), "first": First(**first), "next": Next(**following)}
        low, high = given.pop("column")
        places["roomy"] = tuple((height, size) for height, size in given.pop("roomy"))
        return Form(name=name, width=page[0], height=page[1], column=(low, high), **places, **given)


@dataclass(frozen=True, slots=True)
class LetterForm:
    """Where things stand on a cover letter; `folded` is the height it is folded to."""

    width: float
    height: float
    folded: float
    addressee: Box
    heading: Box
    body: Box
    foot: Box

    @property
    def folds(self) -> tuple[float, ...]:
        """Where it is folded."""
        return tuple(self.folded * count for count in range(1, round(self.height / self.folded)))

    @staticmethod
    def of(setting: Mapping[str, Any]) -> LetterForm:
        """The letter as a setting gives it."""
        width, height = setting["size"]
        return LetterForm(width, height, setting["folded"], *(Box(*setting[name]) for name in _OF_LETTER))


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences on a card. `{day}`, `{group}`, `{sheet}` and `{sheets}` are filled in."""

    fill: str
    correct: str
    dont_know: str
    fold: str
    post: str
    note: str
    chosen: str
    struck: str
    group: str
    serial: str
    question: str
    continued: str
    sheet: str
    front: str
    back: str
    turn: str
    more: str


_OF_LETTER = ("addressee", "heading", "body", "foot")


def forms(setting: Mapping[str, Mapping[str, Any]]) -> dict[str, Form]:
    """All forms of the setting `cards.forms`, by name."""
    return {name: Form.of(name, one) for name, one in setting.items()}


def _boxes(given: Mapping[str, Any]) -> dict[str, Any]:
    kinds: dict[int, Any] = {2: lambda place: (place[0], place[1]), 4: lambda place: Box(*place)}
    return {name: kinds[len(one)](one) if isinstance(one, list) else one for name, one in given.items()}
