"""From counts to exact scores, as docs/published-box.md writes the formulas down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, isqrt

from suite.recount.ballots import Box
from suite.recount.rules import Rules

UNIT = 10**9


@dataclass(frozen=True)
class Given:
    """What one rater group gave to one object: its mean over all dimensions, None if it answered none; how many valid
    answers it gave at least, and how many of them were kept."""

    mean: Fraction | None
    raters: int
    kept: int


@dataclass(frozen=True)
class Score:
    """An object's rating and its interval; None where it has no rating."""

    rating: Fraction | None
    low: Fraction
    high: Fraction
    raters: int


class Formula:
    """The rules, and the answers they are applied to."""

    def __init__(self, rules: Rules, box: Box) -> None:
        self.rules, self._box = rules, box

    def answers(self, group: int, place: int, dimension: int) -> list[int]:
        """How often each grade was given, best first."""
        return self._box.answers[group][place][dimension][:-1]

    def dont_know(self, group: int, place: int, dimension: int) -> int:
        """How often "don't know" was answered."""
        return self._box.answers[group][place][dimension][-1]

    def kept(self, group: int, place: int, dimension: int) -> list[int]:
        """How often each grade remains once the best and the poorest answers are cut off."""
        answers = self.answers(group, place, dimension)
        cut = floor(sum(answers) * self.rules.trim)
        return _without(_without(answers, cut)[::-1], cut)[::-1]

    def mean(self, group: int, place: int, dimension: int) -> Fraction | None:
        """The mean of the kept answers, in points."""
        kept = self.kept(group, place, dimension)
        points = sum((points * number for points, number in zip(self.rules.points, kept, strict=True)), Fraction(0))
        return points / sum(kept) if sum(kept) else None

    def given(self, group: int, place: int) -> Given:
        """What a group gave to an object over all dimensions it answered."""
        total, weights, raters, kept = Fraction(0), 0, [], []
        for number, (_, weight) in enumerate(self.rules.dimensions):
            mean = self.mean(group, place, number)
            if mean is not None:
                total, weights = total + weight * mean, weights + weight
                raters.append(sum(self.answers(group, place, number)))
                kept.append(sum(self.kept(group, place, number)))
        return Given(total / weights if weights else None, min(raters, default=0), min(kept, default=0))

    def score(self, place: int) -> Score:
        """An object's rating over all rater groups that rate it and answered."""
        asked = [group for group in range(len(self.rules.raters)) if self.rules.rates(group, place)]
        given = {group: self.given(group, place) for group in asked}
        raters = sum(one.raters for one in given.values())
        answered = [group for group in asked if given[group].mean is not None]
        if not answered or (len(answered) < len(asked) and self.rules.empty_group == "no_score"):
            return Score(None, Fraction(0), Fraction(0), raters)
        weights = {group: self.rules.raters[group].weight for group in answered}
        whole = sum(weights.values())
        rating = sum((weights[group] * _sure(given[group].mean) for group in answered), Fraction(0)) / whole
        spread = sum((Fraction(weights[group] ** 2, given[group].kept) for group in answered), Fraction(0))
        size = Fraction(whole**2) / spread
        return Score(rating, *self.interval(rating, size), raters)

    def interval(self, rating: Fraction, size: Fraction) -> tuple[Fraction, Fraction]:
        """Wilson's interval, its ends rounded outwards to a billionth of the scale."""
        lowest, span = self.rules.points[-1], self.rules.points[0] - self.rules.points[-1]
        share, z2 = (rating - lowest) / span, self.rules.deviations**2
        root = isqrt(floor(UNIT**2 * z2 * (size * share * (1 - share) + z2 / 4))) + 1
        middle, whole = UNIT * (size * share + z2 / 2), size + z2
        low, high = max(0, floor((middle - root) / whole)), min(UNIT, -floor(-(middle + root) / whole))
        return lowest + span * Fraction(low, UNIT), lowest + span * Fraction(high, UNIT)

    def dimension_mean(self, place: int, key: str) -> Fraction:
        """All groups' mean on one dimension, by the weights of those that answered; 0 if none did."""
        number = [name for name, _ in self.rules.dimensions].index(key)
        total, weights = Fraction(0), 0
        for group, one in enumerate(self.rules.raters):
            mean = self.mean(group, place, number)
            if mean is not None:
                total, weights = total + one.weight * mean, weights + one.weight
        return total / weights if weights else total


def _without(answers: list[int], cut: int) -> list[int]:
    """The counts without the first so many answers of the row."""
    left: list[int] = []
    for number in answers:
        gone = min(number, cut)
        left.append(number - gone)
        cut -= gone
    return left


def _sure(mean: Fraction | None) -> Fraction:
    assert mean is not None, "a group that answered has a mean"
    return mean
