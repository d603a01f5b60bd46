"""How the parts of a year's score are figured from their records, exactly, and how units are placed by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from services.evaluation.domain.year import FULL, Evidence, Input, Missing, Part, PartScore, Rules


def parts_of(rules: Rules, inputs: Iterable[Input]) -> tuple[PartScore, ...]:
    """Every part of one unit's score, with the share each has once missing ones were dealt with."""
    by_part: dict[Part, list[Input]] = {}
    for one in inputs:
        by_part.setdefault(one.part, []).append(one)
    figures = {one.part: _figure(rules, one.part, by_part.get(one.part, [])) for one in rules.weights}
    counting = [one for one in rules.weights if figures[one.part] is not None or rules.missing is Missing.ZERO]
    whole = sum(one.weight for one in counting)
    return tuple(
        PartScore(
            one.part,
            one.weight,
            figures[one.part],
            Fraction(one.weight, whole) if one in counting and whole else Fraction(0),
            tuple(_evidence(by_part.get(one.part, []))),
        )
        for one in rules.weights
    )


def total(rules: Rules, parts: Sequence[PartScore]) -> Fraction | None:
    """The score, exactly; None where fewer parts are known than a score needs."""
    known = sum(one.figure is not None for one in parts)
    return sum((one.points for one in parts), Fraction(0)) if known >= max(rules.parts_needed, 1) else None


def places(totals: Mapping[str, Fraction | None]) -> dict[str, int]:
    """The place of each in its group by its exact score; equal scores share a place, 0 without a score."""
    scores = [score for score in totals.values() if score is not None]
    return {name: 0 if score is None else 1 + sum(other > score for other in scores) for name, score in totals.items()}


def out_of_hundred(value: Fraction, top: Fraction) -> Fraction:
    """A score on a scale that ends at `top`, as one that ends at a hundred; points on or off lead no further."""
    return min(max(value / top * FULL, Fraction(0)), FULL)


def _figure(rules: Rules, part: Part, inputs: Sequence[Input]) -> Fraction | None:
    """What a part comes to, out of 100."""
    if part is Part.RECTIFICATION:
        return _rectified(rules, inputs)
    if part is Part.KEY_TASKS:
        return _in_time(inputs)
    return _mean([one.value for one in inputs])


def _rectified(rules: Rules, inputs: Sequence[Input]) -> Fraction | None:
    """Complaints closed in time, and those whose filers were satisfied with the handling; one alone where the other is not
    known."""
    punctual = _in_time(inputs)
    satisfied = _mean([FULL * (one.value >= rules.satisfied_from) for one in inputs if one.what == "rated"])
    if punctual is None or satisfied is None:
        return satisfied if punctual is None else punctual
    return punctual * rules.in_time + satisfied * (1 - rules.in_time)


def _in_time(inputs: Sequence[Input]) -> Fraction | None:
    """The share of records that did not run over their limit, of all that were closed or ran over it, unit by unit."""
    overdue = {(one.record_id, one.unit_path) for one in inputs if one.what == "overdue"}
    known = overdue | {(one.record_id, one.unit_path) for one in inputs if one.what == "closed"}
    return FULL * Fraction(len(known) - len(overdue), len(known)) if known else None


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _evidence(inputs: Iterable[Input]) -> Iterable[Evidence]:
    ordered = sorted(inputs, key=lambda one: (one.happened_at, one.record_id, one.what))
    return (Evidence(one.what, one.value, one.origin, one.happened_at) for one in ordered)
