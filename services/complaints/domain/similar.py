"""What makes two complaints look like the same happening: words in common, the place, the unit.

Words are pairs of neighbouring characters, as in the search index, without those pairs that hold a function word: "的",
"没有" and their like stand in every complaint and say nothing about it. A place is the ending that names one ("路", "小区")
with the characters before it; because nobody writes where a name begins, one to three of them are taken, and two texts
name the same place if they share any of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.complaints.domain.views import Seen
from services.complaints.domain.words import han, pairs, runs

_BEFORE = range(1, 4)  # characters of a place's name taken before its ending


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likeness is weighed, as the setting `similar` says: weights of words, place and unit add up to 100."""

    size: int
    days: int
    shown: int
    looked_at: int
    least_words: int
    least_score: int
    place_worth: int
    words: int
    place: int
    unit: int
    function_characters: frozenset[str]
    place_endings: tuple[str, ...]

    @staticmethod
    def of(row: Mapping[str, Any]) -> Likeness:
        """From the setting's row. Raises KeyError for one that lacks something."""
        weights = row["weights"]
        numbers = ("size", "days", "shown", "looked_at", "least_words", "least_score", "place_worth")
        return Likeness(
            **{name: int(row[name]) for name in numbers},
            words=int(weights["words"]),
            place=int(weights["place"]),
            unit=int(weights["unit"]),
            function_characters=frozenset(row["function_characters"]),
            place_endings=tuple(sorted(row["place_endings"], key=len, reverse=True)),
        )

    def words_of(self, *texts: str) -> frozenset[str]:
        """The telling words of the texts: pairs of characters without function words, and whole words of other scripts."""
        found: set[str] = set()
        for text in texts:
            for run in runs(text):
                if not han(run):
                    found.update([run] if len(run) > 1 else [])
                    continue
                found.update(pair for pair in pairs(run) if not self.function_characters.intersection(pair))
        return frozenset(found)

    def places_of(self, *texts: str) -> frozenset[str]:
        """The places the texts name, each with one to three characters before its ending."""
        found: set[str] = set()
        endings = "|".join(map(re.escape, self.place_endings))
        for text in texts:
            for run in runs(text):
                for match in re.finditer(endings, run):
                    found.update(self._named(run, match.start(), match.group()))
        return frozenset(found)

    def _named(self, run: str, at: int, ending: str) -> Iterable[str]:
        for length in _BEFORE:
            before = run[at - length : at]
            if len(before) < length or self.function_characters.intersection(before):
                return
            yield before + ending


@dataclass(frozen=True, slots=True)
class Typed:
    """What has been typed of a complaint so far."""

    jurisdiction_path: str
    title: str
    text: str
    place: str = ""
    accused_unit_path: str = ""


@dataclass(frozen=True, slots=True)
class SimilarDraft:
    """A complaint that looks like a draft, and why."""

    seen: Seen
    score: int
    words_percent: int
    same_place: bool
    same_unit: bool


def place_line(text: str, place: str) -> str:
    """The text with the place it happened at as its first line, the way a register of calls writes it down."""
    return f"地点：{unicodedata.normalize('NFKC', place).strip()}\n{text}" if place.strip() else text


@dataclass(frozen=True, slots=True)
class Told:
    """What a draft says, ready to be compared."""

    words: frozenset[str]
    places: frozenset[str]
    unit_path: str

    def compared(self, likeness: Likeness, seen: Seen, texts: tuple[str, str]) -> SimilarDraft:
        """One complaint beside the draft. Measured is the share of the draft's words the complaint holds as well, for a
        draft is the beginning of a text and the other one is whole."""
        shared = len(self.words & likeness.words_of(*texts)) / len(self.words) if self.words else 0.0
        same_place = bool(self.places & likeness.places_of(*texts))
        same_unit = bool(self.unit_path) and _same_unit(self.unit_path, units_of(seen))
        score = likeness.words * shared + likeness.place * same_place + likeness.unit * same_unit
        return SimilarDraft(seen, min(100, round(score)), round(100 * shared), same_place, same_unit)


def units_of(seen: Seen) -> tuple[str, str]:
    """The unit a complaint is about and the one it lies with."""
    return seen.complaint.accused_unit_path, seen.complaint.unit_path


def _same_unit(asked: str, others: Collection[str]) -> bool:
    """Whether one is the other or a part of it."""
    return any(other and (f"{other}/".startswith(f"{asked}/") or f"{asked}/".startswith(f"{other}/")) for other in others)
