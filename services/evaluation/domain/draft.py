"""A plan as an organiser writes it down, and the templates one may begin with.

What a draft leaves out comes from its template, what that leaves out from the settings of the jurisdiction: a plan that is
kept is always complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from services.evaluation.domain.formula import EmptyGroup, Lines, PointsOff, Publication, Revote, TieBreak, Validity
from services.evaluation.domain.plan import Dimension, Grade, ObjectGroup, ObjectKind, Plan, RatedObject, RaterGroup, Taken
from services.evaluation.domain.soundness import check


@dataclass(frozen=True, slots=True)
class Customs:
    """The part of a plan that may be left out. In a draft None means: as template or settings say."""

    scale: tuple[Grade, ...] | None = None
    validity: Validity | None = None
    revote: Revote | None = None
    empty_group: EmptyGroup | None = None
    tie_chain: tuple[TieBreak, ...] | None = None
    suppress_below: int | None = None
    points_off: PointsOff | None = None
    lines: Lines | None = None
    trim: Fraction | None = None
    suite: str | None = None
    publication: Publication | None = None

    def or_else(self, usual: Customs) -> Customs:
        """These customs, with the usual ones where nothing is said."""
        gaps = {one.name: getattr(usual, one.name) for one in fields(self) if getattr(self, one.name) is None}
        return replace(self, **gaps)


class PickedBy(Enum):
    """How the objects of a template's group are found."""

    HAND = "hand"
    KIND = "kind"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class TemplateGroup:
    """A group of objects that a template is about: kinds of units or posts that come into question, none named for all."""

    key: str
    name: str
    kind: ObjectKind
    picked_by: PickedBy
    unit_kinds: tuple[str, ...] = ()
    post_kinds: tuple[str, ...] = ()
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of campaign. `days` is how long it usually runs; with `code_per_object` every code is for one object."""

    key: str
    name: Names
    about: Names
    source: str
    days: int
    objects: tuple[TemplateGroup, ...]
    dimensions: tuple[Dimension, ...]
    rater_groups: tuple[RaterGroup, ...]
    customs: Customs
    dont_know: bool
    live: bool
    statements: bool
    code_per_object: bool = False
    next_round: str = ""

    def later_round(self) -> tuple[ObjectGroup, ...]:
        """Its groups that are taken from the round before, still without their objects."""
        return tuple(ObjectGroup(one.key, one.name, (), one.taken) for one in self.objects if one.taken is not None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as an organiser writes it down: objects by subject only, the rest perhaps left out (None or empty)."""

    title: str
    year: int
    jurisdiction_path: str
    closes_at: datetime
    object_groups: tuple[ObjectGroup, ...]
    dimensions: tuple[Dimension, ...]
    rater_groups: tuple[RaterGroup, ...]
    dont_know: bool | None
    live: bool | None
    customs: Customs
    template: str = ""
    statements: bool | None = None
    follows: str = ""

    def after(self, template: Template) -> Draft:
        """This draft with what the template says where it says nothing itself."""
        dimensions = self.dimensions or template.dimensions
        groups = self.object_groups or (template.later_round() if self.follows else ())
        switches: dict[str, Any] = {
            name: getattr(template if getattr(self, name) is None else self, name)
            for name in ("dont_know", "live", "statements")
        }
        return replace(
            self,
            object_groups=groups,
            dimensions=dimensions,
            rater_groups=self.rater_groups or _raters_of(groups, template),
            customs=self.customs.or_else(_customs_for(dimensions, template)),
            **switches,
        )

    def complete(self, usual: Customs, objects: Mapping[tuple[str, str], RatedObject]) -> Plan:
        """The whole plan: the usual customs in the gaps, and the objects by subject. Raises Invalid as `check` does."""
        customs = self.customs.or_else(usual)
        groups = tuple(
            replace(group, objects=tuple(objects[one.subject] for one in group.objects)) for group in self.object_groups
        )
        switches: dict[str, Any] = {name: bool(getattr(self, name)) for name in ("dont_know", "live", "statements")}
        own = {name: getattr(self, name) for name in Draft.__slots__ if name not in ("customs", "object_groups", *switches)}
        chosen = {one.name: getattr(customs, one.name) for one in fields(customs)}
        plan = Plan(**own, **switches, **chosen, object_groups=groups)
        check(plan)
        return plan


def _customs_for(dimensions: Iterable[Dimension], template: Template) -> Customs:
    """The customs of a template, its tie chain without questions about dimensions the plan does not ask."""
    keys = {"", *(one.key for one in dimensions)}
    chain = tuple(tie for tie in template.customs.tie_chain or () if tie.dimension in keys)
    return replace(template.customs, tie_chain=chain or None)


def _raters_of(groups: Iterable[ObjectGroup], template: Template) -> tuple[RaterGroup, ...]:
    """The rater groups of a template, without what they would rate in groups the plan leaves out; whoever has nothing left
    to rate stays away."""
    keys = [group.key for group in groups]
    fitted = [(one, tuple(key for key in one.rates if key in keys)) for one in template.rater_groups]
    return tuple(replace(one, rates=left) for one, left in fitted if left or not one.rates)
