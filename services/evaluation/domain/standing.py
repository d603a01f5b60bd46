"""How an object stands in its group: against the median and the best, without naming anybody else.

A median over few objects would tell the others' figures apart. It is left out unless the group has enough others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import ObjectResult


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What one rater group's answers on one dimension cost against the group's median, in points of the whole score.

    `rater_group` and `dimension` are places in the plan.
    """

    rater_group: int
    dimension: int
    mean: Fraction
    median: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """An object in its group. `groups` and `dimensions` are the medians of the means, None where they are not shown."""

    objects: int
    median: Fraction | None
    best: Fraction | None
    groups: tuple[Fraction | None, ...]
    dimensions: tuple[tuple[Fraction | None, ...], ...]
    shortfalls: tuple[Shortfall, ...]


def standing(plan: Plan, own: ObjectResult, group: Sequence[ObjectResult], least_others: int, public: bool) -> Standing:
    """Where an object stands among all results of its group, its own included.

    The group's totals are shown if they are public anyway; everything else where at least `least_others` stand beside it.
    """
    totals = [one.row.total for one in group if one.row.total is not None]
    enough = len(group) > least_others
    raters, asked = range(len(plan.rater_groups)), range(len(plan.dimensions))
    groups = tuple(_median((one.groups[at].mean for one in group), least_others) if enough else None for at in raters)
    dimensions = tuple(
        tuple(_median((_mean(one, at, dimension) for one in group), least_others) if enough else None for dimension in asked)
        for at in raters
    )
    shown = bool(totals) and (public or len(totals) > least_others)
    return Standing(
        objects=len(totals),
        median=_median(totals, 0) if shown else None,
        best=max(totals) if shown else None,
        groups=groups,
        dimensions=dimensions,
        shortfalls=_shortfalls(plan, own, dimensions),
    )


def _shortfalls(plan: Plan, own: ObjectResult, medians: Sequence[Sequence[Fraction | None]]) -> tuple[Shortfall, ...]:
    """What set it below the medians, the costliest first."""
    weights = sum(dimension.weight for dimension in plan.dimensions)
    found = []
    for at, share in enumerate(own.groups):
        for number, dimension in enumerate(plan.dimensions):
            mean, median = _mean(own, at, number), medians[at][number]
            if mean is not None and median is not None and mean < median:
                points = share.share * Fraction(dimension.weight, weights) * (median - mean)
                found.append(Shortfall(at, number, mean, median, points))
    return tuple(sorted(found, key=lambda one: one.points, reverse=True))


def _mean(result: ObjectResult, rater_group: int, dimension: int) -> Fraction | None:
    """A mean that is not hidden."""
    dimensions = result.groups[rater_group].dimensions
    return dimensions[dimension].mean if dimensions else None


def _median(values: Iterable[Fraction | None], least_others: int) -> Fraction | None:
    """The value in the middle, of two the mean of them; None for too few."""
    known = sorted(value for value in values if value is not None)
    if len(known) <= least_others:
        return None
    half = len(known) // 2
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
