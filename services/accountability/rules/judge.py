"""Asking one table about one party's conduct: the rows that fire, and those that nearly do, cell by cell.

A row is about conduct words; rows about other conduct are not looked at. Of the rest every cell counts, also after one
was not met, because the explanation needs them all: a row with one or two cells not met is a near miss. A row that is off
is looked at apart: it never fires, asks for nothing that was not said, and is a near miss also with every cell met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from services.accountability.rules.faults import InputMissing
from services.accountability.rules.periods import Running, months_after, months_before
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

KEPT_ANSWERS = 1000
__all__ = ["NOTHING", "Cell", "Looked", "Question", "Said", "Table", "months_after", "months_before"]


@dataclass(frozen=True, slots=True)
class Question:
    """What one party did, as established: the typed input of the table. None is "not said", and is never guessed.

    `earlier` holds the days on which measures were decided on this party before, for counting repeats; `running` the
    measures with a period that the ledger knows of this party, over or not.
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
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that was looked at: what the row demands, what the fact gives."""

    column: str
    demanded: str
    given: str
    met: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """One row with every cell that was looked at."""

    row: RuleRow
    cells: tuple[Cell, ...]

    @property
    def unmet(self) -> tuple[Cell, ...]:
        """The cells that were not met."""
        return tuple([cell for cell in self.cells if not cell.met])


@dataclass(frozen=True, slots=True)
class Said:
    """What a table says: the rows that fired, and the near misses, in the table's order, those that are off last."""

    fired: tuple[Looked, ...]
    near: tuple[Looked, ...]

    @property
    def off(self) -> tuple[Looked, ...]:
        """The rows that would have fired if they were on."""
        return tuple([looked for looked in self.near if looked.row.off and not looked.unmet])


NOTHING = Said((), ())


