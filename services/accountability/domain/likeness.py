"""Too light (问责畸轻): a decision held against the range the rules proposed, and against similar cases.

Similar are decided cases under the same governing row. What is compared is the weight of the heaviest measure; the middle of
the others is a weight that was really decided (the lower of two middles), so that no middle decision is ever far from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.accountability.rules.measures import Catalogue
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.ranges import Range
from services.accountability.rules.words import Track, Way


@dataclass(frozen=True, slots=True)
class Likeness:
    """How cases are compared: over so many months, with at least so many others, lighter than their middle by more than
    `distance` of rank; `shown` of the others are named."""

    months: int
    at_least: int
    distance: int
    shown: int


def middle(counts: Mapping[int, int]) -> int:
    """The lower middle of ranks, each so many times."""
    half = (sum(counts.values()) - 1) // 2
    for rank in sorted(counts):
        if half < counts[rank]:
            return rank
        half -= counts[rank]
    raise ValueError("there is no middle of nothing")


def far_lighter(rank: int, others: Mapping[int, int], likeness: Likeness) -> bool:
    """Whether a decision lies further under the middle of similar ones than the setting allows; too few say nothing."""
    if sum(others.values()) < max(1, likeness.at_least):
        return False
    return middle(others) - rank > likeness.distance


def heaviest(measures: Sequence[str], catalogue: Catalogue) -> str:
    """The heaviest of the measures; empty if there is none."""
    return next(iter(catalogue.heaviest_first(measures)), "")


def rank_of(measure: str, catalogue: Catalogue) -> int:
    """The weight of a measure; 0 for none, and for one the catalogue no longer holds."""
    return catalogue.measures[measure].rank if measure in catalogue.measures else 0


def governing(answer: PartyAnswer) -> tuple[str, ...]:
    """The rows that governed what the office could decide about a party, as instrument and row id: they outlive versions."""
    instruments = {used.version_id: used.instrument_key for used in answer.versions}
    return tuple(f"{instruments[found.version_id]}:{found.row}" for found in answer.ranges if _office_decides(found))


def below(answer: PartyAnswer, measures: Sequence[str], months: Mapping[str, int], catalogue: Catalogue) -> Range | None:
    """The range under which a decision stays, if there is one. `measures` are those decided and those recommended.

    Under it lies: nothing as heavy as its lightest offer; fewer measures than it asks for or one missing that it always
    asks for, without anything heavier than it offers; a period shorter than its shortest.
    """
    weight = rank_of(heaviest(measures, catalogue), catalogue)
    for found in answer.ranges:
        if _office_decides(found) and (_lighter(found, measures, weight, catalogue) or _shorter(found, months)):
            return found
    return None


def _lighter(found: Range, measures: Sequence[str], weight: int, catalogue: Catalogue) -> bool:
    ranks = [catalogue.measures[offer.measure].rank for offer in found.offers]
    picked = [offer for offer in found.offers if offer.measure in measures]
    if found.at_least == 0 and not picked:
        return False
    if weight > max(ranks):
        return False
    missing = any(offer.way is Way.DECIDE and offer.measure not in measures for offer in found.required)
    return weight < min(ranks) or missing or len(picked) < found.at_least


def _shorter(found: Range, months: Mapping[str, int]) -> bool:
    return any(offer.measure in months and months[offer.measure] < offer.effect_months for offer in found.offers)


def _office_decides(found: Range) -> bool:
    return found.track is not Track.SANCTION and any(offer.way is Way.DECIDE for offer in found.offers)
