"""The case and its parties, from clue to filed, and the ways it ends without a consequence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.errors import Conflict, NotAllowed, NotFound
from services.accountability.domain.facts import DecidedParty, Origin, Subject
from services.accountability.domain.states import (
    BEFORE_FILING,
    NEXT,
    UNDECIDED,
    WITHOUT_CONSEQUENCE,
    CaseState,
    require,
)
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind


@dataclass(frozen=True, slots=True)
class EstablishedFact:
    """What one party did, as the rules ask it. What was found in words is sealed under the same id."""

    id: str
    conduct: str
    day: date
    severity: Severity
    consequence: Consequence
    mitigating: tuple[str, ...]
    aggravating: tuple[str, ...]
    evidence_sha256: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Party:
    """A person or unit that answers. `measures` were decided here, `outside` by the organs competent for the rest."""

    id: str
    official_id: str
    unit_path: str
    subject_kind: SubjectKind
    post: Post
    role: Role | None
    management_line: str
    brought_in_by_question: bool = False
    facts: tuple[EstablishedFact, ...] = ()
    heard_at: datetime | None = None
    released: bool = False
    measures: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    outside_range: bool = False
    appeal_route: str = ""
    served_at: datetime | None = None
    executed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Investigator:
    """An account that investigates, with the official behind it."""

    account: str
    official_id: str


@dataclass(frozen=True, slots=True)
class LeaderQuestion:
    """Why no leader? Asked by these triggers; answered in writing, or by leaders who answer in the case."""

    triggers: tuple[str, ...] = ()
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Discussion:
    """A collective discussion; its minutes are sealed."""

    held_on: date
    present: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A check an honest error was tolerated on; what was found is sealed under the id."""

    key: str
    finding_id: str


@dataclass(frozen=True, slots=True)
class Case:
    """问责案件: a suspected or proven breach from clue to archive."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    state: CaseState
    origins: tuple[Origin, ...]
    suspected_conduct: str
    parties: tuple[Party, ...]
    opened_at: datetime
    triggers: tuple[str, ...] = ()
    investigators: tuple[Investigator, ...] = ()
    recused: tuple[str, ...] = ()
    leader_question: LeaderQuestion = field(default_factory=LeaderQuestion)
    reviewer: str = ""
    decider: str = ""
    discussion: Discussion | None = None
    filed_at: datetime | None = None
    decide_by: date | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    proposal_id: str = ""
    tolerance: tuple[Checked, ...] = ()
    joined_into: str = ""

    @property
    def subject(self) -> Subject:
        """What its facts are about."""
        return Subject(self.id, self.version, self.unit_path, self.jurisdiction_path, self.number)

    @property
    def answering(self) -> tuple[Party, ...]:
        """The parties that were not released."""
        return tuple(party for party in self.parties if not party.released)

    def party(self, party_id: str) -> Party:
        """The party of that id. Raises NotFound PARTY_NOT_FOUND, also for a released one."""
        for party in self.answering:
            if party.id == party_id:
                return party
        raise NotFound("PARTY_NOT_FOUND", "party_id")

    def with_party(self, changed: Party) -> Case:
        """The next version, with one party changed."""
        return self.next(parties=tuple(changed if party.id == changed.id else party for party in self.parties))

    def next(self, **changes: object) -> Case:
        """The next version with these changes. Raises Conflict CASE_STATE if the life cycle has no such arrow."""
        state = changes.get("state", self.state)
        if state is not self.state and state not in NEXT[self.state]:
            raise Conflict("CASE_STATE", "case_id", state=self.state, allowed=", ".join(sorted(NEXT[self.state])))
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def decided_parties(self) -> tuple[DecidedParty, ...]:
        """Everybody on whom a measure holds, as facts tell it."""
        return tuple(
            DecidedParty(party.official_id, party.unit_path, party.role or "", (*party.outside, *party.measures))
            for party in self.answering
            if party.measures or party.outside
        )

    # -- from clue to filed ---------------------------------------------------------------------------------------

    def join(self, origin: Origin, triggers: tuple[str, ...], parties: tuple[Party, ...]) -> Case:
        """Takes in another origin of the same matter; what is known already changes nothing."""
        origins = self.origins if origin in self.origins else (*self.origins, origin)
        fresh = tuple(word for word in triggers if word not in self.triggers)
        known = {(party.official_id, party.unit_path if not party.official_id else "") for party in self.parties}
        added = tuple(
            party for party in parties if (party.official_id, party.unit_path if not party.official_id else "") not in known
        )
        return self.next(origins=origins, triggers=(*self.triggers, *fresh), parties=(*self.parties, *added))

    def ask_for_leaders(self, triggers: tuple[str, ...], leaders: tuple[Party, ...]) -> Case:
        """Asks why no leader answers, and brings in those who led on that day."""
        known = {party.official_id for party in self.parties}
        added = tuple(leader for leader in leaders if leader.official_id not in known)
        question = LeaderQuestion(triggers=triggers, answered=False)
        return replace(self, leader_question=question, parties=(*self.parties, *added))

    def verify(self) -> Case:
        """Starts the preliminary verification."""
        require(self.state, CaseState.CLUE)
        return self.next(state=CaseState.VERIFYING)

    def file(self, at: datetime, decide_by: date) -> Case:
        """立案: the limit for deciding runs."""
        require(self.state, CaseState.VERIFYING)
        return self.next(state=CaseState.FILED, filed_at=at, decide_by=decide_by)

    # -- ending without a consequence -----------------------------------------------------------------------------

    def drop(self, ending: CaseState, by: str, official_id: str, is_decider: bool, at: datetime) -> Case:
        """Ends it as dropped, tolerated or cleared: never by a party, and once filed by a decider who did not work on it.

        Whom another organ punished for it is neither cleared nor excused here.
        """
        require(self.state, *UNDECIDED)
        self.recuse_party(official_id)
        if ending not in NEXT[self.state] or ending not in WITHOUT_CONSEQUENCE:
            raise Conflict("ENDING_TOO_EARLY", "ending", state=self.state)
        if self.state not in BEFORE_FILING:
            if not is_decider:
                raise NotAllowed("FILED_CASE_NEEDS_DECIDER")
            self.keep_apart(by, official_id)
        outside = [key for party in self.answering for key in party.outside]
        if outside and ending is not CaseState.DROPPED:
            raise Conflict("MEASURES_HOLD_OUTSIDE", "ending", measures=", ".join(dict.fromkeys(outside)))
        return self.next(state=ending, ended_at=at, decider=by)

    def archive(self) -> Case:
        """Archives a file that is closed, ended without a consequence, or was joined into another."""
        require(self.state, CaseState.CLOSED, CaseState.JOINED, *WITHOUT_CONSEQUENCE)
        return self.next(state=CaseState.ARCHIVED)

    # -- people who may not be the same ---------------------------------------------------------------------------

    def keep_apart(self, account: str, official_id: str = "") -> None:
        """Refuses somebody who investigated or reviewed it with FOUR_EYES, and a party with RECUSED."""
        if account == self.reviewer or account in {one.account for one in self.investigators}:
            raise NotAllowed("FOUR_EYES", who=account)
        self.recuse_party(official_id)

    def recuse_party(self, official_id: str) -> None:
        """Refuses a party to the case with RECUSED."""
        if official_id and official_id in {party.official_id for party in self.parties}:
            raise NotAllowed("RECUSED", official=official_id)
