"""Who may have to do with a complaint: never the accused, their head or their subordinates.

A complaint about somebody goes to the lowest unit above every place where the accused works or leads. Above the last
unit stands the jurisdiction itself, which means the office handles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain.complaint import Complaint

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


def recuse(complaint: Complaint, official_id: str) -> None:
    """Refuses an act by the accused: NotAllowed with RECUSED."""
    if official_id and official_id == complaint.accused_official_id:
        raise NotAllowed("RECUSED")


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
    if post.unit_path == path:
        return True
    return post.leads and path.startswith(post.unit_path + "/")
