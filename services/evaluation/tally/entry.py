"""How far keying can be trusted: what two made alike of a row, and what a sample keyed again says of the count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.card import Doubt, DoubtState, Origin
from services.evaluation.tally.scores import share_interval


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, as a share with the ends of its interval; 0 of nothing, of which nothing is known."""

    number: int
    of: int
    share: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class EntryError:
    """Rows on which the first two agreed, sampled rows that were counted wrongly, sampled rows not decided yet."""

    agreed: Part
    wrong: Part
    waiting: int


def entry_error(doubts: Iterable[Doubt], deviations: Fraction) -> EntryError:
    """What the keyings of a campaign say of themselves, in intervals as wide as those of its ratings.

    An answer that two give against the counted mark, or a third decides so, is an error of the count; one slip of one
    person is none.
    """
    every = list(doubts)
    twice = [one.keyings[0].mark == one.keyings[1].mark for one in every if len(one.keyings) > 1]
    sampled = [one for one in every if one.origin is Origin.SAMPLE]
    again = [one for one in sampled if one.state is DoubtState.DECIDED]
    wrong = sum(one.mark != one.counted for one in again)
    agreed = _part(sum(twice), len(twice), deviations)
    return EntryError(agreed, _part(wrong, len(again), deviations), len(sampled) - len(again))


def _part(number: int, of: int, deviations: Fraction) -> Part:
    share = Fraction(number, of) if of else Fraction(0)
    return Part(number, of, share, *share_interval(share, Fraction(of), deviations))
