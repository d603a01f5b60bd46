"""The rules of a campaign, read from `rules.json`. Every name is that of docs/published-box.md."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from suite.recount.opening import Unreadable, exact, member, whole

WHERE = "rules.json"
VALID, STRAIGHT_LINED = 1, 4
REVOTES = ("refused", "first_counts", "last_counts")
EMPTY_GROUPS = ("shared_out", "no_score")
QUESTIONS = ("dimension", "satisfied_share", "fewer_lowest", "fewer_points_off", "more_answers")


@dataclass(frozen=True)
class Rated:
    """An object of the ballot: its id, the key of its group, what it is called, the path it answers for."""

    object_id: str
    group: str
    name: str
    unit_path: str


@dataclass(frozen=True)
class Raters:
    """A rater group: its weight, and the object groups it rates."""

    key: str
    weight: int
    rates: tuple[str, ...]


@dataclass(frozen=True)
class Tariff:
    """What causes take off or give: rows of (cause, measure, points, cap), and the caps over all."""

    rows: tuple[tuple[str, str, Fraction, Fraction | None], ...]
    cap: Fraction | None
    on_cap: Fraction | None
    above_scale: bool


@dataclass(frozen=True)
class Rules:
    """What a box is counted by, and what the campaign is called."""

    title: str
    objects: tuple[Rated, ...]
    groups: tuple[str, ...]
    dimensions: tuple[tuple[str, int], ...]
    points: tuple[Fraction, ...]
    satisfied: tuple[bool, ...]
    raters: tuple[Raters, ...]
    dont_know: bool
    counting: tuple[int, ...]
    revote: str
    empty_group: str
    ties: tuple[tuple[str, str], ...]
    suppress_below: int
    trim: Fraction
    grades: tuple[tuple[str, Fraction], ...]
    deviations: Fraction
    tariff: Tariff

    @property
    def cells(self) -> int:
        """How many ratings a ballot has: objects in order, within each its dimensions."""
        return len(self.objects) * len(self.dimensions)

    def rates(self, group: int, place: int) -> bool:
        """Whether a rater group rates an object."""
        return not self.raters[group].rates or self.objects[place].group in self.raters[group].rates


def read(plan: Any) -> Rules:
    """The rules of a plan, if it is one that can be counted by."""
    scale, lines = _list(plan, "scale"), member(plan, "lines", dict, WHERE)
    validity = member(plan, "validity", dict, WHERE)
    groups = _list(plan, "object_groups")
    rules = Rules(
        title=_text(plan, "title"),
        objects=tuple(_rated(one, _text(group, "key")) for group in groups for one in _list(group, "objects")),
        groups=tuple(_text(group, "key") for group in groups),
        dimensions=tuple((_text(one, "key"), whole(one, "weight", WHERE)) for one in _list(plan, "dimensions")),
        points=tuple(_exact(grade, "points") for grade in scale),
        satisfied=tuple(member(grade, "satisfied", bool, WHERE) for grade in scale),
        raters=tuple(_raters(one) for one in _list(plan, "rater_groups")),
        dont_know=member(plan, "dont_know", bool, WHERE),
        counting=(VALID, STRAIGHT_LINED) if member(validity, "straight_lined_counts", bool, WHERE) else (VALID,),
        revote=_text(plan, "revote"),
        empty_group=_text(plan, "empty_group"),
        ties=tuple((_text(tie, "question"), _text(tie, "dimension")) for tie in _list(plan, "tie_chain")),
        suppress_below=whole(plan, "suppress_below", WHERE),
        trim=_exact(plan, "trim"),
        grades=tuple((_text(grade, "key"), _exact(grade, "start")) for grade in _list(lines, "grades")),
        deviations=_exact(lines, "deviations"),
        tariff=_tariff(member(plan, "points_off", dict, WHERE)),
    )
    _sound(rules)
    return rules


def _rated(one: Any, group: str) -> Rated:
    return Rated(_text(one, "object_id"), group, _text(one, "name"), _text(one, "unit_path"))


def _raters(one: Any) -> Raters:
    rates = tuple(str(key) for key in member(one, "rates", list, WHERE))
    return Raters(_text(one, "key"), whole(one, "weight", WHERE), rates)


def _tariff(value: Any) -> Tariff:
    rows = tuple(
        (_text(row, "cause"), _text(row, "measure"), _exact(row, "points"), _perhaps(row, "cap"))
        for row in _list(value, "rules")
    )
    return Tariff(rows, _perhaps(value, "cap"), _perhaps(value, "on_cap"), value.get("above_scale") is True)


def _sound(rules: Rules) -> None:
    """Refuses rules no box can be counted by; a division by nothing later would say less."""
    falling = all(above > below for above, below in zip(rules.points, rules.points[1:], strict=False))
    weights = [weight for _, weight in rules.dimensions] + [one.weight for one in rules.raters]
    fit = (
        rules.objects
        and rules.dimensions
        and rules.raters
        and len(rules.points) > 1
        and falling
        and min(weights, default=0) > 0
    )
    dimensions = {key for key, _ in rules.dimensions}
    asked = all(
        question in QUESTIONS and (dimension in dimensions or question != "dimension") for question, dimension in rules.ties
    )
    known = rules.revote in REVOTES and rules.empty_group in EMPTY_GROUPS and asked
    if not fit or not known or not 0 <= rules.trim < Fraction(1, 2) or not rules.grades or rules.grades[-1][1] != 0:
        raise Unreadable("rules_unsound")


def _list(value: Any, key: str) -> list[Any]:
    found: list[Any] = member(value, key, list, WHERE)
    return found


def _text(value: Any, key: str) -> str:
    found: str = member(value, key, str, WHERE)
    return found


def _exact(value: Any, key: str) -> Fraction:
    return exact(_text(value, key), f"{WHERE}: {key}")


def _perhaps(value: Any, key: str) -> Fraction | None:
    return None if value.get(key) is None else _exact(value, key)
