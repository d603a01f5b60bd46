"""From the rows that fired to what a decider may choose: per track the heaviest row governs.

What is not lawful for the kind of subject is struck from the range and said so (village managers: articles 22 and 23
of 政务处分法; retired persons: article 27). A circumstance that shall aggravate takes the lightest measure away while more
than one is left (article 13; ours for local rules); one that may exempt lets the decider choose none (article 12); one
that may lighten is shown, and choosing below the range needs the written reason anyway (article 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.accountability.rules.judge import Looked, Question
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.versions import Judged, Version, row_weight
from services.accountability.rules.words import CircumstanceEffect, SubjectKind, Track, Way

_TRACKS = tuple(Track)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as data: a word of the catalogue with its parameters."""

    word: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure that may be chosen, with the organ that decides it and its effect period in months."""

    measure: str
    way: Way
    organ: str
    effect_months: int


@dataclass(frozen=True, slots=True)
class Range:
    """The range of one track: from `at_least` to `at_most` of `offers`, with all of `required`."""

    track: Track
    offers: tuple[Offer, ...]
    required: tuple[Offer, ...]
    at_least: int
    at_most: int
    struck: tuple[str, ...]
    row: str
    version_id: str
    appeal: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that fired, with the version it stands in and the fact that made it fire."""

    version: Version
    question: Question
    looked: Looked


def ranges(judged: Sequence[Judged], kind: SubjectKind, catalogue: Catalogue) -> tuple[Range, ...]:
    """One range for each track on which a row fired, in the order of the tracks."""
    hits: dict[Track, list[Hit]] = {}
    for one in judged:
        for looked in one.said.fired:
            assert one.used is not None, "only a version that was used says something"
            hits.setdefault(looked.row.track, []).append(Hit(one.used, one.question, looked))
    return tuple([_range(track, hits[track], kind, catalogue) for track in _TRACKS if track in hits]) if hits else ()


def _range(track: Track, hits: list[Hit], kind: SubjectKind, catalogue: Catalogue) -> Range:
    governing = max(hits, key=lambda hit: row_weight(hit.looked, kind, catalogue))
    row = governing.looked.row
    line = governing.question.management_line
    lawful = [key for key in row.choose if kind in catalogue.measures[key].lawful_for]
    always = [key for key in row.always if kind in catalogue.measures[key].lawful_for]
    struck = tuple(key for key in (*row.choose, *row.always) if key not in lawful and key not in always)
    reasons = [
        Reason("LIGHTER_ROW", {"row": hit.looked.row.id, "governing": row.id}) for hit in hits if hit.looked.row is not row
    ]
    lawful, at_least, said = _weigh(governing, lawful, min(row.at_least, len(lawful)))
    if not lawful:
        reasons.append(Reason("NOTHING_LAWFUL", {"row": row.id, "kind": kind.value}))

    def offer(key: str) -> Offer:
        organ, way = catalogue.organ_of(key, kind, line, row.competent)
        return Offer(key, way, organ, row.effect_months.get(key, catalogue.measures[key].months))

    return Range(
        track,
        tuple(map(offer, lawful)),
        tuple(map(offer, always)) if lawful else (),
        at_least,
        min(row.at_most, len(lawful)),
        struck,
        row.id,
        governing.version.id,
        row.appeal,
        (*reasons, *said),
    )


def _weigh(governing: Hit, lawful: list[str], at_least: int) -> tuple[list[str], int, list[Reason]]:
    """Applies the circumstances of the governing row's own instrument."""
    said: list[Reason] = []
    given = (governing.question.mitigating or frozenset()) | (governing.question.aggravating or frozenset())
    for circumstance in governing.version.table.pack.circumstances:
        if circumstance.word not in given:
            continue
        effect = circumstance.effect
        if effect is CircumstanceEffect.SHALL_AGGRAVATE and len(lawful) > max(1, at_least):
            lawful = lawful[1:]
        elif effect is CircumstanceEffect.MAY_EXEMPT:
            at_least = 0
        said.append(
            Reason(
                effect.name,
                {"zh": circumstance.zh, "en": circumstance.en, "article": circumstance.article},
            )
        )
    return lawful, at_least, said
