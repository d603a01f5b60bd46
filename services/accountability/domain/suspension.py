"""Suspension of duties while a case is pending (政务处分法 article 52), and what is barred meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import BEFORE_FILING, UNDECIDED, CaseState, require

PENDING_CASE = frozenset((*UNDECIDED, CaseState.TRANSFERRED)) - BEFORE_FILING


@dataclass(frozen=True, slots=True)
class Suspension:
    """Somebody's duties are suspended from a day on, until the first day without it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    case_number: str
    party_id: str
    official_id: str
    organ: str
    starts_on: date
    ended_on: date | None
    document_number: str

    def holds_on(self, day: date) -> bool:
        """Whether it lasts on a day."""
        return self.starts_on <= day and (self.ended_on is None or day < self.ended_on)

    def lift(self, day: date, today: date) -> Suspension:
        """It is over from a day on."""
        if self.ended_on is not None:
            raise Conflict("SUSPENSION_LIFTED", "suspension_id")
        if day > today:
            raise Invalid("FUTURE_DAY", "ended_on", day=day)
        if day < self.starts_on:
            raise Invalid("PERIOD_BACKWARDS", "ended_on")
        return replace(self, version=self.version + 1, ended_on=day)


@dataclass(frozen=True, slots=True)
class PendingCase:
    """The rule: which organs may suspend whom, and what is barred meanwhile."""

    organs: Mapping[str, Sequence[str]]
    bars: tuple[str, ...]
    source: str

    @staticmethod
    def of(setting: Mapping[str, Any]) -> PendingCase:
        """The rule as its setting says."""
        return PendingCase(setting["organs"], tuple(setting["bars"]), setting["source"])

    def may(self, organ: str, party: Party) -> None:
        """Refuses with NOT_COMPETENT an organ that does not appoint such people; a line from above appoints its own."""
        own = {f"line:{party.management_line}"} if party.management_line else set(self.organs.get(party.subject_kind, ()))
        if organ not in own:
            raise NotAllowed("NOT_COMPETENT", "organ", measure="suspension", organ=", ".join(sorted(own)))


def suspend(
    case: Case, party_id: str, organ: str, starts_on: date, before: Sequence[Suspension], rule: PendingCase, today: date
) -> Party:
    """Checks that a person's duties may have been suspended by this organ on that day; answers the person."""
    require(case.state, *sorted(PENDING_CASE))
    party = case.party(party_id)
    if not party.official_id:
        raise Invalid("NOT_A_PERSON", "party_id")
    rule.may(organ, party)
    if starts_on > today:
        raise Invalid("FUTURE_DAY", "starts_on", day=starts_on)
    if case.filed_at is None or starts_on < local_day(case.filed_at):
        raise Conflict("SUSPENSION_BEFORE_FILING", "starts_on", day=starts_on)
    if any(one.official_id == party.official_id and one.ended_on is None for one in before):
        raise Conflict("ALREADY_SUSPENDED", "party_id")
    return party
