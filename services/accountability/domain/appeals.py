"""Appeals: lodged in time, decided by somebody else, never aggravating, staying nothing; first and second instance.

The first instance is with who decided, the second with the level above. What the office decided is appealed here; an appeal
against another organ is lodged with that organ, and recorded here with what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case, Party
from services.accountability.domain.effects import Effect
from services.accountability.domain.routes import Route, Span, Step
from services.accountability.domain.states import AppealState, CaseState
from services.accountability.rules.measures import OFFICE, Catalogue
from workdays import Calendar, Pending

FIRST, SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against what an organ decided about one party. It stays no execution and never aggravates.

    `measures` are what it is against, and once it is decided what holds. `decide_by` is None while the calendar year it ends
    in is not loaded. `against_id` names the recommendation or track decision; empty for the office's decision.
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
    instance: int = FIRST
    organ: str = OFFICE
    route: str = ""
    against_id: str = ""
    received_on: date | None = None
    extended: bool = False
    late: bool = False
    first_id: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Challenged:
    """The decision an appeal is against: whose, which measures, when it was made and received."""

    party_id: str
    against_id: str
    organ: str
    measures: tuple[str, ...]
    decided_on: date
    received_on: date


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What kept somebody from appealing in time, and the day it was gone; empty for none."""

    reason: str = ""
    gone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Lodged:
    """An appeal may be lodged now: by which day it is to be decided, and whether it counts only for the obstacle."""

    decide_by: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an appeal ends: what holds from then on, who said so and when, the document of another organ."""

    state: AppealState
    measures: tuple[str, ...]
    by: str
    at: datetime
    document_number: str = ""


def to_serve(case: Case) -> tuple[Party, ...]:
    """The parties to whom a decision of the office is delivered."""
    return tuple(party for party in case.answering if party.measures)


# -- lodging ----------------------------------------------------------------------------------------------------------


def once(challenged: Challenged, before: Sequence[Appeal]) -> None:
    """A decision is appealed once at first instance."""
    _not_before([one for one in before if (one.party_id, one.against_id) == (challenged.party_id, challenged.against_id)])


def second(first: Appeal, route: Route, before: Sequence[Appeal]) -> Step:
    """The second instance of a decided appeal; refused while the first is open, where there is none, and a second time."""
    if first.state is AppealState.FILED:
        raise Conflict("APPEAL_OPEN", "appeal_id")
    if route.second is None or first.instance != FIRST:
        raise Conflict("NO_SECOND_INSTANCE", "appeal_id", instrument=route.instrument)
    _not_before([one for one in before if one.first_id == first.id])
    return route.second


def _not_before(own: Sequence[Appeal]) -> None:
    if own:
        raise Conflict("APPEAL_OPEN" if own[-1].state is AppealState.FILED else "ALREADY_APPEALED", "party_id")


def lodge(
    challenged: Challenged, step: Step, late: Span | None, obstacle: Obstacle, today: date, calendar: Calendar
) -> Lodged:
    """Checks the limit, counted from receipt. While its last day is pending nobody is too late.

    After it only an obstacle helps, within what the route gives from the day it was gone.
    """
    if challenged.received_on > today:
        raise Invalid("FUTURE_DAY", "received_on", day=challenged.received_on)
    if challenged.received_on < challenged.decided_on:
        raise Invalid("RECEIVED_TOO_EARLY", "received_on", day=challenged.decided_on)
    by = _known(step.decide_by(today, calendar))
    last = step.within.last_day(challenged.received_on, calendar)
    if isinstance(last, Pending) or today <= last:
        return Lodged(by, late=False)
    if late is None or not obstacle.reason.strip() or obstacle.gone_on is None:
        raise Conflict("APPEAL_TOO_LATE", "party_id", last=last)
    if obstacle.gone_on > today:
        raise Invalid("FUTURE_DAY", "obstacle_gone_on", day=obstacle.gone_on)
    until = late.last_day(obstacle.gone_on, calendar)
    if not isinstance(until, Pending) and today > until:
        raise Conflict("APPEAL_TOO_LATE", "party_id", last=until)
    return Lodged(by, late=True)


def step_of(one: Appeal, route: Route) -> Step:
    """The instance an appeal is in."""
    return route.second if one.instance == SECOND and route.second is not None else route.first


def decide_by(one: Appeal, route: Route, filed: date, calendar: Calendar) -> date | None:
    """By which day an appeal is to be decided; None while that is pending."""
    return _known(step_of(one, route).decide_by(filed, calendar, one.extended))


def extend(one: Appeal, route: Route, filed: date, calendar: Calendar) -> Appeal:
    """The limit for deciding, once, by what the route gives."""
    if one.state is not AppealState.FILED:
        raise Conflict("APPEAL_DECIDED", "appeal_id")
    if step_of(one, route).extension is None:
        raise Conflict("NO_EXTENSION", "appeal_id", instrument=route.instrument)
    if one.extended:
        raise Conflict("ALREADY_EXTENDED", "appeal_id")
    extended = replace(one, version=one.version + 1, extended=True)
    return replace(extended, decide_by=decide_by(extended, route, filed, calendar))


def _known(last: date | Pending) -> date | None:
    return None if isinstance(last, Pending) else last


# -- deciding ---------------------------------------------------------------------------------------------------------


def may_decide_here(one: Appeal, first: Appeal | None, case: Case, by: str, official: str, above: bool) -> None:
    """Who had no part decides; at second instance somebody of the level above, and not who decided the first."""
    if one.organ != OFFICE:
        raise NotAllowed("ANOTHER_ORGAN_DECIDES", "appeal_id", organ=one.organ)
    case.keep_apart(by, official)
    if by == case.decider or (first is not None and by == first.decided_by):
        raise NotAllowed("FOUR_EYES", who=by)
    if one.instance == SECOND and not above:
        raise NotAllowed("LEVEL_ABOVE_DECIDES", "appeal_id", jurisdiction=case.jurisdiction_path)


def may_record(one: Appeal, first: Appeal | None, organ: str, on: date, today: date) -> None:
    """What another organ decided since the appeal is recorded; a second instance is not who decided the first."""
    if one.organ == OFFICE and one.instance == FIRST:
        raise NotAllowed("APPEAL_DECIDED_HERE", "appeal_id")
    if first is not None and organ in (first.decided_by, first.organ):
        raise Conflict("SAME_ORGAN", "decided_by", organ=organ)
    if on > today:
        raise Invalid("FUTURE_DAY", "decided_on", day=on)
    # An appeal lodged with another organ may have been entered here late; nobody appeals before receiving the decision.
    since = one.received_on if one.organ != OFFICE and one.received_on is not None else local_day(one.filed_at)
    if on < since:
        raise Invalid("DECIDED_BEFORE_APPEAL", "decided_on", day=since)


def decide(one: Appeal, case: Case, outcome: Outcome, catalogue: Catalogue) -> tuple[Appeal, Case]:
    """Upheld, changed to something no heavier, or revoked: the appeal and the case as they then are."""
    if one.state is not AppealState.FILED:
        raise Conflict("APPEAL_DECIDED", "appeal_id")
    party = case.party(one.party_id)
    holds = _what_holds(party, one, outcome, catalogue)
    decided = replace(
        one,
        version=one.version + 1,
        state=outcome.state,
        measures=holds,
        decided_at=outcome.at,
        decided_by=outcome.by,
        document_number=outcome.document_number,
    )
    if one.organ != OFFICE:
        kept = list(party.outside)
        for key in one.measures:
            kept.remove(key)
        return decided, case.with_party(replace(party, outside=catalogue.heaviest_first([*kept, *holds])))
    changed = case.with_party(replace(party, measures=holds))
    left = to_serve(changed)
    done = case.state is CaseState.SERVED and left and all(one.executed_at for one in left)
    return decided, replace(changed, state=CaseState.EXECUTED) if done else changed


def in_place_of(gone: Sequence[Effect], on: date) -> tuple[date, date | None]:
    """From which day a measure counts that is put in the place of these, and the first day it no longer may hold.

    政务处分法 article 8 counts a period from the day of decision, and an appeal makes nothing heavier: what was served
    already is not served again. Where nothing revoked had a period it counts from the appeal's day `on`, and in full.
    """
    timed = [(one.starts_on, one.ends_on) for one in gone if one.ends_on is not None]
    if not timed:
        return on, None
    return min(start for start, _ in timed), max(end for _, end in timed)


def _what_holds(party: Party, one: Appeal, outcome: Outcome, catalogue: Catalogue) -> tuple[str, ...]:
    if outcome.state is AppealState.UPHELD:
        return one.measures
    if outcome.state is AppealState.REVOKED:
        return ()
    for key in outcome.measures:
        if key not in catalogue.measures:
            raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
        if party.subject_kind not in catalogue.measures[key].lawful_for:
            raise Invalid("MEASURE_NOT_LAWFUL", "measures", measure=key, kind=party.subject_kind)
        if one.organ == OFFICE and key not in catalogue.office_powers:
            raise NotAllowed("NOT_COMPETENT", "measures", measure=key, organ="")
    if not outcome.measures or catalogue.weight(outcome.measures) >= catalogue.weight(one.measures):
        raise Conflict("APPEAL_AGGRAVATES", "measures", held=", ".join(one.measures))
    return catalogue.heaviest_first(outcome.measures)
