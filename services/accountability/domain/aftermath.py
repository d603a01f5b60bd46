"""After the decision: delivery, execution, appeal, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case, Party
from services.accountability.domain.proposal import Recommendation
from services.accountability.domain.routes import Route
from services.accountability.domain.states import AppealState, CaseState, require
from services.accountability.rules.measures import Catalogue
from workdays import Calendar, Pending


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against what was decided here about one party. It stays no execution and never aggravates.

    `decide_by` is None while the calendar year it ends in is not loaded.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    party_id: str
    state: AppealState
    filed_at: datetime
    decide_by: date | None
    measures: tuple[str, ...]
    decided_at: datetime | None = None
    decided_by: str = ""


def to_serve(case: Case) -> tuple[Party, ...]:
    """The parties to whom a decision of the office is delivered."""
    return tuple(party for party in case.answering if party.measures)


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


def appeal(
    case: Case, party_id: str, before: Sequence[Appeal], route: Route, today: date, received: date, calendar: Calendar
) -> date | None:
    """Checks that a party may appeal now; says by which day it is to be decided. `received` is the day of delivery.

    While the last day for appealing is pending nobody is too late.
    """
    party = case.party(party_id)
    if party.served_at is None:
        raise Conflict("NOT_SERVED", "party_id")
    own = [one for one in before if one.party_id == party_id]
    if own:
        raise Conflict("APPEAL_OPEN" if own[-1].state is AppealState.FILED else "ALREADY_APPEALED", "party_id")
    last = route.first.within.last_day(received, calendar)
    if not isinstance(last, Pending) and today > last:
        raise Conflict("APPEAL_TOO_LATE", "party_id", last=last)
    return decide_by(route, today, calendar)


def decide_by(route: Route, filed: date, calendar: Calendar) -> date | None:
    """By which day an appeal is to be decided; None while that is pending."""
    last = route.first.decide_by(filed, calendar)
    return None if isinstance(last, Pending) else last


def decide_appeal(
    filed: Appeal,
    case: Case,
    outcome: AppealState,
    measures: Sequence[str],
    by: str,
    official: str,
    catalogue: Catalogue,
    at: datetime,
) -> tuple[Appeal, Case]:
    """Upheld, changed to something no heavier, or revoked, by somebody who had no part in the decision."""
    if filed.state is not AppealState.FILED:
        raise Conflict("APPEAL_DECIDED", "appeal_id")
    case.keep_apart(by, official)
    if by == case.decider:
        raise NotAllowed("FOUR_EYES", who=by)
    party = case.party(filed.party_id)
    holds = _what_holds(party, outcome, measures, catalogue)
    decided = replace(filed, version=filed.version + 1, state=outcome, measures=holds, decided_at=at, decided_by=by)
    changed = case.with_party(replace(party, measures=holds))
    left = to_serve(changed)
    done = case.state is CaseState.SERVED and left and all(one.executed_at for one in left)
    return decided, replace(changed, state=CaseState.EXECUTED) if done else changed


def _what_holds(party: Party, outcome: AppealState, measures: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    if outcome is AppealState.UPHELD:
        return party.measures
    if outcome is AppealState.REVOKED:
        return ()
    for key in measures:
        if key not in catalogue.measures:
            raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
        if party.subject_kind not in catalogue.measures[key].lawful_for:
            raise Invalid("MEASURE_NOT_LAWFUL", "measures", measure=key, kind=party.subject_kind)
        if key not in catalogue.office_powers:
            raise NotAllowed("NOT_COMPETENT", "measures", measure=key, organ="")
    if not measures or catalogue.weight(measures) >= catalogue.weight(party.measures):
        raise Conflict("APPEAL_AGGRAVATES", "measures", held=", ".join(party.measures))
    return catalogue.heaviest_first(measures)


def close(case: Case, recommendations: Sequence[Recommendation], appeals: Sequence[Appeal], at: datetime) -> Case:
    """Closes the file once everything decided was served and carried out and nobody waits for an answer."""
    finished = (CaseState.EXECUTED,) if to_serve(case) else (CaseState.DECIDED, CaseState.SERVED, CaseState.EXECUTED)
    require(case.state, *finished)
    if any(one.decided_on is None for one in recommendations):
        raise Conflict("RECOMMENDATION_OPEN", "case_id")
    if any(one.state is AppealState.FILED for one in appeals):
        raise Conflict("APPEAL_OPEN", "case_id")
    return case.next(state=CaseState.CLOSED, ended_at=at)
