"""Raters as the register knows them, and the codes they are given."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewRater:
    """One person to enter. Name and contact are sealed before they are stored."""

    reference: str
    rater_group: str
    name: str
    contact: str
    unit_id: str
    object_id: str = ""
    unit: str = ""
    """The unit's path or full name; read only where `unit_id` is empty."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one row: a rater's id, or the reason why it was refused and the field it is about."""

    reference: str
    rater_id: str = ""
    refused_reason: str = ""
    refused_field: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """The units raters may belong to, by whatever they were named by: id, path, or full name."""

    ids: frozenset[str] = frozenset()
    by_word: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, one: NewRater) -> frozenset[str]:
        """The ids of the units a row names: none where nobody is known by that word, several where it is shared."""
        return self.ids & {one.unit_id} if one.unit_id else self.by_word.get(one.unit, frozenset())


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may be entered into the register of one campaign."""

    groups: frozenset[str]
    objects: frozenset[str]
    units: Units

    def fault(self, one: NewRater, known: Container[str]) -> tuple[str, str]:
        """Why a row is refused and the field it is about; two empty texts for a row that can be entered."""
        units = self.units.of(one)
        if one.reference in known:
            return "RATER_KNOWN", "reference"
        if one.rater_group not in self.groups:
            return "RATER_GROUP_UNKNOWN", "rater_group"
        if (one.unit_id or one.unit) and len(units) != 1:
            return ("UNIT_AMBIGUOUS" if units else "UNIT_UNKNOWN"), "unit"
        return ("OBJECT_UNKNOWN", "object_id") if one.object_id and one.object_id not in self.objects else ("", "")


@dataclass(frozen=True, slots=True)
class Rater:
    """A rater without the name."""

    rater_id: str
    reference: str
    rater_group: str
    unit_id: str
    codes_issued: int
    last_issued_at: datetime | None
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A code on its way to its rater. It is nowhere kept, and shows in no log."""

    rater_id: str
    reference: str
    rater_group: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter to a rater says. It is made when it is printed, and nowhere kept."""

    rater_id: str
    reference: str
    rater_group: str
    name: str = field(repr=False)
    contact: str = field(repr=False)
    code: str = field(repr=False)
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """That somebody opened the names of raters, how many, and what for."""

    opening_id: str
    opened_at: datetime
    by: str
    rater_group: str
    purpose: str
    names: int
