"""The rule table goes to Excel and back and is the same table; every word on paper has exactly one way back."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from papers.sheets import CellFault
from services.accountability.rules import sheets_words as words
from services.accountability.rules.sheets import pack_workbook
from services.accountability.rules.sheets_cells import cell_of, cell_text
from services.accountability.rules.sheets_take import read_workbook_pack
from services.accountability.rules.sheets_words import Vocabulary, Words
from services.accountability.rules.table import Condition, Pack
from services.accountability.rules.words import COLUMNS, Consequence, Post, Role, Severity, SubjectKind, Trigger
from services.accountability.rules.write import pack_text
from tests.unit.accountability.table_of import CATALOGUE, LAW, LOCAL, SETTINGS, SMALL, read

APPEALS = tuple(SETTINGS["appeal_routes"])
CREATED = datetime(2026, 11, 16, tzinfo=UTC)
PAGE_WORDS = Path(__file__).parents[3] / "gateway/pages/cases/words.toml"
SHIPPED = pytest.mark.parametrize("text", [LOCAL, LAW, SMALL], ids=["local", "law", "small"])


def workbook(pack: Pack) -> bytes:
    return pack_workbook(pack, CATALOGUE, APPEALS, CREATED)


def back(content: bytes) -> str:
    return read_workbook_pack(content, CATALOGUE, APPEALS)[1]


@SHIPPED
def test_a_pack_written_and_read_is_the_same_table(text: str) -> None:
    pack = read(text)
    again = read(pack_text(pack))
    assert dataclasses.replace(again, sha256=pack.sha256) == pack
    assert pack_text(again) == pack_text(pack)


@SHIPPED
def test_the_round_trip_through_excel_changes_no_byte(text: str) -> None:
    pack = read(text)
    content = workbook(pack)
    assert back(content) == pack_text(pack)
    assert workbook(read(back(content))) == content


def test_a_note_stands_in_front_of_a_pack_on_one_line_and_is_no_part_of_its_table() -> None:
    text = pack_text(read(SMALL), "R1：\n执行中\t出现 问题")
    assert text.startswith("# R1： 执行中 出现 问题\n\n[instrument]")
    assert pack_text(read(text)) == pack_text(read(SMALL))


def test_every_sheet_keeps_its_head_and_first_column_in_sight_and_offers_its_words() -> None:
    book = load_workbook(BytesIO(workbook(read(LOCAL))))
    assert book.sheetnames == ["说明", "制度", "行为", "情节", "规则", "示例"]
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "B2"
    rules = book["规则"]
    offered = {str(one.sqref): one.formula1 for one in rules.data_validations.dataValidation if one.type == "list"}
    assert '"效能问责,政务处分,对单位"' in offered.values()
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_help_sheet_explains_every_column() -> None:
    book = load_workbook(BytesIO(workbook(read(LOCAL))))
    explained = {(row[0], row[1]) for row in book["说明"].iter_rows(min_row=2, values_only=True) if row[3]}
    for name in book.sheetnames[1:]:
        assert {(name, cell.value) for cell in book[name][1]} <= explained


def test_a_lawyer_reads_no_code_in_the_rules() -> None:
    book = load_workbook(BytesIO(workbook(read(LOCAL))))
    heads = [cell.value for cell in book["规则"][1]]
    for row in book["规则"].iter_rows(min_row=2, values_only=True):
        for head, value in zip(heads, row, strict=True):
            if head not in ("编号", "英文", "依据出处") and isinstance(value, str):
                assert "_" not in value, (head, value)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (words.SEVERITY, Severity),
        (words.CONSEQUENCE, Consequence),
        (words.ROLE, Role),
        (words.POST, Post),
        (words.SUBJECT_KIND, SubjectKind),
        (words.TRIGGER, Trigger),
    ],
)
def test_every_value_has_a_word_and_the_pages_use_the_same(table: dict[str, str], kind: Any) -> None:
    assert set(table) == set(kind)
    name = "".join("_" + sign.lower() if sign.isupper() else sign for sign in kind.__name__).lstrip("_")
    shown = tomllib.loads(PAGE_WORDS.read_text(encoding="utf-8"))["choice"][name]
    assert {key: entry["zh"] for key, entry in shown.items()} == table


ODD = st.text(st.sampled_from("甲乙丙、；至上下以 a_"), min_size=0, max_size=5)


@given(st.dictionaries(st.from_regex(r"[a-c]{1,3}", fullmatch=True), ODD, min_size=1, max_size=8), st.data())
@settings(max_examples=300, deadline=None)
def test_any_words_have_one_way_back(table: dict[str, str], data: st.DataObject) -> None:
    known = Vocabulary(table)
    keys = data.draw(st.lists(st.sampled_from(sorted(table)), min_size=1, unique=True))
    assert known.read_all(known.say_all(keys)) == keys
    assert [known.read(known.said[key]) for key in keys] == keys


CELLS = st.one_of(
    st.lists(st.sampled_from(list(map(str, Severity))), min_size=1, unique=True),
    st.sampled_from(list(map(str, Severity))).map(lambda word: {"from": word}),
    st.sampled_from(list(map(str, Severity))).map(lambda word: {"to": word}),
    st.tuples(st.sampled_from(list(map(str, Severity))), st.sampled_from(list(map(str, Severity)))).map(
        lambda pair: {"from": pair[0], "to": pair[1]}
    ),
)
TRIGGERS = st.lists(st.sampled_from(list(map(str, Trigger))), min_size=1, unique=True)
SETS = st.dictionaries(st.sampled_from(["any_of", "all_of", "none_of"]), TRIGGERS, min_size=1)
COUNTS = st.fixed_dictionaries(
    {"months": st.integers(1, 1200)}, optional={"at_least": st.integers(1, 99), "at_most": st.integers(1, 99)}
).filter(lambda cell: len(cell) > 1)


@given(
    st.one_of(
        CELLS.map(lambda cell: ("severity", cell)),
        SETS.map(lambda cell: ("trigger", cell)),
        COUNTS.map(lambda cell: ("repeats", cell)),
    )
)
@settings(max_examples=300, deadline=None)
def test_any_condition_written_in_words_is_read_back(given_cell: tuple[str, Any]) -> None:
    column, cell = given_cell
    known = Words(CATALOGUE, APPEALS, {}, {"mitigating": {}, "aggravating": {}}).of.get(column)
    assert cell_of(column, cell_text(column, cell, known), known) == cell


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("severity", {"from": "heavier"}, "较重以上"),
        ("severity", {"to": "ordinary"}, "一般以下"),
        ("severity", {"from": "ordinary", "to": "serious"}, "一般至严重"),
        ("severity", ["minor", "ordinary"], "轻微、一般"),
        ("role", ["direct", "unit"], "直接责任、单位责任"),
        (
            "trigger",
            {"any_of": ["undercover", "exposed"], "none_of": ["superior"]},
            "含任一 暗访发现、媒体曝光；不含 上级发现",
        ),
        ("repeats", {"at_least": 2, "months": 12}, "12个月内2次以上"),
        ("repeats", {"at_most": 3, "months": 12}, "12个月内3次以下"),
        ("repeats", {"at_least": 2, "at_most": 3, "months": 12}, "12个月内2至3次"),
    ],
)
def test_conditions_read_as_plain_chinese(column: str, cell: Any, text: str) -> None:
    known = Words(CATALOGUE, APPEALS, {}, {"mitigating": {}, "aggravating": {}}).of.get(column)
    assert cell_text(column, cell, known) == text
    assert cell_of(column, text, known) == cell


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("severity", "较重 以上"),
        ("severity", "较重及以上"),
        ("severity", "一般-严重"),
        ("severity", "一般，严重"),
        ("severity", "一般、一般"),
        ("trigger", "暗访发现"),
        ("trigger", "含任一暗访发现"),
        ("trigger", "含任一 暗访发现；含任一 媒体曝光"),
        ("repeats", "2次以上"),
        ("repeats", "12个月内0次以上"),
        ("repeats", "十二个月内两次以上"),
        ("role", "直接责任,单位责任"),
    ],
)
def test_whatever_is_not_exactly_of_the_form_is_refused(column: str, text: str) -> None:
    known = Words(CATALOGUE, APPEALS, {}, {"mitigating": {}, "aggravating": {}}).of.get(column)
    with pytest.raises(CellFault):
        cell_of(column, text, known)


def test_conduct_words_that_hold_a_comma_or_look_alike_survive() -> None:
    pack = read(SMALL)
    conducts = [*pack.conducts]
    for word, zh in (("a", "离岗"), ("b", "纪律涣散"), ("c", "离岗、纪律涣散"), ("d", "离岗")):
        conducts.append(dataclasses.replace(conducts[0], word=word, zh=zh))
    row = dataclasses.replace(pack.rows[0], conduct=("slow_handling", "a", "b", "c", "d"))
    again = read(pack_text(dataclasses.replace(pack, conducts=tuple(conducts[:-1]), rows=(row_without(row),))))
    assert back(workbook(again)) == pack_text(again)


def row_without(row: Any) -> Any:
    return dataclasses.replace(row, conduct=row.conduct[:-1])


CONDITIONS = st.dictionaries(st.sampled_from(COLUMNS), st.integers(0, 3), max_size=5)


@given(CONDITIONS, st.dates(date(2004, 1, 1), date(2099, 1, 1)), st.text(max_size=12), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_any_pack_survives_the_round_trip(columns: dict[str, int], since: date, title: str, months: int) -> None:
    options: dict[str, list[tuple[Condition, ...]]] = {
        "severity": [(Condition("severity", "from", ("heavier",)),), (Condition("severity", "is", ("minor",)),)],
        "consequence": [(Condition("consequence", "between", ("slight", "loss")),)],
        "role": [(Condition("role", "is", ("direct", "unit")),)],
        "post": [(Condition("post", "is", ("handler",)),)],
        "subject_kind": [(Condition("subject_kind", "is", ("village", "unit")),)],
        "mitigating": [(Condition("mitigating", "none_of", ("corrected_at_once",)),)],
        "aggravating": [(Condition("aggravating", "any_of", ("obstructs",)),)],
        "trigger": [(Condition("trigger", "any_of", ("exposed",)), Condition("trigger", "none_of", ("superior",)))],
        "repeats": [(Condition("repeats", "at_least", ("2",), 12), Condition("repeats", "at_most", ("3",), 12))],
    }
    pack = read(SMALL)
    found = tuple(one for name in COLUMNS if name in columns for one in options[name][columns[name] % len(options[name])])
    said = "".join(sign for sign in title if sign.isprintable()).strip() or "一"
    row = dataclasses.replace(
        pack.rows[0],
        conditions=found,
        title_zh=said,
        effect_months={"circulated_criticism": months},
        who_else=("unit_head",),
    )
    again = read(pack_text(dataclasses.replace(pack, valid_from=since, rows=(row,))))
    assert again.rows == (row,)
    assert back(workbook(again)) == pack_text(again)
