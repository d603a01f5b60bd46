"""From scores to places: ranked inside a group only, ties by the plan's chain, and how far a place can be trusted.

The total of an object is its rating less its points off and with those that commended work gives: never below 0, and not
above the highest grade of the scale unless the plan says so. `rank_from` and `rank_to` are the places its
interval allows: where they differ, the object cannot be told apart from its neighbours. With [low, high] the interval of a
total (that of the rating less the points off) and N objects with a total in the group,

    rank_from = 1 + the number of others with low  > its high      (surely before it)
    rank_to   = N - the number of others with high < its low       (surely behind it)

The tie chain asks all valid answers for shares and numbers, also those that trimming cuts off, and the kept ones for means.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm

import numpy as np

from services.evaluation.domain.formula import ResultGrade, TieQuestion
from services.evaluation.domain.plan import Plan
from services.evaluation.tally.counts import Counts
from services.evaluation.tally.scores import Sums, score


@dataclass(frozen=True, slots=True)
class Place:
    """One object's line in the ranked table. Without a total it has no rank: nobody, or too few, answered about it."""

    place: int
    object_group: str
    rank: int
    rank_from: int
    rank_to: int
    total: Fraction | None
    rating: Fraction | None
    low: Fraction
    high: Fraction
    points_off: Fraction
    raters: int
    suppressed: bool

    @property
    def distinguishable(self) -> bool:
        """Whether its interval sets it apart from everybody else in the group."""
        return self.rank > 0 and self.rank_from == self.rank_to


def ranked(
    plan: Plan, counts: Counts, points_off: Sequence[Fraction], points_on: Sequence[Fraction] | None = None
) -> list[Place]:
    """The whole table, group by group and first place first; objects without a rank at the end of their group."""
    sums = Sums(plan, counts)
    chain = Chain(sums, counts, points_off)
    settle = Settling(plan, points_off, points_on or [Fraction(0)] * len(points_off))
    table: list[Place] = []
    start = 0
    for group in plan.object_groups:
        places = range(start, start + len(group.objects))
        table += _group(plan, sums, chain, group.key, places, settle)
        start = places.stop
    return table


def grade_of(plan: Plan, total: Fraction) -> ResultGrade:
    """The grade a total earns."""
    return next(grade for grade in plan.lines.grades if total >= grade.start)


class Chain:
    """The tie chain, asked only about objects whose totals are equal."""

    def __init__(self, sums: Sums, counts: Counts, points_off: Sequence[Fraction]) -> None:
        self._sums = sums
        self._points_off = points_off
        totals = counts.answers.sum(axis=(0, 2))
        happy = np.array([grade.satisfied for grade in sums.plan.scale])
        self._answers: list[int] = totals[:, :-1].sum(axis=1).tolist()
        self._satisfied: list[int] = totals[:, :-1][:, happy].sum(axis=1).tolist()
        self._lowest: list[int] = totals[:, -2].tolist()
        self._dimensions = {dimension.key: number for number, dimension in enumerate(sums.plan.dimensions)}

    def key(self, place: int) -> tuple[Fraction, ...]:
        """The answers of the chain for one object; the higher ranks first."""
        answers = self._answers[place] or 1
        asked: dict[TieQuestion, Callable[[str], Fraction]] = {
            TieQuestion.DIMENSION: lambda key: self._sums.dimension_mean(place, self._dimensions[key]),
            TieQuestion.SATISFIED_SHARE: lambda _: Fraction(self._satisfied[place], answers),
            TieQuestion.FEWER_LOWEST: lambda _: -Fraction(self._lowest[place], answers),
            TieQuestion.FEWER_POINTS_OFF: lambda _: -self._points_off[place],
            TieQuestion.MORE_ANSWERS: lambda _: Fraction(self._answers[place]),
        }
        return tuple(asked[tie.question](tie.dimension) for tie in self._sums.plan.tie_chain)


class Settling:
    """From what the raters gave to the total: less what comes off, with what is given, inside the ends of the scale."""

    def __init__(self, plan: Plan, off: Sequence[Fraction], on: Sequence[Fraction]) -> None:
        self.off = off
        self._on = on
        self._top = None if plan.points_off.above_scale else max(grade.points for grade in plan.scale)

    def total(self, place: int, points: Fraction) -> Fraction:
        """Points of one object as they count."""
        off, on = self.off[place], self._on[place]
        if not off and not on:
            return points
        settled = max(points - off + on, Fraction(0))
        return settled if self._top is None else min(settled, self._top)


def _group(plan: Plan, sums: Sums, chain: Chain, group: str, places: range, settle: Settling) -> list[Place]:
    scores = {place: score(sums, place) for place in places}
    totals = {
        place: settle.total(place, one.rating)
        for place, one in scores.items()
        if one.rating is not None and one.raters >= plan.suppress_below
    }
    lows = {place: settle.total(place, scores[place].low) for place in totals}
    highs = {place: settle.total(place, scores[place].high) for place in totals}
    reach = _reach(lows, highs)
    ranks = _ranks(totals, chain)
    return [
        Place(
            place=place,
            object_group=group,
            rank=ranks.get(place, 0),
            rank_from=reach[place][0] if place in reach else 0,
            rank_to=reach[place][1] if place in reach else 0,
            total=totals.get(place),
            rating=scores[place].rating if place in totals else None,
            low=lows.get(place, Fraction(0)),
            high=highs.get(place, Fraction(0)),
            points_off=settle.off[place],
            raters=scores[place].raters,
            suppressed=0 < scores[place].raters < plan.suppress_below,
        )
        for place in [*ranks, *(place for place in places if place not in ranks)]
    ]


def _ranks(totals: Mapping[int, Fraction], chain: Chain) -> dict[int, int]:
    """Ranks by place, first rank first. What the whole chain leaves equal shares a rank, and the next one is skipped."""
    ranks: dict[int, int] = {}
    order = sorted(totals, key=lambda place: totals[place], reverse=True)
    for _, equal in groupby(order, key=lambda place: totals[place]):
        tied = list(equal)
        keys = {place: chain.key(place) for place in tied} if len(tied) > 1 else {tied[0]: ()}
        tied.sort(key=lambda place: keys[place], reverse=True)
        before = len(ranks)
        for number, place in enumerate(tied):
            shared = number and keys[place] == keys[tied[number - 1]]
            ranks[place] = ranks[tied[number - 1]] if shared else before + number + 1
    return ranks


def _reach(lows: Mapping[int, Fraction], highs: Mapping[int, Fraction]) -> dict[int, tuple[int, int]]:
    """The best and the worst rank each interval allows: behind all that lie wholly above it, before all wholly below."""
    common = lcm(*(end.denominator for end in (*lows.values(), *highs.values())))
    low_of = {place: end.numerator * (common // end.denominator) for place, end in lows.items()}
    high_of = {place: end.numerator * (common // end.denominator) for place, end in highs.items()}
    low_ends, high_ends = sorted(low_of.values()), sorted(high_of.values())
    size = len(low_ends)
    return {
        place: (size - bisect_right(low_ends, high_of[place]) + 1, size - bisect_left(high_ends, low_of[place]))
        for place in lows
    }
