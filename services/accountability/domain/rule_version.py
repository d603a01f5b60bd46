"""A version of an instrument on its way into force: written by one, reviewed by another, approved by a third."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NoReturn

from chassis.errors import Conflict, NotAllowed
from services.accountability.domain.states import NEXT_RULE, RuleState


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version. It holds in its jurisdiction and below; approval binds to the SHA-256 of its bytes."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    instrument_key: str
    title: str
    issuer: str
    number: str
    label: str
    state: RuleState
    valid_from: date
    valid_to: date | None
    sha256: str
    pack_text: str
    author: str
    imported_at: datetime
    reviewer: str = ""
    review_opinion: str = ""
    approver: str = ""
    approved_at: datetime | None = None

    def submit(self, by: str) -> RuleVersion:
        """Its author hands it to review."""
        if by != self.author:
            raise NotAllowed("NOT_THE_AUTHOR", who=by)
        return self._next(RuleState.IN_REVIEW, reviewer="", review_opinion="")

    def revise(self, by: str, now: RuleVersion) -> RuleVersion:
        """Its author changes what a draft says; who wrote it, and what was said of it, stays."""
        if by != self.author:
            raise NotAllowed("NOT_THE_AUTHOR", who=by)
        if self.state is not RuleState.DRAFT:
            raise Conflict("RULE_VERSION_STATE", "rule_version_id", state=self.state)
        return replace(now, id=self.id, version=self.version + 1, author=self.author, review_opinion=self.review_opinion)

    def review(self, by: str, sha256: str, passed: bool, opinion: str) -> RuleVersion:
        """Another passes it on, or sends it back to its author."""
        self._other_than(by, self.author)
        self._same_bytes(sha256)
        if self.state is not RuleState.IN_REVIEW or self.reviewer:
            raise Conflict("RULE_VERSION_STATE", "rule_version_id", state=self.state)
        if not passed:
            return self._next(RuleState.DRAFT, review_opinion=opinion)
        return replace(self, version=self.version + 1, reviewer=by, review_opinion=opinion)

    def approve(self, by: str, sha256: str, at: datetime, today: date) -> RuleVersion:
        """A third person approves these bytes; they are in force from their first day on."""
        self._other_than(by, self.author, self.reviewer)
        self._same_bytes(sha256)
        if self.state is RuleState.IN_REVIEW and not self.reviewer:
            raise Conflict("NOT_REVIEWED", "rule_version_id")
        approved = self._next(RuleState.APPROVED, approver=by, approved_at=at)
        return replace(approved, state=RuleState.IN_FORCE) if self.valid_from <= today else approved

    def take_force(self) -> RuleVersion:
        """Its first day has come."""
        return self._next(RuleState.IN_FORCE)

    def retire(self) -> RuleVersion:
        """Its last day has passed; conduct of its days is still judged under it."""
        return self._next(RuleState.RETIRED)

    def may_be_followed(self, day: date) -> None:
        """Refuses a successor from `day` on unless it is in force since an earlier day."""
        if self.state is not RuleState.IN_FORCE:
            raise Conflict("RULE_VERSION_STATE", "rule_version_id", state=self.state)
        if self.valid_from >= day:
            raise Conflict("SAME_FIRST_DAY", "rule_version_id", version=self.id, day=self.valid_from)

    def end_on(self, day: date) -> RuleVersion:
        """A successor holds from `day` on."""
        return replace(self, version=self.version + 1, valid_to=day)

    def altered(self) -> NoReturn:
        """Refuses to judge by bytes that are not those that were approved."""
        raise Conflict("RULES_ALTERED", "sha256", version=self.id)

    def _next(self, state: RuleState, **changes: object) -> RuleVersion:
        if state not in NEXT_RULE[self.state]:
            raise Conflict("RULE_VERSION_STATE", "rule_version_id", state=self.state)
        return replace(self, version=self.version + 1, state=state, **changes)  # type: ignore[arg-type]

    def _other_than(self, by: str, *others: str) -> None:
        if by in others:
            raise NotAllowed("FOUR_EYES", who=by)

    def _same_bytes(self, sha256: str) -> None:
        if sha256 != self.sha256:
            self.altered()
