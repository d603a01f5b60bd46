"""From the rows that fired to what a decider may choose: per track the heaviest row governs.

What is not lawful for the kind of subject is struck from the range and said so (village managers: articles 22 and 23
of 政务处分法; retired persons: article 27). A circumstance that shall aggravate takes the lightest measure away while more
than one is left (article 13; ours for local rules), one that shall lighten the heaviest (Order 495 article 13); one that
may exempt lets the decider choose none (article 12); one that may lighten is shown, and choosing below the range needs the
written reason anyway (article 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.accountability.rules.judge import Looked, Question
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.periods import months_after
from services.accountability.rules.versions import Judged, Version, row_weight
from services.accountability.rules.words import CircumstanceEffect, SubjectKind, Track, Way

TRACKS = tuple(Track)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as data: a word of the catalogue with its parameters."""

    word: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure that may be chosen, with the organ that decides it and its effect period in months.

    Where several breaches deserve the same type the period may be anything from `effect_months` to `most_months`
    (article 15). `added_to` is the day on which a period ends that this one is added to, `cap_months` their cap together.
    """

    measure: str
    way: Way
    organ: str
    effect_months: int
    most_months: int | None = None
    added_to: date | None = None
    cap_months: int | None = None

    @property
    def longest(self) -> int:
        """The longest period in months; the only one where it is fixed."""
        return self.effect_months if self.most_months is None else self.most_months

    def allows(self, months: int) -> bool:
        """Whether so many months lie inside."""
        return self.effect_months <= months <= self.longest

    def ends(self, on: date, months: int) -> date | None:
        """When the effect of a measure decided on a day is over, None for one without a period."""
        if not months:
            return None
        if self.added_to is None or self.cap_months is None or self.added_to <= on:
            return months_after(on, months)
        return min(months_after(self.added_to, months), months_after(on, self.cap_months))


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
    """One range for each track on which a row fired, in the order of the tracks; over all facts the heaviest governs."""
    hits = hits_of(judged)
    return tuple([range_of(track, hits[track], kind, catalogue) for track in TRACKS if track in hits]) if hits else ()


def hits_of(judged: Sequence[Judged]) -> dict[Track, list[Hit]]:
    """The rows that fired, by track."""
    hits: dict[Track, list[Hit]] = {}
    for one in judged:
        for looked in one.said.fired:
            assert one.used is not None, "only a version that was used says something"
            hits.setdefault(looked.row.track, []).append(Hit(one.used, one.question, looked))
    return hits


def range_of(track: Track, hits: Sequence[Hit], kind: SubjectKind, catalogue: Catalogue) -> Range:
    """The range of the rows that fired on one track: the heaviest governs."""
    governing = max(hits, key=lambda hit: precedence(hit, kind, catalogue))
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


def precedence(hit: Hit, kind: SubjectKind, catalogue: Catalogue) -> tuple[object, ...]:
    """How heavy a hit is: its row, then what its fact's circumstances leave of it; the row's name decides the rest.

    Two facts may make the same row fire, one of them aggravated; which was recorded first must change nothing.
    """
    row = hit.looked.row
    lawful = [key for key in row.choose if kind in catalogue.measures[key].lawful_for]
    left, at_least, _ = _weigh(hit, lawful, min(row.at_least, len(lawful)))
    lightest = catalogue.measures[left[0]].rank if left else 0
    return row_weight(hit.looked, kind, catalogue), lightest, at_least, hit.version.id, row.id


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
        elif effect is CircumstanceEffect.SHALL_LIGHTEN and len(lawful) > max(1, at_least):
            lawful = lawful[:-1]
        elif effect is CircumstanceEffect.MAY_EXEMPT:
            at_least = 0
        said.append(
            Reason(
                effect.name,
                {"zh": circumstance.zh, "en": circumstance.en, "article": circumstance.article},
            )
        )
    return lawful, at_least, said
