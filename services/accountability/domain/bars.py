"""What bars a person on a day, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.clock import local_day
from services.accountability.domain.case import Case
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


def pending_bars(case: Case, official_id: str, rule: PendingCase, day: date) -> list[Bar]:
    """What a pending case bars for everybody who answers in it, suspended or not (政务处分法 article 52).

    From the day of filing to the day before it is decided or ends; nothing for somebody released.
    """
    over_at = case.decided_at or case.ended_at
    over = local_day(over_at) if over_at else None
    if case.filed_at is None or day < local_day(case.filed_at) or (over is not None and day >= over):
        return []
    if official_id not in {party.official_id for party in case.answering}:
        return []
    return [Bar(bar, CASE_PENDING, case.number, local_day(case.filed_at), over, rule.source) for bar in rule.bars]


def suspension_bars(one: Suspension, rule: PendingCase, day: date) -> list[Bar]:
    """What is barred because duties are suspended, for those who see the suspension but not its case."""
    if not one.holds_on(day):
        return []
    return [Bar(bar, CASE_PENDING, one.case_number, one.starts_on, one.ended_on, rule.source) for bar in rule.bars]
