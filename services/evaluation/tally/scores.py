"""From counts to exact scores: the rating of each object, what each group gave to it, and its interval.

    valid         = the answers that are grades of the scale; "don't know" and blanks are none
    kept          = valid without the floor(valid x trim) best and the floor(valid x trim) poorest of them (`trimming`)
    group's mean  = sum over dimensions (weight x mean over kept answers) / sum of the weights of dimensions answered
    rating        = sum over rater groups that rate the object (share x group's mean)
    share         = the group's weight / sum of the weights of the groups that rate the object and answered

A rater group that does not rate an object is not missing there: its weight is nobody's. Sums are whole numbers on a common
denominator, and become one fraction at the end.

The interval of a rating. Let p = (rating - lowest grade) / (highest - lowest), taken as a share, z = `lines.deviations`, and

    n = (sum of w)^2 / sum of (w^2 / k)      Kish's effective size, over the groups in force: weight w, kept raters k
    ends = (n p + z^2/2 -+ z sqrt(n p (1 - p) + z^2/4)) / (n + z^2)      Wilson (1927)

A grade between the two ends varies less than a yes or no, so the interval is never too narrow on that account. Its square
root is a whole-number root, rounded outwards. With trimming k counts the kept answers only, so the interval grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt, lcm

import numpy as np

from services.evaluation.domain.formula import EmptyGroup
from services.evaluation.domain.plan import Plan
from services.evaluation.tally.counts import Counts, asked
from services.evaluation.tally.trimming import trimmed

UNIT = 10**9  # the grid on which an interval's ends are rounded outwards


@dataclass(frozen=True, slots=True)
class Score:
    """One object's rating; None where nobody, or not every group that must, gave a valid answer.

    `raters` is the smallest number of valid answers on any answered dimension, summed over the rater groups.
    """

    rating: Fraction | None
    low: Fraction
    high: Fraction
    raters: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one rater group gave to one object: its share of the rating, and its mean over all dimensions."""

    share: Fraction
    mean: Fraction | None
    raters: int


class Scale:
    """The points of a plan's scale as whole numbers over one denominator."""

    def __init__(self, plan: Plan) -> None:
        self.denominator = lcm(*(grade.points.denominator for grade in plan.scale))
        self.points = np.array([int(grade.points * self.denominator) for grade in plan.scale], dtype=np.int64)
        self.low = plan.scale[-1].points
        self.span = plan.scale[0].points - self.low


class Sums:
    """Points given and answers behind them, as nested lists `[group][object][dimension]` of whole numbers.

    `answers` are the kept ones, which the mean is taken over; `valid` are all valid ones, which say how many were asked.
    `rated_by` holds for each object the places of the rater groups that rate it.
    """

    def __init__(self, plan: Plan, counts: Counts) -> None:
        self.plan = plan
        self.scale = Scale(plan)
        self.rated_by = plan.rated_by
        valid = counts.answers[..., :-1]
        kept = trimmed(valid, plan.trim) if plan.trim else valid
        self.points: list[list[list[int]]] = (kept @ self.scale.points).tolist()
        self.answers: list[list[list[int]]] = kept.sum(axis=-1).tolist()
        self.valid = self.answers if kept is valid else valid.sum(axis=-1).tolist()

    def group_mean(self, group: int, place: int) -> tuple[int, int]:
        """A group's mean on an object over all dimensions, as numerator and denominator; the latter 0 if none answered."""
        return self._mean(self.points[group][place], self.answers[group][place])

    def _mean(self, points: list[int], answers: list[int]) -> tuple[int, int]:
        weights = [dimension.weight for dimension in self.plan.dimensions]
        first = answers[0]
        if first and answers.count(first) == len(answers):  # the usual case needs no common denominator
            total = sum(weight * given for weight, given in zip(weights, points, strict=True))
            return total, first * sum(weights) * self.scale.denominator
        numerator, denominator, answered = 0, 1, 0
        for weight, given, number in zip(weights, points, answers, strict=True):
            if number:
                numerator = numerator * number + weight * given * denominator
                denominator *= number
                answered += weight
        return numerator, denominator * answered * self.scale.denominator

    def dimension_mean(self, place: int, dimension: int) -> Fraction:
        """All groups' mean on one dimension of an object, by the weights of the groups that answered; 0 if none did."""
        total, weights = Fraction(0), 0
        for number, group in enumerate(self.plan.rater_groups):
            answers = self.answers[number][place][dimension]
            if answers:
                total += Fraction(group.weight * self.points[number][place][dimension], answers)
                weights += group.weight
        return total / (weights * self.scale.denominator) if weights else total

    def raters(self, group: int, place: int) -> int:
        """The smallest number of valid answers on any answered dimension."""
        return min(filter(None, self.valid[group][place]), default=0)

    def kept(self, group: int, place: int) -> int:
        """The smallest number of kept answers on any answered dimension."""
        return min(filter(None, self.answers[group][place]), default=0)


