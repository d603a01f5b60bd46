"""A campaign and its life: planned, statements filed, opened, closed, counted, released by two people, final."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Self

from chassis.errors import Conflict, Invalid, NotAllowed
from services.evaluation.domain.amending import Change, changed
from services.evaluation.domain.card_run import questions_of
from services.evaluation.domain.facts import CampaignClosed, CampaignOpened
from services.evaluation.domain.plan import Plan

APPROVALS_NEEDED = 2  # a release by one person would be no release by two: the word of the rule, not a number of it


class State(Enum):
    """Where a campaign stands."""

    DRAFT = "draft"
    STATEMENTS = "statements"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    RELEASED = "released"
    FINAL = "final"


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.STATEMENTS, State.OPEN}),
    State.STATEMENTS: frozenset({State.OPEN}),
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.COUNTED}),
    State.COUNTED: frozenset({State.COUNTED, State.RELEASED, State.CLOSED}),
    State.RELEASED: frozenset({State.FINAL, State.CLOSED}),  # back to be counted again, once an objection is upheld
    State.FINAL: frozenset(),
}
_REFUSED = {
    State.STATEMENTS: "CAMPAIGN_NOT_DRAFT",
    State.OPEN: "CAMPAIGN_NOT_DRAFT",
    State.CLOSED: "CAMPAIGN_NOT_OPEN",
    State.COUNTED: "CAMPAIGN_NOT_CLOSED",
    State.RELEASED: "CAMPAIGN_NOT_COUNTED",
    State.FINAL: "CAMPAIGN_NOT_RELEASED",
}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A recorded change of the plan."""

    at: datetime
    by: str
    reason: str
    rules_hash_before: bytes
    rules_hash_after: bytes
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign. Title, year, end and live stand beside the plan because lists show them and sort by them."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    state: State
    title: str
    year: int
    closes_at: datetime
    live: bool
    plan: Plan
    rules_hash: bytes
    created_at: datetime
    amendments: tuple[Amendment, ...] = ()
    approvals: tuple[str, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    counted_at: datetime | None = None
    released_at: datetime | None = None

    @classmethod
    def planned(cls, id: str, number: str, plan: Plan, at: datetime) -> Self:
        """A new draft. Raises Invalid PERIOD_OVER if its end lies in the past."""
        _not_over(plan, at)
        path = plan.jurisdiction_path
        known = (plan.title, plan.year, plan.closes_at, plan.live)
        return cls(id, 1, path, path, number, State.DRAFT, *known, plan, plan.rules_hash(), at)

    @property
    def takes_raters(self) -> bool:
        """Whether raters may be entered and codes issued."""
        return self.state in (State.DRAFT, State.STATEMENTS, State.OPEN)

    @property
    def public(self) -> bool:
        """Whether a result was released. It stays public while a corrected one is counted."""
        return self.released_at is not None

    def must_take_raters(self) -> None:
        """Raises Conflict CAMPAIGN_NOT_TAKING_RATERS once the box is closed."""
        if not self.takes_raters:
            raise Conflict("CAMPAIGN_NOT_TAKING_RATERS", number=self.number)

    def must_be_open(self) -> None:
        """Raises Conflict CAMPAIGN_NOT_OPEN unless ballots are taken in."""
        if self.state is not State.OPEN:
            raise Conflict("CAMPAIGN_NOT_OPEN", number=self.number)

    def amend(self, plan: Plan, by: str, reason: str, at: datetime, codes: int = 0, on_paper: bool = False) -> Campaign:
        """The campaign under another plan, with the change on record; `codes` have been issued, cards printed if `on_paper`.

        Raises Conflict CAMPAIGN_NOT_AMENDABLE once closed, AMENDMENT_EMPTY, AMENDMENT_MOVES_CAMPAIGN for another
        jurisdiction, and AMENDMENT_CHANGES_BALLOTS where an open box could be read in another way afterwards, or where
        an issued code would belong to another rater group: it keeps the place of its group, so groups may only follow;
        or where a card that was printed would ask something else than the plan.
        AMENDMENT_BREAKS_WORD where raters of an open box were promised less publicity; Invalid PERIOD_OVER, also for an open
        box whose period has ended: who came late must not have been late for nothing.
        """
        if not self.takes_raters:
            raise Conflict("CAMPAIGN_NOT_AMENDABLE", number=self.number)
        after = plan.rules_hash()
        if after == self.rules_hash:
            raise Invalid("AMENDMENT_EMPTY", "plan")
        if plan.jurisdiction_path != self.jurisdiction_path:
            raise Invalid("AMENDMENT_MOVES_CAMPAIGN", "plan.jurisdiction_path")
        moved = codes > 0 and not plan.keeps_rater_groups_of(self.plan)
        moved = moved or (on_paper and questions_of(plan) != questions_of(self.plan))
        if moved or (self.state is State.OPEN and not plan.reads_ballots_like(self.plan)):
            raise Conflict("AMENDMENT_CHANGES_BALLOTS", "plan", number=self.number)
        if self.state is State.OPEN:
            _not_over(self.plan, at)
            if not plan.keeps_the_word_of(self.plan):
                raise Conflict("AMENDMENT_BREAKS_WORD", "plan", number=self.number)
        _not_over(plan, at)
        return replace(
            self,
            version=self.version + 1,
            title=plan.title,
            year=plan.year,
            closes_at=plan.closes_at,
            live=plan.live,
            plan=plan,
            rules_hash=after,
            amendments=(*self.amendments, Amendment(at, by, reason, self.rules_hash, after, changed(self.plan, plan))),
        )

    def call(self) -> Campaign:
        """Takes statements from now on. Raises Conflict CAMPAIGN_NOT_DRAFT, NO_STATEMENTS_ASKED."""
        called = self._to(State.STATEMENTS)
        if not self.plan.statements:
            raise Conflict("NO_STATEMENTS_ASKED", number=self.number)
        return called

    def open(self, codes: int, at: datetime) -> tuple[Campaign, CampaignOpened]:
        """Takes ballots in from now on.

        Raises Conflict CAMPAIGN_NOT_DRAFT, STATEMENTS_NOT_CALLED, NO_CODES_ISSUED; Invalid PERIOD_OVER.
        """
        opened = replace(self._to(State.OPEN), opened_at=at)
        if self.state is State.DRAFT and self.plan.statements:
            raise Conflict("STATEMENTS_NOT_CALLED", number=self.number)
        if not codes:
            raise Conflict("NO_CODES_ISSUED", number=self.number)
        _not_over(self.plan, at)
        return opened, CampaignOpened(*opened.address(), year=self.year)

    def close(self, ballots: int, at: datetime) -> tuple[Campaign, CampaignClosed]:
        """Takes no ballot in any more. Raises Conflict CAMPAIGN_NOT_OPEN."""
        self.must_be_open()
        closed = replace(self._to(State.CLOSED), closed_at=at)
        return closed, CampaignClosed(*closed.address(), ballots=ballots)

    def count(self, at: datetime) -> Campaign:
        """Counted, or counted again: approvals given to an earlier count are void.

        Raises Conflict RESULT_RELEASED, CAMPAIGN_NOT_CLOSED.
        """
        if self.state in (State.RELEASED, State.FINAL):
            raise Conflict("RESULT_RELEASED", number=self.number)
        return replace(self._to(State.COUNTED), counted_at=at, approvals=())

    def approve_release(self, by: str, at: datetime) -> Campaign:
        """One more approval; the second one, by another person, releases the result.

        Raises Conflict CAMPAIGN_NOT_COUNTED, NotAllowed SAME_PERSON.
        """
        released = self._to(State.RELEASED)
        if by in self.approvals:
            raise NotAllowed("SAME_PERSON")
        approvals = (*self.approvals, by)
        if len(approvals) < APPROVALS_NEEDED:
            return replace(self, version=self.version + 1, approvals=approvals)
        return replace(released, approvals=approvals, released_at=at)

    def reopen_count(self) -> Campaign:
        """Back to be counted again, because an objection was upheld; approvals given to the count are void.

        Raises Conflict CAMPAIGN_NOT_RELEASED unless a result was released, and once it is final.
        """
        if not self.public or self.state is State.FINAL:
            raise Conflict("CAMPAIGN_NOT_RELEASED", number=self.number)
        if self.state is State.CLOSED:
            return replace(self, version=self.version + 1)
        return replace(self._to(State.CLOSED), approvals=())

    def finalise(self) -> Campaign:
        """Final: what follows from the result is announced. Raises Conflict CAMPAIGN_NOT_RELEASED."""
        return self._to(State.FINAL)

    def address(self) -> tuple[str, int, str, str, str]:
        """What every fact about the campaign begins with."""
        return self.id, self.version, self.unit_path, self.jurisdiction_path, self.number

    def _to(self, state: State) -> Campaign:
        if state not in NEXT[self.state]:
            raise Conflict(_REFUSED[state], number=self.number)
        return replace(self, version=self.version + 1, state=state)


def _not_over(plan: Plan, at: datetime) -> None:
    if plan.closes_at <= at:
        raise Invalid("PERIOD_OVER", "plan.closes_at")
