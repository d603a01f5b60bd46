"""What came off a score and what was added to it: the entries of the ledger under the plan's tariff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from suite.recount.opening import Unreadable, exact, member
from suite.recount.rules import Rules, Tariff

WHERE = "adjustments.json"
COMMENDED = "commended"


@dataclass(frozen=True)
class Points:
    """Points off and on after caps, and whether each entry costs what the tariff says."""

    off: Fraction
    on: Fraction
    entries: int
    as_the_tariff_says: bool


def read(rules: Rules, document: Any) -> list[Points]:
    """The points of every object, in the order of the ballot."""
    if not isinstance(document, dict):
        raise Unreadable("no_json", file=WHERE)
    return [_points(rules.tariff, member(document, object_id, list, WHERE)) for object_id, _ in rules.objects]


def _points(tariff: Tariff, entries: Sequence[Any]) -> Points:
    sums: dict[str, Fraction] = {}
    fits = True
    for entry in entries:
        cause, measure = member(entry, "cause", str, WHERE), member(entry, "measure", str, WHERE)
        points = exact(entry.get("points"), WHERE)
        fits = fits and points == _price(tariff, cause, measure)
        sums[cause] = sums.get(cause, Fraction(0)) + points
    capped = {cause: _capped(points, _cap(tariff, cause)) for cause, points in sums.items()}
    on = capped.pop(COMMENDED, Fraction(0))
    off = sum(capped.values(), Fraction(0))
    return Points(_capped(off, tariff.cap), _capped(on, tariff.on_cap), len(entries), fits)


def _price(tariff: Tariff, cause: str, measure: str) -> Fraction | None:
    """The row of the entry's own measure, else the cause's row without one."""
    rows = [row for row in tariff.rows if row[0] == cause]
    own = [row for row in rows if row[1] == measure] if measure else []
    return next((row[2] for row in own or [row for row in rows if not row[1]]), None)


def _cap(tariff: Tariff, cause: str) -> Fraction | None:
    """The cap of the first row of a cause that names one."""
    return next((row[3] for row in tariff.rows if row[0] == cause and row[3] is not None), None)


def _capped(points: Fraction, cap: Fraction | None) -> Fraction:
    return points if cap is None else min(points, cap)
