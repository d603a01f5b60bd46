"""Counted cards drawn at random from a published seed, and how far keying can be trusted: shares with their intervals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from services.evaluation.domain.card import Doubt, DoubtState, Origin

Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class CardSample:
    """A sample as it was drawn."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    seed: str
    card_ids: tuple[str, ...]
    drawn_at: datetime
    drawn_by: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the ends of Wilson's 95 % interval."""

    of: int
    number: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing."""
        return self.number / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson (1927): from 0 to 1 where nothing is known."""
        if not self.of:
            return 0.0, 1.0
        size, share, square = self.of, self.value, Z * Z
        middle = (share + square / (2 * size)) / (1 + square / size)
        half = Z * sqrt(share * (1 - share) / size + square / (4 * size * size)) / (1 + square / size)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class EntryError:
    """Rows on which the first two agreed, sampled rows that were counted wrongly, sampled rows not decided yet."""

    agreed: Share
    wrong: Share
    waiting: int


def drawn(seed: str, leaves: Iterable[tuple[str, bytes]], size: int) -> tuple[str, ...]:
    """The ids of the cards whose SHA-256 of seed and leaf hash are the smallest, in that order."""

    def place(leaf: tuple[str, bytes]) -> bytes:
        return hashlib.sha256(seed.encode() + leaf[1]).digest()

    return tuple(card_id for card_id, _ in sorted(leaves, key=place)[:size])


def entry_error(doubts: Iterable[Doubt]) -> EntryError:
    """What the keyings of a campaign say of themselves. An answer that two give against the counted mark, or a third decides
    so, is an error of the count; one slip of one person is none."""
    every = list(doubts)
    twice = [one.keyings[0].mark == one.keyings[1].mark for one in every if len(one.keyings) > 1]
    sampled = [one for one in every if one.origin is Origin.SAMPLE]
    again = [one for one in sampled if one.state is DoubtState.DECIDED]
    wrong = sum(one.mark != one.counted for one in again)
    return EntryError(Share(len(twice), sum(twice)), Share(len(again), wrong), len(sampled) - len(again))
