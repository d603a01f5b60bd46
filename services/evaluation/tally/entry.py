"""How far keying can be trusted: what two made alike of a row, and what a sample keyed again says of the count."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.card_sample import RowsKeyed
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


def entry_error(rows: RowsKeyed, deviations: Fraction) -> EntryError:
    """What the keyings of a campaign say of themselves, in intervals as wide as those of its ratings.

    An answer that two give against the counted mark, or a third decides so, is an error of the count; one slip of one
    person is none.
    """
    agreed, wrong = _part(rows.alike, rows.twice, deviations), _part(rows.wrong, rows.decided, deviations)
    return EntryError(agreed, wrong, rows.sampled - rows.decided)


def _part(number: int, of: int, deviations: Fraction) -> Part:
    share = Fraction(number, of) if of else Fraction(0)
    return Part(number, of, share, *share_interval(share, Fraction(of), deviations))
