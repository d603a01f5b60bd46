"""Lifting of a sanction (政务处分法 article 26): by itself when its period is over, unless a new breach was found in it.

Repentance is presumed: the period ends by itself unless somebody recorded that there is none. What is not lifted by itself
goes on barring until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case
from services.accountability.domain.effects import Effect, Held, not_restored
from services.accountability.domain.states import (
    BEFORE_FILING,
    UNDECIDED,
    WITHOUT_CONSEQUENCE,
    CaseState,
    EffectState,
)
from services.accountability.rules.measures import Catalogue

NO_REPENTANCE = "no_repentance"
_PROVES_NOTHING = BEFORE_FILING | WITHOUT_CONSEQUENCE | {CaseState.JOINED}
_OPEN = UNDECIDED | {CaseState.TRANSFERRED}


@dataclass(frozen=True, slots=True)
class LiftingRule:
    """On these tracks a measure is lifted only if nothing speaks against it; on the others time alone ends it."""

    tracks: frozenset[str]
    valid_from: date

    @staticmethod
    def of(setting: Mapping[str, Any]) -> LiftingRule:
        """The rule as its setting says."""
        return LiftingRule(frozenset(setting["tracks"]), date.fromisoformat(setting["valid_from"]))

    def asks_about(self, one: Effect, catalogue: Catalogue) -> bool:
        """Whether anything but time decides about this effect; a sanction of the time before this rule ends by time."""
        known = catalogue.measures.get(one.measure)
        return (
            bool(one.official_id) and known is not None and known.track in self.tracks and one.starts_on >= self.valid_from
        )


def speaks_against(one: Effect, cases: Iterable[Case]) -> tuple[str, ...]:
    """What keeps an effect from being lifted by itself: cases about conduct inside its period, recorded want of repentance.

    A case counts from filing on. While it is undecided the conduct it is about counts; once it is decided, only if a measure
    holds. What somebody has decided about before counts no more.
    """
    found = [case.number for case in cases if case.id != one.case_id and _breach_inside(one, case)]
    said = [*found, *([] if one.repentant else [NO_REPENTANCE])]
    return tuple(why for why in said if why not in one.held_because)


def _breach_inside(one: Effect, case: Case) -> bool:
    if case.state in _PROVES_NOTHING or one.ends_on is None:
        return False
    for party in case.answering:
        if party.official_id != one.official_id:
            continue
        days = [fact.day for fact in party.facts] or [local_day(case.opened_at)]
        inside = any(one.starts_on <= day < one.ends_on for day in days)
        if inside and (case.state in _OPEN or party.measures or party.outside):
            return True
    return False


def hold(one: Effect, because: Sequence[str]) -> Effect:
    """Its period is over, but it is not lifted by itself."""
    return replace(one, version=one.version + 1, state=EffectState.HELD, held_because=(*one.held_because, *because))


def no_repentance(one: Effect, rule: LiftingRule, catalogue: Catalogue) -> Effect:
    """Somebody shows no repentance while the period runs."""
    if one.state is not EffectState.ACTIVE:
        raise Conflict("EFFECT_NOT_RUNNING", "effect_id")
    if not rule.asks_about(one, catalogue):
        raise Conflict("LIFTED_BY_TIME", "effect_id", measure=one.measure)
    return replace(one, version=one.version + 1, repentant=False)


def recuse(one: Effect, case: Case, official_id: str) -> None:
    """Refuses with RECUSED whoever the effect is about, and everybody who is a party to its case."""
    if official_id and official_id == one.official_id:
        raise NotAllowed("RECUSED", official=official_id)
    case.recuse_party(official_id)


def decide(one: Effect, lifted: bool, kept_until: date | None, today: date) -> Effect:
    """Lifted from today on, or kept until a day ahead; then it is looked at anew."""
    if one.state is not EffectState.HELD:
        raise Conflict("EFFECT_NOT_HELD", "effect_id")
    if lifted:
        return replace(one, version=one.version + 1, state=EffectState.ENDED, ends_on=today, repentant=True)
    if kept_until is None or kept_until <= today:
        raise Invalid("DAY_NOT_AHEAD", "kept_until")
    settled = tuple(why for why in one.held_because if why != NO_REPENTANCE)
    kept = replace(one, version=one.version + 1, state=EffectState.ACTIVE, ends_on=kept_until, repentant=True)
    return replace(kept, held_because=settled)


def held_with(one: Effect, rules: Mapping[str, LiftingRule], catalogues: Mapping[str, Catalogue]) -> Held:
    """An effect as people read it, by the rule and the measures of its jurisdiction."""
    catalogue = catalogues[one.jurisdiction_path]
    return Held(one, not_restored(one, catalogue), rules[one.jurisdiction_path].asks_about(one, catalogue))
