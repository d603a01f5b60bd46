"""A rule workbook with anything wrong in it is refused whole, and every fault is named by sheet, row and cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from chassis.errors import Invalid
from chassis.i18n import Catalogue
from services.accountability.rules.compare import second_looks
from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.sheets_take import BOUNDS, read_workbook_pack
from tests.unit.accountability.table_of import CATALOGUE, LOCAL, SMALL, read
from tests.unit.accountability.test_golden_cases import GOLDEN
from tests.unit.accountability.test_rule_sheets import APPEALS, workbook

SENTENCES = Catalogue.load(Path(__file__).parents[3] / "services/accountability/catalogue.toml")
Change = Callable[[Workbook], None]


def spoilt(change: Change, text: str = SMALL) -> bytes:
    book = load_workbook(BytesIO(workbook(read(text))))
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def faults(content: bytes) -> tuple[Fault, ...]:
    with pytest.raises(PackFaulty) as refused:
        read_workbook_pack(content, CATALOGUE, APPEALS)
    for fault in refused.value.faults:
        for language in ("zh", "en"):
            assert "{" not in SENTENCES.text(fault.reason, language, **fault.params)
    return refused.value.faults


def told(content: bytes) -> set[str]:
    return {f"{fault.sheet}!{fault.cell} {fault.reason}" for fault in faults(content)}


def cell(sheet: str, header: str, value: Any, row: int = 2) -> Change:
    def change(book: Workbook) -> None:
        heads = [one.value for one in book[sheet][1]]
        book[sheet].cell(row, heads.index(header) + 1).value = value

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (cell("规则", "编号", "=A3"), "规则!A2 CELL_IS_A_FORMULA"),
        (cell("规则", "最少", "=1"), "规则!Q2 CELL_IS_A_FORMULA"),
        (cell("规则", "最少", "#REF!"), "规则!Q2 CELL_IS_AN_ERROR"),
        (cell("规则", "中文", "慢作为 "), "规则!C2 CELL_HAS_STRAY_SPACES"),
        (cell("规则", "中文", "　慢作为"), "规则!C2 CELL_HAS_STRAY_SPACES"),
        (cell("规则", "中文", "慢\u200b作为"), "规则!C2 CELL_HAS_STRAY_SPACES"),
        (cell("规则", "中文", " "), "规则!C2 CELL_HAS_STRAY_SPACES"),
        (cell("规则", "行为", "慢作为 、慢作为"), "规则!E2 UNKNOWN_WORD"),
        (cell("规则", "行为", "磨洋工"), "规则!E2 UNKNOWN_WORD"),
        (cell("规则", "情节轻重", "很重"), "规则!F2 CELL_NOT_OF_THE_FORM"),
        (cell("规则", "情节轻重", "严重至一般"), "规则!F2 NEVER_TRUE"),
        (cell("规则", "责任", "科长"), "规则!H2 UNKNOWN_WORD"),
        (cell("规则", "从轻情形", "含任一 阻碍"), "规则!K2 UNKNOWN_WORD"),
        (cell("规则", "重复次数", "2次以上"), "规则!N2 CELL_NOT_OF_THE_FORM"),
        (cell("规则", "问责类别", "党纪处分"), "规则!O2 UNKNOWN_WORD"),
        (cell("规则", "可选方式", "罚款"), "规则!P2 UNKNOWN_WORD"),
        (cell("规则", "可选方式", "批评教育、记过"), "规则!P2 MEASURE_OF_ANOTHER_TRACK"),
        (cell("规则", "可选方式", "批评教育、批评教育"), "规则!P2 WORD_TWICE"),
        (cell("规则", "可选方式", None), "规则!P2 CELL_EMPTY"),
        (cell("规则", "最多", 9), "规则!R2 COUNT_DOES_NOT_FIT"),
        (cell("规则", "最多", "两"), "规则!R2 CELL_NOT_A_WHOLE_NUMBER"),
        (cell("规则", "最多", 1.5), "规则!R2 CELL_NOT_A_WHOLE_NUMBER"),
        (cell("规则", "影响期", "批评教育6个月"), "规则!T2 CELL_NOT_OF_THE_FORM"),
        (cell("规则", "影响期", "待岗 6个月"), "规则!T2 UNKNOWN_WORD"),
        (cell("规则", "一并问责", "处长"), "规则!U2 UNKNOWN_WORD"),
        (cell("规则", "决定机关", "居委会"), "规则!V2 UNKNOWN_WORD"),
        (cell("规则", "救济途径", "上访"), "规则!W2 UNKNOWN_WORD"),
        (cell("规则", "依据类别", None), "规则!X2 CELL_EMPTY"),
        (cell("规则", "依据类别", "听说"), "规则!X2 UNKNOWN_WORD"),
        (cell("规则", "依据出处", None), "规则!Y2 CELL_EMPTY"),
        (cell("规则", "编号", "第一条"), "规则!A2 CELL_NOT_OF_THE_FORM"),
        (cell("规则", "编号", True), "规则!A2 CELL_NOT_TEXT"),
        (cell("制度", "废止日期", date(2023, 1, 1)), "制度!H2 DATES_BACKWARDS"),
        (cell("制度", "施行日期", "明年"), "制度!G2 CELL_NOT_A_DAY"),
        (cell("制度", "施行日期", None), "制度!G2 CELL_EMPTY"),
        (cell("制度", "适用地区", "清河"), "制度!E2 WRONG_TYPE"),
        (cell("制度", "代码", "another", row=3), "制度!A3 ONE_ROW_ONLY"),
        (cell("情节", "类别", "从宽情形"), "情节!B2 UNKNOWN_WORD"),
        (cell("情节", "作用", "可以从轻或者减轻"), "情节!A2 UNKNOWN_WORD"),
        (cell("行为", "代码", "Slow"), "行为!A2 CELL_NOT_OF_THE_FORM"),
        (cell("规则", "责任", "直接责任", row=9), "规则!A9 CELL_EMPTY"),
    ],
)
def test_a_cell_at_fault_is_named_by_sheet_and_address(change: Change, fault: str) -> None:
    assert fault in told(spoilt(change))


def test_merged_cells_are_refused() -> None:
    assert "规则!C2 CELL_MERGED" in told(spoilt(lambda book: book["规则"].merge_cells("C2:D2")))
    assert "制度!A2 CELL_MERGED" in told(spoilt(lambda book: book["制度"].merge_cells("A2:A4")))


def test_two_rows_of_one_id_are_refused_at_the_second() -> None:
    def twice(book: Workbook) -> None:
        book["规则"].append([one.value for one in book["规则"][2]])

    assert told(spoilt(twice)) == {"规则!A3 ID_TWICE"}


def test_two_words_of_one_name_are_refused() -> None:
    def twice(book: Workbook) -> None:
        book["行为"].append(["slow", "慢作为", "slow"])
        book["情节"].append([one.value for one in book["情节"][2]])

    assert {"行为!B3 ID_TWICE", "情节!A4 ID_TWICE", "情节!E4 ID_TWICE"} <= told(spoilt(twice))


def test_two_examples_of_one_title_are_refused_at_the_second() -> None:
    def twice(book: Workbook) -> None:
        book["示例"].append([one.value for one in book["示例"][2]])

    assert told(spoilt(twice, SMALL + GOLDEN)) == {"示例!A3 ID_TWICE"}


def test_missing_unknown_and_doubled_columns_are_named() -> None:
    def change(book: Workbook) -> None:
        book["规则"]["B1"] = "备注"
        book["行为"]["D1"] = "中文"
        book["情节"]["Z9"] = "顺手一记"

    said = told(spoilt(change))
    assert {"规则!B1 WORKBOOK_COLUMN_UNKNOWN", "规则! WORKBOOK_COLUMN_MISSING"} <= said
    assert {"行为!D1 WORKBOOK_COLUMN_TWICE", "情节!Z9 CELL_OUTSIDE_THE_TABLE"} <= said


def test_a_wrong_and_a_missing_sheet_are_named() -> None:
    def change(book: Workbook) -> None:
        book["规则"].title = "规则（新）"

    assert told(spoilt(change)) == {"规则（新）! WORKBOOK_SHEET_UNKNOWN", "规则! WORKBOOK_SHEET_MISSING"}


def test_every_fault_is_listed_in_the_order_of_the_file_and_each_cell_once() -> None:
    def change(book: Workbook) -> None:
        cell("规则", "救济途径", "上访")(book)
        cell("规则", "责任", "=1")(book)
        cell("规则", "可选方式", "批评教育、记过")(book)
        cell("制度", "废止日期", date(2023, 1, 1))(book)
        cell("情节", "英文", " x")(book)

    assert [(fault.sheet, fault.line, fault.cell, fault.reason) for fault in faults(spoilt(change))] == [
        ("制度", 2, "H2", "DATES_BACKWARDS"),
        ("情节", 2, "F2", "CELL_HAS_STRAY_SPACES"),
        ("规则", 2, "H2", "CELL_IS_A_FORMULA"),
        ("规则", 2, "P2", "MEASURE_OF_ANOTHER_TRACK"),
        ("规则", 2, "W2", "UNKNOWN_WORD"),
    ]


def test_a_fault_of_a_row_carries_its_id_and_its_column() -> None:
    (fault,) = faults(spoilt(cell("规则", "救济途径", "上访")))
    assert (fault.row, fault.field, fault.error) == ("R1", "appeal", True)


def test_an_example_that_names_no_row_is_refused() -> None:
    assert "示例!M2 UNKNOWN_WORD" in told(spoilt(cell("示例", "适用规则", "QH-99"), LOCAL))
    assert "示例!L2 CELL_NOT_OF_THE_FORM" in told(spoilt(cell("示例", "此前处理", "两个月"), LOCAL))
    assert "示例!D2 UNKNOWN_WORD" in told(spoilt(cell("示例", "情节轻重", "轻"), LOCAL))
    assert "示例!O2 CELL_EMPTY" in told(spoilt(cell("示例", "最少", None), LOCAL))


def test_the_help_sheet_may_be_written_on_or_thrown_away() -> None:
    def change(book: Workbook) -> None:
        book["说明"]["A2"] = "=1"

    assert read_workbook_pack(spoilt(change), CATALOGUE, APPEALS)
    assert read_workbook_pack(spoilt(lambda book: book.remove(book["说明"])), CATALOGUE, APPEALS)


def test_columns_may_stand_in_any_order() -> None:
    def change(book: Workbook) -> None:
        sheet = book["行为"]
        for row in sheet.iter_rows(max_col=3):
            row[0].value, row[2].value = row[2].value, row[0].value

    assert (
        read_workbook_pack(spoilt(change), CATALOGUE, APPEALS)[0]
        == read_workbook_pack(spoilt(lambda book: None), CATALOGUE, APPEALS)[0]
    )


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 512, LOCAL.encode()])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refused(content) == "WORKBOOK_UNREADABLE"


def test_a_hundred_megabytes_are_refused_before_anything_is_opened() -> None:
    assert refused(bytes(100_000_000)) == "WORKBOOK_TOO_LARGE"


def test_a_zip_bomb_is_refused_while_it_unpacks() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(4):
            archive.writestr(f"xl/worksheets/sheet{place}.xml", bytes(50_000_000))
    assert len(target.getvalue()) < BOUNDS.packed
    assert refused(target.getvalue()) == "WORKBOOK_TOO_LARGE"


def test_too_many_rows_are_refused() -> None:
    book = Workbook()
    book.active.title = "规则"
    for place in range(BOUNDS.rows + 2):
        book.active.append([place])
    target = BytesIO()
    book.save(target)
    assert refused(target.getvalue()) == "WORKBOOK_TOO_MANY_ROWS"


@pytest.mark.parametrize("one_in", [5, pytest.param(1, marks=pytest.mark.prove)])
def test_any_cell_emptied_or_given_another_value_is_refused_or_changes_the_table(one_in: int) -> None:
    """Walks the cells of the small pack's workbook, all of them at full size: none is passed over in silence."""
    pack = read_workbook_pack(workbook(read(SMALL)), CATALOGUE, APPEALS)[0]
    book = load_workbook(BytesIO(workbook(read(SMALL))))
    walked = [one for sheet in ("制度", "行为", "情节", "规则") for row in book[sheet].iter_rows(min_row=2) for one in row]
    for one in walked[::one_in]:
        for bad in ("没有这个词 ", 7.5, None) if one.value is not None else ("没有这个词 ",):
            before, one.value = one.value, bad
            target = BytesIO()
            book.save(target)
            one.value = before
            try:
                assert read_workbook_pack(target.getvalue(), CATALOGUE, APPEALS)[0] != pack, one.coordinate
            except PackFaulty as faulty:
                assert any(fault.sheet and fault.cell for fault in faulty.faults), one.coordinate


def test_a_warning_of_a_workbook_is_led_to_its_cell() -> None:
    pack, _, places = read_workbook_pack(workbook(read(SMALL)), CATALOGUE, APPEALS)
    located = [places.located(fault) for fault in second_looks(pack, CATALOGUE)]
    assert [(one.reason, one.sheet, one.cell) for one in located] == [("SEVERITY_GAP", "行为", "A2")]


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        read_workbook_pack(content, CATALOGUE, APPEALS)
    return refusal.value.reason
