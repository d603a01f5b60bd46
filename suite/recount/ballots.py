"""One pass over the ballots: every leaf into the tree, every ballot looked at, every answer counted.

A ballot is `salt(16) group(2) channel(2) batch(8) class(1) ordinal(1) earlier(8) ratings`, big endian.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from suite.recount.hashing import GrowingTree, hash_of
from suite.recount.opening import PublishedBox
from suite.recount.rules import Rules

SEAL = struct.Struct(">16xHHQBBQ")
NONE_EARLIER = 2**64 - 1
CLASSES = {1: "VALID", 2: "BLANK", 3: "TOO_FEW", 4: "STRAIGHT_LINED", 5: "LATE"}
VALID, BLANK, TOO_FEW, STRAIGHT_LINED = 1, 2, 3, 4
DONT_KNOW = 255
PORTION = 4_096


@dataclass
class Turnout:
    """What was received of one rater group."""

    classes: Counter[str] = field(default_factory=Counter)
    counted: int = 0
    superseded: int = 0


@dataclass
class Box:
    """What one pass over the ballots found.

    `answers[group][place][dimension]` says how often each grade was given, then how often "don't know". `roots` holds the
    root at each size asked for, `leaves` the leaf hash at each position asked for.
    """

    answers: list[list[list[list[int]]]]
    turnout: list[Turnout]
    roots: dict[int, bytes]
    leaves: dict[int, bytes]
    faults: list[tuple[int, str]]


Progress = Callable[[int, int], None]


def standing(box: PublishedBox, revote: str) -> tuple[set[int], list[tuple[int, str]]]:
    """The positions of ballots that another one under the same code stands in place of, and what does not fit."""
    faults: list[tuple[int, str]] = []
    replaced: set[int] = set()
    again: set[int] = set()
    ordinals = bytearray()
    for position, record in enumerate(_records(box)):
        *_, ordinal, earlier = SEAL.unpack_from(record)
        ordinals.append(ordinal)
        if (ordinal, earlier) == (0, NONE_EARLIER):
            continue
        if ordinal == 0 or earlier >= position or ordinals[earlier] != ordinal - 1:
            faults.append((position, "chain_broken"))
        elif earlier in replaced:
            faults.append((position, "chain_forked"))
        again.add(position)
        replaced.add(earlier)
    return {"last_counts": replaced, "first_counts": again}.get(revote, set()), faults


def read(box: PublishedBox, rules: Rules, suite: str, sizes: set[int], positions: set[int], progress: Progress) -> Box:
    """Reads every ballot once."""
    gone, faults = standing(box, rules.revote)
    tree = GrowingTree(hash_of(suite))
    answers = [[[[0] * (len(rules.points) + 1) for _ in rules.dimensions] for _ in rules.objects] for _ in rules.raters]
    found = Box(answers, [Turnout() for _ in rules.raters], {0: tree.root()} if 0 in sizes else {}, {}, faults)
    for portion in box.portions(PORTION):
        counted: dict[int, list[bytes]] = {}
        for record in portion:
            leaf = tree.leaf(record)
            if tree.size in positions:
                found.leaves[tree.size] = leaf
            _judge(rules, record, tree.size, gone, found, counted)
            tree.add(leaf)
            if tree.size in sizes:
                found.roots[tree.size] = tree.root()
        for group, ratings in counted.items():
            _count(rules, group, ratings, found.answers[group])
        progress(tree.size, box.size)
    return found


def _judge(rules: Rules, record: bytes, position: int, gone: set[int], found: Box, counted: dict[int, list[bytes]]) -> None:
    """Puts a ballot where it belongs: its class, and among those that count if it does."""
    group, _, _, ballot_class, _, _ = SEAL.unpack_from(record)
    ratings = record[SEAL.size :]
    fault = _fault(rules, group, ballot_class, ratings)
    if fault:
        found.faults.append((position, fault))
    if group >= len(rules.raters) or ballot_class not in CLASSES:
        return
    turnout = found.turnout[group]
    turnout.classes[CLASSES[ballot_class]] += 1
    if position in gone:
        turnout.superseded += 1
    elif ballot_class in rules.counting:
        turnout.counted += 1
        counted.setdefault(group, []).append(ratings)


def _fault(rules: Rules, group: int, ballot_class: int, ratings: bytes) -> str:
    allowed = bytes(range(len(rules.points) + 1)) + bytes([DONT_KNOW])
    if group >= len(rules.raters):
        return "group_unknown"
    if ballot_class not in CLASSES:
        return "class_unknown"
    if ratings.translate(None, allowed):
        return "outside_scale"
    if ballot_class == BLANK and ratings.translate(None, bytes([0, DONT_KNOW])):
        return "blank_with_grades"
    return "class_contradicted" if _contradicted(rules, group, ballot_class, ratings) else ""


def _contradicted(rules: Rules, group: int, ballot_class: int, ratings: bytes) -> bool:
    """Whether a ballot cannot be of its class, whatever its rater's own unit was: that one's cells are "don't know"."""
    if ballot_class == TOO_FEW:
        return all(ratings[cell] for cell in _cells(rules, group)) or not any(ratings)
    if ballot_class == STRAIGHT_LINED:
        return len(set(ratings) - {0, DONT_KNOW}) != 1
    return ballot_class == VALID and not any(ratings)


def _cells(rules: Rules, group: int) -> list[int]:
    """The cells of the objects a rater group rates."""
    width = len(rules.dimensions)
    places = [place for place in range(len(rules.objects)) if rules.rates(group, place)]
    return [place * width + dimension for place in places for dimension in range(width)]


def _count(rules: Rules, group: int, ballots: list[bytes], answers: list[list[list[int]]]) -> None:
    """Counts column by column: in the ballots one after another, a cell comes again every `cells` bytes."""
    joined, width = b"".join(ballots), len(rules.dimensions)
    for place in range(len(rules.objects)):
        if not rules.rates(group, place):
            continue
        for dimension in range(width):
            column = joined[place * width + dimension :: rules.cells]
            row = answers[place][dimension]
            for grade in range(len(rules.points)):
                row[grade] += column.count(grade + 1)
            row[-1] += column.count(DONT_KNOW)


def _records(box: PublishedBox) -> Iterator[bytes]:
    for portion in box.portions(PORTION):
        yield from portion
