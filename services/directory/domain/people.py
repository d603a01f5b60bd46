"""Officials, the posts they hold, and the two questions cases ask: who held it, who stood above."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from services.directory.domain.dated import holds, overlap, parent, under


class OfficialKind(Enum):
    """人员类别: which measures are lawful for a person depends on it."""

    CIVIL_SERVANT = "civil_servant"
    BY_REFERENCE = "by_reference"
    INSTITUTION_STAFF = "institution_staff"
    SOE_MANAGER = "soe_manager"
    VILLAGE = "village"
    CONTRACT = "contract"
    RETIRED = "retired"


class PostKind(Enum):
    """岗位类别."""

    HANDLER = "handler"
    SECTION_HEAD = "section_head"
    DEPUTY_IN_CHARGE = "deputy_in_charge"
    UNIT_HEAD = "unit_head"
    LEADING_GROUP = "leading_group"


# One person at a time: "who headed that section then?" has one answer.
HEADS = frozenset({PostKind.SECTION_HEAD, PostKind.UNIT_HEAD})

# Who stands above whom inside one unit.
STANDING = {
    PostKind.HANDLER: 0,
    PostKind.SECTION_HEAD: 1,
    PostKind.DEPUTY_IN_CHARGE: 2,
    PostKind.LEADING_GROUP: 2,
    PostKind.UNIT_HEAD: 3,
}

# Nearest first, as an answer is read.
_ORDER = (PostKind.SECTION_HEAD, PostKind.DEPUTY_IN_CHARGE, PostKind.UNIT_HEAD, PostKind.LEADING_GROUP)


@dataclass(frozen=True, slots=True)
class Official:
    """工作人员. `unit_path` is the unit whose staff the person is; posts may be held elsewhere too.

    No identity-card number, no private address: what the programme does not need is not kept.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    unit_id: str
    staff_number: str
    name: str
    kind: OfficialKind
    rank: str
    management_line: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Post:
    """岗位 held by one official for a term. `in_charge_of` are the paths of the units in a deputy's care 分管."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    unit_id: str
    official_id: str
    kind: PostKind
    title: str
    in_charge_of: tuple[str, ...]
    section_ids: tuple[str, ...]
    valid_from: date
    valid_to: date | None


def who_held(posts: Iterable[Post], unit_path: str, kinds: Sequence[PostKind], on: date) -> list[Post]:
    """The posts of these kinds (none named: all) held in the unit on the day, highest standing first."""
    held = [post for post in posts if post.unit_path == unit_path and holds(post, on) and (not kinds or post.kind in kinds)]
    return sorted(held, key=lambda post: (-STANDING[post.kind], post.valid_from, post.id))


def leaders(own: Iterable[Post], posts: Sequence[Post], on: date) -> list[Post]:
    """Who stood above the holder of the posts `own` on the day, nearest first.

    `posts` are all posts of the units of `own` and of the units above them. In the same unit only who stands higher is a
    leader. A deputy is a leader of the units in their care; one without any in their own unit leads nobody by it.
    """
    found: dict[str, Post] = {}
    held = [post for post in own if holds(post, on)]
    mine = {post.official_id for post in held}
    for post in held:
        for leader in _above(post, posts, on):
            if leader.official_id not in mine:
                found.setdefault(leader.id, leader)
    return list(found.values())


def _above(post: Post, posts: Sequence[Post], on: date) -> Iterator[Post]:
    path = post.unit_path
    while path:
        level = [other for other in posts if other.unit_path == path and holds(other, on)]
        for kind in _ORDER:
            for other in sorted(level, key=lambda held: held.id):
                higher = path != post.unit_path or STANDING[other.kind] > STANDING[post.kind]
                if other.kind is kind and higher and _answers_for(other, post.unit_path):
                    yield other
        path = parent(path)


def _answers_for(leader: Post, unit_path: str) -> bool:
    if leader.kind is not PostKind.DEPUTY_IN_CHARGE:
        return True
    return any(under(unit_path, path) for path in leader.in_charge_of)


def units_above(unit_path: str) -> list[str]:
    """The path and every path above it, nearest first."""
    paths = []
    while unit_path:
        paths.append(unit_path)
        unit_path = parent(unit_path)
    return paths


def clashes(posts: Iterable[Post]) -> list[tuple[Post, Post]]:
    """Pairs of terms in which one unit would have two heads of a kind on the same day."""
    seats: dict[tuple[str, PostKind], list[Post]] = {}
    for post in posts:
        if post.kind in HEADS:
            seats.setdefault((post.unit_path, post.kind), []).append(post)
    found = []
    for terms in seats.values():
        terms.sort(key=lambda post: post.valid_from)
        found += [(one, two) for one, two in itertools.pairwise(terms) if overlap(one, two)]
    return found
