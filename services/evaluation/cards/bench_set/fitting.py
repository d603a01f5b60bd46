"""Fitting the weights of evidence on drawn cards, and the curve of rows asked against rows wrong that thresholds move along.

Boxes are what is learned from: those truly marked against those truly empty. Boxes of rows that only people can tell, struck
out ones among them, are left out: the rules of `reading.verdict` send those rows to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards.bench_set.filling import UNTOLD, RowTruth
from services.evaluation.cards.bench_set.making import MadeCard
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.reading.look import Seen, look
from services.evaluation.cards.reading.pages import Page, pages
from services.evaluation.cards.reading.thresholds import Deciding, Thresholds
from services.evaluation.cards.reading.verdict import evidence, verdicts

LEARNED_FROM = ("plain", "light", "none")
STEPS, RIDGE = 30, 1e-2
HEAVIER = 4.0  # how much more an empty box counts that is taken for a mark than a mark that is overlooked


@dataclass(frozen=True, slots=True)
class Example:
    """A card as it was seen, with its truth."""

    seen: Seen
    rows: tuple[RowTruth, ...]
    level: int
    bilevel: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve, in shares of rows."""

    threshold: float
    asked: float
    wrong: float


def examples(cards: Iterable[MadeCard], known: Mapping[str, Geometry], thresholds: Thresholds) -> Iterator[Example]:
    """The cards that could be placed, as they are seen."""
    for card in cards:
        page = next(iter(pages(card.picture, thresholds.limits, card.name)))
        if isinstance(page, Page):
            for one in look(page.grey, known, thresholds):
                if isinstance(one, Seen) and one.printed.serial == card.serial:
                    yield Example(one, card.rows, card.level, one.bilevel)


def fitted(learned: Iterable[Example]) -> tuple[float, ...]:
    """Weights of evidence: logistic regression by Newton's steps, with a small ridge."""
    columns, marks = zip(*(_boxes(example) for example in learned), strict=True)
    features, marked = np.concatenate(columns).astype(np.float64), np.concatenate(marks).astype(np.float64)
    counts = np.where(marked > 0, 1.0, HEAVIER)
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(features @ weights).clip(-30, 30)))
        slope = features.T @ (counts * (marked - chance)) - RIDGE * weights
        bend = (features * (counts * chance * (1 - chance))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return tuple(round(float(weight), 3) for weight in weights)


def curve(held_out: list[Example], limits: Deciding, at: Iterable[float]) -> list[Point]:
    """What is asked and what is wrong if all thresholds of evidence are moved by so much."""
    return [_point(held_out, _moved(limits, x), x) for x in at]


def _moved(limits: Deciding, by: float) -> Deciding:
    """All thresholds of evidence and opinion moved towards doubt; below 0 towards being sure."""
    return replace(
        limits,
        mark=limits.mark + by,
        gap=limits.gap + by,
        firm=limits.firm + by,
        nearly=limits.nearly - by,
        inked=limits.inked + by,
        meant=limits.meant + by,
        apart=limits.apart + by,
        certain=limits.certain + by,
        struck=limits.struck + by,
        replacing=limits.replacing + by,
        blank=limits.blank + by,
    )


def _point(held_out: list[Example], limits: Deciding, threshold: float) -> Point:
    asked = wrong = rows = 0
    for example in held_out:
        one, weighed = example.seen, evidence(example.seen.measures, limits)
        read = verdicts(one.cut, one.measures, weighed, one.thought, one.side, example.bilevel, limits)
        for row, truth in zip(read, example.rows, strict=True):
            rows += 1
            asked += not row.sure
            wrong += row.sure and (truth.box == UNTOLD or row.box != truth.box)
    return Point(threshold, asked / max(rows, 1), wrong / max(rows, 1))


def _boxes(example: Example) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    features = example.seen.measures.features
    chosen = [n for n, truth in enumerate(example.rows) if truth.kind in LEARNED_FROM]
    marked = np.zeros(features.shape[:2], bool)
    for n in chosen:
        if example.rows[n].box >= 0:
            marked[n, example.rows[n].box] = True
    return features[chosen].reshape(-1, features.shape[2]), marked[chosen].ravel()
