"""The facts accountability announces, as event messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhengfeng.accountability.v1 import events_pb2 as pb

from chassis.store import Envelope
from services.accountability.domain import facts
from services.accountability.wire.parts import moment, origins


def encode_fact(fact: facts.Fact, envelope: Envelope) -> pb.AccountabilityEvent:
    """The event message of a fact."""
    field, message = _message(fact)
    about = fact.subject
    event = pb.AccountabilityEvent(
        event_id=envelope.event_id,
        occurred_at=moment(envelope.occurred_at),
        recorded_at=moment(envelope.recorded_at),
        subject_id=about.case_id,
        version=about.version,
        unit_path=about.unit_path,
        jurisdiction_path=about.jurisdiction_path,
        number=about.number,
    )
    getattr(event, field).CopyFrom(message)
    getattr(event, field).SetInParent()
    return event


def _message(fact: facts.Fact) -> tuple[str, Any]:
    match fact:
        case facts.CaseOpened():
            return "case_opened", pb.CaseOpened(origin=origins([fact.origin])[0])
        case facts.Proposed():
            return "proposed", pb.Proposed(rule_version_hash=fact.sha256)
        case facts.Decided():
            parties, came_from = _parties(fact.parties), origins(fact.origins)
            return "decided", pb.Decided(outcome=fact.outcome, parties=parties, origins=came_from)
        case facts.Served():
            return "served", pb.Served()
        case facts.Appealed():
            return "appealed", pb.Appealed(official_id=fact.official_id)
        case facts.DecisionChanged():
            parties, came_from = _parties(fact.parties), origins(fact.origins)
            return "decision_changed", pb.DecisionChanged(outcome=fact.outcome, parties=parties, origins=came_from)
        case facts.EffectEnded():
            return "effect_ended", pb.EffectEnded(official_id=fact.official_id, measure=fact.measure)
        case facts.CaseClosed():
            return "case_closed", pb.CaseClosed(outcome=fact.outcome)
        case facts.Flagged():
            return "flagged", pb.Flagged(flag=fact.flag, reason=fact.reason)


def _parties(parties: Iterable[facts.DecidedParty]) -> list[pb.DecidedParty]:
    return [
        pb.DecidedParty(official_id=party.official_id, unit_path=party.unit_path, role=party.role, measures=party.measures)
        for party in parties
    ]
