"""The hold on a live count: one person may stop the screen, two different people let it go on.

Here: who may do what, and the picture that is repeated meanwhile. Not here: the count itself, which a hold never touches:
ballots are taken in all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Self

from chassis.errors import Conflict, NotAllowed, Stale
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.campaign import APPROVALS_NEEDED, Campaign
from services.evaluation.domain.result import Frame, GroupTurnout, ResultRow


class HallActKind(Enum):
    """What was done to the live count."""

    HELD = "held"
    RELEASE_APPROVED = "release_approved"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class HallAct:
    """One act on the live count. Only a hold has a reason."""

    kind: HallActKind
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HeldTurnout:
    """A rater group's turnout in a held picture; classes by their words."""

    issued: int
    received: int
    counted: int
    superseded: int
    classes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """The last picture before a hold, as it is kept."""

    root: bytes
    size: int
    turnout: tuple[HeldTurnout, ...]
    rows: tuple[ResultRow, ...]

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """A frame as it is kept."""
        turnout = (
            HeldTurnout(
                one.issued,
                one.received,
                one.counted,
                one.superseded,
                {each.name: number for each, number in one.classes.items()},
            )
            for one in frame.turnout
        )
        return cls(frame.root, frame.size, tuple(turnout), frame.rows)

    def frame(self, campaign: Campaign, at: datetime) -> Frame:
        """The same frame again, marked as held."""
        turnout = (
            GroupTurnout(
                one.issued,
                one.received,
                one.counted,
                one.superseded,
                {BallotClass[name]: number for name, number in one.classes.items()},
            )
            for one in self.turnout
        )
        return Frame(campaign, at, self.root, self.size, tuple(turnout), self.rows, held=True)


@dataclass(frozen=True, slots=True)
class Hall:
    """The hold on one campaign's live count. It has the campaign's id; `picture` is kept while it is held."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    acts: tuple[HallAct, ...] = ()
    approvals: tuple[str, ...] = ()
    picture: Picture | None = None

    @classmethod
    def untouched(cls, campaign: Campaign) -> Self:
        """The hall of a campaign whose count nobody has ever held: version 0."""
        return cls(campaign.id, 0, campaign.unit_path, campaign.jurisdiction_path)

    @property
    def held(self) -> bool:
        """Whether the live count is held."""
        return self.picture is not None

    def must_be_seen(self, version: int) -> None:
        """Raises Stale if the hall has moved on since `version`."""
        if version != self.version:
            raise Stale(expected=version, actual=self.version)

    def hold(self, frame: Frame, by: str, reason: str) -> Hall:
        """Held, with this as the last picture. Raises Conflict LIVE_HELD."""
        if self.held:
            raise Conflict("LIVE_HELD", number=frame.campaign.number)
        act = HallAct(HallActKind.HELD, by, frame.at, reason)
        held = replace(self, version=self.version + 1, acts=(*self.acts, act))
        return replace(held, approvals=(), picture=Picture.of(frame))

    def approve_release(self, by: str, at: datetime) -> Hall:
        """One more approval; the second one, by another person, lets the count go on.

        Raises Conflict LIVE_NOT_HELD, NotAllowed SAME_PERSON.
        """
        if not self.held:
            raise Conflict("LIVE_NOT_HELD")
        if by in self.approvals:
            raise NotAllowed("SAME_PERSON")
        approvals = (*self.approvals, by)
        released = len(approvals) >= APPROVALS_NEEDED
        kind = HallActKind.RELEASED if released else HallActKind.RELEASE_APPROVED
        after = replace(self, version=self.version + 1, acts=(*self.acts, HallAct(kind, by, at)), approvals=approvals)
        return replace(after, approvals=(), picture=None) if released else after


@dataclass(frozen=True, slots=True)
class HallShown:
    """A hall and the campaign it belongs to."""

    campaign: Campaign
    hall: Hall


@dataclass(frozen=True, slots=True)
class Screen:
    """What a hall screen shows around the count."""

    campaign: Campaign
    page_seconds: int
    page_places: int
