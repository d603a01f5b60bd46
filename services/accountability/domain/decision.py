"""Deciding: people choose inside the range, or outside it with a written reason; never what is unlawful or another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case, Discussion, Party
from services.accountability.domain.proposal import Proposal, Recommendation
from services.accountability.domain.states import CaseState, require
from services.accountability.rules.measures import OFFICE, Catalogue
from services.accountability.rules.periods import in_force_on, months_after
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.ranges import Offer, Range
from services.accountability.rules.words import Track, Way

_OPEN_FOR_TRANSFER = (
    CaseState.PROPOSED,
    CaseState.DISCUSSED,
    CaseState.TRANSFERRED,
    CaseState.DECIDED,
    CaseState.SERVED,
    CaseState.EXECUTED,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen for one party, and why where it is outside the range; `months` where a period is chosen too."""

    party_id: str
    measures: tuple[str, ...]
    reason: str
    months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutsideDecision:
    """What another organ decided: measures, their periods where told, the day, the number of its document."""

    measures: tuple[str, ...]
    months: Mapping[str, int]
    on: date
    number: str


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: the account, and the official behind it."""

    account: str
    official_id: str


def discuss(case: Case, held_on: date, present: Sequence[str], at_least: int, today: date) -> Case:
    """集体研究 before a sanction is recommended; efficiency measures need none."""
    require(case.state, CaseState.PROPOSED)
    if held_on > today:
        raise Invalid("FUTURE_DAY", "held_on", day=held_on)
    if len(present) < at_least:
        raise Invalid("TOO_FEW_PRESENT", "present", at_least=at_least)
    return case.next(state=CaseState.DISCUSSED, discussion=Discussion(held_on, tuple(present)))


def decide(
    case: Case,
    proposal: Proposal,
    choices: Sequence[Choice],
    recommended: Mapping[str, Sequence[str]],
    by: Decider,
    catalogue: Catalogue,
    at: datetime,
) -> Case:
    """The office decides for every party. `recommended` are the measures already recommended, by party.

    Where other organs answered first, the office still decides what is its own, until the first delivery.
    """
    others_answered = case.state is CaseState.DECIDED and not case.decider and not any(one.served_at for one in case.parties)
    if not others_answered:
        require(case.state, CaseState.PROPOSED, CaseState.DISCUSSED, CaseState.TRANSFERRED)
    _may_decide(case, proposal, by)
    chosen = {choice.party_id: choice for choice in choices}
    missing = [party.id for party in case.answering if party.id not in chosen]
    if missing or len(chosen) != len(choices):
        raise Invalid("CHOICE_MISSING", "choices", parties=", ".join(missing))
    for choice in choices:
        case.party(choice.party_id)
    parties = tuple(
        party
        if party.released
        else _decided(party, proposal.answer(party.id), chosen[party.id], recommended.get(party.id, ()), catalogue, at)
        for party in case.parties
    )
    return case.next(state=CaseState.DECIDED, parties=parties, decider=by.account, decided_at=at)


def _decided(
    party: Party, answer: PartyAnswer, choice: Choice, recommended: Sequence[str], catalogue: Catalogue, at: datetime
) -> Party:
    for key in choice.measures:
        _lawful(party, key, catalogue)
        organ, _way = catalogue.organ_of(key, party.subject_kind, party.management_line)
        if organ != OFFICE:
            raise NotAllowed("NOT_COMPETENT", "choices", measure=key, organ=organ)
    lawful_months(choice.measures, choice.months, catalogue, local_day(at))
    outside = not (inside(answer.ranges, choice.measures, recommended) and months_inside(answer, choice.months))
    if outside and not choice.reason.strip():
        raise Conflict("OUTSIDE_NEEDS_REASON", "choices", party=party.id)
    route = next((found.appeal for found in answer.ranges if found.track is not Track.SANCTION), "")
    measures = catalogue.heaviest_first(choice.measures)
    return replace(party, measures=measures, outside_range=outside, appeal_route=route)


def inside(ranges: Sequence[Range], chosen: Sequence[str], recommended: Sequence[str]) -> bool:
    """Whether what the office chooses, with what it has recommended, stays inside the ranges that are its own.

    A range in which nothing is the office's to decide asks nothing of it; sanctions never do.
    """
    unexplained = set(chosen)
    for found in ranges:
        own = {offer.measure for offer in found.offers if offer.way is Way.DECIDE}
        required = {offer.measure for offer in found.required if offer.way is Way.DECIDE}
        if found.track is Track.SANCTION or not own:
            continue
        offered = {offer.measure for offer in found.offers}
        picked = offered & {*chosen, *recommended}
        unexplained -= own | required
        exempted = found.at_least == 0 and not picked and not required & set(chosen)
        if not exempted and not (found.at_least <= len(picked) <= found.at_most and required <= set(chosen)):
            return False
    return not unexplained


def _offer(answer: PartyAnswer, key: str) -> Offer | None:
    offered = (offer for found in answer.ranges for offer in (*found.offers, *found.required))
    return next((offer for offer in offered if offer.measure == key), None)


def months_inside(answer: PartyAnswer, months: Mapping[str, int]) -> bool:
    """Whether every chosen period lies inside its offer's; what was not offered is outside by itself."""
    offers = {key: _offer(answer, key) for key in months}
    return all(offer is None or offer.allows(months[key]) for key, offer in offers.items())


