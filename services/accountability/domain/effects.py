"""The effect ledger: what a measure does, from which day to which, and what it bars meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import EffectState
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.periods import in_force_on


@dataclass(frozen=True, slots=True)
class Effect:
    """What one measure does to one person or unit. It starts on the day of decision (政务处分法 article 8)."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    case_number: str
    official_id: str
    measure: str
    starts_on: date
    ends_on: date | None
    state: EffectState
    bars: tuple[str, ...]
    organ: str
    source: str
    held_because: tuple[str, ...] = ()
    repentant: bool = True

    def holds_on(self, day: date) -> bool:
        """Whether it bars anything on a day; one that was revoked never did, one that is held still does."""
        if self.state is EffectState.REVOKED or self.ends_on is None:
            return False
        return self.starts_on <= day and (day < self.ends_on or self.state is EffectState.HELD)

    def end(self) -> Effect:
        """Its period is over."""
        return replace(self, version=self.version + 1, state=EffectState.ENDED)

    def revoke(self) -> Effect:
        """An appeal took it away."""
        return replace(self, version=self.version + 1, state=EffectState.REVOKED)


def effect(
    id: str, case: Case, party: Party, measure: str, organ: str, until: date | None, on: date, catalogue: Catalogue
) -> Effect:
    """The effect of a measure decided on a day, up to the first day it no longer holds; None for one without a period."""
    known = catalogue.measures[measure]
    return Effect(
        id,
        1,
        party.unit_path,
        case.jurisdiction_path,
        case.id,
        case.number,
        party.official_id,
        measure,
        on,
        until,
        EffectState.ACTIVE if until else EffectState.ENDED,
        known.bars if until else (),
        organ,
        known.source,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """An effect, what its lifting did not give back, and whether more than time decides about lifting it."""

    effect: Effect
    not_restored: tuple[str, ...]
    lifting_asked: bool


def not_restored(one: Effect, catalogue: Catalogue) -> tuple[str, ...]:
    """A sanction is lifted by itself when its period is over; a demotion's or removal's post and pay stay lost (article 26).

    Nothing while the period runs, and nothing of what an appeal revoked: that is restored.
    """
    known = catalogue.measures.get(one.measure)
    if one.state is not EffectState.ENDED or known is None:
        return ()
    rule = in_force_on(catalogue.combining, known.track, one.starts_on)
    return rule.not_restored.get(one.measure, ()) if rule else ()


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """Persons and units under one measure, each counted once by the heaviest; how often it was applied; the cases."""

    measure: str
    persons: int
    units: int
    applied: int
    case_ids: tuple[str, ...]


def count(effects: Iterable[Effect], catalogue: Catalogue) -> tuple[MeasureCount, ...]:
    """The yearly table: measures lightest first, as a prefecture's report counts them."""
    held: dict[tuple[bool, str], list[str]] = {}
    applied: dict[str, list[str]] = {}
    for one in effects:
        if one.state is not EffectState.REVOKED:
            held.setdefault((bool(one.official_id), one.official_id or one.unit_path), []).append(one.measure)
            applied.setdefault(one.measure, []).append(one.case_id)
    heaviest = [(person, catalogue.heaviest_first(measures)[0]) for (person, _), measures in held.items()]
    return tuple(
        MeasureCount(
            key,
            heaviest.count((True, key)),
            heaviest.count((False, key)),
            len(applied[key]),
            tuple(dict.fromkeys(applied[key])),
        )
        for key in catalogue.lightest_first(list(applied))
    )


def totals(counts: Sequence[MeasureCount]) -> tuple[int, int]:
    """Persons and units in all."""
    return sum(one.persons for one in counts), sum(one.units for one in counts)
