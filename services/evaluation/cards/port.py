"""Between the pipeline and whoever reads pages: what goes in, what comes out. The pipeline never opens a file itself.

A reader process asks `count` once for a file, then `read` for some of its pages at a time, perhaps in several processes at
once and again after one was killed: so both are pure. What cannot be read is answered, not raised: the batch goes on. An
exception, or a process that dies, is a page tried again and in the end parked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from services.evaluation.cards.geometry import Geometry

NO_MARK = 0  # what a row says in which nothing is ticked, as on a ballot


class Verdict(Enum):
    """Whether a row may be taken as read, or people are asked."""

    SURE = "sure"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class RowRead:
    """One row as a machine read it.

    `row` is its place on the ballot (`geometry.RowPlace.row`), `mark` the ballot's byte (one of `Geometry.answers`, or
    NO_MARK); with ASK it is what the machine would have said, which nobody is shown who keys the row. `measures` are what
    the verdict rests on, by name. `cut` is the row cut out upright (PNG or JPEG), given with ASK; with SURE it may be empty.
    """

    row: int
    mark: int
    verdict: Verdict
    measures: Mapping[str, float | str] = field(default_factory=dict)
    cut: bytes = b""


@dataclass(frozen=True, slots=True)
class CardRead:
    """One side of one sheet of one card, found on a page: several may lie on one glass.

    `page` counts from 1, `place` from 0 on the page. `serial` is the printed one (`cards.serial`); `mark` that of the
    geometry it was printed by. `rows` holds every row that side has, in any order. `picture` is the side upright, as people
    look at it (JPEG or PNG).
    """

    page: int
    place: int
    serial: str = field(repr=False)
    mark: str
    sheet: int
    side: int
    rows: tuple[RowRead, ...]
    picture: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something on a page, a page, or with page 0 a whole file that is not read, and the reason's word.

    `picture` shows what was seen, where anything was, for whoever looks why.
    """

    page: int
    place: int
    reason: str
    picture: bytes = field(default=b"", repr=False)


class CardReader(Protocol):
    """Reads pages. `name` is what the file was called; `known` holds the geometries of the campaign by their marks
    (`serial.mark(geometry.digest())`). A card printed by another one is answered with Refused CARD_OF_ANOTHER_CAMPAIGN."""

    def count(self, content: bytes, name: str) -> int | Refused:
        """How many pages a file has; Refused where it is none that can be read: too large, locked, broken, of another type
        than it says."""

    def read(
        self, content: bytes, name: str, known: Mapping[str, Geometry], first: int = 1, last: int | None = None
    ) -> Iterator[CardRead | Refused]:
        """What lies on the pages from `first` to `last` (from 1, both read too; None: to the end), page by page in their
        order. A page on which nothing was found is Refused."""
