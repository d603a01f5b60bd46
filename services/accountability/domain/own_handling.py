"""What a unit decided by itself about one of its people, filed with the office (备案), which accepts it or objects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.facts import Subject
from services.accountability.domain.flags import FlagKind, Shown
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.ranges import Reason
from services.accountability.rules.words import SubjectKind


class HandlingState(StrEnum):
    """Where an own handling stands with the office."""

    FILED = "filed"
    ACCEPTED = "accepted"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class OwnHandling:
    """A unit's own handling, as its head signed it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    state: HandlingState
    official_id: str
    measures: tuple[str, ...]
    decided_on: date
    document_number: str
    signed_by: str
    filed_at: datetime
    late: bool
    ruled_by: str = ""
    ruled_at: datetime | None = None
    opinion_id: str = ""

    @property
    def subject(self) -> Subject:
        """What the facts about it are about."""
        return Subject(self.id, self.version, self.unit_path, self.jurisdiction_path, self.document_number)

    def rule(self, accepted: bool, by: str, at: datetime, opinion_id: str) -> OwnHandling:
        """The office accepts it or objects; who signed it does not rule on it."""
        if self.state is not HandlingState.FILED:
            raise Conflict("OWN_HANDLING_RULED", "own_handling_id")
        if by == self.signed_by:
            raise NotAllowed("FOUR_EYES", who=by)
        state = HandlingState.ACCEPTED if accepted else HandlingState.OBJECTED
        return replace(self, version=self.version + 1, state=state, ruled_by=by, ruled_at=at, opinion_id=opinion_id)


@dataclass(frozen=True, slots=True)
class HandlingFile:
    """An own handling with what it was for and what the office said of it."""

    handling: OwnHandling
    statement: str = ""
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """What a unit's head files: about whom, which measures, decided when, under which number, what for."""

    unit_path: str
    official_id: str
    measures: tuple[str, ...]
    decided_on: date
    document_number: str
    statement: str


def units_measures(
    measures: Sequence[str], kind: SubjectKind, powers: Collection[str], catalogue: Catalogue
) -> tuple[str, ...]:
    """The measures, heaviest first, if a unit may take each of them against such a subject."""
    for key in measures:
        if key not in catalogue.measures:
            raise Invalid("UNKNOWN_MEASURE", "measures", measure=key)
        if kind not in catalogue.measures[key].lawful_for:
            raise Invalid("MEASURE_NOT_LAWFUL", "measures", measure=key, kind=kind)
        if key not in powers:
            raise NotAllowed("NOT_THE_UNITS", "measures", measure=key)
    return catalogue.heaviest_first(measures)


def filed_late(decided_on: date, today: date, within_days: int) -> bool:
    """Whether the limit for filing had passed. Refuses a decision of tomorrow with FUTURE_DAY."""
    if decided_on > today:
        raise Invalid("FUTURE_DAY", "decided_on", day=decided_on)
    return today > decided_on + timedelta(days=within_days)


def late(one: OwnHandling, within_days: int) -> Shown:
    """问而不报: what shows that it was filed after the limit."""
    last = one.decided_on + timedelta(days=within_days)
    params = {"number": one.document_number, "decided": one.decided_on.isoformat(), "day": last.isoformat()}
    return Shown(FlagKind.NOT_FILED, Reason("FLAG_FILED_LATE", params), f"{one.id}:late", last)


def too_light(one: OwnHandling) -> Shown:
    """问责畸轻: the office objected to it."""
    params = {"number": one.document_number, "measures": ", ".join(one.measures)}
    return Shown(FlagKind.TOO_LIGHT, Reason("FLAG_OBJECTED_TO", params), f"{one.id}:objected", one.decided_on)
