"""From scores to the published lines: totals, places, the places an interval allows, grades, what is not shown."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from suite.recount.formula import Formula, Given
from suite.recount.points import Points

Line = dict[str, Any]


class Ranking:
    """The whole table, as result.json writes it down."""

    def __init__(self, formula: Formula, points: list[Points]) -> None:
        self._formula, self._rules, self._points = formula, formula.rules, points
        self._scores = [formula.score(place) for place in range(len(self._rules.objects))]

    def lines(self) -> list[Line]:
        """Group by group, first place first; objects without a place at the end of their group."""
        return [line for key in self._rules.groups for line in self._group(key)]

    def _group(self, key: str) -> list[Line]:
        places = [place for place, one in enumerate(self._rules.objects) if one.group == key]
        ranked = [place for place in places if self._has_place(place)]
        order = {place: self._order(place) for place in ranked}
        ends = {place: self._ends(place) for place in ranked}
        ranked.sort(key=lambda place: order[place], reverse=True)  # what stays equal keeps the order of the ballot
        lines = []
        for place in ranked:
            before = sum(order[other] > order[place] for other in ranked)
            low, high = ends[place]
            first = 1 + sum(above > high for above, _ in ends.values())
            last = len(ranked) - sum(below < low for _, below in ends.values())
            lines.append(self._line(place, (before + 1, first, last)))
        return lines + [self._line(place, (0, 0, 0)) for place in places if not self._has_place(place)]

    def _has_place(self, place: int) -> bool:
        score = self._scores[place]
        return score.rating is not None and score.raters >= self._rules.suppress_below

    def _total(self, place: int, points: Fraction) -> Fraction:
        """Points less what comes off and with what is added, inside the ends of the scale."""
        settled = max(points - self._points[place].off + self._points[place].on, Fraction(0))
        return settled if self._rules.tariff.above_scale else min(settled, max(self._rules.points))

    def _ends(self, place: int) -> tuple[Fraction, Fraction]:
        score = self._scores[place]
        return self._total(place, score.low), self._total(place, score.high)

    def _order(self, place: int) -> tuple[Fraction, ...]:
        """The total, then the answers of the tie chain; the higher ranks first."""
        rating = self._scores[place].rating
        assert rating is not None
        return self._total(place, rating), *(self._asked(place, *tie) for tie in self._rules.ties)

    def _asked(self, place: int, question: str, dimension: str) -> Fraction:
        given = self._given(place)
        answers = sum(given)
        asked: dict[str, Callable[[], Fraction]] = {
            "dimension": lambda: self._formula.dimension_mean(place, dimension),
            "satisfied_share": lambda: Fraction(
                sum(number for number, good in zip(given, self._rules.satisfied, strict=True) if good), answers or 1
            ),
            "fewer_lowest": lambda: -Fraction(given[-1], answers or 1),
            "fewer_points_off": lambda: -self._points[place].off,
            "more_answers": lambda: Fraction(answers),
        }
        return asked[question]()

    def _given(self, place: int) -> list[int]:
        """How often each grade was given to an object, over all groups and dimensions, trimmed ones too."""
        rows = [
            self._formula.answers(group, place, dimension)
            for group in range(len(self._rules.raters))
            for dimension in range(len(self._rules.dimensions))
        ]
        return [sum(column) for column in zip(*rows, strict=True)]

    def _line(self, place: int, ranks: tuple[int, int, int]) -> Line:
        score, points, ranked = self._scores[place], self._points[place], self._has_place(place)
        low, high = self._ends(place) if ranked else (Fraction(0), Fraction(0))
        total = self._total(place, score.rating) if ranked and score.rating is not None else None
        suppressed = 0 < score.raters < self._rules.suppress_below
        rated = self._rules.objects[place]
        rank, first, last = ranks
        return {
            "object_id": rated.object_id,
            "object_group": rated.group,
            "name": rated.name,
            "unit_path": rated.unit_path,
            "rank": rank,
            "rank_from": first,
            "rank_to": last,
            "total": total,
            "rating": score.rating if ranked else None,
            "low": low,
            "high": high,
            "points_off": points.off,
            "points_on": points.on,
            "adjustments": points.entries,
            "grade": "" if total is None else next(key for key, start in self._rules.grades if total >= start),
            "suppressed": suppressed,
            "raters": 0 if suppressed else score.raters,
            "groups": self._shares(place),
        }

    def _shares(self, place: int) -> list[Line]:
        """What each rater group gave; small ones hidden, and never one alone."""
        given = [self._formula.given(group, place) for group in range(len(self._rules.raters))]
        hidden = self._hidden(given)
        weights = [one.weight if given[group].mean is not None else 0 for group, one in enumerate(self._rules.raters)]
        whole = sum(weights)
        return [
            {
                "share": Fraction(weights[group], whole) if whole else Fraction(0),
                "mean": None if hidden[group] else given[group].mean,
                "hidden": hidden[group],
                "dimensions": [] if hidden[group] else self._dimensions(group, place),
            }
            for group in range(len(given))
        ]

    def _hidden(self, given: list[Given]) -> list[bool]:
        few = self._rules.suppress_below
        if sum(one.raters for one in given) < few:
            return [True] * len(given)
        hidden = [0 < one.raters < few for one in given]
        rest = [(one.raters, group) for group, one in enumerate(given) if one.raters and not hidden[group]]
        if sum(hidden) == 1 and rest:
            hidden[min(rest)[1]] = True
        return hidden

    def _dimensions(self, group: int, place: int) -> list[Line]:
        return [
            {
                "mean": self._formula.mean(group, place, number),
                "grades": self._formula.answers(group, place, number),
                "dont_know": self._formula.dont_know(group, place, number),
            }
            for number in range(len(self._rules.dimensions))
        ]