def lawful_months(measures: Sequence[str], months: Mapping[str, int], catalogue: Catalogue, on: date) -> None:
    """Refuses a period of a measure that was not chosen, and one no reason makes lawful: under its own, above the cap."""
    for key, chosen in months.items():
        if key not in measures:
            raise Invalid("PERIOD_WITHOUT_MEASURE", "periods", measure=key)
        measure = catalogue.measures[key]
        rule = in_force_on(catalogue.combining, measure.track, on)
        if rule is None:
            continue
        most = rule.cap_months if key in rule.same_type else measure.months
        if not measure.months <= chosen <= most:
            raise Invalid("PERIOD_NOT_LAWFUL", "periods", measure=key, least=measure.months, most=most)


def period_end(
    answer: PartyAnswer | None, key: str, months: Mapping[str, int], on: date, catalogue: Catalogue
) -> date | None:
    """The first day a measure decided on a day no longer holds: the chosen period, else the shortest its offer gives.

    Where the rules offered no such measure, or were not asked, the catalogue's period holds.
    """
    offer = _offer(answer, key) if answer is not None else None
    if offer is None:
        own = months.get(key, catalogue.measures[key].months)
        return months_after(on, own) if own else None
    return offer.ends(on, months.get(key, offer.effect_months))


def recommend(
    case: Case, proposal: Proposal, choice: Choice, before: Sequence[Recommendation], by: Decider, catalogue: Catalogue
) -> tuple[Way, str]:
    """Checks a recommendation to the organ competent for one party's measures; says which organ that is and the way."""
    require(case.state, *_OPEN_FOR_TRANSFER)
    _may_decide(case, proposal, by)
    party = case.party(choice.party_id)
    answer = proposal.answer(party.id)
    if not choice.measures:
        raise Invalid("CHOICE_MISSING", "choice", parties=party.id)
    if choice.months:
        raise Invalid("PERIOD_IS_THE_ORGANS", "choice")
    ways = {offer.measure: (offer.organ, offer.way) for found in answer.ranges for offer in (*found.offers, *found.required)}
    found = set()
    for key in choice.measures:
        _lawful(party, key, catalogue)
        found.add(ways.get(key) or catalogue.organ_of(key, party.subject_kind, party.management_line))
        if catalogue.measures[key].track is Track.SANCTION and case.discussion is None:
            raise Conflict("DISCUSSION_MISSING", "choice", measure=key)
    if len(found) > 1:
        raise Invalid("DIFFERENT_ORGANS", "choice", organs=", ".join(sorted(organ for organ, _ in found)))
    ((organ, way),) = found
    if way is Way.DECIDE:
        raise Conflict("THE_OFFICE_DECIDES", "choice", measures=", ".join(choice.measures))
    if any(one.party_id == party.id and set(one.measures) & set(choice.measures) for one in before):
        raise Conflict("ALREADY_RECOMMENDED", "choice")
    if not set(choice.measures) <= set(ways) and not choice.reason.strip():
        raise Conflict("OUTSIDE_NEEDS_REASON", "choice", party=party.id)
    return way, organ


def transferred(case: Case) -> Case:
    """A case of which nothing is decided yet is transferred; a later recommendation leaves it where it stands."""
    undecided = case.state in (CaseState.PROPOSED, CaseState.DISCUSSED)
    return case.next(state=CaseState.TRANSFERRED) if undecided else case.next()


def decided_outside(
    case: Case, party_id: str, told: OutsideDecision, catalogue: Catalogue, all_in: bool, at: datetime
) -> Case:
    """Records what another organ decided about a party.

    `all_in`: every party was recommended about, and no recommendation is open any more; else the office still has to decide.
    """
    for key in told.measures:
        if key not in catalogue.measures:
            raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
    lawful_months(told.measures, told.months, catalogue, told.on)
    party = case.party(party_id)
    outside = catalogue.heaviest_first([*party.outside, *told.measures])
    recorded = case.with_party(replace(party, outside=outside))
    if case.state is CaseState.TRANSFERRED and all_in:
        return replace(recorded, state=CaseState.DECIDED, decided_at=at)
    return recorded


def _lawful(party: Party, key: str, catalogue: Catalogue) -> None:
    if key not in catalogue.measures:
        raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
    if catalogue.measures[key].track is Track.PARTY:
        raise NotAllowed("MEASURE_RECORDED_ONLY", "measures", measure=key)
    if party.subject_kind not in catalogue.measures[key].lawful_for:
        raise Invalid("MEASURE_NOT_LAWFUL", "measures", measure=key, kind=party.subject_kind)


def _may_decide(case: Case, proposal: Proposal, by: Decider) -> None:
    if proposal.case_id != case.id or proposal.id != case.proposal_id:
        raise Conflict("PROPOSAL_OUTDATED", "proposal_id", latest=case.proposal_id)
    case.keep_apart(by.account, by.official_id)
    if by.account in {rule.author for rule in proposal.rules}:
        raise NotAllowed("FOUR_EYES", who=by.account)
