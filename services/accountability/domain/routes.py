"""Appeal routes: which instrument rules an appeal, and the last days it gives.

The route follows from the deciding organ and the instrument: the same sanction is appealed under 监察法 article 56 where
the supervision organ decided it, under 公务员法 articles 95 and 96 where the appointing organ did. Counting starts the day
after. A limit in months ends on the same day of the last month, and where that has no such day on its last; whether a last
day off moves to the next working day is said by the route. Where that, or working days, needs a calendar year that is not
loaded, the end is pending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.accountability.rules.periods import months_after
from workdays import Calendar, CalendarNotLoaded, Pending

_APPOINTING = "appointing_organ"


class Unit(StrEnum):
    """What a limit counts."""

    DAYS = "days"
    MONTHS = "months"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Span:
    """So many natural days, calendar months or working days, counted from the day after."""

    amount: int
    unit: Unit
    moves_off_holiday: bool = False

    @staticmethod
    def of(setting: Mapping[str, Any]) -> Span:
        """The limit as its setting says. Raises ValueError unless it names one unit."""
        units = [unit for unit in Unit if unit in setting]
        if len(units) != 1 or set(setting) - {*units, "moves_off_holiday"}:
            raise ValueError(f"setting appeal_routes: {dict(setting)}")
        return Span(int(setting[units[0]]), units[0], bool(setting.get("moves_off_holiday", False)))

    def last_day(self, day: date, calendar: Calendar) -> date | Pending:
        """The last day of the limit that was set off on a day."""
        try:
            if self.unit is Unit.WORKING_DAYS:
                return calendar.working_day_after(day, self.amount)
            last = months_after(day, self.amount) if self.unit is Unit.MONTHS else day + timedelta(days=self.amount)
            return calendar.working_day_after(last, 0) if self.moves_off_holiday else last
        except CalendarNotLoaded as missing:
            return Pending(missing.year)


@dataclass(frozen=True, slots=True)
class Step:
    """One instance: within what one may turn to it, within what it decides, by what that may be extended."""

    within: Span
    decided: Span
    extension: Span | None

    @staticmethod
    def of(setting: Mapping[str, Any]) -> Step:
        """The step as its setting says."""
        extension = Span.of(setting["extension"]) if "extension" in setting else None
        return Step(Span.of(setting["within"]), Span.of(setting["decided"]), extension)

    def decide_by(self, filed: date, calendar: Calendar, extended: bool = False) -> date | Pending:
        """The last day for deciding; an extension runs on from the day before it."""
        last = self.decided.last_day(filed, calendar)
        if not extended or self.extension is None or isinstance(last, Pending):
            return last
        return self.extension.last_day(last, calendar)


@dataclass(frozen=True, slots=True)
class Route:
    """An appeal route: its instrument, the organs whose decisions it is open against, first and second instance.

    `late` is how long after an obstacle is gone one may still appeal, where the instrument says so; `kinds` whom it is open
    to where not to everybody.
    """

    key: str
    instrument: str
    organs: frozenset[str]
    first: Step
    second: Step | None
    late: Span | None
    kinds: frozenset[str] = frozenset()

    @staticmethod
    def of(key: str, setting: Mapping[str, Any]) -> Route:
        """The route as its setting says."""
        return Route(
            key,
            setting["instrument"],
            frozenset(setting["organs"]),
            Step.of(setting),
            Step.of(setting["second"]) if "second" in setting else None,
            Span.of(setting["late"]) if "late" in setting else None,
            frozenset(setting.get("kinds", ())),
        )


def route_of(routes: Mapping[str, Mapping[str, Any]], named: str, organ: str, kind: str = "") -> Route | None:
    """The route against a decision of an organ: the one the rule names if it is open there, else the organ's first.

    One that is open to this kind of person alone comes before those open to everybody. A line that manages its own people
    from above is their appointing organ.
    """
    organ = _APPOINTING if organ.startswith("line:") else organ
    fitting = [key for key, setting in routes.items() if organ in setting["organs"] and _open_to(setting, kind)]
    fitting.sort(key=lambda key: kind not in routes[key].get("kinds", ()))
    key = named if named in fitting else next(iter(fitting), None)
    return None if key is None else Route.of(key, routes[key])


def _open_to(setting: Mapping[str, Any], kind: str) -> bool:
    return not kind or not setting.get("kinds") or kind in setting["kinds"]
