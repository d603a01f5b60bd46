"""A circular of typical cases: drafted, reviewed by somebody who did not write it, published with a number, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, NotAllowed
from services.accountability.domain.case import Case
from services.accountability.domain.states import CaseState


class CircularState(StrEnum):
    """Where a circular stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_S = CircularState
NEXT_CIRCULAR: Mapping[CircularState, frozenset[CircularState]] = {
    _S.DRAFT: frozenset({_S.REVIEWED, _S.WITHDRAWN}),
    _S.REVIEWED: frozenset({_S.DRAFT, _S.PUBLISHED, _S.WITHDRAWN}),
    _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}

_C = CaseState
_DECIDED = frozenset({_C.DECIDED, _C.SERVED, _C.EXECUTED, _C.CLOSED, _C.ARCHIVED})


def may_be_told(case: Case) -> None:
    """Refuses a case that is not decided, or in which no measure holds any more."""
    if case.state not in _DECIDED or not any(one.measures or one.outside for one in case.answering):
        raise Conflict("CASE_NOT_DECIDED", "entries", number=case.number, state=case.state)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is told of one case."""

    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular. `writers` are all who drafted or revised it, `paper` what was published, as it stands."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    state: CircularState
    title: str
    entries: tuple[Entry, ...]
    writers: tuple[str, ...]
    drafted_at: datetime
    reviewed_by: str = ""
    opinion: str = ""
    published_by: str = ""
    published_at: datetime | None = None
    number: str = ""
    paper: str = ""
    withdrawn_because: str = ""

    @property
    def case_ids(self) -> tuple[str, ...]:
        """The cases it tells of."""
        return tuple(entry.case_id for entry in self.entries)

    def revise(self, by: str, title: str, entries: Sequence[Entry]) -> Circular:
        """Another text; what was reviewed is a draft again."""
        if self.state not in (_S.DRAFT, _S.REVIEWED):
            raise self._not_now()
        writers = tuple(dict.fromkeys((*self.writers, by)))
        changes = {"title": title, "entries": tuple(entries), "writers": writers, "reviewed_by": ""}
        return replace(self, version=self.version + 1, state=_S.DRAFT, **changes)  # type: ignore[arg-type]

    def review(self, by: str, passed: bool, opinion: str) -> Circular:
        """Passed by somebody who wrote nothing of it, or left a draft with what to change."""
        if self.state is not _S.DRAFT:
            raise self._not_now()
        if by in self.writers:
            raise NotAllowed("FOUR_EYES", who=by)
        reviewed = replace(self, version=self.version + 1, opinion=opinion)
        return replace(reviewed, state=_S.REVIEWED, reviewed_by=by) if passed else reviewed

    def may_be_published(self) -> None:
        """Refuses to publish what was not reviewed: 先审后发."""
        if self.state is not _S.REVIEWED:
            raise self._not_now()

    def publish(self, by: str, at: datetime, number: str, paper: str) -> Circular:
        """Everybody may read it; nothing in it changes any more."""
        self.may_be_published()
        changes = {"published_by": by, "published_at": at, "number": number, "paper": paper}
        return replace(self, version=self.version + 1, state=_S.PUBLISHED, **changes)  # type: ignore[arg-type]

    def withdraw(self, reason: str) -> Circular:
        """Nobody reads it any more; its number is not given again."""
        if self.state is _S.WITHDRAWN:
            raise self._not_now()
        return replace(self, version=self.version + 1, state=_S.WITHDRAWN, withdrawn_because=reason)

    def _not_now(self) -> Conflict:
        return Conflict("CIRCULAR_STATE", "circular_id", state=self.state)
