"""澄清正名: what is said in public about somebody who was wrongly accused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid, NotAllowed
from services.accountability.domain.case import Case
from services.accountability.domain.documents import PartyName
from services.accountability.domain.states import CaseState


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent to being named: the day it was given, and the digest of the signed paper."""

    on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be said: the text, the party to be named and the consent to it, the names to be looked for."""

    text: str
    named_party_id: str
    consent: Consent | None
    names: Mapping[str, PartyName]


@dataclass(frozen=True, slots=True)
class Clearing:
    """A statement on the public page. `name` is empty without consent."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    unit_name: str
    statement: str
    name: str
    consent: Consent | None
    published_at: datetime
    published_by: str
    withdrawn: bool = False
    withdrawn_because: str = ""

    def withdraw(self, reason: str) -> Clearing:
        """It stands on the public page no more."""
        if self.withdrawn:
            raise Conflict("CLEARING_WITHDRAWN", "clearing_id")
        return replace(self, version=self.version + 1, withdrawn=True, withdrawn_because=reason)


def may_be_cleared(case: Case, by: str) -> None:
    """Refuses what did not end as cleared, and whoever ended it: another looks at what is published (先审后发)."""
    if case.state is not CaseState.CLEARED:
        raise Conflict("CASE_NOT_CLEARED", "case_id", state=case.state)
    if by == case.decider:
        raise NotAllowed("FOUR_EYES", who=by)


def consented(named: str, consent: Consent | None, today: date) -> None:
    """Refuses to name a person whose consent is not on record."""
    if named and consent is None:
        raise Invalid("CONSENT_MISSING", "consent_on")
    if consent is not None and consent.on > today:
        raise Invalid("FUTURE_DAY", "consent_on", day=consent.on)
