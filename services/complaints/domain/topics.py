"""Hot topics: complaints gathered by likeness of their fingerprints, without a word of them being read.

Each complaint joins the topic it is most like, or begins one of its own (leader clustering); a second walk lets all choose
again among the topics as they have become. A hash in nearly every complaint weighs nothing, a rare one much.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.complaints.domain.views import Seen


@dataclass(frozen=True, slots=True)
class Gathering:
    """How topics are gathered, as the setting `topics` says."""

    weeks: int
    newest: int
    least: int
    shown: int
    likeness_percent: int
    common_percent: int
    common_least: int
    examples: int
    read: int
    words: int
    excerpt: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> Gathering:
        """From the setting's row."""
        return Gathering(**{name: int(row[name]) for name in Gathering.__slots__})


@dataclass(frozen=True, slots=True)
class Item:
    """One complaint to be gathered."""

    id: str
    day: date
    category: str
    matter_id: str
    hashes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Topic:
    """Complaints that are alike, those nearest to its middle first."""

    items: tuple[Item, ...]

    @property
    def matters(self) -> int:
        """Complaints joined to one matter count once."""
        return len({item.matter_id or item.id for item in self.items})

    @property
    def category(self) -> str:
        """The category most of them have; empty where none has one."""
        named = Counter(item.category for item in self.items if item.category)
        return named.most_common(1)[0][0] if named else ""

    def by_week(self, mondays: Sequence[date]) -> list[tuple[date, int]]:
        """Its complaints in each week."""
        counted = Counter(monday_of(item.day) for item in self.items)
        return [(monday, counted[monday]) for monday in mondays]


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic as leaders see it: words many share, and examples in the redacted copy with the beginning of their text."""

    topic: Topic
    words: tuple[str, ...]
    examples: tuple[tuple[Seen, str], ...]


@dataclass(frozen=True, slots=True)
class HotTopics:
    """The topics of a window with their denominators."""

    topics: tuple[ShownTopic, ...]
    received: int
    looked_at: int
    alone: int
    mondays: tuple[date, ...]
    until: date


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def mondays(today: date, weeks: int) -> tuple[date, ...]:
    """The Mondays of the last weeks, the present one last."""
    return tuple(monday_of(today) - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


@dataclass
class _Middle:
    """The sum of a topic's complaints, each of length one, and the square of its own length, kept as it grows."""

    weights: dict[int, float] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    square: float = 0.0

    def take(self, number: int, vector: Mapping[int, float]) -> None:
        self.members.append(number)
        self.square += 2 * self._along(vector) + sum(weight * weight for weight in vector.values())
        for hash, weight in vector.items():
            self.weights[hash] = self.weights.get(hash, 0.0) + weight

    def cosine(self, vector: Mapping[int, float]) -> float:
        """How alike a complaint is to the middle, 0 to 1."""
        return self._along(vector) / math.sqrt(self.square) if self.square > 0 else 0.0

    def _along(self, vector: Mapping[int, float]) -> float:
        return sum(weight * self.weights.get(hash, 0.0) for hash, weight in vector.items())


def gather(items: Sequence[Item], how: Gathering) -> list[Topic]:
    """The topics with enough complaints, largest first."""
    vectors = _vectors(items, how)
    likeness = how.likeness_percent / 100
    begun = _walk(vectors, [], likeness)
    settled = _walk(vectors, [one for one in begun if len(one.members) > 1], likeness)
    topics = [_topic(items, vectors, one) for one in settled if len(one.members) >= how.least]
    return sorted(topics, key=lambda topic: (-len(topic.items), topic.items[0].id))


def _vectors(items: Sequence[Item], how: Gathering) -> list[dict[int, float]]:
    """Each complaint's hashes with the weight of their rarity, of length one; those of very many complaints left out."""
    held = Counter(hash for item in items for hash in item.hashes)
    most = max(how.common_least, len(items) * how.common_percent // 100)
    rarity = {hash: math.log(1 + len(items) / count) for hash, count in held.items() if count <= most}
    vectors = []
    for item in items:
        weights = {hash: rarity[hash] for hash in item.hashes if hash in rarity}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        vectors.append({hash: weight / length for hash, weight in weights.items()})
    return vectors


def _walk(vectors: Sequence[Mapping[int, float]], seeds: Sequence[_Middle], likeness: float) -> list[_Middle]:
    """Lets every complaint choose the topic it is most like; where none is like it, it begins one of its own. Seeds are
    measured by what they were, so that who chooses first changes nothing for who chooses later."""
    found = [_Middle() for _ in seeds]
    measured: list[_Middle] = list(seeds)
    holding: dict[int, set[int]] = defaultdict(set)
    for place, seed in enumerate(seeds):
        for hash in seed.weights:
            holding[hash].add(place)
    for number, vector in enumerate(vectors):
        if not vector:
            continue
        near = {place for hash in vector for place in holding[hash]}
        alike = ((measured[place].cosine(vector), -place) for place in near)
        best, chosen = max(alike, default=(0.0, 0))
        place = -chosen
        if best < likeness:
            place = len(found)
            found.append(_Middle())
            measured.append(found[place])
        found[place].take(number, vector)
        if place >= len(seeds):
            for hash in vector:
                holding[hash].add(place)
    return found


def _topic(items: Sequence[Item], vectors: Sequence[Mapping[int, float]], middle: _Middle) -> Topic:
    near = sorted(middle.members, key=lambda number: -middle.cosine(vectors[number]))
    return Topic(tuple(items[number] for number in near))


Words = tuple[frozenset[str], frozenset[str]]  # those of a title and those of its text


def telling(words_of: Sequence[Sequence[Words]], most: int) -> list[tuple[str, ...]]:
    """For each topic the words that tell it from the others: in many of its texts, in few of theirs; a title says more."""
    everywhere = Counter(word for texts in words_of for title, text in texts for word in title | text)
    found = []
    for texts in words_of:
        within = Counter(word for title, text in texts for word in title | text)
        titled = Counter(word for title, _ in texts for word in title)
        shared = {word: count + titled[word] for word, count in within.items() if count * 2 >= len(texts)}
        weight = {word: count * count / everywhere[word] for word, count in shared.items()}
        found.append(tuple(sorted(weight, key=lambda word: (-weight[word], -len(word), word))[:most]))
    return found


def apart(words: Iterable[str], function_characters: frozenset[str]) -> frozenset[str]:
    """Words of two characters and more that hold no function word."""
    return frozenset(word for word in words if len(word) > 1 and not function_characters.intersection(word))
