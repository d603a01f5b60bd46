"""Plans and slow references for the tests of evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from services.evaluation.domain.formula import (
    Cause,
    EmptyGroup,
    Lines,
    PointsOff,
    PointsRule,
    ResultGrade,
    Revote,
    TieBreak,
    TieQuestion,
    Validity,
)
from services.evaluation.domain.plan import Dimension, Grade, ObjectGroup, Plan, RatedObject, RaterGroup

SCALE = (
    Grade("satisfied", "满意", Fraction(100), satisfied=True),
    Grade("fair", "基本满意", Fraction(60), satisfied=True),
    Grade("poor", "不满意", Fraction(0)),
)
LINES = Lines(
    grades=(
        ResultGrade("satisfied", "满意", Fraction(85)),
        ResultGrade("fair", "基本满意", Fraction(60)),
        ResultGrade("unsatisfied", "不满意", Fraction(0), unsatisfied=True),
    ),
    last_below=Fraction(75),
    commended_from=Fraction(90),
    decimals=2,
    deviations=Fraction("1.96"),
)
TARIFF = PointsOff(
    rules=(
        PointsRule(Cause.COMPLAINT_ESTABLISHED, Fraction(2), "(ours)", cap=Fraction(6)),
        PointsRule(Cause.MEASURE, Fraction(1), "(ours)"),
        PointsRule(Cause.MEASURE, Fraction(10), "(local)", measure="warning"),
        PointsRule(Cause.FINDING, Fraction(1), "(ours)"),
    ),
    cap=Fraction(20),
)


def plan(
    groups: Sequence[int] = (3,),
    dimensions: Sequence[int] = (1,),
    weights: Sequence[int] = (1,),
    scale: Sequence[Grade] = SCALE,
    **other: object,
) -> Plan:
    """A plan with so many objects in each group, dimensions and rater groups of these weights."""
    names = [f"o{number}" for number in range(sum(groups))]
    objects = [RatedObject(name, f"u-{name}", name, f"/qinghe/{name}") for name in names]
    parts = [objects[sum(groups[:at]) : sum(groups[: at + 1])] for at in range(len(groups))]
    given: dict[str, object] = {
        "title": "评议",
        "year": 2026,
        "jurisdiction_path": "/qinghe",
        "closes_at": datetime(2026, 12, 31, tzinfo=UTC),
        "object_groups": tuple(ObjectGroup(f"c{at}", f"类{at}", tuple(part)) for at, part in enumerate(parts)),
        "dimensions": tuple(Dimension(f"d{at}", f"维度{at}", weight) for at, weight in enumerate(dimensions)),
        "rater_groups": tuple(RaterGroup(f"g{at}", f"组{at}", weight) for at, weight in enumerate(weights)),
        "dont_know": True,
        "live": True,
        "scale": tuple(scale),
        "validity": Validity(Fraction(1, 2), 3, straight_lined_counts=True),
        "revote": Revote.REFUSED,
        "empty_group": EmptyGroup.SHARED_OUT,
        "tie_chain": (TieBreak(TieQuestion.SATISFIED_SHARE), TieBreak(TieQuestion.MORE_ANSWERS)),
        "suppress_below": 1,
        "points_off": TARIFF,
        "lines": LINES,
    }
    return Plan(**{**given, **other})  # type: ignore[arg-type]


def slow_rating(plan: Plan, ballots: Sequence[bytes], groups: Sequence[int], place: int) -> Fraction | None:
    """The rating of one object, ballot by ballot and fraction by fraction, as the rule reads."""
    width = len(plan.dimensions)
    shares: list[tuple[int, Fraction]] = []
    for number, group in enumerate(plan.rater_groups):
        means: list[tuple[int, Fraction]] = []
        for at, dimension in enumerate(plan.dimensions):
            cells = [ballot[place * width + at] for ballot, own in zip(ballots, groups, strict=True) if own == number]
            points = [plan.scale[cell - 1].points for cell in cells if cell not in (0, 255)]
            if points:
                means.append((dimension.weight, sum(points, Fraction(0)) / len(points)))
        if means:
            weight = sum(weight for weight, _ in means)
            shares.append((group.weight, sum((share * mean for share, mean in means), Fraction(0)) / weight))
    if not shares or (len(shares) < len(plan.rater_groups) and plan.empty_group is EmptyGroup.NO_SCORE):
        return None
    return sum((weight * mean for weight, mean in shares), Fraction(0)) / sum(weight for weight, _ in shares)
