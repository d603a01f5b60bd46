"""The ranked table as it is kept and shown: places with names, grades and points off, and what each group gave."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from services.evaluation.domain.adjustment import Deduction
from services.evaluation.domain.plan import Plan, RatedObject
from services.evaluation.domain.result import DimensionShare, GroupShare, ResultRow
from services.evaluation.tally.counts import Counts
from services.evaluation.tally.places import Place, grade_of, ranked
from services.evaluation.tally.scores import Share, Sums, hidden_groups, shares


def result_rows(plan: Plan, counts: Counts, deductions: Sequence[Deduction]) -> list[tuple[int, ResultRow]]:
    """The table group by group, first place first; with each line the place of its object on the ballot."""
    off, on = [one.points for one in deductions], [one.on for one in deductions]
    table = ranked(plan, counts, off, on)
    objects = plan.objects
    return [(place.place, _row(plan, objects[place.place], place, deductions[place.place])) for place in table]


def _row(plan: Plan, one: RatedObject, place: Place, deduction: Deduction) -> ResultRow:
    return ResultRow(
        object_id=one.object_id,
        unit_id=one.unit_id,
        unit_path=one.unit_path,
        name=one.name,
        object_group=place.object_group,
        rank=place.rank,
        rank_from=place.rank_from,
        rank_to=place.rank_to,
        total=place.total,
        rating=place.rating,
        low=place.low,
        high=place.high,
        points_off=place.points_off,
        adjustments=len(deduction.charges),
        grade="" if place.total is None else grade_of(plan, place.total).key,
        suppressed=place.suppressed,
        raters=place.raters,
        points_on=deduction.on,
    )


class Explainer:
    """What each rater group gave, object by object, with small groups hidden."""

    def __init__(self, plan: Plan, counts: Counts) -> None:
        self._plan = plan
        self._counts = counts
        self._sums = Sums(plan, counts)

    def groups(self, place: int) -> tuple[GroupShare, ...]:
        """Every rater group's part in one object's rating. Where the object itself is too small, all are hidden."""
        given = shares(self._sums, place)
        few = sum(share.raters for share in given) < self._plan.suppress_below
        hidden = [few or small for small in hidden_groups(self._plan, given)]
        return tuple(self._group(place, number, share, hidden[number]) for number, share in enumerate(given))

    def _group(self, place: int, group: int, share: Share, hidden: bool) -> GroupShare:
        if hidden:
            return GroupShare(share.share, None, True, ())
        rows: list[list[int]] = self._counts.answers[group, place].tolist()
        dimensions = (self._dimension(group, place, number, answers) for number, answers in enumerate(rows))
        return GroupShare(share.share, share.mean, False, tuple(dimensions))

    def _dimension(self, group: int, place: int, dimension: int, answers: list[int]) -> DimensionShare:
        """All answers as they were given; their mean over those that trimming leaves."""
        *grades, dont_know = answers
        kept, points = (part[group][place][dimension] for part in (self._sums.answers, self._sums.points))
        mean = Fraction(points, kept * self._sums.scale.denominator) if kept else None
        return DimensionShare(mean, tuple(grades), dont_know)
