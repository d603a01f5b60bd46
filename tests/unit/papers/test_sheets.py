"""Spreadsheets: what is written is what is read, and files from strangers do no harm."""

import io
import zipfile
import zlib
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Invalid
from papers.sheets import Cell, CellFault, CellKind, Column, SheetForm, csv_text
from papers.sheets_read import Bounds, ReadRow, read_workbook
from papers.sheets_write import workbook_bytes

FORM = SheetForm(
    "单位",
    (
        Column("name", "名称", longest=60),
        Column("days", "天数", CellKind.WHOLE, required=False, most=400),
        Column("since", "起", CellKind.DAY, required=False),
        Column("open", "公开", CellKind.YES_NO, required=False),
        Column("kind", "类别", required=False, words={"a": "甲", "b": "乙"}),
    ),
)
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
BOUNDS = Bounds()


def read(content: bytes, bounds: Bounds = BOUNDS) -> list[ReadRow]:
    return [row for _, rows in read_workbook(content, [FORM], bounds) for row in rows]


def refused(content: bytes, bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(Invalid) as refusal:
        read(content, bounds)
    return refusal.value.reason


def by_hand(rows: list[list[object]], head: tuple[str, ...] = FORM.headers, sheet: str = "单位") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                page.write(number, place, value)
    return target.getvalue()


def rezipped(content: bytes, replace: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            copy.writestr(part, replace.get(part, source.read(part)))
        for part in replace.keys() - set(source.namelist()):
            copy.writestr(part, replace[part])
    return target.getvalue()


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp"]), min_size=1, max_size=30)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.integers(0, 400), st.dates(date(1901, 1, 1), date(2199, 12, 31)), st.booleans())))
def test_what_is_written_is_what_is_read(rows: list[tuple[str, int, date, bool]]) -> None:
    content = workbook_bytes([(FORM, [(*row, "b") for row in rows])], CREATED)

    assert [tuple(row.values.values()) for row in read(content)] == [(*row, "b") for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@cmd", '=HYPERLINK("http://x")', "_x0041_", "龚䶮𣲘", "{=1}"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    content = workbook_bytes([(FORM, [(text, None, None, None, "")])], CREATED)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert read(content)[0].values["name"] == text


def test_csv_text_is_never_a_formula() -> None:
    assert [csv_text(text) for text in ("=1", "+1", "-1", "@x", "\tx", "正常")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "正常",
    ]


def test_the_same_rows_give_the_same_bytes() -> None:
    rows: list[tuple[Cell, ...]] = [("a", 1, date(2026, 1, 1), True, "a")]

    assert workbook_bytes([(FORM, rows)], CREATED) == workbook_bytes([(FORM, rows)], CREATED)


def test_a_formula_is_a_fault_of_its_cell() -> None:
    (row,) = read(by_hand([["=1+1", 5]]))

    assert [(fault.field, fault.reason) for fault in row.faults] == [("名称", "CELL_IS_A_FORMULA")]


def test_a_fault_names_row_column_and_reason_and_leaves_the_others() -> None:
    rows = read(by_hand([["好", "many", "2026-02-30", "maybe", "丙"], [], ["", 401]]))

    assert [row.number for row in rows] == [2, 4]
    assert [(fault.field, fault.reason) for fault in rows[0].faults] == [
        ("天数", "CELL_NOT_A_WHOLE_NUMBER"),
        ("起", "CELL_NOT_A_DAY"),
        ("公开", "CELL_NOT_A_CHOICE"),
        ("类别", "CELL_NOT_A_CHOICE"),
    ]
    assert [(fault.field, fault.reason) for fault in rows[1].faults] == [
        ("名称", "CELL_EMPTY"),
        ("天数", "CELL_OUT_OF_RANGE"),
    ]


@pytest.mark.parametrize("typed", ["2026-11-22", "2026/11/22", "2026年11月22日", "2026.11.22", date(2026, 11, 22)])
def test_a_day_is_read_however_people_write_it(typed: object) -> None:
    assert FORM.columns[2].read(typed) == date(2026, 11, 22)


def test_a_number_typed_where_text_is_asked_for_is_text() -> None:
    assert FORM.columns[0].read(10023.0) == "10023"
    with pytest.raises(CellFault):
        FORM.columns[0].read(True)


def test_what_is_no_workbook_is_refused() -> None:
    good = workbook_bytes([(FORM, [])], CREATED)

    assert refused(b"not a zip") == "WORKBOOK_UNREADABLE"
    assert refused(good[:-40]) == "WORKBOOK_UNREADABLE"
    assert refused(rezipped(good, {"xl/workbook.xml": b"<broken"})) == "WORKBOOK_UNREADABLE"
    assert refused(rezipped(good, {"xl/worksheets/sheet1.xml": b"<broken"})) == "WORKBOOK_UNREADABLE"
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert refused(empty.getvalue()) == "WORKBOOK_UNREADABLE"


def test_a_file_that_is_too_large_is_refused_before_it_is_opened() -> None:
    assert refused(b"x" * (BOUNDS.packed + 1)) == "WORKBOOK_TOO_LARGE"


def test_a_zip_bomb_is_refused_whatever_size_it_claims() -> None:
    good = workbook_bytes([(FORM, [])], CREATED)
    bomb = rezipped(good, {"xl/media/bomb.bin": b"\0" * (BOUNDS.unpacked + 1)})
    assert len(bomb) < BOUNDS.packed
    size = (BOUNDS.unpacked + 1).to_bytes(4, "little")
    lying = bomb.replace(size, (100).to_bytes(4, "little"))

    assert refused(bomb) == "WORKBOOK_TOO_LARGE"
    assert refused(lying) in ("WORKBOOK_TOO_LARGE", "WORKBOOK_UNREADABLE")


def test_too_many_parts_are_refused() -> None:
    good = workbook_bytes([(FORM, [])], CREATED)

    assert refused(rezipped(good, {f"xl/x{number}": b"" for number in range(300)})) == "WORKBOOK_TOO_LARGE"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_bomb_is_refused(encoding: str) -> None:
    good = workbook_bytes([(FORM, [])], CREATED)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'.encode(encoding)

    assert refused(rezipped(good, {"xl/sharedStrings.xml": bomb})) == "WORKBOOK_UNREADABLE"


def test_macros_are_refused() -> None:
    good = workbook_bytes([(FORM, [])], CREATED)

    assert refused(rezipped(good, {"xl/vbaProject.bin": b"x"})) == "WORKBOOK_UNREADABLE"


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    far = by_hand([])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    )
    cells = b"".join(
        b'<c r="%c1" t="inlineStr"><is><t>%b</t></is></c>' % (65 + place, header.encode())
        for place, header in enumerate(FORM.headers)
    )
    head = b'<row r="1">%b</row>' % cells
    corner = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'

    assert refused(rezipped(far, {"xl/worksheets/sheet1.xml": sheet % (head + corner)})) == "WORKBOOK_TOO_MANY_ROWS"


def test_an_unknown_sheet_or_column_and_a_missing_column_are_named() -> None:
    assert refused(by_hand([], sheet="别的")) == "WORKBOOK_SHEET_UNKNOWN"
    assert refused(by_hand([], head=("名称",))) == "WORKBOOK_COLUMN_MISSING"
    assert refused(by_hand([], head=(*FORM.headers, "多余"))) == "WORKBOOK_COLUMN_UNKNOWN"


def test_more_rows_than_allowed_are_refused() -> None:
    content = workbook_bytes([(FORM, [("a", None, None, None, "")] * 12)], CREATED)

    assert refused(content, Bounds(rows=10)) == "WORKBOOK_TOO_MANY_ROWS"


def test_broken_compression_is_refused() -> None:
    good = workbook_bytes([(FORM, [("a", None, None, None, "")])], CREATED)
    packed = zlib.compress(b"x")[2:6]
    broken = good[:200] + packed + good[210:]

    assert refused(broken) == "WORKBOOK_UNREADABLE"
