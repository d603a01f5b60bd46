"""The rules of the count once more, slowly: ballot by ballot, fraction by fraction, as the text of the rule reads.

Nothing here uses the tally, nor its whole-number ways: answers are laid in a row, sorted, cut, and added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from hypothesis import strategies as st

from services.evaluation.domain.formula import EmptyGroup, TieBreak, TieQuestion
from services.evaluation.domain.plan import Plan, RaterGroup
from tests.unit.evaluation.plans import plan

Case = tuple[Plan, list[bytes], list[int], list[Fraction]]
Line = tuple[int, int, int, int, Fraction | None, Fraction | None, Fraction, Fraction, int]
GRID = 10**9
TRIMS = (Fraction(0), Fraction("0.05"), Fraction("0.2"), Fraction("0.34"), Fraction("0.4999"))
CHAINS = (
    (TieBreak(TieQuestion.SATISFIED_SHARE), TieBreak(TieQuestion.MORE_ANSWERS)),
    (TieBreak(TieQuestion.FEWER_LOWEST), TieBreak(TieQuestion.DIMENSION, "d0")),
    (TieBreak(TieQuestion.FEWER_POINTS_OFF),),
    (),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A plan with every rule it may have, ballots of it with some groups perhaps empty, and points off."""
    groups = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    dimensions = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    keys = [f"c{at}" for at in range(len(groups))]
    some = st.lists(st.sampled_from(keys), unique=True, max_size=len(keys)).map(tuple)
    raters = tuple(
        RaterGroup(f"g{at}", "", weight, 0, draw(some) if at else ()) for at, weight in enumerate(weights)
    )  # the first rates everything, so that nothing is rated by nobody
    campaign = plan(
        groups,
        dimensions,
        rater_groups=raters,
        empty_group=draw(st.sampled_from(EmptyGroup)),
        trim=draw(st.sampled_from(TRIMS)),
        tie_chain=draw(st.sampled_from(CHAINS)),
        suppress_below=draw(st.integers(1, 3)),
    )
    cell = st.sampled_from([0, 1, 2, 3, 255])
    ballot = st.lists(cell, min_size=campaign.cells, max_size=campaign.cells).map(bytes)
    rows = draw(st.lists(st.tuples(ballot, st.integers(0, len(weights) - 1)), max_size=25))
    off = draw(st.lists(st.sampled_from([Fraction(0), Fraction("2.5"), Fraction(70)]), min_size=6, max_size=6))
    return campaign, [row for row, _ in rows], [group for _, group in rows], off[: len(campaign.objects)]


