"""What a recount found: one sentence of words.toml each."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 20  # of one kind are named, the rest are counted


@dataclass(frozen=True)
class Finding:
    """One sentence: good news or a fault, and what stands in it."""

    good: bool
    word: str
    details: dict[str, object]


def good(word: str, **details: object) -> Finding:
    """Something that is as it should be."""
    return Finding(True, word, details)


def fault(word: str, **details: object) -> Finding:
    """Something that is not."""
    return Finding(False, word, details)
