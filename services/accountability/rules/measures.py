"""The measures catalogue: what may be imposed on whom, how heavy it is, what it bars, and which organ decides it.

The catalogue comes from the settings `measures`, `office_powers`, `organs`, `competence` and `combination` of the
jurisdiction; an unknown word in them is refused by name when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.accountability.rules.periods import CombiningRule, read_combining
from services.accountability.rules.words import SubjectKind, Track, Way

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Measure:
    """One consequence. `rank` orders by weight over all tracks; `months` is its effect period, 0 for none."""

    key: str
    zh: str
    en: str
    track: Track
    rank: int
    lawful_for: frozenset[SubjectKind]
    months: int
    bars: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ with power over people, and how the office reaches it."""

    key: str
    way: Way
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Competence:
    """For these tracks and kinds of subject this organ decides."""

    tracks: frozenset[Track]
    subject_kinds: frozenset[SubjectKind]
    organ: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All measures of a jurisdiction with the organs that decide them."""

    measures: Mapping[str, Measure]
    office_powers: frozenset[str]
    organs: Mapping[str, Organ]
    competences: tuple[Competence, ...]
    combining: tuple[CombiningRule, ...] = ()

    @property
    def words(self) -> frozenset[tuple[str, Track, int]]:
        """What reading a pack depends on: the measures with track and weight, and the organs."""
        measures = {(measure.key, measure.track, measure.rank) for measure in self.measures.values()}
        return frozenset(measures | {(organ, Track.PARTY, -1) for organ in self.organs})

    def lightest_first(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The measures by weight; the key decides between equals, so that the order is always the same."""
        return tuple(sorted(keys, key=lambda key: (self.measures[key].rank, key)))

    def heaviest_first(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The measures by weight, heaviest first."""
        return self.lightest_first(keys)[::-1]

    def weight(self, keys: Sequence[str]) -> tuple[int, ...]:
        """The weight of a set of measures: ranks, heaviest first, so that sets compare by their heaviest measure."""
        return tuple(self.measures[key].rank for key in self.heaviest_first(keys))

    def organ_of(self, key: str, kind: SubjectKind, management_line: str, row_organ: str = "") -> tuple[str, Way]:
        """Who decides a measure on such a subject, and how the office reaches that organ.

        Somebody managed from above is dealt with by the own line, whatever the measure. Else the office decides what
        its local rule gives it; for the rest the row's own organ, or the first competence that covers it.
        """
        if management_line and kind is not SubjectKind.UNIT:
            return f"line:{management_line}", Way.LETTER
        if key in self.office_powers:
            return OFFICE, Way.DECIDE
        organ = row_organ or self._covering(self.measures[key].track, kind)
        return organ, self.organs[organ].way

    def _covering(self, track: Track, kind: SubjectKind) -> str:
        for competence in self.competences:
            if track in competence.tracks and kind in competence.subject_kinds:
                return competence.organ
        raise ValueError(f"setting competence: no organ for {track} on {kind}")


def read_catalogue(
    measures: Sequence[Mapping[str, Any]],
    office_powers: Sequence[str],
    organs: Sequence[Mapping[str, Any]],
    competences: Sequence[Mapping[str, Any]],
    combination: Sequence[Mapping[str, Any]] = (),
) -> Catalogue:
    """The catalogue from its settings. Raises ValueError naming the setting and the word at fault."""
    known = {row["key"]: _measure(row) for row in measures}
    if len(known) != len(measures):
        raise ValueError("setting measures: a key appears twice")
    _known_words("office_powers", office_powers, known)
    by_key = {row["key"]: Organ(row["key"], Way(row["way"]), row["zh"], row["en"]) for row in organs}
    table = tuple(
        Competence(frozenset(map(Track, row["tracks"])), frozenset(map(SubjectKind, row["subject_kinds"])), row["organ"])
        for row in competences
    )
    _known_words("competence", [competence.organ for competence in table], by_key)
    combining = read_combining(combination)
    _known_words("combination", [word for rule in combining for word in (*rule.same_type, *rule.not_restored)], known)
    return Catalogue(known, frozenset(office_powers), by_key, table, combining)


def _measure(row: Mapping[str, Any]) -> Measure:
    return Measure(
        row["key"],
        row["zh"],
        row["en"],
        Track(row["track"]),
        int(row["rank"]),
        frozenset(map(SubjectKind, row["lawful_for"])),
        int(row["months"]),
        tuple(row["bars"]),
        row["source"],
    )


def _known_words(setting: str, words: Sequence[str], known: Mapping[str, Any]) -> None:
    for word in words:
        if word not in known:
            raise ValueError(f"setting {setting}: unknown word {word!r}")
