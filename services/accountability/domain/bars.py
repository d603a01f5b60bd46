"""What bars a person on a day, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.accountability.domain.effects import Effect
from services.accountability.domain.states import EffectState
from services.accountability.domain.suspension import PendingCase, Suspension

MEASURE, CASE_PENDING, NOT_LIFTED = "measure", "case_pending", "not_lifted"


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing barred, since when, until when if that is known, on what it rests and why it holds."""

    bar: str
    because: str
    case_number: str
    since: date
    until: date | None
    source: str
    effect_id: str = ""
    measure: str = ""


def bars_of(one: Effect, day: date) -> list[Bar]:
    """What an effect bars on a day. Past its period it holds only because it was not lifted: then nobody knows the end."""
    if not one.holds_on(day):
        return []
    past = one.ends_on is not None and day >= one.ends_on
    why, until = (NOT_LIFTED, None) if past or one.state is EffectState.HELD else (MEASURE, one.ends_on)
    return [Bar(bar, why, one.case_number, one.starts_on, until, one.source, one.id, one.measure) for bar in one.bars]


def pending_bars(one: Suspension, rule: PendingCase, day: date) -> list[Bar]:
    """What is barred while the case is pending and duties are suspended."""
    if not one.holds_on(day):
        return []
    return [Bar(bar, CASE_PENDING, one.case_number, one.starts_on, one.ended_on, rule.source) for bar in rule.bars]
