"""After the decision: delivery, execution, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chassis.errors import Conflict
from services.accountability.domain.appeals import Appeal, to_serve
from services.accountability.domain.case import Case
from services.accountability.domain.proposal import Recommendation
from services.accountability.domain.states import AppealState, CaseState, require


def serve(case: Case, party_id: str, at: datetime) -> Case:
    """Delivery to one party; when all have it, the case is served."""
    require(case.state, CaseState.DECIDED)
    party = case.party(party_id)
    if party.served_at is not None:
        raise Conflict("ALREADY_SERVED", "party_id")
    if not party.measures:
        raise Conflict("NOTHING_TO_SERVE", "party_id")
    served = case.with_party(replace(party, served_at=at))
    done = all(one.served_at for one in to_serve(served))
    return replace(served, state=CaseState.SERVED) if done else served


def execute(case: Case, party_id: str, at: datetime) -> Case:
    """One party's measures were carried out; when all were, the case is executed."""
    require(case.state, CaseState.DECIDED, CaseState.SERVED)
    party = case.party(party_id)
    if party.served_at is None:
        raise Conflict("NOT_SERVED", "party_id")
    if party.executed_at is not None:
        raise Conflict("ALREADY_EXECUTED", "party_id")
    executed = case.with_party(replace(party, executed_at=at))
    done = case.state is CaseState.SERVED and all(one.executed_at for one in to_serve(executed))
    return replace(executed, state=CaseState.EXECUTED) if done else executed


def close(case: Case, recommendations: Sequence[Recommendation], appeals: Sequence[Appeal], at: datetime) -> Case:
    """Closes the file once everything decided was served and carried out and nobody waits for an answer."""
    finished = (CaseState.EXECUTED,) if to_serve(case) else (CaseState.DECIDED, CaseState.SERVED, CaseState.EXECUTED)
    require(case.state, *finished)
    if any(one.decided_on is None for one in recommendations):
        raise Conflict("RECOMMENDATION_OPEN", "case_id")
    if any(one.state is AppealState.FILED for one in appeals):
        raise Conflict("APPEAL_OPEN", "case_id")
    return case.next(state=CaseState.CLOSED, ended_at=at)
