"""Rules written on a page: laid out in sheets, linted as they are typed, taken in, changed while they are a draft."""

from __future__ import annotations

from collections.abc import Sequence

from zhengfeng.accountability.v1 import rule_drafts_pb2, rule_sheets_pb2, rules_pb2

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import APPROVER, AUTHOR, RULES_REVIEWER, Scene
from tests.service.accountability.test_rule_sheets import in_force
from tests.service.accountability.test_rules_into_force import review

Sheets = dict[str, tuple[list[str], list[list[str]]]]
NEW: Sequence[tuple[str, dict[str, str]]] = (
    (
        "制度",
        {
            "代码": "xihe-window",
            "名称": "窗口服务问责办法",
            "制定机关": "清河市人民政府",
            "文号": "清政发〔2026〕9号",
            "适用地区": s.CITY,
            "版本": "2026",
            "施行日期": "2027-01-01",
        },
    ),
    ("行为", {"代码": "closed_early", "中文": "提前关闭窗口", "英文": "closing a counter early"}),
    (
        "规则",
        {
            "编号": "W-1",
            "条款": "第三条",
            "中文": "提前关闭窗口的",
            "英文": "a counter closed early",
            "行为": "提前关闭窗口",
            "情节轻重": "一般以下",
            "问责类别": "效能问责",
            "可选方式": "效能告诫",
            "最少": "1",
            "最多": "1",
            "救济途径": "向督办机关申请复核",
            "依据类别": "本系统拟定",
            "依据出处": "窗口服务规范",
        },
    ),
)


def laid_out(scene: Scene, id: str = "") -> Sheets:
    """The sheets of a version by name: the heads of the columns, and the rows."""
    request = rule_drafts_pb2.LayOutRulesRequest(rule_version_id=id)
    answer = scene.door.call(scene.drafts.LayOutRules, request, AUTHOR)
    heads = {one.name: [column.head for column in one.columns] for one in answer.sheets}
    return {one.name: (heads[one.name], [list(row.cells) for row in one.rows]) for one in answer.sheets}


def given(sheets: Sheets) -> rule_sheets_pb2.GivenSheets:
    rows = {name: [rule_sheets_pb2.GivenRow(cells=cells) for cells in found] for name, (_, found) in sheets.items()}
    return rule_sheets_pb2.GivenSheets(
        sheets=[rule_sheets_pb2.GivenSheet(name=name, heads=heads, rows=rows[name]) for name, (heads, _) in sheets.items()]
    )


def put(sheets: Sheets, sheet: str, row: int, head: str, text: str) -> None:
    sheets[sheet][1][row][sheets[sheet][0].index(head)] = text


def written(scene: Scene) -> Sheets:
    """A small instrument, typed from nothing."""
    sheets = laid_out(scene)
    for name, texts in NEW:
        heads, rows = sheets[name]
        rows.append([texts.get(head, "") for head in heads])
    return sheets


def taken_in(scene: Scene, sheets: Sheets) -> rules_pb2.RuleVersion:
    made: rules_pb2.RuleVersion = scene.door.call(
        scene.rules.ImportRules, rules_pb2.ImportRulesRequest(sheets=given(sheets)), AUTHOR
    ).rule_version
    return made


def faults(scene: Scene, sheets: Sheets) -> list[tuple[str, str, str]]:
    answer = scene.door.call(scene.rules.LintRules, rules_pb2.LintRulesRequest(sheets=given(sheets)), AUTHOR)
    assert all(one.text_zh and one.text_en for one in answer.faults)
    return [(one.sheet, one.cell, one.reason) for one in answer.faults if one.error]


def revising(version: rules_pb2.RuleVersion, sheets: Sheets) -> rule_drafts_pb2.ReviseRulesRequest:
    which = {"rule_version_id": version.id, "expected_version": version.version}
    return rule_drafts_pb2.ReviseRulesRequest(**which, sheets=given(sheets))


def test_an_instrument_is_written_from_nothing(scene: Scene) -> None:
    sheets = written(scene)
    assert faults(scene, sheets) == []
    made = taken_in(scene, sheets)
    assert (made.state, made.instrument.title) == (rules_pb2.RULE_VERSION_STATE_DRAFT, "窗口服务问责办法")
    assert laid_out(scene, made.id) == sheets


