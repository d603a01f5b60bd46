"""The workbook: previewed, applied whole or not at all, out and in again without a change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from zhengfeng.directory.v1 import units_pb2, workbook_pb2

from tests.doors import caller
from tests.service.directory.conftest import CLERK, START, SYSTEM, Town, town, workbook

DISTRICT = caller("system_admin", jurisdiction="/qinghe/donghe")


def exported(qinghe: Town, under: str = "", as_: Any = SYSTEM) -> bytes:
    request = workbook_pb2.ExportDirectoryRequest(under=under)
    return bytes(qinghe.door.call(qinghe.workbooks.ExportDirectory, request, as_).workbook)


def counts(report: Any) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.refused


def with_unit(**cells: Any) -> bytes:
    row = {
        "unit_path": "/qinghe/health",
        "jurisdiction_path": "/qinghe",
        "name": "清河市卫生健康委员会",
        "kind": "bureau",
        "valid_from": START,
    }
    return workbook({"单位": [{**row, **cells}]})


def reasons(report: Any) -> list[tuple[str, int, str, str]]:
    return [(row.sheet, row.row, row.field, row.reason) for row in report.rows if row.reason]


def units(qinghe: Town) -> int:
    return len(qinghe.door.call(qinghe.units.ListUnits, units_pb2.ListUnitsRequest()).units)


def test_out_and_in_again_changes_nothing(qinghe: Town) -> None:
    assert counts(qinghe.take(exported(qinghe))) == (0, 0, 18, 0)


def test_a_preview_says_what_would_change_and_changes_nothing(qinghe: Town) -> None:
    rows = town()
    rows["单位"][0] |= {"name": "清河市住房和城市更新局", "valid_from": date(2026, 6, 1)}
    rows["单位"].append({**rows["单位"][1], "unit_path": "/qinghe/housing/window", "name": "住建窗口", "kind": "window"})

    preview = qinghe.take(workbook(rows), apply=False)

    assert (counts(preview), preview.applied) == ((1, 1, 17, 0), False)
    changed = next(row for row in preview.rows if row.act == workbook_pb2.IMPORT_ACT_CHANGED)
    assert [(c.field, c.before, c.after) for c in changed.changes] == [
        ("名称", "清河市住房和城乡建设局", "清河市住房和城市更新局"),
        ("生效日期", "2019-03-01", "2026-06-01"),
    ]
    assert units(qinghe) == 3


def test_one_faulty_row_keeps_the_whole_workbook_out(qinghe: Town) -> None:
    rows = {
        "单位": [
            {**town()["单位"][0], "unit_path": "/qinghe/health", "name": "清河市卫生健康委员会"},
            {**town()["单位"][0], "unit_path": "/qinghe/audit", "kind": "palace"},
        ]
    }

    report = qinghe.take(workbook(rows))

    assert (counts(report), report.applied) == ((1, 0, 0, 1), False)
    assert reasons(report) == [("单位", 3, "类别", "CELL_NOT_A_CHOICE")]
    assert "局委办" in report.rows[0].sentence_zh
    assert report.rows[0].sentence_en.startswith("Must be one of")
    assert units(qinghe) == 3


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"jurisdiction_path": "/elsewhere"}, "辖区路径", "REFERENCE_UNKNOWN"),
        ({"unit_path": "/elsewhere/health"}, "单位路径", "PATH_NOT_UNDER_JURISDICTION"),
        ({"unit_path": "/qinghe/donghe"}, "单位路径", "PATH_NOT_UNDER_JURISDICTION"),
        ({"unit_path": "/qinghe/nobody/section"}, "单位路径", "REFERENCE_UNKNOWN"),
        ({"unit_path": "qinghe health"}, "单位路径", "CELL_NOT_OF_THE_FORM"),
        ({"valid_to": date(2018, 1, 1)}, "失效日期", "TERM_REVERSED"),
        ({"name": ""}, "名称", "CELL_EMPTY"),
        ({"name": "长" * 101}, "名称", "CELL_TOO_LONG"),
    ],
)
def test_a_faulty_unit_is_refused_by_sheet_row_field_and_reason(
    qinghe: Town, cells: dict[str, Any], field: str, reason: str
) -> None:
    assert reasons(qinghe.take(with_unit(**cells))) == [("单位", 2, field, reason)]


def test_a_unit_never_has_two_heads_on_one_day(qinghe: Town) -> None:
    early = {**town()["岗位"][1], "staff_number": "QH3", "valid_from": date(2024, 4, 30), "valid_to": date(2024, 5, 1)}

    assert reasons(qinghe.take(workbook({"岗位": [early]}))) == [("岗位", 2, "生效日期", "HEAD_ALREADY_THERE")]


def test_a_row_that_repeats_another_is_refused(qinghe: Town) -> None:
    row = town()["单位"][0]

    report = qinghe.take(workbook({"单位": [row, row]}))
    assert reasons(report) == [("单位", 3, "单位路径", "ROW_REPEATED")]


def test_a_promise_longer_than_the_law_is_refused(qinghe: Town) -> None:
    row = {**town()["办事事项"][0], "promised_days": 8}

    assert reasons(qinghe.take(workbook({"办事事项": [row]}))) == [("办事事项", 2, "承诺时限", "PROMISE_LONGER_THAN_LAW")]


def test_a_district_changes_only_its_own_rows_and_sees_only_them(qinghe: Town) -> None:
    rows = town()
    rows["单位"][0]["phone"] = "1"
    rows["单位"][2]["phone"] = "2"

    report = qinghe.take(workbook({"单位": rows["单位"]}), as_=DISTRICT)
    assert reasons(report) == [("单位", row, "单位路径", "ROW_OUTSIDE_YOUR_REACH") for row in (2, 3)]
    own = qinghe.take(workbook({"单位": rows["单位"][2:]}), as_=DISTRICT)
    assert (own.changed, own.applied) == (1, True)
    assert counts(qinghe.take(exported(qinghe, as_=DISTRICT), as_=DISTRICT)) == (0, 0, 2, 0)


def test_an_export_of_one_unit_holds_what_is_below_it(qinghe: Town) -> None:
    assert counts(qinghe.take(exported(qinghe, "/qinghe/housing/approvals"), apply=False)) == (0, 0, 6, 0)


def test_a_name_that_looks_like_a_formula_goes_in_and_out_as_text(qinghe: Town) -> None:
    assert qinghe.take(with_unit(name="=HYPERLINK(1)", phone="+86 0", address="@here", valid_to=None)).applied

    assert counts(qinghe.take(exported(qinghe))) == (0, 0, 19, 0)


def test_the_same_request_is_not_carried_out_twice_with_another_file(qinghe: Town) -> None:
    qinghe.take(with_unit(), request_id="import-1")

    again = qinghe.take(with_unit(), request_id="import-1")
    assert counts(again) == (0, 0, 1, 0)


def test_a_broken_file_is_refused_as_a_whole(qinghe: Town) -> None:
    request = workbook_pb2.ImportDirectoryRequest(workbook=b"PK nonsense", apply=True)

    refused = qinghe.door.refused(qinghe.workbooks.ImportDirectory, request, SYSTEM)
    assert (refused.reason, refused.field) == ("WORKBOOK_UNREADABLE", "workbook")


def test_a_file_of_a_hundred_megabytes_is_refused(qinghe: Town) -> None:
    request = workbook_pb2.ImportDirectoryRequest(workbook=b"x" * 15_000_000)

    assert qinghe.door.refused(qinghe.workbooks.ImportDirectory, request, SYSTEM).reason == "REQUEST_INVALID"


def test_a_clerk_imports_and_exports_nothing(qinghe: Town) -> None:
    request = workbook_pb2.ImportDirectoryRequest(workbook=b"x")

    assert qinghe.door.refused(qinghe.workbooks.ImportDirectory, request, CLERK).reason == "ROLE_NOT_ALLOWED"
    export = workbook_pb2.ExportDirectoryRequest()
    assert qinghe.door.refused(qinghe.workbooks.ExportDirectory, export, CLERK).reason == "ROLE_NOT_ALLOWED"
