"""Decisions of other organs that nobody here asked for: party discipline, organisational handling, a sanction beside it.

They are recorded, never proposed: what is on a track of its own is decided there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chassis.errors import Conflict, Invalid
from services.accountability.domain.case import Case
from services.accountability.domain.decision import OutsideDecision, lawful_months
from services.accountability.domain.states import BEFORE_FILING, WITHOUT_CONSEQUENCE, CaseState, require
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.words import Track

_OPEN = frozenset(CaseState) - BEFORE_FILING - WITHOUT_CONSEQUENCE - {CaseState.JOINED}


@dataclass(frozen=True, slots=True)
class TrackDecision:
    """What an organ decided about one party on its own track."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    party_id: str
    track: Track
    organ: str
    measures: tuple[str, ...]
    decided_on: date
    document_number: str


def record(
    case: Case,
    party_id: str,
    track: Track,
    organ: str,
    told: OutsideDecision,
    before: Sequence[TrackDecision],
    catalogue: Catalogue,
    today: date,
) -> Case:
    """Adds what an organ decided to what other organs decided about the party; the case stays where it stands."""
    require(case.state, *sorted(_OPEN))
    party = case.party(party_id)
    if not party.official_id:
        raise Invalid("NOT_A_PERSON", "party_id")
    for key in told.measures:
        if key not in catalogue.measures:
            raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
        if catalogue.measures[key].track is not track:
            raise Invalid("TRACK_MEASURE", "measures", measure=key, track=track)
        if party.subject_kind not in catalogue.measures[key].lawful_for:
            raise Invalid("MEASURE_NOT_LAWFUL", "measures", measure=key, kind=party.subject_kind)
    if organ not in catalogue.organs and organ != f"line:{party.management_line}":
        raise Invalid("UNKNOWN_ORGAN", "organ", organ=organ)
    if told.on > today:
        raise Invalid("FUTURE_DAY", "decided_on", day=told.on)
    lawful_months(told.measures, told.months, catalogue, told.on)
    if any((one.party_id, one.organ, one.document_number) == (party_id, organ, told.number) for one in before):
        raise Conflict("ALREADY_RECORDED", "document_number", number=told.number)
    return case.with_party(replace(party, outside=catalogue.heaviest_first([*party.outside, *told.measures])))
