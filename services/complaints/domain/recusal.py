"""Who may have to do with a complaint: never the accused, their head or their subordinates.

A complaint about somebody goes to the lowest unit above every place where the accused works or leads. Above the last
unit stands the jurisdiction itself, which means the office handles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict

LEADING = frozenset({"section_head", "deputy_in_charge", "unit_head", "leading_group"})


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post the accused holds now: where, and of which kind."""

    unit_path: str
    kind: str

    @property
    def leads(self) -> bool:
        """Whether whoever holds it has subordinates there."""
        return self.kind in LEADING


@dataclass(frozen=True, slots=True)
class Recusal:
    """Somebody who was taken off one complaint, by themselves or by decision, and who takes over."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    account_id: str
    substitute_id: str
    reason: str
    decided_by: str
    decided_at: datetime


def related(accused: Iterable[PostHeld], own: Iterable[PostHeld]) -> bool:
    """Whether whoever holds the posts `own` is a head or a subordinate of whoever holds the posts `accused`.

    Subordinate is who has a post in a unit the accused leads, or below it; head is who leads a unit the accused works in.
    The head of the unit above is neither: that is where such a complaint goes.
    """
    posts = tuple(own)
    return any(
        (theirs.leads and _covers(theirs.unit_path, mine.unit_path)) or (mine.leads and mine.unit_path == theirs.unit_path)
        for theirs in accused
        for mine in posts
    )


def leads_office(posts: Iterable[PostHeld], offices: Iterable[str], jurisdiction_path: str) -> bool:
    """Whether these posts lead the office of a place, or the place itself: then its office cannot be the one to ask."""
    above = tuple(offices)
    return any(
        post.leads and (post.unit_path == jurisdiction_path or any(_covers(post.unit_path, office) for office in above))
        for post in posts
    )


def above_accused(unit_path: str, jurisdiction_path: str, posts: Iterable[PostHeld]) -> str:
    """The unit that may handle it in place of `unit_path`: itself, or the first one above that is none of the accused's.

    A unit is the accused's where they hold a post; so is every unit below one they lead.
    """
    held = tuple(posts)
    path = unit_path
    while path != jurisdiction_path and any(_taints(post, path) for post in held):
        path = path.rpartition("/")[0]
    return path


def check_place(unit_path: str, jurisdiction_path: str) -> None:
    """Refuses a unit of another place: Conflict with UNIT_ELSEWHERE. What belongs there is forwarded, not dispatched."""
    if unit_path != jurisdiction_path and not unit_path.startswith(jurisdiction_path + "/"):
        raise Conflict("UNIT_ELSEWHERE", "unit_path")


def check_receiver(unit_path: str, jurisdiction_path: str, posts: Iterable[PostHeld]) -> None:
    """Refuses to hand it elsewhere (UNIT_ELSEWHERE) or to the accused's own unit.

    The latter is a Conflict with DISPATCH_TO_ACCUSED, which says where it may go.
    """
    check_place(unit_path, jurisdiction_path)
    allowed = above_accused(unit_path, jurisdiction_path, posts)
    if allowed != unit_path:
        raise Conflict("DISPATCH_TO_ACCUSED", "unit_path", goes_to=allowed)


def _taints(post: PostHeld, path: str) -> bool:
    return post.unit_path == path or (post.leads and _covers(post.unit_path, path))


def _covers(path: str, other: str) -> bool:
    return other == path or other.startswith(path + "/")
