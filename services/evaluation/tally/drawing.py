"""A result as it could look: answers drawn at random, counted as ballots are, and compared with what is true of the objects.

In each run every object has a share of lowest answers of its own, drawn around `lowest` with the standard deviation `apart`;
what is left of its answers falls on the other grades by halves, best grade first. So the object with the largest share of
lowest answers is truly the last, and the run shows whether chance hides it. Raters answer independently of one another,
which real ones do not quite: a real ranking is rather less certain than a drawn one.

Probabilities are only used to draw; every figure is made from counts, by the tally, in whole numbers and fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import rounded
from services.evaluation.tally.counts import Counts, asked
from services.evaluation.tally.places import Place, ranked

MILLION = 10**6
TWELVE = 12  # so many even draws together lie around their middle like a bell, with a standard deviation of one of them
LONGEST_TAIL = 16  # grades further down than this get no answers but as the lowest


@dataclass(frozen=True, slots=True)
class Model:
    """What is drawn: `raters` by rater group, the rest as shares of all answers."""

    seed: int
    runs: int
    raters: tuple[int, ...]
    lowest: Fraction
    apart: Fraction
    dont_know: Fraction


class Variant(Enum):
    """Which plan was counted."""

    AS_PLANNED = "as_planned"
    WITHOUT_TRIMMING = "without_trimming"
    WITHOUT_DONT_KNOW = "without_dont_know"


@dataclass(slots=True)
class GroupRuns:
    """What all runs together say of one object group; but for the last two, in how many runs it was so."""

    object_group: str
    objects: int
    last_found: int = 0
    last_among_three: int = 0
    first_found: int = 0
    ties: int = 0
    same_score_shown: int = 0
    last_set_apart: int = 0
    widths: Fraction = Fraction(0)
    reaches: int = 0
    ranked: int = 0

    def add(self, rows: Sequence[Place], truly: Sequence[int], decimals: int) -> None:
        """One more run: the ranked lines of the group, and its objects from truly first to truly last."""
        if not rows:
            return
        ranks = {row.place: row.rank for row in rows}
        held = list(ranks.values())
        first, last = ranks.get(truly[0], 0), ranks.get(truly[-1], 0)
        behind = sum(1 for rank in held if rank > last)
        self.first_found += first == 1 and held.count(first) == 1
        self.last_found += last > 0 and behind == 0 and held.count(last) == 1
        self.last_among_three += last > 0 and behind < 3
        self.ties += len(set(held)) < len(held)
        shown = [rounded(row.total, decimals) for row in rows if row.total is not None]
        self.same_score_shown += len(set(shown)) < len(shown)
        self.last_set_apart += len(rows) > 1 and max(row.rank_from for row in rows) == len(rows)
        self.widths += sum((row.high - row.low for row in rows), Fraction(0))
        self.reaches += sum(row.rank_to - row.rank_from + 1 for row in rows)
        self.ranked += len(rows)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The first run's table, where each object truly stands in its group in that run, and all runs by variant."""

    model: Model
    table: tuple[Place, ...]
    true_ranks: tuple[int, ...]
    variants: dict[Variant, tuple[GroupRuns, ...]]


def variants(plan: Plan, model: Model) -> list[Variant]:
    """What there is to compare: nothing without trimming where the plan trims nothing, and so on."""
    there = {
        Variant.AS_PLANNED: True,
        Variant.WITHOUT_TRIMMING: plan.trim > 0,
        Variant.WITHOUT_DONT_KNOW: model.dont_know > 0,
    }
    return [variant for variant, asked_for in there.items() if asked_for]


def drawn(plan: Plan, model: Model) -> Drawn:
    """All runs of a model. The same model gives the same runs."""
    compared = {
        variant: tuple(GroupRuns(group.key, len(group.objects)) for group in plan.object_groups)
        for variant in variants(plan, model)
    }
    first: tuple[Place, ...] = ()
    true_ranks: dict[int, int] = {}
    for run in range(model.runs):
        lowest = _true_shares(plan, model, run)
        order = _truly(plan, lowest)
        true_ranks = true_ranks or {place: rank for truly in order for rank, place in enumerate(truly, start=1)}
        for variant, groups in compared.items():
            table = _run(plan, model, lowest, run, variant)
            first = first or tuple(table)
            for group, truly in zip(groups, order, strict=True):
                rows = [row for row in table if row.object_group == group.object_group and row.rank]
                group.add(rows, truly, plan.lines.decimals)
    return Drawn(model, first, tuple(true_ranks[place] for place in sorted(true_ranks)), compared)


def _run(plan: Plan, model: Model, lowest: Sequence[int], run: int, variant: Variant) -> list[Place]:
    known = variant is Variant.WITHOUT_DONT_KNOW
    counts = _answers(plan, replace(model, dont_know=Fraction(0)) if known else model, lowest, run)
    counted = replace(plan, trim=Fraction(0)) if variant is Variant.WITHOUT_TRIMMING else plan
    return ranked(counted, counts, [Fraction(0)] * len(lowest))


def _true_shares(plan: Plan, model: Model, run: int) -> list[int]:
    """Each object's share of lowest answers, in millionths."""
    chance = np.random.Generator(np.random.PCG64([model.seed, run, 0]))
    draws = chance.integers(0, MILLION, size=(len(plan.objects), TWELVE), endpoint=True).sum(axis=1) - TWELVE * MILLION // 2
    shares = (int(model.lowest * MILLION) + int(model.apart * int(draw)) for draw in draws)
    return [min(max(share, 0), MILLION) for share in shares]


def _truly(plan: Plan, lowest: Sequence[int]) -> list[list[int]]:
    """The objects of each group, truly first to truly last."""
    return [sorted(places, key=lambda place: lowest[place]) for places in _places(plan)]


def _places(plan: Plan) -> Iterator[range]:
    start = 0
    for group in plan.object_groups:
        yield range(start, start + len(group.objects))
        start += len(group.objects)


def _answers(plan: Plan, model: Model, lowest: Sequence[int], run: int) -> Counts:
    """The answers of one run: of each rater group about each object on each dimension."""
    chance = np.random.Generator(np.random.PCG64([model.seed, run, 1]))
    shape = (len(plan.rater_groups), len(lowest), len(plan.dimensions))
    raters = np.asarray(model.raters, dtype=np.int64)[:, np.newaxis, np.newaxis] * asked(plan)[:, :, np.newaxis]
    answers = chance.multinomial(np.broadcast_to(raters, shape), _chances(plan, model, lowest)[:, np.newaxis, :])
    return Counts(model.raters, np.asarray(answers, dtype=np.int64))


def _chances(plan: Plan, model: Model, lowest: Sequence[int]) -> npt.NDArray[np.float64]:
    """How likely each answer about each object is: the grades in order, then "don't know"."""
    better = len(plan.scale) - 1
    halves = [2 ** (LONGEST_TAIL - at) if at < LONGEST_TAIL else 0 for at in range(better)]
    known = 1 - model.dont_know
    rows = [
        [
            *(float(known * Fraction((MILLION - share) * half, MILLION * sum(halves))) for half in halves),
            float(known * Fraction(share, MILLION)),
            float(model.dont_know),
        ]
        for share in lowest
    ]
    return np.array(rows)
