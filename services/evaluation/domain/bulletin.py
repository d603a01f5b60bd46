"""Bulletins: drafted by one person, read and issued by another, numbered without a gap, never changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from chassis.errors import Conflict, NotAllowed


class BulletinState(Enum):
    """Where a bulletin stands."""

    DRAFT = "draft"
    ISSUED = "issued"


class BulletinFormat(Enum):
    """The file a bulletin is given as."""

    PDF = "pdf"
    WORD = "word"
    EXCEL = "excel"


NEXT: dict[BulletinState, frozenset[BulletinState]] = {
    BulletinState.DRAFT: frozenset({BulletinState.ISSUED}),
    BulletinState.ISSUED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes bulletins for a jurisdiction: the office, the word of its series, and to whom they go."""

    issuer: str
    series: str
    to: str

    def number(self, year: int, place: int) -> str:
        """The number in full: 评议通报〔2026〕3号."""
        return f"{self.series}〔{year}〕{place}号"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin about one campaign, or with an empty `campaign_id` about a year. `paper` is what was issued, as JSON."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    state: BulletinState
    title: str
    campaign_id: str
    year: int
    opening: str
    drafted_by: str
    drafted_at: datetime
    number: str = ""
    issued_by: str = ""
    issued_at: datetime | None = None
    paper: str = ""

    def may_be_issued(self, by: str) -> None:
        """Raises Conflict BULLETIN_ISSUED once it is, NotAllowed OWN_BULLETIN to whoever drafted it."""
        if BulletinState.ISSUED not in NEXT[self.state]:
            raise Conflict("BULLETIN_ISSUED", number=self.number)
        if by == self.drafted_by:
            raise NotAllowed("OWN_BULLETIN")

    def issue(self, by: str, at: datetime, number: str, paper: str) -> Bulletin:
        """The bulletin as it is issued. Raises as `may_be_issued`."""
        self.may_be_issued(by)
        issued = replace(self, version=self.version + 1, state=BulletinState.ISSUED, number=number)
        return replace(issued, issued_by=by, issued_at=at, paper=paper)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bulletin is to be about: one campaign, or all of a year in a jurisdiction."""

    campaign_id: str
    year: int
    jurisdiction_path: str
    title: str
    opening: str


@dataclass(frozen=True, slots=True)
class File:
    """A bulletin as somebody takes it away."""

    content: bytes
    title: str
    number: str
    format: BulletinFormat
