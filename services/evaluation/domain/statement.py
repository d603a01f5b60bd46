"""Duty statements (述): asked of every object, filed in editions, sent back with a reason, public from the opening on.

A statement filed late or not at all is a fact on record: the opening waits for nobody. Not here: the campaign's own life
(`domain.campaign`), and how long a text may be (a setting, read in a use case).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Self

from chassis.auth import covers
from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotAllowed
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.plan import ObjectKind, RatedObject


class StatementState(Enum):
    """Where a statement stands."""

    ASKED = "asked"
    FILED = "filed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


NEXT: dict[StatementState, frozenset[StatementState]] = {
    StatementState.ASKED: frozenset({StatementState.FILED, StatementState.WITHDRAWN}),
    StatementState.FILED: frozenset({StatementState.FILED, StatementState.RETURNED, StatementState.WITHDRAWN}),
    StatementState.RETURNED: frozenset({StatementState.FILED, StatementState.WITHDRAWN}),
    StatementState.WITHDRAWN: frozenset({StatementState.ASKED}),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What an object says of itself."""

    duties: str
    promises: str = ""
    progress: str = ""
    problems: str = ""

    def must_fit(self, longest: int) -> None:
        """Raises Invalid STATEMENT_TOO_LONG, naming the field, for a text of more characters."""
        for part in fields(self):
            length = len(getattr(self, part.name))
            if length > longest:
                raise Invalid("STATEMENT_TOO_LONG", f"text.{part.name}", length=length, longest=longest)


@dataclass(frozen=True, slots=True)
class Edition:
    """A statement as it was filed once. What was sent back keeps its reason."""

    edition: int
    text: Text
    filed_at: datetime
    filed_by: str
    late: bool
    returned_at: datetime | None = None
    returned_by: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """That statements were called for until a day, and how many came."""

    campaign_id: str
    campaign_version: int
    due_on: date
    called_at: datetime
    asked: int = 0
    filed: int = 0
    late: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One object's statement in one campaign. Number, title and year are the campaign's: lists show them, units see no
    campaign. `place` is the object's on the ballot; `latest` the edition that stands, `published_at` the opening."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    campaign_number: str
    campaign_title: str
    year: int
    object_id: str
    object_name: str
    object_kind: ObjectKind
    place: int
    state: StatementState
    due_on: date
    latest: Edition | None = None
    published_at: datetime | None = None

    @classmethod
    def asked(cls, id: str, campaign: Campaign, one: RatedObject, place: int, due_on: date) -> Self:
        """A statement nobody has filed yet."""
        known = (campaign.id, campaign.number, campaign.title, campaign.year, one.object_id, one.name, one.kind, place)
        return cls(id, 1, one.unit_path, one.seen_by(campaign.jurisdiction_path), *known, StatementState.ASKED, due_on)

    @property
    def standing(self) -> Edition | None:
        """The edition that counts: none before the first, and none while another is awaited."""
        return self.latest if self.state is StatementState.FILED else None

    def file(self, text: Text, by: str, units: Iterable[str], at: datetime) -> Statement:
        """The next edition, by somebody of these units; for a district whoever sees it is its office.

        Raises NotAllowed STATEMENT_NOT_YOURS; Conflict STATEMENTS_CLOSED once the campaign has opened.
        """
        if self.object_kind is not ObjectKind.DISTRICT and not any(covers(path, self.unit_path) for path in units):
            raise NotAllowed("STATEMENT_NOT_YOURS")
        self._must_be_taken()
        filed = self._to(StatementState.FILED)
        number = self.latest.edition + 1 if self.latest else 1
        return replace(filed, latest=Edition(number, text, at, by, local_day(at) > self.due_on))

    def send_back(self, reason: str, by: str, at: datetime) -> Statement:
        """Awaiting another edition. Raises Conflict STATEMENTS_CLOSED, STATEMENT_NOT_FILED; NotAllowed OWN_STATEMENT."""
        self._must_be_taken()
        if self.state is not StatementState.FILED or self.latest is None:
            raise Conflict("STATEMENT_NOT_FILED", object=self.object_name)
        if self.latest.filed_by == by:
            raise NotAllowed("OWN_STATEMENT")
        edition = replace(self.latest, returned_at=at, returned_by=by, return_reason=reason)
        return replace(self._to(StatementState.RETURNED), latest=edition)

    def publish(self, at: datetime) -> Statement:
        """Open to everybody, and closed for filing."""
        return replace(self, version=self.version + 1, published_at=at)

    def follow(self, campaign: Campaign, one: RatedObject | None, place: int) -> Statement:
        """The statement after an amendment: under the object's name and place now, or withdrawn with its object."""
        if one is None:
            return self if self.state is StatementState.WITHDRAWN else self._to(StatementState.WITHDRAWN)
        told = replace(
            self,
            campaign_title=campaign.title,
            year=campaign.year,
            object_name=one.name,
            unit_path=one.unit_path,
            place=place,
        )
        if self.state is StatementState.WITHDRAWN:
            return replace(told._to(StatementState.ASKED), latest=self.latest)
        return told if told == self else replace(told, version=self.version + 1)

    def _must_be_taken(self) -> None:
        if self.published_at is not None or self.state is StatementState.WITHDRAWN:
            raise Conflict("STATEMENTS_CLOSED", number=self.campaign_number)

    def _to(self, state: StatementState) -> Statement:
        if state not in NEXT[self.state]:
            raise Conflict("STATEMENT_NOT_FILED", object=self.object_name)
        return replace(self, version=self.version + 1, state=state)


def must_be_due(due_on: date, today: date, campaign: Campaign) -> None:
    """Raises Invalid STATEMENTS_DUE_PAST or STATEMENTS_DUE_AFTER_CLOSE for a last day that is none."""
    if due_on < today:
        raise Invalid("STATEMENTS_DUE_PAST", "due_on")
    if due_on > local_day(campaign.closes_at):
        raise Invalid("STATEMENTS_DUE_AFTER_CLOSE", "due_on")


def changes(known: Iterable[Statement], campaign: Campaign) -> tuple[list[tuple[int, RatedObject]], list[Statement]]:
    """What an amended plan asks for anew (with its place), and the statements it changes."""
    before = {one.object_id: one for one in known}
    places = {one.object_id: (place, one) for place, one in enumerate(campaign.plan.objects)}
    fresh = [places[object_id] for object_id in places if object_id not in before]
    changed = []
    for object_id, one in before.items():
        place, rated = places.get(object_id, (one.place, None))
        after = one.follow(campaign, rated, place)
        if after != one:
            changed.append(after)
    return fresh, changed
