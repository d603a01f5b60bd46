"""Feedback: telling the outcome where the complaint came from, under a clock that only proof stops.

Hotlines and lines are answered on the web, media through the propaganda department only, direct complaints and
instructions to the complainant. Which channel goes where, by what means and in how many days are rows of a pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from chassis.errors import Conflict, Invalid
from services.complaints.domain import clocks
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import FeedbackGiven, FeedbackLate, about
from services.complaints.domain.stages import Channel, Manner
from workdays import Calendar, CountsFrom, Light, Limit, LimitKind, WarnBefore

STEP = "feedback"
RECEIPT = "receipt"
WEB = "web"


class Route(Enum):
    """Where the outcome is told."""

    WEB = "web"
    PROPAGANDA = "propaganda"
    COMPLAINANT = "complainant"


class FeedbackState(Enum):
    """Where one feedback stands."""

    OPEN = "open"
    GIVEN = "given"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Routing:
    """The pack's rows: channels to routes, routes to means, sealed manners, the limit."""

    of_channel: Mapping[str, str]
    means: Mapping[str, tuple[str, ...]]
    sealed: frozenset[str]
    publishes: frozenset[str]
    limit: Limit
    warn: WarnBefore

    @staticmethod
    def of(row: Mapping[str, Any]) -> Routing:
        """Reads a pack row. Raises KeyError or ValueError for one that cannot be read, never passes over it."""
        means = {Route(name).value: tuple(str(one) for one in words) for name, words in row["means"].items()}
        for route in row["of_channel"].values():
            Route(route)
        limit, warn = row["limit"], row["warn"]
        return Routing(
            of_channel={str(channel): str(route) for channel, route in row["of_channel"].items()},
            means=means,
            sealed=frozenset(Manner(name).value for name in row["sealed"]),
            publishes=frozenset(Route(name).value for name in row["publishes"]),
            limit=Limit(LimitKind(limit["kind"]), int(limit["amount"]), CountsFrom.NEXT_DAY),
            warn=WarnBefore(LimitKind(warn["kind"]), int(warn["amount"])),
        )

    def route(self, channel: Channel, manner: Manner) -> Route:
        """Where a complaint is answered. What is sealed is never published, so its complainant is told instead."""
        found = Route(self.of_channel.get(channel.value, self.of_channel["other"]))
        return Route.COMPLAINANT if found is Route.WEB and self.is_sealed(manner) else found

    def is_sealed(self, manner: Manner) -> bool:
        """Whether complaints raised in this manner are sealed: nothing of them is published."""
        return manner.value in self.sealed


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback one closing owes."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    route: Route
    state: FeedbackState
    opened_at: datetime
    clock: RunningClock
    light: str
    due_at: datetime | None
    pending_year: int | None
    next_light_at: datetime | None
    attempts: int = 0
    given_at: datetime | None = None
    means: str = ""
    given_by: str = ""

    def timed(self, clock: RunningClock) -> Feedback:
        """The next version with its clock, and what it says where lists can sort by it."""
        return replace(
            self,
            version=self.version + 1,
            clock=clock,
            light=clock.light,
            due_at=clock.due_at,
            pending_year=clock.pending_year if clock.running else None,
            next_light_at=clock.next_light_at if clock.running else None,
        )

    def turned(self, calendar: Calendar, at: datetime) -> Feedback:
        """As its light stands at that moment."""
        return self.timed(self.clock.reckoned(calendar, at))

    def superseded(self, at: datetime) -> Feedback:
        """The complaint is handled again before anybody was told."""
        return replace(self.timed(self.clock.stopped(at)), state=FeedbackState.SUPERSEDED)

    def tried(self) -> Feedback:
        """One more contact that proves nothing: the clock runs on."""
        return replace(self, version=self.version + 1, attempts=self.attempts + 1)

    def given(self, means: str, by: str, at: datetime) -> Feedback:
        """Proven to have been told; the clock stops."""
        stopped = self.timed(self.clock.stopped(at))
        attempts = self.attempts + 1
        return replace(stopped, state=FeedbackState.GIVEN, attempts=attempts, given_at=at, means=means, given_by=by)


@dataclass(frozen=True, slots=True)
class WantedFeedback:
    """Which feedback is asked for; what is empty filters nothing."""

    complaint_id: str = ""
    route: Route | None = None
    state: FeedbackState | None = None
    light: str = ""
    unit_path: str = ""


def opened(id: str, complaint: Complaint, routing: Routing, calendar: Calendar, at: datetime) -> Feedback:
    """What a closing owes from now on."""
    [clock] = clocks.start(STEP, STEP, routing.limit, routing.warn, at, calendar)
    return Feedback(
        id=id,
        version=1,
        unit_path=complaint.unit_path,
        jurisdiction_path=complaint.jurisdiction_path,
        complaint_id=complaint.id,
        number=complaint.number,
        route=routing.route(complaint.channel, complaint.manner),
        state=FeedbackState.OPEN,
        opened_at=at,
        clock=clock,
        light=clock.light,
        due_at=clock.due_at,
        pending_year=clock.pending_year,
        next_light_at=clock.next_light_at,
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """One try to tell the outcome."""

    means: str
    reached: bool
    proof: str = ""
    remark: str = ""

    @property
    def proven(self) -> bool:
        """Whether it reached somebody and something shows that it did."""
        return self.reached and bool(self.proof.strip())


def check(owed: Feedback, contact: Contact, routing: Routing, published: bool) -> None:
    """Refuses with FEEDBACK_GIVEN_BEFORE, MEANS_FORBIDDEN, and NOT_PUBLISHED where the web is named and tells nothing."""
    if owed.state is FeedbackState.GIVEN:
        raise Conflict("FEEDBACK_GIVEN_BEFORE", number=owed.number)
    allowed = routing.means.get(owed.route.value, ())
    if contact.means not in allowed:
        raise Invalid("MEANS_FORBIDDEN", "by", means="、".join(allowed))
    if owed.route is Route.WEB and contact.proven and not published:
        raise Conflict("NOT_PUBLISHED", "by", number=owed.number)


def recorded(complaint: Complaint, route: Route, contact: Contact) -> Change:
    """The contact as a line of the record; announced once it is proven."""
    told = complaint.change("RecordFeedback")
    lines = [contact.means, "reached" if contact.reached else "not_reached", contact.proof, contact.remark]
    fact = FeedbackGiven(**about(told), route=route.value, means=contact.means) if contact.proven else None
    return Change(told, "record_feedback", fact, "\n".join(line for line in lines if line))


def given_with(change: Change, owed: Feedback) -> Change:
    """An act of the complainant that proves the outcome reached them, for example a rating of it."""
    fact = FeedbackGiven(**about(change.complaint), route=owed.route.value, means=RECEIPT)
    return replace(change, more=(*change.more, fact))


def late(complaint: Complaint, owed: Feedback) -> Change | None:
    """What a light that turned red makes of the complaint's record; None for any other turn."""
    if owed.light != Light.RED.value or owed.due_at is None:
        return None
    now = replace(complaint, version=complaint.version + 1)
    return Change(now, "feedback_late", FeedbackLate(**about(now), route=owed.route.value, due_at=owed.due_at))
