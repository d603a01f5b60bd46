"""What an amendment changed, value by value, so that the record can be read without either plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from services.evaluation.domain.formula import PointsRule
from services.evaluation.domain.plan import ObjectGroup, Plan, RatedObject

ORDER = ".order"
BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; `field` says where it stands, parts of a list by their key."""

    field: str
    before: str
    after: str


def changed(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every value that differs, in the order of the plan. Of an object that comes or goes only its name is told."""
    old, new = dict(_values(before, "")), dict(_values(after, ""))
    rated = _rated(before) ^ _rated(after)
    told = [field for field in dict.fromkeys([*old, *new]) if old.get(field, "") != new.get(field, "")]
    return tuple(
        Change(field, old.get(field, ""), new.get(field, ""))
        for field in told
        if not _told_by_name(field, rated) and not _told_by_parts(field, old, new)
    )


def _told_by_name(field: str, rated: set[str]) -> bool:
    place, _, word = field.rpartition(".")
    return place in rated and word != "name"


def _told_by_parts(field: str, old: dict[str, str], new: dict[str, str]) -> bool:
    """Whether an order differs only by parts that came, went or have another name: their own lines say so."""
    if not field.endswith(ORDER):
        return False
    before, after = (parts.get(field, "").split(BETWEEN) for parts in (old, new))
    return [part for part in before if part in after] == [part for part in after if part in before]


def _rated(plan: Plan) -> set[str]:
    """Where each object stands."""
    return {f"object_groups[{group.key}].objects[{one.object_id}]" for group in plan.object_groups for one in group.objects}


def _values(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Each plain value of a part of a plan, with where it stands."""
    if is_dataclass(value):
        for one in fields(value):
            yield from _values(getattr(value, one.name), f"{at}.{one.name}" if at else one.name)
    elif isinstance(value, tuple) and any(is_dataclass(part) for part in value):
        yield at + ORDER, BETWEEN.join(_said(part) for part in value)
        for number, part in enumerate(value, start=1):
            yield from _values(part, f"{at}[{_key(part) or number}]")
    else:
        yield at, _text(value)


def _key(part: Any) -> str:
    """What a part of a list is known by; empty for what is known by its place only."""
    if isinstance(part, RatedObject):
        return part.object_id
    if isinstance(part, PointsRule):
        return f"{part.cause.value}/{part.measure}" if part.measure else part.cause.value
    return str(getattr(part, "key", ""))


def _said(part: Any) -> str:
    """How a part is named in an order: objects by what they are called, the rest by their key."""
    return part.name if isinstance(part, RatedObject | ObjectGroup) else _key(part)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(_text(part) for part in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
