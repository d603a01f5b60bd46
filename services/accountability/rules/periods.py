"""Periods: months counted by the calendar, and the rule by which the periods of several sanctions come together.

A period ends on the same day of the month so many months later; where that month has no such day, on its last. What the
rule says (which types combine, the cap, what becomes of a period that still runs) is the setting `combination`: a list of
dated rules, because Order 495 (article 10) and the law of 2020 (article 15) do not say the same.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.accountability.rules.words import Track


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the month's last day where it has no such day."""
    return months_after(day, -months)


@dataclass(frozen=True, slots=True)
class Running:
    """A measure of the ledger with a period: from its day of decision to the first day it no longer holds."""

    measure: str
    case_number: str
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        """Whether the period runs on a day."""
        return self.since <= day < self.until


class Inside(StrEnum):
    """What a new sanction does while an earlier period still runs."""

    OWN = "own"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class CombiningRule:
    """One dated rule. `valid_to` is the first day it no longer holds.

    `same_type` are the measures whose periods combine, `again` the circumstance of an intentional breach inside a period
    (article 13), `on_purpose` the conduct that cannot be but intentional, `not_restored` what lifting does not give back.
    """

    key: str
    article: str
    track: Track
    valid_from: date
    valid_to: date | None
    same_type: frozenset[str]
    cap_months: int
    inside: Inside
    again: str
    on_purpose: frozenset[str]
    not_restored: Mapping[str, tuple[str, ...]]
    source: str

    def months(self, measure: str, period: int, times: int) -> tuple[int, int]:
        """The shortest and the longest period of a measure fixed up to so many times: one period to the sum, capped."""
        longest = period * times if measure in self.same_type else period
        return min(period, self.cap_months), min(longest, self.cap_months)

    def ends(self, on: date, months: int, running_until: date | None) -> date:
        """When a sanction decided on a day is over: counted from that day, or from the end of what still runs, capped."""
        if self.inside is Inside.ADDED and running_until is not None and running_until > on:
            return min(months_after(running_until, months), months_after(on, self.cap_months))
        return months_after(on, months)


def in_force_on(rules: Iterable[CombiningRule], track: Track, day: date) -> CombiningRule | None:
    """The rule of a track in force on a day; the latest first day wins."""
    held = [
        one for one in rules if one.track is track and one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    ]
    return max(held, key=lambda one: one.valid_from, default=None)


def governing(
    rules: Sequence[CombiningRule], track: Track, conduct: date, today: date, running_until: date | None, months: int
) -> CombiningRule | None:
    """The rule that combines: that of the day of the last conduct, unless the one of today ends earlier (article 67)."""
    then, now = in_force_on(rules, track, conduct), in_force_on(rules, track, today)
    if then is None or now is None or then is now:
        return then or now

    def end(rule: CombiningRule) -> date:
        return rule.ends(today, min(months, rule.cap_months), running_until)

    return now if end(now) < end(then) else then


def read_combining(rules: Sequence[Mapping[str, Any]]) -> tuple[CombiningRule, ...]:
    """The rules of the setting `combination`. Raises ValueError naming the rule and what is wrong with it."""
    return tuple(map(_rule, rules))


def _rule(row: Mapping[str, Any]) -> CombiningRule:
    try:
        rule = CombiningRule(
            row["key"],
            row["article"],
            Track(row["track"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if "valid_to" in row else None,
            frozenset(row["same_type"]),
            int(row["cap_months"]),
            Inside(row["inside_period"]),
            row["again"],
            frozenset(row["on_purpose"]),
            {measure: tuple(words) for measure, words in row["not_restored"].items()},
            row["source"],
        )
    except (KeyError, ValueError) as wrong:
        raise ValueError(f"setting combination, rule {row.get('key', '?')}: {wrong}") from wrong
    if rule.cap_months < 1 or (rule.valid_to is not None and rule.valid_to <= rule.valid_from):
        raise ValueError(f"setting combination, rule {rule.key}: cap_months or valid_to")
    return rule
