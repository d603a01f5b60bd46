"""The rule table as a workbook: a pack written out for a lawyer, every value in words, with a sheet that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from papers.sheets import Cell
from papers.sheets_write import workbook_bytes
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.sheets_cells import cell_text, months_text
from services.accountability.rules.sheets_forms import (
    CIRCUMSTANCE,
    CONDUCT,
    GOLDEN,
    INSTRUMENT,
    ROW,
    Asked,
    asked_columns,
    forms_written,
    help_sheet,
)
from services.accountability.rules.sheets_words import LIST, SIDE, Words
from services.accountability.rules.table import Pack
from services.accountability.rules.words import COLUMNS
from services.accountability.rules.write import Document, document


@dataclass(frozen=True, slots=True)
class LaidOut:
    """One sheet to be changed on a page: what its columns ask for, and its rows as texts."""

    name: str
    columns: tuple[Asked, ...]
    rows: tuple[tuple[str, ...], ...]


def pack_workbook(pack: Pack, catalogue: Catalogue, appeals: Sequence[str], created: datetime) -> bytes:
    """The workbook of a pack; reading it gives the same table. The same pack and moment give the same bytes."""
    words = Words.of_pack(pack, catalogue, appeals)
    values = _values(pack, words)
    explained, lines = help_sheet(words)
    sheets: list[tuple[Any, Any]] = [(explained, lines)]
    for form in forms_written(words):
        names = [column.name for column in form.columns]
        sheets.append((form, [[row.get(name) for name in names] for row in values[form.name]]))
    return workbook_bytes(sheets, created)


def laid_out(pack: Pack | None, catalogue: Catalogue, appeals: Sequence[str]) -> tuple[LaidOut, ...]:
    """The same cells as texts, to be changed on a page; without a pack the empty sheets."""
    nothing: dict[str, dict[str, str]] = {side: {} for side in SIDE}
    words = Words.of_pack(pack, catalogue, appeals) if pack else Words(catalogue, appeals, {}, nothing)
    values = _values(pack, words) if pack else {}
    return tuple(
        LaidOut(name, asked, tuple(_texts(row, asked) for row in values.get(name, ())))
        for name, asked in asked_columns(words).items()
    )


def _texts(row: Mapping[str, Cell], asked: Sequence[Asked]) -> tuple[str, ...]:
    found = [row.get(one.name) for one in asked]
    return tuple("" if value is None else str(value) for value in found)


def _values(pack: Pack, words: Words) -> dict[str, list[dict[str, Cell]]]:
    """Every cell of every sheet, by the name of its column."""
    whole = document(pack)
    return {
        INSTRUMENT: [{**whole["instrument"], **whole["version"]}],
        CONDUCT: [_conduct(one, words) for one in whole["conduct"]],
        CIRCUMSTANCE: [_picked(one, words, ("column", "effect")) for one in whole.get("circumstance", [])],
        ROW: [_row(row, words) for row in whole["row"]],
        GOLDEN: [_golden(golden, words) for golden in whole.get("golden", [])],
    }


def _picked(values: Document, words: Words, names: Sequence[str]) -> dict[str, Cell]:
    """Single words said, and the source in its two cells."""
    said = {name: words.of[name].said.get(values[name], values[name]) for name in names if name in values}
    mark, _, text = values["source"].removeprefix("(").partition(") ")
    return {**values, **said, "source_mark": words.of["source_mark"].said[mark], "source_text": text}


def _conduct(conduct: Document, words: Words) -> dict[str, Cell]:
    said = words.of["no_rule"].say_all(conduct.get("no_rule", ()))
    return {**conduct, "no_rule": said or None}


def _row(row: Document, words: Words) -> dict[str, Cell]:
    written = _picked(row, words, ("track", "competent", "appeal"))
    for column in COLUMNS:
        if column in row:
            written[column] = cell_text(column, row[column], words.of.get(column))
    for column in ("conduct", "choose", "always", "who_else"):
        if column in row:
            written[column] = words.of[column].say_all(row[column])
    if "effect_months" in row:
        written["effect_months"] = months_text(row["effect_months"], words.of["effect_months"])
    return written


def _golden(golden: Document, words: Words) -> dict[str, Cell]:
    facts, says = golden["facts"], golden["says"]
    written: dict[str, Cell] = {"zh": golden["zh"], "en": golden["en"]}
    for name, value in facts.items():
        if name == "earlier":
            written[name] = LIST.join(map(str, value))
        else:
            written[name] = words.of[name].say_all([value] if isinstance(value, str) else value)
    return {
        **written,
        "fires": LIST.join(says["fires"]),
        "offers": words.of["offers"].say_all(says["offers"]),
        "at_least": says["at_least"],
        "off": LIST.join(says.get("off", ())) or None,
    }
