"""Counted cards drawn at random from a published seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


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
class RowsKeyed:
    """Rows that people keyed: how many two keyed, and alike; of how many a sample asks, decided, and counted wrongly."""

    twice: int = 0
    alike: int = 0
    sampled: int = 0
    decided: int = 0
    wrong: int = 0


def drawn(seed: str, leaves: Iterable[tuple[str, bytes]], size: int) -> tuple[str, ...]:
    """The ids of the cards whose SHA-256 of seed and leaf hash are the smallest, in that order."""

    def place(leaf: tuple[str, bytes]) -> bytes:
        return hashlib.sha256(seed.encode() + leaf[1]).digest()

    return tuple(card_id for card_id, _ in sorted(leaves, key=place)[:size])