class Table:
    """A pack, compiled by conduct word."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.conduct_words = pack.conduct_words
        self.circumstance_words = pack.circumstance_words
        self._chapters = _chapters([row for row in pack.rows if not row.off])
        self._off = _chapters([row for row in pack.rows if row.off])

    def ask(self, question: Question) -> Said:
        """The rows about this conduct. Raises InputMissing naming row and column, whatever the other cells say."""
        chapter, off = self._chapters.get(question.conduct), self._off.get(question.conduct)
        said = chapter.ask(question) if chapter else NOTHING
        return Said(said.fired, said.near + off.nearly(question)) if off else said


def _chapters(rows: Sequence[RuleRow]) -> dict[str, _Chapter]:
    words = dict.fromkeys(word for row in rows for word in row.conduct)
    return {word: _Chapter([row for row in rows if word in row.conduct]) for word in words}


class _Chapter:
    """The rows about one conduct, all asked at once.

    What they look at is drawn from the question once. Cells that look at the same thing form a lane, which knows for a
    value the rows that miss it, as bits; counting misses over the lanes is then a few operations on whole numbers.
    """

    def __init__(self, rows: Sequence[RuleRow]) -> None:
        draws: dict[tuple[str, int], int] = {}
        lanes: dict[tuple[int, int], dict[int, _Answers]] = {}
        self._rows: list[tuple[RuleRow, list[tuple[int, _Answers]]]] = []
        for number, row in enumerate(rows):
            cells = [(draws.setdefault((cell.column, cell.months), len(draws)), _Answers(cell)) for cell in row.conditions]
            for nth, (place, answers) in enumerate(cells):
                again = sum(other == place for other, _ in cells[:nth])
                lanes.setdefault((place, again), {})[number] = answers
            self._rows.append((row, cells))
        self._draws = list(draws)
        self._lanes = [(place, _Lane(cells)) for (place, _), cells in lanes.items()]
        self._every = (1 << len(rows)) - 1

    def ask(self, question: Question) -> Said:
        values = [_drawn(question, column, months) for column, months in self._draws]
        if None in values:
            self._refuse(values, question.party_id)
        return self._asked(values)

    def nearly(self, question: Question) -> tuple[Looked, ...]:
        """The same of rows that are off: what would fire and what nearly would; nothing if an input was not said."""
        values = [_drawn(question, column, months) for column, months in self._draws]
        if None in values:
            return ()
        said = self._asked(values)
        return said.fired + said.near

    def _asked(self, values: list[Any]) -> Said:
        once = twice = thrice = 0
        for place, lane in self._lanes:
            misses = lane[values[place]]
            thrice |= twice & misses
            twice |= once & misses
            once |= misses
        return Said(self._picked(self._every & ~once, values), self._picked(once & ~thrice, values))

    def _picked(self, rows: int, values: list[Any]) -> tuple[Looked, ...]:
        picked = []
        while rows:
            lowest = rows & -rows
            row, cells = self._rows[lowest.bit_length() - 1]
            picked.append(Looked(row, tuple([answers[values[place]] for place, answers in cells])))
            rows ^= lowest
        return tuple(picked)

    def _refuse(self, values: list[Any], party: str) -> NoReturn:
        """Names the first row and column that ask for what was not said."""
        row, place = next((row, place) for row, cells in self._rows for place, _ in cells if values[place] is None)
        raise InputMissing(row.id, self._draws[place][0], party)


class _Lane(dict[Any, int]):
    """Cells of different rows that look at the same thing: which rows miss a value, one bit a row."""

    def __init__(self, cells: Mapping[int, _Answers]) -> None:
        super().__init__()
        self._cells = cells

    def __missing__(self, given: Any) -> int:
        misses = sum(1 << number for number, answers in self._cells.items() if not answers[given].met)
        if len(self) < KEPT_ANSWERS:
            self[given] = misses
        return misses


def _drawn(question: Question, column: str, months: int) -> Any:
    """What a question says under a column; for a count, how many times in so many months, this one included."""
    if column != COUNT:
        return getattr(question, column)
    if not question.earlier:
        return None if question.earlier is None else 1
    opens = months_before(question.day, months)
    return 1 + sum([opens < day <= question.day for day in question.earlier])


class _Answers(dict[Any, Cell]):
    """One cell's answers by what was given: each is worked out when it is first met and the same ever after."""

    def __init__(self, condition: Condition) -> None:
        super().__init__()
        self._column, self._demanded, self._test = condition.column, condition.demanded, _test(condition)

    def __missing__(self, given: Any) -> Cell:
        shown = ", ".join(sorted(given)) if isinstance(given, frozenset) else str(given)
        answer = Cell(self._column, self._demanded, shown, self._test(given))
        if len(self) < KEPT_ANSWERS:
            self[given] = answer
        return answer


def _test(cell: Condition) -> Callable[[Any], bool]:
    if cell.column == COUNT:
        bound, at_least = int(cell.operands[0]), cell.operator == "at_least"
        return lambda times: times >= bound if at_least else times <= bound
    if cell.column in SETS:
        return _set(cell.operator, frozenset(cell.operands))
    allowed = _allowed(cell)
    return lambda given: given in allowed


def _allowed(cell: Condition) -> frozenset[str]:
    """The words that meet a cell of a column of choices or of an ordered one."""
    if cell.operator == "is":
        return frozenset(cell.operands)
    words = tuple(ORDERED[cell.column])
    places = [words.index(ORDERED[cell.column](word)) for word in cell.operands]
    low = places[0] if cell.operator in ("from", "between") else 0
    high = places[-1] if cell.operator in ("to", "between") else len(words) - 1
    return frozenset(words[low : high + 1])


def _set(operator: str, wanted: frozenset[str]) -> Callable[[Any], bool]:
    tests: dict[str, Callable[[frozenset[str]], bool]] = {
        "any_of": lambda given: bool(given & wanted),
        "all_of": lambda given: wanted <= given,
        "none_of": lambda given: not given & wanted,
    }
    return tests[operator]
