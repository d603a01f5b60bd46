"""Promise and delivery (承诺践诺): what a unit promises for a year, what it reports, and what the office finds.

Three hands: the unit promises and reports, the office confirms; nobody confirms an own report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Self

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed


class PromiseState(Enum):
    """Where a promise stands."""

    MADE = "made"
    REPORTED = "reported"
    CONFIRMED = "confirmed"


NEXT: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.MADE: frozenset({PromiseState.REPORTED}),
    PromiseState.REPORTED: frozenset({PromiseState.REPORTED, PromiseState.CONFIRMED}),
    PromiseState.CONFIRMED: frozenset(),
}


class Delivery(Enum):
    """What became of a promise."""

    DELIVERED = "delivered"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is promised: in words, by which measure, how much, until when."""

    text: str
    measure: str
    target: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """What the unit says became of it, and the record that shows it."""

    delivery: Delivery
    result: str
    evidence: str
    by: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the office found."""

    delivery: Delivery
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of a unit for a year."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    state: PromiseState
    unit_id: str
    unit_name: str
    year: int
    wording: Wording
    recorded_by: str
    recorded_at: datetime
    report: Report | None = None
    confirmed: Confirmed | None = None

    @classmethod
    def made(
        cls,
        id: str,
        number: str,
        unit: tuple[str, str, str, str],
        year: int,
        wording: Wording,
        by: str,
        at: datetime,
    ) -> Self:
        """A new promise; `unit` is id, name, path and jurisdiction path. Raises Invalid PROMISE_YEAR, PROMISE_DUE."""
        this_year = local_day(at).year
        if year not in (this_year, this_year + 1):
            raise Invalid("PROMISE_YEAR", "year", year=year)
        if wording.due_on.year != year:
            raise Invalid("PROMISE_DUE", "due_on", year=year)
        unit_id, name, unit_path, jurisdiction_path = unit
        return cls(id, 1, unit_path, jurisdiction_path, number, PromiseState.MADE, unit_id, name, year, wording, by, at)

    def tell(self, delivery: Delivery, result: str, evidence: str, by: str, at: datetime) -> Promise:
        """The promise with what became of it. Raises Conflict PROMISE_CONFIRMED."""
        told = self._to(PromiseState.REPORTED)
        late = local_day(at) > self.wording.due_on
        return replace(told, report=Report(delivery, result, evidence, by, at, late))

    def confirm(self, delivery: Delivery | None, note: str, by: str, at: datetime) -> Promise:
        """What the office found, as reported if it says nothing else.

        Raises Conflict PROMISE_NOT_REPORTED, PROMISE_CONFIRMED; NotAllowed OWN_REPORT; Invalid FINDING_WITHOUT_REASON.
        """
        if self.report is None:
            raise Conflict("PROMISE_NOT_REPORTED", number=self.number)
        confirmed = self._to(PromiseState.CONFIRMED)
        if self.report.by == by:
            raise NotAllowed("OWN_REPORT")
        found = delivery or self.report.delivery
        if found is not self.report.delivery and not note.strip():
            raise Invalid("FINDING_WITHOUT_REASON", "note")
        return replace(confirmed, confirmed=Confirmed(found, note, by, at))

    def _to(self, state: PromiseState) -> Promise:
        if state not in NEXT[self.state]:
            raise Conflict("PROMISE_CONFIRMED", number=self.number)
        return replace(self, version=self.version + 1, state=state)
