"""Every cell of every shipped pack, spoilt in every way: a fault is reported at publication, none is silent.

Every cell is `make prove`'s; an ordinary run takes one in five, always the same ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any
from zlib import crc32

import pytest

from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.golden import disagreements
from services.accountability.rules.read import read_document
from services.accountability.rules.words import COLUMNS
from tests.unit.accountability.table_of import CATALOGUE, SETTINGS, SHIPPED

WORDS = {
    "conduct",
    "choose",
    "always",
    "who_else",
    "track",
    "competent",
    "appeal",
    "column",
    "effect",
    "fires",
    "offers",
    "no_rule",
    *COLUMNS,
}
FREE_TEXT = {"title", "issuer", "number", "label", "zh", "en", "article", "off"}
Path = tuple[str | int, ...]


def cells(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all cells of a pack: the plain values, and the lists of plain values as one cell each."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from cells(item, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, item in enumerate(value):
            yield from cells(item, (*path, place))
    else:
        yield path


def spoilt(path: Path, value: Any) -> Iterator[tuple[str, Any]]:
    """The cell with a value of another type, with a word nobody knows, and emptied.

    A golden case without what was decided before is no spoilt one, but another example.
    """
    yield "wrong type", 1 if isinstance(value, str | date) else "x"
    if WORDS & set(map(str, path[2:])) and path[-1] not in FREE_TEXT and not isinstance(value, int):
        yield "unknown word", ["no_such_word"] if isinstance(value, list) else "no_such_word"
    another_example = path[0] == "golden" and path[2] == "facts" and isinstance(value, list)
    if value and isinstance(value, str | list) and path[-1] != "jurisdiction" and not another_example:
        yield "emptied", type(value)()
    if isinstance(value, int) and not isinstance(value, bool):
        yield "below zero", -1


def at(whole: Any, path: Path) -> Any:
    for part in path:
        whole = whole[part]
    return whole


def faults_at_publication(whole: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        pack = read_document(whole, CATALOGUE, SETTINGS["appeal_routes"])
    except PackFaulty as faulty:
        return faulty.faults
    return disagreements(pack, CATALOGUE)


@pytest.mark.parametrize("one_in", [5, pytest.param(1, marks=pytest.mark.prove)])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_spoilt_cell_is_reported_at_its_place(name: str, one_in: int) -> None:
    whole = tomllib.loads(SHIPPED[name])
    assert faults_at_publication(whole) == ()
    tried, silent, elsewhere = 0, [], []

    for path in (cell for cell in cells(whole) if crc32(repr(cell).encode()) % one_in == 0):
        for how, value in spoilt(path, at(whole, path)):
            holder, kept = at(whole, path[:-1]), at(whole, path)
            holder[path[-1]] = value
            faults = faults_at_publication(whole)
            holder[path[-1]] = kept
            tried += 1
            if not faults:
                silent.append((path, how))
            elif not any(_names(fault, whole, path) for fault in faults):
                elsewhere.append((path, how, [str(fault) for fault in faults[:3]]))

    assert (silent, elsewhere) == ([], [])
    assert tried > 50 * len(whole["row"]) // (2 * one_in)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_condition_that_is_left_out_is_found_by_the_golden_cases(name: str) -> None:
    whole = tomllib.loads(SHIPPED[name])
    silent = []

    for row in whole["row"]:
        for column in set(COLUMNS) & set(row):
            kept = row.pop(column)
            if not faults_at_publication(whole):
                silent.append((row["id"], column))
            row[column] = kept

    assert silent == []


def _names(fault: Fault, whole: dict[str, Any], path: Path) -> bool:
    """Whether a fault names the row, or the part of the head, that was spoilt."""
    if path[0] != "row":
        return str(path[0]) in fault.field or path[0] in ("conduct", "circumstance")
    id = whole["row"][path[1]]["id"]
    return fault.row in (id, f"#{int(path[1]) + 1}") or (path[-1] == "id" and bool(fault.field))
