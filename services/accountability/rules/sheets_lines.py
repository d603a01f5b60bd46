"""Lines of a rule workbook as tables of a pack: each text looked up among the words, every cell at fault noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from papers.sheets import CellFault
from papers.sheets_strict import Line
from services.accountability.rules.sheets_cells import cell_of, months_of
from services.accountability.rules.sheets_words import LIST, Words
from services.accountability.rules.words import COLUMNS, SETS
from services.accountability.rules.write import Document

Note = Callable[[Line, str, CellFault], None]
# Stands where a text is at fault, so that the rest of its row is still read; a workbook with a fault is refused anyway.
_DASH = "-"
_FACTS = ("conduct", "severity", "consequence", "role", "post", "subject_kind")
_MONTHS = re.compile(r"0|[1-9]\d{0,3}")


def conduct_table(line: Line, words: Words, note: Note) -> Document:
    """A conduct word. One that cannot be read is noted already."""
    table: Document = {name: line.values.get(name) or _DASH for name in ("word", "zh", "en")}
    _read(table, line, "no_rule", note, words.of["no_rule"].read_all)
    return table


def picked_table(line: Line, words: Words, note: Note) -> Document:
    """A circumstance."""
    told = {name: line.values.get(name) or _DASH for name in ("word", "article", "zh", "en")}
    return {**told, **_words(line, words, note, ("column", "effect")), **_source(line, words, note)}


def row_table(line: Line, words: Words, note: Note) -> Document:
    """A row of the rules."""
    table: Document = {name: line.values.get(name) or _DASH for name in ("article", "zh", "en")}
    table["id"] = line.values.get("id") or f"row-{line.number}"
    for name in COLUMNS:
        _read(table, line, name, note, partial(_condition, name, words))
    for name in ("conduct", "choose", "always", "who_else"):
        _read(table, line, name, note, words.of[name].read_all)
    _read(table, line, "effect_months", note, lambda text: months_of(text, words.of["effect_months"]))
    for name in ("conduct", "appeal"):  # any known word stands for one at fault, as the dash for a text
        table.setdefault(name, _known(words, name))
    counts = {name: line.values[name] for name in ("at_least", "at_most") if line.values.get(name) is not None}
    picked = _words(line, words, note, ("track", "competent", "appeal"))
    off = {"off": line.values["off"]} if line.values.get("off") else {}
    return {**table, **counts, **_source(line, words, note), **picked, **off}


def golden_table(line: Line, words: Words, note: Note) -> Document:
    """A golden case."""
    facts: Document = _words(line, words, note, _FACTS)
    for name in SETS:
        _read(facts, line, name, note, words.of[name].read_all)
    _read(facts, line, "earlier", note, _months)
    says: Document = {"fires": _listed(line, "fires"), "offers": []}
    _read(says, line, "offers", note, words.of["offers"].read_all)
    if line.values.get("at_least") is not None:
        says["at_least"] = line.values["at_least"]
    if line.values.get("off"):
        says["off"] = _listed(line, "off")
    return {**{name: line.values.get(name) or _DASH for name in ("zh", "en")}, "facts": facts, "says": says}


def _read(table: Document, line: Line, name: str, note: Note, read: Callable[[str], Any]) -> None:
    text = line.values.get(name)
    if not text:
        return
    try:
        table[name] = read(str(text))
    except CellFault as fault:
        note(line, name, fault)


def _known(words: Words, name: str) -> Any:
    key = next(iter(words.of[name].said), _DASH)
    return key if name == "appeal" else [key]


def _condition(column: str, words: Words, text: str) -> Any:
    return cell_of(column, text, words.of.get(column))


def _words(line: Line, words: Words, note: Note, names: Sequence[str]) -> Document:
    found: Document = {}
    for name in names:
        _read(found, line, name, note, words.of[name].read)
    return found


def _source(line: Line, words: Words, note: Note) -> Document:
    mark = _words(line, words, note, ("source_mark",)).get("source_mark", "ours")
    return {"source": f"({mark}) {line.values.get('source_text') or _DASH}"}


def _listed(line: Line, name: str) -> list[str]:
    text = str(line.values.get(name) or "")
    return text.split(LIST) if text else []


def _months(text: str) -> list[int]:
    pieces = text.split(LIST)
    if not all(_MONTHS.fullmatch(piece) for piece in pieces):
        raise CellFault("CELL_NOT_OF_THE_FORM", form="2、5")
    return [int(piece) for piece in pieces]
