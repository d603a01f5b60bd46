"""Where everything on a card lies, in millimetres: one description that the print, the reader and the bench go by.

Here: places and nothing else. Not here: how they are chosen (`cards.design`), what is written there (`cards.sheet`), how
they are found again on a picture. All places count from the upper left corner of the upright page, x to the right, y down,
and are kept to a hundredth of a millimetre.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle: its upper left corner and its size. A drawn box has its line centred on this edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly within this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right + 1e-6
            and other.bottom <= self.bottom + 1e-6
        )

    def meets(self, other: Box) -> bool:
        """Whether the two have any surface in common."""
        apart = self.right <= other.x + 1e-6 or other.right <= self.x + 1e-6
        return not (apart or self.bottom <= other.y + 1e-6 or other.bottom <= self.y + 1e-6)


@dataclass(frozen=True, slots=True)
class Fiducial:
    """A black square that the page is found by: its centre, its side, and the side of the white square in its middle.

    `hole` is 0 for a full square; only the upper left one has a hole, so that a page upside down is known as such.
    """

    x: float
    y: float
    size: float
    hole: float = 0.0

    @property
    def box(self) -> Box:
        """The square itself."""
        return Box(round(self.x - self.size / 2, 2), round(self.y - self.size / 2, 2), self.size, self.size)


@dataclass(frozen=True, slots=True)
class RowPlace:
    """One row: one question about one object.

    `row` is its place on the ballot (object x dimension, `plan.Paper`), `label` where it is written, `cut` the strip that
    is cut out for people to look at, `boxes` the boxes to tick, in the order of `Geometry.answers`.
    """

    row: int
    label: Box
    cut: Box
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: 1 is the front, 2 the back. Fiducials go round: upper left, upper right, lower right, lower left.

    `qr` is the picture's own square, its white border around it not counted; `room` is all that lies between the
    fiducials and may be written on.
    """

    side: int
    fiducials: tuple[Fiducial, Fiducial, Fiducial, Fiducial]
    qr: Box
    room: Box
    rows: tuple[RowPlace, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper, numbered from 1."""

    number: int
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Geometry:
    """A whole card.

    `answers` is what each box of a row stands for, as a byte on the ballot: the places of the scale from 1, and 255 for
    "don't know". `line` is how thick the boxes are drawn, `ink` how dark, from 0 (black) to 255 (paper).
    """

    version: int
    paper: str
    width: float
    height: float
    answers: tuple[int, ...]
    line: float
    ink: int
    sheets: tuple[Sheet, ...]

    @property
    def sides(self) -> Iterator[tuple[int, Side]]:
        """All sides in the order of printing, each with the number of its sheet."""
        return ((sheet.number, side) for sheet in self.sheets for side in sheet.sides)

    def side(self, sheet: int, side: int) -> Side | None:
        """One side of one sheet, or None where the card has no such thing."""
        return next((one for number, one in self.sides if (number, one.side) == (sheet, side)), None)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of all sides, in the order of printing."""
        return tuple(place.row for _, side in self.sides for place in side.rows)

    def digest(self) -> bytes:
        """The SHA-256 of its canonical JSON; its first bytes stand in every QR code (`cards.serial`)."""
        return hashlib.sha256(to_json(self).encode()).digest()


def to_json(geometry: Geometry) -> str:
    """The geometry as canonical JSON: sorted keys, no spaces, so that the same geometry is the same text."""
    return json.dumps(asdict(geometry), sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Geometry:
    """A geometry from `to_json`. Raises ValueError if it is none, or of a version not known here."""
    try:
        read = json.loads(text)
        if read["version"] != VERSION:
            raise ValueError(f"a geometry of version {read['version']}, known is {VERSION}")
        plain: dict[str, Any] = {key: read[key] for key in ("version", "paper", "line", "ink")}
        plain |= {"width": float(read["width"]), "height": float(read["height"])}
        sheets = tuple(Sheet(one["number"], tuple(_side(side) for side in one["sides"])) for one in read["sheets"])
        return Geometry(**plain, answers=tuple(read["answers"]), sheets=sheets)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"no geometry: {wrong}") from wrong


def _side(read: dict[str, Any]) -> Side:
    first, second, third, fourth = (Fiducial(**one) for one in read["fiducials"])
    rows = tuple(
        RowPlace(one["row"], Box(**one["label"]), Box(**one["cut"]), tuple(Box(**box) for box in one["boxes"]))
        for one in read["rows"]
    )
    return Side(read["side"], (first, second, third, fourth), Box(**read["qr"]), Box(**read["room"]), rows)
