"""Bulletins: the complaints of a week, a month or a quarter, frozen when drafted, issued by another with a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from chassis.errors import Conflict, Invalid, NotAllowed
from services.complaints.domain.views import Figures

TABLES = ("channel", "unit", "category")


class Period(Enum):
    """How long a bulletin looks back."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """How many months it has; a week has none."""
        return {Period.WEEK: 0, Period.MONTH: 1, Period.QUARTER: 3}[self]

    def begins(self, day: date) -> bool:
        """Whether a period of this length begins on this day."""
        if self is Period.WEEK:
            return day.weekday() == 0
        return day.day == 1 and (day.month - 1) % self.months == 0

    def after(self, since: date) -> date:
        """The first day of the next period."""
        if self is Period.WEEK:
            return since + timedelta(weeks=1)
        month = since.month - 1 + self.months
        return date(since.year + month // 12, month % 12 + 1, 1)

    def before(self, since: date) -> date:
        """The first day of the period before."""
        if self is Period.WEEK:
            return since - timedelta(weeks=1)
        month = since.month - 1 - self.months
        return date(since.year + month // 12, month % 12 + 1, 1)


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
        """The number in full: 投诉通报〔2026〕3号."""
        return f"{self.series}〔{year}〕{place}号"


@dataclass(frozen=True, slots=True)
class Tabled:
    """Figures by one key."""

    by: str
    rows: tuple[Figures, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a bulletin counts: everything as 件, the same as 事, the period before it, and its tables."""

    total: Figures
    matters: Figures
    before: Figures
    tables: tuple[Tabled, ...]


@dataclass(frozen=True, slots=True)
class ComplaintBulletin:
    """A bulletin. `names` are those of the units as they were called then; `paper` is what was issued, as JSON."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    state: BulletinState
    period: Period
    since: date
    until: date
    title: str
    opening: str
    drafted_by: str
    drafted_at: datetime
    frozen: Frozen
    names: dict[str, str]
    number: str = ""
    issued_by: str = ""
    issued_at: datetime | None = None
    paper: str = ""

    def may_be_issued(self, by: str) -> None:
        """Raises Conflict BULLETIN_ISSUED once it is, NotAllowed SAME_PERSON to whoever drafted it."""
        if BulletinState.ISSUED not in NEXT[self.state]:
            raise Conflict("BULLETIN_ISSUED", number=self.number)
        if by == self.drafted_by:
            raise NotAllowed("SAME_PERSON")

    def issue(self, by: str, at: datetime, number: str, paper: str) -> ComplaintBulletin:
        """The bulletin as it is issued. Raises as `may_be_issued`."""
        self.may_be_issued(by)
        issued = replace(self, version=self.version + 1, state=BulletinState.ISSUED, number=number)
        return replace(issued, issued_by=by, issued_at=at, paper=paper)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bulletin is to be about."""

    period: Period
    since: date
    jurisdiction_path: str
    title: str
    opening: str

    def check(self, today: date) -> None:
        """Refuses a period that does not begin on this day, and one that is not over: what follows would change it."""
        if not self.period.begins(self.since):
            raise Invalid("PERIOD_INVALID", "since")
        if self.until >= today:
            raise Conflict("PERIOD_NOT_OVER", "since", until=self.until.isoformat())

    @property
    def until(self) -> date:
        """Its last day."""
        return self.period.after(self.since) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Which complaints of a bulletin are asked for: those one figure counts, under one key where `by` names one."""

    figure: str
    by: str
    key: str
    matters_only: bool


@dataclass(frozen=True, slots=True)
class File:
    """A bulletin as somebody takes it away."""

    content: bytes
    title: str
    number: str
    format: BulletinFormat
