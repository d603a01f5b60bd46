"""Asking one table about one party's conduct: the rows that fire, and those that nearly do, cell by cell.

A row is about conduct words; rows about other conduct are not looked at. Of the rest every cell is looked at, also after
one was not met, because the explanation needs them all: a row with one or two cells not met is a near miss.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from services.accountability.rules.faults import InputMissing
from services.accountability.rules.table import Condition, Pack, RuleRow
from services.accountability.rules.words import (
    COUNT,
    ORDERED,
    SETS,
    Consequence,
    Post,
    Role,
    Severity,
    SubjectKind,
)

NEAR = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What one party did, as established: the typed input of the table. None is "not said", and is never guessed.

    `earlier` holds the days on which measures were decided on this party before, for counting repeats.
    """

    party_id: str
    fact_id: str
    conduct: str
    day: date
    severity: Severity | None
    consequence: Consequence | None
    role: Role | None
    post: Post | None
    subject_kind: SubjectKind | None
    mitigating: frozenset[str] | None
    aggravating: frozenset[str] | None
    trigger: frozenset[str] | None
    earlier: tuple[date, ...] | None
    management_line: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that was looked at: what the row demands, what the fact gives."""

    column: str
    demanded: str
    given: str
    met: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """One row that was looked at. It fired if nothing was missed."""

    row: RuleRow
    cells: tuple[Cell, ...]
    missed: int

    @property
    def fired(self) -> bool:
        """Whether every cell was met."""
        return not self.missed


Test = Callable[[Question], tuple[str, bool]]


class Table:
    """A pack, compiled: its rows by conduct word, each cell a test."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._rows: dict[str, list[tuple[RuleRow, tuple[tuple[str, str, Test], ...]]]] = {}
        for row in pack.rows:
            tests = tuple((cell.column, cell.demanded, _test(row.id, cell)) for cell in row.conditions)
            for word in row.conduct:
                self._rows.setdefault(word, []).append((row, tests))

    def ask(self, question: Question) -> tuple[Looked, ...]:
        """Every row about this conduct, in the table's order. Raises InputMissing naming row and column."""
        answers = []
        for row, tests in self._rows.get(question.conduct, ()):
            cells = []
            missed = 0
            for column, demanded, test in tests:
                given, met = test(question)
                cells.append(Cell(column, demanded, given, met))
                missed += not met
            answers.append(Looked(row, tuple(cells), missed))
        return tuple(answers)


def fired(looked: Iterable[Looked]) -> tuple[Looked, ...]:
    """The rows that fired."""
    return tuple(one for one in looked if one.fired)


def near_misses(looked: Iterable[Looked]) -> tuple[Looked, ...]:
    """The rows with one or two cells not met."""
    return tuple(one for one in looked if 0 < one.missed <= NEAR)


def _test(row: str, cell: Condition) -> Test:
    if cell.column in ORDERED:
        return _ordered(row, cell)
    if cell.column in SETS:
        return _set(row, cell)
    if cell.column == COUNT:
        return _count(row, cell)
    return _choice(row, cell)


def _ordered(row: str, cell: Condition) -> Test:
    words = tuple(ORDERED[cell.column])
    places = [words.index(word) for word in cell.operands]
    low = places[0] if cell.operator in ("from", "between") else 0
    high = places[-1] if cell.operator in ("to", "between") else len(words) - 1
    allowed = frozenset(cell.operands) if cell.operator == "is" else frozenset(words[low : high + 1])
    return _in(row, cell.column, allowed)


def _choice(row: str, cell: Condition) -> Test:
    return _in(row, cell.column, frozenset(cell.operands))


def _in(row: str, column: str, allowed: frozenset[str]) -> Test:
    def test(question: Question) -> tuple[str, bool]:
        given = getattr(question, column)
        if given is None:
            raise InputMissing(row, column, question.party_id)
        return given.value, given in allowed

    return test


def _set(row: str, cell: Condition) -> Test:
    column, wanted = cell.column, frozenset(cell.operands)
    holds: Callable[[frozenset[str]], bool] = {
        "any_of": lambda given: bool(given & wanted),
        "all_of": lambda given: wanted <= given,
        "none_of": lambda given: not given & wanted,
    }[cell.operator]

    def test(question: Question) -> tuple[str, bool]:
        given = getattr(question, column)
        if given is None:
            raise InputMissing(row, column, question.party_id)
        return ", ".join(sorted(given)), holds(given)

    return test


def _count(row: str, cell: Condition) -> Test:
    bound, months, at_least = int(cell.operands[0]), cell.months, cell.operator == "at_least"

    def test(question: Question) -> tuple[str, bool]:
        if question.earlier is None:
            raise InputMissing(row, COUNT, question.party_id)
        opens = months_before(question.day, months)
        times = 1 + sum(opens < day <= question.day for day in question.earlier)
        return str(times), times >= bound if at_least else times <= bound

    return test


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the month's last day where it has no such day."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
