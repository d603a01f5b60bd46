"""One cell of the rule table in plain Chinese, and strictly back.

    较重以上 · 一般以下 · 一般至严重 · 轻微、一般        severity and consequence
    直接责任、单位责任                                  one of these
    含任一 A、B；不含 C · 含全部 A、B                   circumstances
    12个月内2次以上 · 12个月内3次以下 · 12个月内2至3次   repeats, counting this time
    效能告诫 6个月；通报批评 12个月                     effect periods

Whatever is not exactly of these forms is refused.
"""

from __future__ import annotations

import re
from typing import Any

from papers.sheets import CellFault
from services.accountability.rules.sheets_words import PARTS, Vocabulary
from services.accountability.rules.words import COUNT, ORDERED, SETS

_SET = {"any_of": "含任一 ", "all_of": "含全部 ", "none_of": "不含 "}
_COUNT = r"[1-9]\d{0,3}"
_REPEATS = re.compile(rf"({_COUNT})个月内(?:({_COUNT})次以上|({_COUNT})次以下|({_COUNT})至({_COUNT})次)")
_PERIOD = re.compile(r"(\S.*) (0|[1-9]\d{0,3})个月")
FORMS = {
    "severity": "较重以上、一般以下、一般至严重，或列出：轻微、一般",
    "trigger": "含任一 甲、乙；含全部 甲、乙；不含 甲、乙",
    "repeats": "12个月内2次以上、12个月内3次以下、12个月内2至3次",
    "effect_months": "效能告诫 6个月；通报批评 12个月",
}


def cell_text(column: str, cell: Any, words: Vocabulary | None) -> str:
    """A condition cell of a pack as it stands in the sheet."""
    if column == COUNT:
        return _count_text(cell)
    assert words is not None, "only repeats have no words"
    if isinstance(cell, list):
        return words.say_all(cell)
    if column in SETS:
        return PARTS.join(_SET[operator] + words.say_all(keys) for operator, keys in cell.items())
    said = {name: words.said[key] for name, key in cell.items()}
    if len(said) == 2:
        return f"{said['from']}至{said['to']}"
    return f"{said['from']}以上" if "from" in said else f"{said['to']}以下"


def cell_of(column: str, text: str, words: Vocabulary | None) -> Any:
    """The condition cell a text stands for. Raises CellFault."""
    if column == COUNT:
        return _count(text)
    assert words is not None, "only repeats have no words"
    if column in SETS:
        return _set(text, words)
    return _ordered(text, words) if column in ORDERED else words.read_all(text)


def months_text(months: dict[str, int], words: Vocabulary) -> str:
    """Effect periods by measure."""
    return PARTS.join(f"{words.said[key]} {count}个月" for key, count in months.items())


def months_of(text: str, words: Vocabulary) -> dict[str, int]:
    """The effect periods a text stands for. Raises CellFault."""
    months: dict[str, int] = {}
    for part in text.split(PARTS):
        found = _PERIOD.fullmatch(part)
        if not found:
            raise CellFault("CELL_NOT_OF_THE_FORM", form=FORMS["effect_months"])
        key = words.read(found[1])
        if key in months:
            raise CellFault("WORD_TWICE")
        months[key] = int(found[2])
    return months


def _count_text(cell: dict[str, int]) -> str:
    least, most = cell.get("at_least"), cell.get("at_most")
    if least is not None and most is not None:
        return f"{cell['months']}个月内{least}至{most}次"
    return f"{cell['months']}个月内{least}次以上" if most is None else f"{cell['months']}个月内{most}次以下"


def _count(text: str) -> dict[str, int]:
    found = _REPEATS.fullmatch(text)
    if not found:
        raise CellFault("CELL_NOT_OF_THE_FORM", form=FORMS["repeats"])
    months, least, most, low, high = found.groups()
    bounds = {"at_least": least or low, "at_most": most or high}
    return {**{name: int(count) for name, count in bounds.items() if count}, "months": int(months)}


def _ordered(text: str, words: Vocabulary) -> Any:
    """A word may itself hold 至 or end like a bound: a text that is a list of words is one."""
    try:
        return words.read_all(text)
    except CellFault as fault:
        if fault.reason == "WORD_TWICE":
            raise
    bounds = [(start, end) for start in words.keys for end in words.keys if text == f"{start}至{end}"]
    if bounds:
        return {"from": words.keys[bounds[0][0]], "to": words.keys[bounds[0][1]]}
    for sign, name in (("以上", "from"), ("以下", "to")):
        if text.endswith(sign) and text.removesuffix(sign) in words.keys:
            return {name: words.keys[text.removesuffix(sign)]}
    raise CellFault("CELL_NOT_OF_THE_FORM", form=FORMS["severity"])


def _set(text: str, words: Vocabulary) -> dict[str, list[str]]:
    cell: dict[str, list[str]] = {}
    for part in text.split(PARTS):
        operator = next((name for name, sign in _SET.items() if part.startswith(sign)), None)
        if operator is None:
            raise CellFault("CELL_NOT_OF_THE_FORM", form=FORMS["trigger"])
        if operator in cell:
            raise CellFault("WORD_TWICE")
        cell[operator] = words.read_all(part.removeprefix(_SET[operator]))
    return cell