def test_a_version_laid_out_and_brought_back_unchanged_is_known(scene: Scene) -> None:
    sheets = laid_out(scene, in_force(scene).id)
    request = rules_pb2.ImportRulesRequest(sheets=given(sheets))
    assert scene.door.refused(scene.rules.ImportRules, request, AUTHOR).reason == "RULE_VERSION_EXISTS"


def test_every_fault_of_what_is_typed_has_its_cell(scene: Scene) -> None:
    sheets = written(scene)
    put(sheets, "制度", 0, "废止日期", "2020-01-01")
    put(sheets, "规则", 0, "依据出处", "")
    put(sheets, "规则", 0, "行为", "提前下班")
    put(sheets, "规则", 0, "中文", " 提前关闭窗口的")
    sheets["规则"][1].append(list(sheets["规则"][1][0]))
    found = faults(scene, sheets)
    assert ("规则", "C2", "CELL_HAS_STRAY_SPACES") in found
    assert ("规则", "E2", "UNKNOWN_WORD") in found
    assert ("规则", "A3", "ID_TWICE") in found
    assert ("制度", "H2", "DATES_BACKWARDS") in found
    assert [cell for sheet, cell, reason in found if reason == "CELL_EMPTY"] == ["Y2", "Y3"]
    request = rules_pb2.ImportRulesRequest(sheets=given(sheets))
    assert scene.door.refused(scene.rules.ImportRules, request, AUTHOR).reason == "RULE_PACK_FAULTY"


def test_a_sheet_or_column_that_is_not_there_is_named(scene: Scene) -> None:
    sheets = written(scene)
    del sheets["行为"]
    sheets["别的"] = (["甲"], [])
    assert {reason for _, _, reason in faults(scene, sheets)} >= {"WORKBOOK_SHEET_MISSING", "WORKBOOK_SHEET_UNKNOWN"}


def test_a_draft_is_changed_until_it_is_submitted_and_by_its_author_only(scene: Scene) -> None:
    draft = taken_in(scene, written(scene))
    sheets = laid_out(scene, draft.id)
    put(sheets, "规则", 0, "中文", "无故提前关闭窗口的")
    another = caller("rule_author", jurisdiction=s.CITY, subject="another-author")
    assert scene.door.refused(scene.drafts.ReviseRules, revising(draft, sheets), another).reason == "NOT_THE_AUTHOR"
    revised = scene.door.call(scene.drafts.ReviseRules, revising(draft, sheets), AUTHOR).rule_version
    assert (revised.id, revised.version) == (draft.id, draft.version + 1) and revised.sha256 != draft.sha256
    assert scene.door.refused(scene.drafts.ReviseRules, revising(draft, sheets), AUTHOR).reason == "STALE_VERSION"
    submit = rules_pb2.SubmitRulesRequest(rule_version_id=draft.id, expected_version=revised.version)
    submitted = scene.door.call(scene.rules.SubmitRules, submit, AUTHOR).rule_version
    put(sheets, "规则", 0, "中文", "又改了")
    assert scene.door.refused(scene.drafts.ReviseRules, revising(submitted, sheets), AUTHOR).reason == "RULE_VERSION_STATE"


def test_what_the_reviewer_said_is_read_with_the_version(scene: Scene) -> None:
    draft = taken_in(scene, written(scene))
    submit = rules_pb2.SubmitRulesRequest(rule_version_id=draft.id, expected_version=draft.version)
    submitted = scene.door.call(scene.rules.SubmitRules, submit, AUTHOR).rule_version
    back = review(submitted)
    back.passed, back.opinion = False, "第三条请写明次数"
    scene.door.call(scene.rules.ReviewRules, back, RULES_REVIEWER)
    read = got(scene, draft.id)
    assert (read.state, read.review_opinion) == (rules_pb2.RULE_VERSION_STATE_DRAFT, "第三条请写明次数")


def test_golden_cases_are_read_with_their_result(scene: Scene) -> None:
    read = got(scene, in_force(scene).id)
    assert read.golden_cases and all(one.kept and one.title_zh for one in read.golden_cases)
    first = read.golden_cases[0]
    assert {fact.column for fact in first.facts} >= {"conduct", "severity", "post"}
    assert {row for one in read.golden_cases for row in (*one.fires, *one.off)} == {row.id for row in read.rows}


def got(scene: Scene, id: str) -> rules_pb2.RuleVersion:
    read: rules_pb2.RuleVersion = scene.door.call(
        scene.rules.GetRuleVersion, rules_pb2.GetRuleVersionRequest(rule_version_id=id), APPROVER
    ).rule_version
    return read
