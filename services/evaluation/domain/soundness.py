"""What makes a plan sound: whatever is refused here could not be counted, or not as its organiser meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from chassis.errors import Invalid
from services.evaluation.domain.formula import Publish, TieQuestion
from services.evaluation.domain.plan import Plan
from services.evaluation.log import available

LONGEST_BALLOT = 60_000
HALF = Fraction(1, 2)  # who cuts half off at each end has nothing left


def check(plan: Plan) -> None:
    """Raises Invalid, naming the field, for a plan that cannot be counted as it stands."""
    _complete(plan)
    _once("OBJECT_TWICE", "object_groups", (" ".join(one.subject) for one in plan.objects))
    for name in ("object_groups", "dimensions", "scale", "rater_groups"):
        _once("KEY_TWICE", name, (part.key for part in getattr(plan, name)))
    if not available(plan.suite):
        raise Invalid("SUITE_NOT_AVAILABLE", "plan.suite", suite=plan.suite)
    if plan.cells > LONGEST_BALLOT:
        raise Invalid("BALLOT_TOO_LONG", "plan.object_groups", cells=plan.cells, most=LONGEST_BALLOT)
    _grades(plan)
    if plan.trim >= HALF:
        raise Invalid("TRIM_TOO_MUCH", "plan.trim", trim=str(float(plan.trim)))
    known = {dimension.key for dimension in plan.dimensions}
    for tie in plan.tie_chain:
        if (tie.question is TieQuestion.DIMENSION) != (tie.dimension in known):
            raise Invalid("TIE_DIMENSION_UNKNOWN", "plan.tie_chain", dimension=tie.dimension)
    if plan.live and plan.publication.what is not Publish.FULL:
        raise Invalid("LIVE_NEEDS_FULL", "plan.live")
    _rated(plan)


def _complete(plan: Plan) -> None:
    """Neither the organiser nor the template may leave out who is rated, about what, and by whom."""
    for name in ("object_groups", "dimensions", "rater_groups"):
        if not getattr(plan, name):
            raise Invalid("PLAN_INCOMPLETE", f"plan.{name}", part=name)
    for group in plan.object_groups:
        if not group.objects:
            raise Invalid("PLAN_INCOMPLETE", "plan.object_groups", part=group.key)


def _grades(plan: Plan) -> None:
    if len(plan.scale) < 2:
        raise Invalid("SCALE_TOO_SHORT", "plan.scale")
    if not _falling(grade.points for grade in plan.scale):
        raise Invalid("GRADES_NOT_FALLING", "plan.scale")
    starts = [grade.start for grade in plan.lines.grades]
    if not starts or not _falling(starts) or starts[-1] != 0:
        raise Invalid("RESULT_GRADES_NOT_FALLING", "plan.lines.grades")


def _rated(plan: Plan) -> None:
    """Who rates what: every key is one of a group of objects, and every group of objects is rated by somebody."""
    keys = [group.key for group in plan.object_groups]
    for raters in plan.rater_groups:
        unknown = [key for key in raters.rates if key not in keys]
        if unknown:
            raise Invalid("RATES_UNKNOWN_GROUP", "plan.rater_groups", group=raters.key, key=unknown[0])
    rated = {key for raters in plan.rater_groups for key in raters.rates or keys}
    nobody = [key for key in keys if key not in rated]
    if nobody:
        raise Invalid("GROUP_RATED_BY_NOBODY", "plan.object_groups", key=nobody[0])


def _once(reason: str, field: str, keys: Iterable[str]) -> None:
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        raise Invalid(reason, f"plan.{field}", key=twice[0])


def _falling(values: Iterable[Fraction]) -> bool:
    return all(above > below for above, below in pairwise(values))