class Slow:
    """One object's answers, and what the rules make of them."""

    def __init__(self, plan: Plan, ballots: Sequence[bytes], groups: Sequence[int], place: int) -> None:
        self.plan = plan
        width = len(plan.dimensions)
        key = next(group.key for group in plan.object_groups if plan.objects[place] in group.objects)
        self.raters = [at for at, group in enumerate(plan.rater_groups) if not group.rates or key in group.rates]
        self.valid = {
            (group, dimension): [
                ballot[place * width + dimension]
                for ballot, own in zip(ballots, groups, strict=True)
                if own == group and ballot[place * width + dimension] not in (0, 255)
            ]
            for group in self.raters
            for dimension in range(width)
        }
        self.kept = {at: self._cut(sorted(cells)) for at, cells in self.valid.items()}

    def _cut(self, cells: list[int]) -> list[int]:
        cut = int(len(cells) * self.plan.trim)
        return cells[cut : len(cells) - cut]

    def _points(self, cells: Sequence[int]) -> Fraction:
        return sum((self.plan.scale[cell - 1].points for cell in cells), Fraction(0)) / len(cells)

    def mean(self, group: int) -> Fraction | None:
        """A rater group's mean over the dimensions it answered."""
        answered = [(one.weight, self.kept[group, at]) for at, one in enumerate(self.plan.dimensions)]
        means = [(weight, self._points(cells)) for weight, cells in answered if cells]
        weights = sum(weight for weight, _ in means)
        return sum((weight * mean for weight, mean in means), Fraction(0)) / weights if means else None

    def fewest(self, group: int, answers: dict[tuple[int, int], list[int]]) -> int:
        """The smallest number of answers on any dimension this group answered."""
        numbers = [len(answers[group, at]) for at in range(len(self.plan.dimensions))]
        return min((number for number in numbers if number), default=0)

    @property
    def in_force(self) -> list[tuple[int, Fraction, int]]:
        """Weight, mean and kept raters of each group that answered."""
        means = [(group, self.mean(group)) for group in self.raters]
        return [
            (self.plan.rater_groups[group].weight, mean, self.fewest(group, self.kept))
            for group, mean in means
            if mean is not None
        ]

    @property
    def number(self) -> int:
        """How many raters stand behind it."""
        return sum(self.fewest(group, self.valid) for group in self.raters)

    @property
    def rating(self) -> Fraction | None:
        """The rating, if the rules give one."""
        given = self.in_force
        strict = self.plan.empty_group is EmptyGroup.NO_SCORE
        if not given or (strict and len(given) < len(self.raters)) or self.number < self.plan.suppress_below:
            return None
        return sum((weight * mean for weight, mean, _ in given), Fraction(0)) / sum(weight for weight, *_ in given)

    def interval(self, rating: Fraction) -> tuple[Fraction, Fraction]:
        """Wilson's interval as its formula reads, outwards on the grid by one whole-number root."""
        given = self.in_force
        size = Fraction(sum(weight for weight, *_ in given)) ** 2 / sum(Fraction(w * w, k) for w, _, k in given)
        low, high = self.plan.scale[-1].points, self.plan.scale[0].points
        share, z = (rating - low) / (high - low), self.plan.lines.deviations
        middle = size * share + z * z / 2
        under = z * z * (size * share * (1 - share) + z * z / 4)
        return tuple(  # type: ignore[return-value]
            low + (high - low) * end for end in _ends(middle, under, size + z * z)
        )

    def chain(self, off: Fraction) -> tuple[Fraction, ...]:
        """What the tie chain asks, answered."""
        cells = [cell for answers in self.valid.values() for cell in answers]
        happy = sum(1 for cell in cells if self.plan.scale[cell - 1].satisfied)
        lowest = cells.count(len(self.plan.scale))
        said = {
            TieQuestion.SATISFIED_SHARE: Fraction(happy, len(cells) or 1),
            TieQuestion.FEWER_LOWEST: -Fraction(lowest, len(cells) or 1),
            TieQuestion.FEWER_POINTS_OFF: -off,
            TieQuestion.MORE_ANSWERS: Fraction(len(cells)),
            TieQuestion.DIMENSION: self._first_dimension(),
        }
        return tuple(said[tie.question] for tie in self.plan.tie_chain)

    def _first_dimension(self) -> Fraction:
        given = [(self.plan.rater_groups[group].weight, self.kept[group, 0]) for group in self.raters]
        means = [(weight, self._points(cells)) for weight, cells in given if cells]
        return sum((w * mean for w, mean in means), Fraction(0)) / sum(w for w, _ in means) if means else Fraction(0)


def slow_table(plan: Plan, ballots: Sequence[bytes], groups: Sequence[int], off: Sequence[Fraction]) -> list[Line]:
    """The ranked table, every line by comparing it with every other."""
    found: list[Line] = []
    start = 0
    for group in plan.object_groups:
        places = list(range(start, start + len(group.objects)))
        start += len(places)
        found += _group({place: Slow(plan, ballots, groups, place) for place in places}, off)
    return found


def _group(members: dict[int, Slow], off: Sequence[Fraction]) -> list[Line]:
    ratings = {place: one.rating for place, one in members.items()}
    totals = {place: max(rating - off[place], Fraction(0)) for place, rating in ratings.items() if rating is not None}
    ends = {}
    for place in totals:
        low, high = members[place].interval(ratings[place] or Fraction(0))
        ends[place] = max(low - off[place], Fraction(0)), max(high - off[place], Fraction(0))
    keys = {place: (total, *members[place].chain(off[place])) for place, total in totals.items()}
    lines: list[Line] = []
    for place in sorted(totals, key=lambda one: (keys[one], -one), reverse=True):
        rank = 1 + sum(1 for other in totals if keys[other] > keys[place])
        before = sum(1 for other in totals if ends[other][0] > ends[place][1])
        behind = sum(1 for other in totals if ends[other][1] < ends[place][0])
        reach = 1 + before, len(totals) - behind
        lines.append((place, rank, *reach, totals[place], ratings[place], *ends[place], members[place].number))
    nothing = Fraction(0)
    without = [place for place in members if place not in totals]
    return [*lines, *((place, 0, 0, 0, None, None, nothing, nothing, members[place].number) for place in without)]


def _ends(middle: Fraction, under: Fraction, whole: Fraction) -> tuple[Fraction, Fraction]:
    """(middle -+ root) / whole on the grid; the root is rounded up on a grid of its own, then the ends outwards."""
    root = Fraction(isqrt(int(under * GRID * GRID)) + 1, GRID)
    low = (middle - root) / whole * GRID
    high = (middle + root) / whole * GRID
    return Fraction(max(0, low.__floor__()), GRID), Fraction(min(GRID, high.__ceil__()), GRID)
