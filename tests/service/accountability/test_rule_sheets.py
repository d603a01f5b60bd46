"""The rules as a workbook through the door: taken home, changed, brought back; refused whole; a row frozen in need."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import grpc
import pytest
from openpyxl import load_workbook
from zhengfeng.accountability.v1 import rules_pb2

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import APPROVER, AUTHOR, DECIDER, RULES_REVIEWER, Scene
from tests.service.accountability.test_rules_into_force import approval, draft, listed, review


def in_force(scene: Scene, label: str = "2024") -> rules_pb2.RuleVersion:
    return next(one for one in listed(scene) if one.label == label)


def exported(scene: Scene, version: rules_pb2.RuleVersion, as_: Any = AUTHOR) -> rules_pb2.ExportRulesResponse:
    answer: rules_pb2.ExportRulesResponse = scene.door.call(
        scene.rules.ExportRules, rules_pb2.ExportRulesRequest(rule_version_id=version.id), as_
    )
    return answer


def edited(content: bytes, *cells: tuple[str, str, Any]) -> bytes:
    book = load_workbook(BytesIO(content))
    for sheet, address, value in cells:
        book[sheet][address] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def imported(content: bytes) -> rules_pb2.ImportRulesRequest:
    return rules_pb2.ImportRulesRequest(workbook=content)


def freezing(version: rules_pb2.RuleVersion, row: str = "QH-06-1") -> rules_pb2.FreezeRowRequest:
    which = {"rule_version_id": version.id, "expected_version": version.version}
    return rules_pb2.FreezeRowRequest(**which, row=row, reason="执行中被误用，先行停用")


def test_a_version_is_taken_home_changed_and_brought_back_as_a_draft(scene: Scene) -> None:
    version = in_force(scene)
    answer = exported(scene, version)
    assert answer.file_name.endswith("-2024.xlsx")
    assert answer.pack_text == (s.PACKS / "qinghe-conduct.toml").read_text(encoding="utf-8")
    changed = edited(answer.workbook, ("制度", "F2", "2027"), ("制度", "G2", "2027-01-01"), ("规则", "C2", "改过的一行"))
    made = scene.door.call(scene.rules.ImportRules, imported(changed), AUTHOR).rule_version
    assert (made.state, made.label, made.valid_from) == (rules_pb2.RULE_VERSION_STATE_DRAFT, "2027", "2027-01-01")
    request = rules_pb2.CompareVersionsRequest(before_id=version.id, after_id=made.id)
    (change,) = scene.door.call(scene.rules.CompareVersions, request, APPROVER).changes
    assert tuple(change.cells) == ("title_zh",)


def test_a_workbook_brought_back_unchanged_is_known(scene: Scene) -> None:
    content = exported(scene, in_force(scene)).workbook
    refused = scene.door.refused(scene.rules.ImportRules, imported(content), AUTHOR)
    assert refused.reason == "RULE_VERSION_EXISTS"


def test_a_faulty_workbook_is_refused_whole_and_every_fault_has_its_cell(scene: Scene) -> None:
    content = edited(exported(scene, in_force(scene)).workbook, ("规则", "H2", "科长"), ("规则", "C3", "=A1"))
    refused = scene.door.refused(scene.rules.ImportRules, imported(content), AUTHOR)
    assert refused.reason == "RULE_PACK_FAULTY"
    assert "规则!H2" in refused.sentence and "规则!C3" in refused.sentence
    assert {one.label for one in listed(scene)} == s.LABELS
    answer = scene.door.call(scene.rules.LintRules, rules_pb2.LintRulesRequest(workbook=content), AUTHOR)
    faults = [(one.sheet, one.sheet_row, one.cell, one.reason, one.error) for one in answer.faults]
    assert faults == [("规则", 2, "H2", "UNKNOWN_WORD", True), ("规则", 3, "C3", "CELL_IS_A_FORMULA", True)]
    assert answer.count == 2 and all(one.text_zh and one.text_en for one in answer.faults)


def test_warnings_of_a_workbook_have_their_cells(scene: Scene) -> None:
    content = edited(exported(scene, in_force(scene, "2020")).workbook, ("规则", "X2", "未经核实"))
    answer = scene.door.call(scene.rules.LintRules, rules_pb2.LintRulesRequest(workbook=content), AUTHOR)
    told = [(one.reason, one.sheet, one.cell, one.error) for one in answer.faults]
    assert told == [("UNVERIFIED_ROW_IS_ON", "规则", "X2", False)]


@pytest.mark.parametrize("content", [b"", b"no workbook"])
def test_what_is_no_workbook_is_refused_and_described(scene: Scene, content: bytes) -> None:
    assert scene.door.refused(scene.rules.ImportRules, imported(content), AUTHOR).reason == "WORKBOOK_UNREADABLE"
    answer = scene.door.call(scene.rules.LintRules, rules_pb2.LintRulesRequest(workbook=content), AUTHOR)
    assert [one.reason for one in answer.faults] == ["WORKBOOK_UNREADABLE"]


def test_a_table_that_contradicts_its_own_examples_is_not_imported(scene: Scene) -> None:
    text = (s.PACKS / "qinghe-conduct.toml").read_text(encoding="utf-8").replace('label = "2024"', 'label = "2027"')
    wrong = text.replace('says = { fires = ["QH-', "says = { fires = [], offers = [], at_least = 0 } #", 1)
    request = rules_pb2.ImportRulesRequest(pack_text=wrong)
    refused = scene.door.refused(scene.rules.ImportRules, request, AUTHOR)
    assert refused.reason == "RULE_PACK_FAULTY" and "GOLDEN_DISAGREES" in refused.sentence


def test_a_frozen_row_is_a_version_of_its_own_and_holds_at_once_when_three_people_agree(scene: Scene) -> None:
    version = in_force(scene)
    frozen = scene.door.call(scene.rules.FreezeRow, freezing(version), AUTHOR).rule_version
    assert (frozen.state, frozen.valid_from) == (rules_pb2.RULE_VERSION_STATE_IN_REVIEW, "2026-11-16")
    read = scene.door.call(
        scene.rules.GetRuleVersion, rules_pb2.GetRuleVersionRequest(rule_version_id=frozen.id), APPROVER
    ).rule_version
    assert {row.id: row.off for row in read.rows if "停用" in row.off} == {"QH-06-1": "执行中被误用，先行停用"}
    assert all(case.kept for case in read.golden_cases)
    same = caller("reviewer", "approver", jurisdiction=s.CITY, subject=AUTHOR.subject)
    assert scene.door.refused(scene.rules.ReviewRules, review(frozen), same).reason == "FOUR_EYES"
    passed = scene.door.call(scene.rules.ReviewRules, review(frozen), RULES_REVIEWER).rule_version
    approved = scene.door.call(scene.rules.ApproveRules, approval(passed), APPROVER).rule_version
    assert approved.state == rules_pb2.RULE_VERSION_STATE_IN_FORCE
    assert in_force(scene).valid_to == "2026-11-16"


def test_a_freeze_keeps_the_day_a_later_version_takes_over(scene: Scene) -> None:
    text = (s.PACKS / "qinghe-conduct.toml").read_text(encoding="utf-8")
    scene.put_in_force(text.replace("2024-03-01", "2027-01-01").replace('label = "2024"', 'label = "2027"'))
    frozen = scene.door.call(scene.rules.FreezeRow, freezing(in_force(scene)), AUTHOR).rule_version
    assert frozen.valid_to == "2027-01-01"


def test_only_a_row_of_a_version_in_force_can_be_frozen(scene: Scene) -> None:
    version = in_force(scene)
    assert scene.door.refused(scene.rules.FreezeRow, freezing(version, "QH-99"), AUTHOR).reason == "ROW_NOT_FOUND"
    assert scene.door.refused(scene.rules.FreezeRow, freezing(version, "QH-21-1"), AUTHOR).reason == "ROW_IS_OFF"
    not_yet = freezing(draft(scene))
    assert scene.door.refused(scene.rules.FreezeRow, not_yet, AUTHOR).reason == "RULE_VERSION_STATE"
    assert scene.door.refused(scene.rules.FreezeRow, freezing(version), DECIDER).code == grpc.StatusCode.PERMISSION_DENIED


def test_a_row_is_not_frozen_twice_on_one_day(scene: Scene) -> None:
    frozen = scene.door.call(scene.rules.FreezeRow, freezing(in_force(scene)), AUTHOR).rule_version
    passed = scene.door.call(scene.rules.ReviewRules, review(frozen), RULES_REVIEWER).rule_version
    approved = scene.door.call(scene.rules.ApproveRules, approval(passed), APPROVER).rule_version
    again = freezing(approved, "QH-06-2")
    assert scene.door.refused(scene.rules.FreezeRow, again, AUTHOR).reason == "SAME_FIRST_DAY"
    scene.door.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert scene.door.call(scene.rules.FreezeRow, again, AUTHOR).rule_version.valid_from == "2026-11-17"
