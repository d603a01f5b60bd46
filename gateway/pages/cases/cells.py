"""Conditions of the rule table in people's words: `between minor, ordinary` of the column severity as 介于 轻微、一般."""

from __future__ import annotations

from gateway.pages.frame.visit import Visit


def told(visit: Visit, column: str, text: str) -> str:
    """What a cell demands or was given; words no list knows stay as they are."""
    operator, _, rest = text.partition(" ")
    if visit.site.words.has(f"choice.operator.{operator}"):
        return f"{visit.t(f'choice.operator.{operator}')} {operands(visit, column, rest.split(', '))}"
    return operands(visit, column, text.split(", "))


def operands(visit: Visit, column: str, words: list[str]) -> str:
    return visit.t("list_comma").join(visit.label(f"choice.{column}", word) for word in words)
