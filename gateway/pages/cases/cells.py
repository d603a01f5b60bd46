"""Conditions of the rule table in people's words: `between minor, ordinary` of the column severity as 介于 轻微、一般."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.pages.frame.told import told as told_of
from gateway.pages.frame.visit import Visit

_SERVED = re.compile(r"([a-z_]+): sha256 ([0-9a-f]{64})")
_REPEATS = re.compile(r"(\d+) in (\d+) months")


def told(visit: Visit, column: str, text: str) -> str:
    """What a cell demands or was given; words no list knows stay as they are."""
    operator, _, rest = text.partition(" ")
    if visit.site.words.has(f"choice.operator.{operator}"):
        space = "" if visit.language == "zh" else " "
        return f"{visit.t(f'choice.operator.{operator}')}{space}{operands(visit, column, rest.split(', '))}"
    return operands(visit, column, text.split(", "))


def operands(visit: Visit, column: str, words: list[str]) -> str:
    return visit.t("list_comma").join(_word(visit, column, word) for word in words)


def worded(visit: Visit, reason: Mapping[str, Any]) -> str:
    """A sentence of the rules, its posts and kinds in the visitor's words."""
    return told_of(visit, reason["text_zh"] if visit.language == "zh" else reason["text_en"], reason["params"])


def noted(visit: Visit, act: str, note: str) -> str:
    """A note of the timeline in the visitor's words: the situation of a trail, a delivery (`in_person: sha256 8e03...` is
    当面送达); any other note as somebody wrote it."""
    if act == "trail_recorded":
        return visit.label("choice.situation", note)
    if act == "recused":
        ground, _, reason = note.partition(": ")
        return visit.t("recused_for", ground=visit.label("RecusalGround", f"RECUSAL_GROUND_{ground.upper()}"), reason=reason)
    if act == "not_lifted":
        return visit.t("list_comma").join(visit.label("choice.held_because", why) for why in note.split(", "))
    known = _SERVED.fullmatch(note)
    if not known:
        return note
    way = visit.label("DeliveryWay", f"DELIVERY_WAY_{known[1].upper()}")
    return visit.t("served_note", way=way, hash=known[2][:16])


def _word(visit: Visit, column: str, word: str) -> str:
    repeats = _REPEATS.fullmatch(word)
    if repeats:
        return visit.t("repeats_within", count=repeats[1], months=repeats[2])
    return visit.label(f"choice.{column}", word)
