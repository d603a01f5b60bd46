"""The dry run of a plan: its formula at both ends, what an empty group does, and results as they could look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.formula import EmptyGroup
from services.evaluation.domain.plan import Plan
from services.evaluation.tally.drawing import Drawn
from services.evaluation.tally.scores import extremes, shares_without


@dataclass(frozen=True, slots=True)
class Draw:
    """How results are drawn; 0 or None where the settings say. `raters` by the key of their group."""

    seed: int
    runs: int
    raters: Mapping[str, int]
    lowest: Fraction | None
    apart: Fraction | None
    dont_know: Fraction | None


@dataclass(frozen=True, slots=True)
class Emptied:
    """The shares if the rater group at `empty` gives no valid answer, in the object groups of these keys."""

    empty: int
    object_groups: tuple[str, ...]
    shares: tuple[Fraction, ...]
    no_score: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a formula can give each object group at worst and at best, what empty groups do, and what was drawn."""

    plan: Plan
    extremes: tuple[tuple[Fraction, Fraction], ...]
    emptied: tuple[Emptied, ...]
    drawn: Drawn | None


def trial(plan: Plan, drawn: Drawn | None) -> Trial:
    """The dry run of a plan, with what was drawn of it."""
    ends = tuple(extremes(plan, group) for group in range(len(plan.object_groups)))
    return Trial(plan, ends, tuple(_emptied(plan)), drawn)


def _emptied(plan: Plan) -> list[Emptied]:
    """Each rater group left empty in turn, once for all object groups that the same rater groups rate."""
    rated_by: dict[tuple[int, ...], list[int]] = {}
    start = 0
    for number, group in enumerate(plan.object_groups):
        rated_by.setdefault(plan.rated_by[start], []).append(number)
        start += len(group.objects)
    no_score = plan.empty_group is EmptyGroup.NO_SCORE
    return [
        Emptied(
            empty, tuple(plan.object_groups[one].key for one in groups), shares_without(plan, empty, groups[0]), no_score
        )
        for raters, groups in rated_by.items()
        for empty in raters
    ]
