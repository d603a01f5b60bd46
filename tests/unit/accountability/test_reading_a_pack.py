"""A pack is read whole or refused with every fault; a cell that cannot be read never becomes a rule that does not fire."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from services.accountability.rules.compare import compare, second_looks
from services.accountability.rules.faults import PackFaulty
from tests.unit.accountability.table_of import CATALOGUE, LOCAL, SMALL, read
from tests.unit.accountability.test_golden_cases import GOLDEN


def faults(text: str) -> set[str]:
    with pytest.raises(PackFaulty) as refused:
        read(text)
    return {f"{fault.row or 'head'}.{fault.field}:{fault.reason}" for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('severity = ["minor", "ordinary"]', 'severity = ["minor", "ordinery"]', "R1.severity:UNKNOWN_WORD"),
        ('severity = ["minor", "ordinary"]', 'severity = "minor"', "R1.severity:WRONG_TYPE"),
        ('severity = ["minor", "ordinary"]', "severity = []", "R1.severity:WRONG_TYPE"),
        ('severity = ["minor", "ordinary"]', 'severity = ["minor", "minor"]', "R1.severity:WORD_TWICE"),
        ('severity = ["minor", "ordinary"]', 'severitty = ["minor"]', "R1.severitty:UNKNOWN_KEY"),
        (
            'severity = ["minor", "ordinary"]',
            'severity = { from = "serious", to = "minor" }',
            "R1.severity:NEVER_TRUE",
        ),
        ('{ to = "slight" }', '{ upto = "slight" }', "R1.consequence:UNKNOWN_WORD"),
        ('role = ["direct"]', 'role = ["boss"]', "R1.role:UNKNOWN_WORD"),
        ('role = ["direct"]', 'mitigating = { any_of = ["obstructs"] }', "R1.mitigating:UNKNOWN_WORD"),
        ('role = ["direct"]', "repeats = { at_least = 2 }", "R1.repeats:WINDOW_MISSING"),
        ('role = ["direct"]', "repeats = { at_least = 0, months = 12 }", "R1.repeats:NOT_A_COUNT"),
        ('role = ["direct"]', "repeats = { at_least = true, months = 12 }", "R1.repeats:NOT_A_COUNT"),
        ('conduct = ["slow_handling"]', 'conduct = ["slow"]', "R1.conduct:UNKNOWN_WORD"),
        ('"criticism_education", ', '"critisism", ', "R1.choose:UNKNOWN_WORD"),
        ('"criticism_education", ', '"demerit", ', "R1.choose:MEASURE_OF_ANOTHER_TRACK"),
        ('track = "efficiency"', 'track = "party"', "R1.track:UNKNOWN_WORD"),
        ("at_most = 2", "at_most = 4", "R1.at_most:COUNT_DOES_NOT_FIT"),
        ("at_least = 1", "at_least = 3", "R1.at_most:COUNT_DOES_NOT_FIT"),
        ("at_least = 1", 'at_least = "1"', "R1.at_least:WRONG_TYPE"),
        ('appeal = "office_review"', 'appeal = "nowhere"', "R1.appeal:UNKNOWN_WORD"),
        ('source = "(ours) test"\n', 'source = "test"\n', "R1.source:SOURCE_MARK"),
        ('title = "试行办法"\n', "", "head.instrument.title:MISSING_KEY"),
        ("valid_from = 2024-01-01", 'valid_from = "2024-01-01"', "head.version.valid_from:WRONG_TYPE"),
        (
            "valid_from = 2024-01-01",
            "valid_from = 2024-01-01\nvalid_to = 2023-01-01",
            "head.version.valid_to:DATES_BACKWARDS",
        ),
        ("[instrument]", "[[rows]]\n[instrument]", "head.rows:UNKNOWN_KEY"),
        ("[instrument]", "[instrument", "head.pack_text:NOT_TOML"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_field(before: str, after: str, fault: str) -> None:
    assert before in SMALL
    assert fault in faults(SMALL.replace(before, after))


def test_every_fault_is_listed_not_only_the_first() -> None:
    text = SMALL.replace('role = ["direct"]', 'role = ["boss"]').replace("office_review", "nowhere")
    assert {"R1.role:UNKNOWN_WORD", "R1.appeal:UNKNOWN_WORD"} <= faults(text)


def test_two_rows_of_one_id_are_refused() -> None:
    row = SMALL[SMALL.index("[[row]]") :]
    assert "R1.row:ID_TWICE" in faults(SMALL + row)


def test_two_golden_cases_of_one_title_are_refused() -> None:
    assert "head.golden:ID_TWICE" in faults(SMALL + GOLDEN + GOLDEN)


def test_any_cell_of_a_shipped_row_left_empty_or_of_another_type_is_refused() -> None:
    """Walks every cell of the local pack: emptied, turned into a number, given an unknown word."""
    whole = tomllib.loads(LOCAL)
    assert read(_toml(whole))
    for row in whole["row"]:
        for column, cell in row.items():
            for bad in ("" if isinstance(cell, str) else [], 7.5, ["no_such_word"], {"odd": "no_such_word"}):
                changed = {**whole, "row": [{**row, column: bad}]}
                with pytest.raises(PackFaulty) as refused:
                    read(_toml(changed))
                assert any(column in fault.field or fault.field == "at_most" for fault in refused.value.faults), column


def test_rows_with_the_same_conditions_are_worth_a_second_look() -> None:
    row = SMALL[SMALL.index("[[row]]") :].replace('"R1"', '"R2"')
    assert "SAME_CONDITIONS" in {fault.reason for fault in second_looks(read(SMALL + row), CATALOGUE)}


def test_the_identity_of_a_version_is_the_hash_of_its_bytes() -> None:
    assert read(SMALL).sha256 != read(SMALL + "\n").sha256


def test_comparing_names_the_rows_and_cells_that_differ() -> None:
    heavier = SMALL.replace('["minor", "ordinary"]', '["minor"]').replace("at_most = 2", "at_most = 3")
    (change,) = compare(read(SMALL), read(heavier))
    assert (change.row, change.change, set(change.cells)) == ("R1", "changed", {"at_most", "severity"})


def _toml(whole: dict[str, Any]) -> str:
    """Enough TOML for a pack: tables, arrays of tables, and inline values."""
    lines = []
    for key in ("instrument", "version"):
        lines += [f"[{key}]", *(f"{name} = {_value(value)}" for name, value in whole[key].items())]
    for key in ("conduct", "circumstance", "row"):
        for item in whole[key]:
            lines += [f"[[{key}]]", *(f"{name} = {_value(value)}" for name, value in item.items())]
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in value.items()) + " }"
    return str(value)
