"""Suggestions of category and unit: from a model, from keyword rules, from a unit that is named; and what to tell once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

CATEGORY, UNIT = "category", "unit"
TARGETS = (CATEGORY, UNIT)
_SHORTEST_NAME = 3  # "住建局" is a name, "局" and "大厅" are not


class Source(Enum):
    """Where a suggestion comes from."""

    MODEL = "model"
    RULE = "rule"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category or unit with a score of 1 to 100, and the draft's own words that speak for it."""

    value: str
    score: int
    source: Source
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelScore:
    """What a model learned to tell apart and how well on complaints it had not seen: macro-F1 in per mille."""

    target: str
    classes: int
    rows: int
    macro_f1: int
    baseline: int


@dataclass(frozen=True, slots=True)
class SuggestionModel:
    """A trained model, without its weights."""

    id: str
    version: int
    jurisdiction_path: str
    unit_path: str
    number: int
    trained_at: datetime
    trained_by: str
    rows: int
    scores: tuple[ModelScore, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to bring or to say, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a caller is told once and completely about one matter."""

    zh: str
    en: str
    items: tuple[ChecklistItem, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """Everything suggested for one draft; `model_number` 0 where no model was asked."""

    categories: tuple[Suggestion, ...] = ()
    units: tuple[Suggestion, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    model_number: int = 0


@dataclass(frozen=True, slots=True)
class UnitKnown:
    """A unit of the directory: its path and the name people say."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that speak for a category, or for units whose name holds one of `named`."""

    words: tuple[str, ...]
    score: int
    category: str = ""
    named: tuple[str, ...] = field(default=())

    @staticmethod
    def of(row: Mapping[str, Any]) -> Rule:
        """From a row of the setting `suggest.rules`."""
        named = tuple(row.get("named", ()))
        return Rule(tuple(row["words"]), int(row["score"]), str(row.get("category", "")), named)

    def met(self, text: str) -> tuple[str, ...]:
        """Its words that the text holds."""
        return tuple(word for word in self.words if word in text)


def by_rules(rules: Iterable[Rule], text: str) -> list[Suggestion]:
    """Categories whose words the text holds."""
    return [
        Suggestion(rule.category, rule.score, Source.RULE, met)
        for rule in rules
        if rule.category and (met := rule.met(text))
    ]


def units_by_rules(rules: Iterable[Rule], text: str, units: Sequence[UnitKnown]) -> list[Suggestion]:
    """Units whose matters the text is about."""
    return [
        Suggestion(unit.path, rule.score, Source.RULE, met)
        for rule in rules
        if rule.named and (met := rule.met(text))
        for unit in units
        if any(part in unit.name for part in rule.named)
    ]


def units_named(text: str, units: Sequence[UnitKnown], score: int) -> list[Suggestion]:
    """Units the text calls by their name."""
    return [
        Suggestion(unit.path, score, Source.NAME, (unit.name,))
        for unit in units
        if len(unit.name) >= _SHORTEST_NAME and unit.name in text
    ]


def ranked(
    named: Sequence[Suggestion], by_model: Sequence[Suggestion], ruled: Sequence[Suggestion], most: int
) -> tuple[Suggestion, ...]:
    """What is shown: units the text names, then what the model says, then what only a rule says; each value once.

    The model goes before the rules because its score was measured on this office's own complaints and theirs was not.
    """
    chosen: dict[str, Suggestion] = {}
    for group in (named, by_model, ruled):
        for one in sorted(group, key=lambda each: -each.score):
            chosen.setdefault(one.value, one)
    return tuple(chosen.values())[:most]


def checklists(rows: Iterable[Mapping[str, Any]], text: str, most: int) -> tuple[Checklist, ...]:
    """The lists whose words the text holds, those with most words first."""
    met = [(sum(word in text for word in row["words"]), row) for row in rows]
    found = sorted((each for each in met if each[0]), key=lambda each: -each[0])
    return tuple(_checklist(row) for _, row in found[:most])


def _checklist(row: Mapping[str, Any]) -> Checklist:
    items = tuple(ChecklistItem(item["zh"], item["en"]) for item in row["items"])
    return Checklist(row["zh"], row["en"], items, row["source"])