def score(sums: Sums, place: int) -> Score:
    """The exact rating of one object and its interval."""
    groups = sums.plan.rater_groups
    numerator, denominator, weights, answered, raters = 0, 1, 0, 0, 0
    spread, sizes = 0, 1  # the sum of weight² / raters, on the common denominator `sizes`
    asked_of = sums.rated_by[place]
    for number in asked_of:
        given, of = sums.group_mean(number, place)
        if of:
            weight = groups[number].weight
            numerator = numerator * of + weight * given * denominator
            denominator *= of
            size = sums.kept(number, place)
            spread = spread * size + weight * weight * sizes
            sizes *= size
            weights, answered, raters = weights + weight, answered + 1, raters + sums.raters(number, place)
    if not answered or (answered < len(asked_of) and sums.plan.empty_group is EmptyGroup.NO_SCORE):
        return Score(None, Fraction(0), Fraction(0), raters)
    rating = Fraction(numerator, denominator * weights)
    effective = Fraction(weights * weights * sizes, spread)
    low, high = interval(rating, sums.scale, effective, sums.plan.lines.deviations)
    return Score(rating, low, high, raters)


def shares(sums: Sums, place: int) -> tuple[Share, ...]:
    """What each rater group gave to one object. The shares of the groups that answered add up to one."""
    groups = sums.plan.rater_groups
    means = [sums.group_mean(number, place) for number in range(len(groups))]
    weights = sum(group.weight for group, (_, of) in zip(groups, means, strict=True) if of)
    return tuple(
        Share(
            share=Fraction(group.weight, weights) if of else Fraction(0),
            mean=Fraction(given, of) if of else None,
            raters=sums.raters(number, place),
        )
        for number, (group, (given, of)) in enumerate(zip(groups, means, strict=True))
    )


def interval(rating: Fraction, scale: Scale, size: Fraction, deviations: Fraction) -> tuple[Fraction, Fraction]:
    """Wilson's interval of a rating that rests on `size` raters, in points, ends rounded outwards to 1e-9 of the scale."""
    low, high = share_interval((rating - scale.low) / scale.span, size, deviations)
    return scale.low + low * scale.span, scale.low + high * scale.span


def share_interval(share: Fraction, size: Fraction, deviations: Fraction) -> tuple[Fraction, Fraction]:
    """Wilson's interval (1927) of a share of `size`, its ends rounded outwards to 1e-9; from 0 to 1 for a share of nothing.

    A share p of n: (n p + z²/2 ± z sqrt(n p (1 - p) + z²/4)) / (n + z²). With p = a/b, n = c/d and z² = e/f it is worked
    out in whole numbers: over b (c f + d e), half of it (2 a c f + b d e) ± b d f times the root.
    """
    a, b, c, d = share.numerator, share.denominator, size.numerator, size.denominator
    e, f = deviations.numerator**2, deviations.denominator**2
    root = isqrt(e * (4 * f * a * c * (b - a) + b * b * d * e) * UNIT * UNIT // (4 * f * f * b * b * d)) + 1
    middle, reach, whole = (2 * a * c * f + b * d * e) * UNIT, 2 * b * d * f * root, 2 * b * (c * f + d * e)
    return Fraction(max(0, (middle - reach) // whole), UNIT), Fraction(min(UNIT, -(-(middle + reach) // whole)), UNIT)


def extremes(plan: Plan, group: int = 0) -> tuple[Fraction, Fraction]:
    """What the formula gives an object of a group at worst and at best: counted, like any ballot, from answers all lowest
    and all highest."""
    one = _one_of(plan, group)
    found: list[Fraction] = []
    for answer in (len(plan.scale) - 1, 0):
        rating = score(Sums(one, _everybody(one, answer)), 0).rating
        found.append(rating if rating is not None else Fraction(0))
    return found[0], found[1]


def shares_without(plan: Plan, empty: int, group: int = 0) -> tuple[Fraction, ...]:
    """The shares of the rater groups in an object of a group if the rater group at `empty` gives no valid answer."""
    one = _one_of(plan, group)
    counts = _everybody(one, 0)
    counts.answers[empty] = 0
    return tuple(share.share for share in shares(Sums(one, counts), 0))


def _one_of(plan: Plan, group: int) -> Plan:
    """The plan about the first object of one of its groups alone."""
    chosen = plan.object_groups[group]
    return replace(plan, object_groups=(replace(chosen, objects=chosen.objects[:1]),))


def _everybody(plan: Plan, answer: int) -> Counts:
    """One answer of every rater group to every question it is asked."""
    shape = (len(plan.rater_groups), len(plan.rated_by), len(plan.dimensions), len(plan.scale) + 1)
    answers = np.zeros(shape, dtype=np.int64)
    answers[..., answer] = asked(plan)[:, :, np.newaxis]
    return Counts((1,) * shape[0], answers)


def hidden_groups(plan: Plan, given: Sequence[Share]) -> tuple[bool, ...]:
    """Which groups' figures are not shown: those of fewer raters than the plan says, and if that is one alone the next
    smallest too, since one gap could be computed from the rest."""
    small = [0 < share.raters < plan.suppress_below for share in given]
    if sum(small) == 1:
        rest = [(share.raters, number) for number, share in enumerate(given) if share.raters and not small[number]]
        if rest:
            small[min(rest)[1]] = True
    return tuple(small)
