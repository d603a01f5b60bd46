"""How an object stands in its group: against the median and the best, without naming anybody else.

A median over few objects would tell the others' figures apart: it is left out unless enough objects of other units stand
behind it. The best total, and the median of totals, is somebody's score: neither is shown unless scores are published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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


def standing(
    plan: Plan, own: ObjectResult, group: Sequence[ObjectResult], mine: Collection[str], least_others: int, public: bool
) -> Standing:
    """Where an object stands among all results of its group, its own included.

    Totals of the group are shown only if everybody's scores are published; of the means what at least `least_others` objects
    beside those that are `mine` have, the ids whose results the reader knows anyway.
    """

    def middle(values: Sequence[Fraction | None]) -> Fraction | None:
        others = sum(value is not None and one.object_id not in mine for one, value in zip(group, values, strict=True))
        return _median(values) if others >= least_others else None

    totals = [one.row.total for one in group if one.row.total is not None]
    raters, asked = range(len(plan.rater_groups)), range(len(plan.dimensions))
    dimensions = tuple(tuple(middle([_mean(one, at, dimension) for one in group]) for dimension in asked) for at in raters)
    return Standing(
        objects=len(totals),
        median=_median(totals) if totals and public else None,
        best=max(totals) if totals and public else None,
        groups=tuple(middle([one.groups[at].mean for one in group]) for at in raters),
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


def _median(values: Iterable[Fraction | None]) -> Fraction | None:
    """The value in the middle, of two the mean of them; None for none."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    half = len(known) // 2
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
