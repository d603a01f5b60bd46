"""What came off a score and what was added to it: the entries of the ledger under the plan's tariff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from suite.recount.opening import Unreadable, exact, member, whole
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
    return [_points(rules.tariff, member(document, one.object_id, list, WHERE)) for one in rules.objects]


def _points(tariff: Tariff, entries: Sequence[Any]) -> Points:
    sums: dict[str, Fraction] = {}
    known: set[str] = set()
    fits = True
    for entry in entries:
        cause, points = member(entry, "cause", str, WHERE), exact(entry.get("points"), WHERE)
        known.add(member(entry, "adjustment_id", str, WHERE))
        fits = fits and _as_the_tariff_says(tariff, entry, cause, points)
        sums[cause] = sums.get(cause, Fraction(0)) + points
    capped = {cause: _capped(points, _cap(tariff, cause)) for cause, points in sums.items()}
    on = capped.pop(COMMENDED, Fraction(0))
    off = sum(capped.values(), Fraction(0))
    if len(known) < len(entries):
        raise Unreadable("charged_twice")
    return Points(_capped(off, tariff.cap), _capped(on, tariff.on_cap), len(entries), fits)


def _as_the_tariff_says(tariff: Tariff, entry: Any, cause: str, points: Fraction) -> bool:
    """Whether an entry costs what its row says. Where the file tells its measure, the row must be that of the measure."""
    number = whole(entry, "row", WHERE)
    if number >= len(tariff.rows) or tariff.rows[number][0] != cause or tariff.rows[number][2] != points:
        return False
    return "measure" not in entry or number == _row(tariff, cause, member(entry, "measure", str, WHERE))


def _row(tariff: Tariff, cause: str, measure: str) -> int | None:
    """The row of the entry's own measure, else the cause's row without one."""
    rows = [number for number, row in enumerate(tariff.rows) if row[0] == cause]
    own = [number for number in rows if tariff.rows[number][1] == measure] if measure else []
    return next(iter(own or [number for number in rows if not tariff.rows[number][1]]), None)


def _cap(tariff: Tariff, cause: str) -> Fraction | None:
    """The cap of the first row of a cause that names one."""
    return next((row[3] for row in tariff.rows if row[0] == cause and row[3] is not None), None)


def _capped(points: Fraction, cap: Fraction | None) -> Fraction:
    return points if cap is None else min(points, cap)
