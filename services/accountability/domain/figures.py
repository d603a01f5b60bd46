"""The yearly table of measures by kind, and the figures that stand beside it.

They count five different things and are never added up: persons by their heaviest measure, cases circulated, cases filed,
persons held to account after complaints, persons sanctioned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chassis.errors import Invalid
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.words import Track


class Figure(StrEnum):
    """What is counted."""

    PERSONS_BY_MEASURE = "persons_by_measure"
    CASES_CIRCULATED = "cases_circulated"
    CASES_FILED = "cases_filed"
    HANDLED_AFTER_COMPLAINTS = "handled_after_complaints"
    SANCTIONED = "sanctioned"


OF_CASES = frozenset({Figure.CASES_CIRCULATED, Figure.CASES_FILED})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table and the measures counted in it."""

    key: str
    zh: str
    en: str
    measures: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableForm:
    """Which measures make which column. `ranks` weighs every measure; the last column takes what has none of its own."""

    columns: tuple[Column, ...]
    counted: frozenset[str]
    sanctions: frozenset[str]
    complaint_services: tuple[str, ...]
    ranks: Mapping[str, int]

    def column_of(self, measure: str) -> str:
        """The column a measure is counted in."""
        return next((one.key for one in self.columns if measure in one.measures), self.columns[-1].key)

    def measures_in(self, column: str) -> frozenset[str]:
        """The measures counted in a column; all that count for none named. Raises Invalid NO_SUCH_COLUMN."""
        if column and column not in {one.key for one in self.columns}:
            raise Invalid("NO_SUCH_COLUMN", "column", column=column)
        return frozenset(key for key in self.counted if not column or self.column_of(key) == column)


def read_form(setting: Mapping[str, Any], catalogue: Catalogue) -> TableForm:
    """The form of a jurisdiction's table. Raises ValueError naming the word at fault: none is quietly left out."""
    columns = tuple(Column(one["key"], one["zh"], one["en"], frozenset(one["measures"])) for one in setting["columns"])
    other = Column(**setting["other"], measures=frozenset())
    counted = _on_tracks(setting["tracks"], catalogue)
    named = [key for column in columns for key in column.measures]
    for key in named:
        if key not in counted or named.count(key) > 1:
            raise ValueError(
                f"setting statistics.measure_table: {key!r} is no measure of its tracks, or stands in two columns"
            )
    ranks = {key: measure.rank for key, measure in catalogue.measures.items()}
    sanctions = _on_tracks(setting["sanction_tracks"], catalogue)
    return TableForm((*columns, other), counted, sanctions, tuple(setting["complaint_services"]), ranks)


def _on_tracks(words: Sequence[str], catalogue: Catalogue) -> frozenset[str]:
    tracks = {Track(word) for word in words}
    return frozenset(key for key, measure in catalogue.measures.items() if measure.track in tracks)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid("PERIOD_BACKWARDS", "to_day")


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """The table and the figures beside it."""

    columns: tuple[tuple[Column, int], ...]
    beside: Mapping[Figure, int]

    @property
    def persons(self) -> int:
        """Everybody in the table."""
        return sum(persons for _, persons in self.columns)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One person or case behind a figure."""

    case_id: str
    case_number: str
    official_id: str
    unit_path: str
    measure: str
    on: date
