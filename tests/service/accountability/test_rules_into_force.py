"""How a rule version comes into force: whole or not at all, by three people, bound to its bytes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import grpc
import pytest
from zhengfeng.accountability.v1 import case_pb2, decisions_pb2, rules_pb2

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import APPROVER, AUTHOR, DECIDER, OFFICE, RULES_REVIEWER, Scene

LOCAL = (s.PACKS / "qinghe-conduct.toml").read_text(encoding="utf-8")
NEXT_YEAR = LOCAL.replace("2024-03-01", "2027-01-01").replace('label = "2024"', 'label = "2027"')


def draft(scene: Scene, text: str = NEXT_YEAR) -> rules_pb2.RuleVersion:
    request = rules_pb2.ImportRulesRequest(pack_text=text)
    made: rules_pb2.RuleVersion = scene.door.call(scene.rules.ImportRules, request, AUTHOR).rule_version
    return made


def in_review(scene: Scene) -> rules_pb2.RuleVersion:
    made = draft(scene)
    request = rules_pb2.SubmitRulesRequest(rule_version_id=made.id, expected_version=made.version)
    submitted: rules_pb2.RuleVersion = scene.door.call(scene.rules.SubmitRules, request, AUTHOR).rule_version
    return submitted


def review(version: rules_pb2.RuleVersion, **changed: Any) -> rules_pb2.ReviewRulesRequest:
    usual = {"rule_version_id": version.id, "expected_version": version.version, "sha256": version.sha256}
    return rules_pb2.ReviewRulesRequest(**{**usual, "passed": True, "opinion": "无异议", **changed})


def approval(version: rules_pb2.RuleVersion, **changed: Any) -> rules_pb2.ApproveRulesRequest:
    usual = {"rule_version_id": version.id, "expected_version": version.version, "sha256": version.sha256}
    return rules_pb2.ApproveRulesRequest(**{**usual, **changed})


def test_a_faulty_pack_is_refused_whole_and_every_fault_is_named(scene: Scene) -> None:
    faulty = NEXT_YEAR.replace('severity = ["minor"]', 'severity = ["mild"]').replace('["section_head"]', '["boss"]')
    refused = scene.door.refused(scene.rules.ImportRules, rules_pb2.ImportRulesRequest(pack_text=faulty), AUTHOR)
    assert refused.reason == "RULE_PACK_FAULTY"
    assert "QH-06-1.severity" in refused.sentence and "QH-06-2.who_else" in refused.sentence
    labels = {one.label for one in listed(scene)}
    assert labels == s.LABELS


def test_lint_lists_every_fault_with_a_sentence_in_both_languages(scene: Scene) -> None:
    faulty = NEXT_YEAR.replace('severity = ["minor"]', 'severity = ["mild"]')
    answer = scene.door.call(scene.rules.LintRules, rules_pb2.LintRulesRequest(pack_text=faulty), AUTHOR)
    (fault,) = [one for one in answer.faults if one.row]
    assert (fault.row, fault.field, fault.reason, fault.error) == ("QH-06-1", "severity", "UNKNOWN_WORD", True)
    assert "mild" in fault.text_zh and "mild" in fault.text_en


def test_the_same_bytes_are_known(scene: Scene) -> None:
    request = rules_pb2.ImportRulesRequest(pack_text=LOCAL)
    assert scene.door.refused(scene.rules.ImportRules, request, AUTHOR).reason == "RULE_VERSION_EXISTS"


def test_whoever_wrote_it_neither_reviews_nor_approves_it(scene: Scene) -> None:
    version = in_review(scene)
    same = caller("reviewer", "approver", jurisdiction=s.CITY, subject=AUTHOR.subject)
    assert scene.door.refused(scene.rules.ReviewRules, review(version), same).reason == "FOUR_EYES"
    passed = scene.door.call(scene.rules.ReviewRules, review(version), RULES_REVIEWER).rule_version
    assert scene.door.refused(scene.rules.ApproveRules, approval(passed), same).reason == "FOUR_EYES"
    reviewer = caller("approver", jurisdiction=s.CITY, subject=RULES_REVIEWER.subject)
    assert scene.door.refused(scene.rules.ApproveRules, approval(passed), reviewer).reason == "FOUR_EYES"


def test_nothing_is_approved_before_a_review_passed_it(scene: Scene) -> None:
    version = in_review(scene)
    assert scene.door.refused(scene.rules.ApproveRules, approval(version), APPROVER).reason == "NOT_REVIEWED"


def test_approval_binds_to_the_bytes(scene: Scene) -> None:
    version = in_review(scene)
    passed = scene.door.call(scene.rules.ReviewRules, review(version), RULES_REVIEWER).rule_version
    other = approval(passed, sha256="0" * 64)
    assert scene.door.refused(scene.rules.ApproveRules, other, APPROVER).reason == "RULES_ALTERED"


def test_a_version_sent_back_is_a_draft_again(scene: Scene) -> None:
    version = in_review(scene)
    back = scene.door.call(scene.rules.ReviewRules, review(version, passed=False, opinion="第六条漏项"), RULES_REVIEWER)
    assert back.rule_version.state == rules_pb2.RULE_VERSION_STATE_DRAFT


def test_a_future_version_waits_for_its_first_day_and_ends_the_one_before(scene: Scene) -> None:
    version = in_review(scene)
    passed = scene.door.call(scene.rules.ReviewRules, review(version), RULES_REVIEWER).rule_version
    approved = scene.door.call(scene.rules.ApproveRules, approval(passed), APPROVER).rule_version
    assert approved.state == rules_pb2.RULE_VERSION_STATE_APPROVED
    before = next(one for one in listed(scene) if one.label == "2024")
    assert (before.state, before.valid_to) == (rules_pb2.RULE_VERSION_STATE_IN_FORCE, "2027-01-01")
    scene.door.clock.advance(timedelta(days=60))  # type: ignore[attr-defined]
    scene.door.run_timer("rules")
    states = {one.label: one.state for one in listed(scene)}
    assert states["2027"] == rules_pb2.RULE_VERSION_STATE_IN_FORCE
    assert states["2024"] == rules_pb2.RULE_VERSION_STATE_RETIRED


def test_two_versions_do_not_begin_on_one_day(scene: Scene) -> None:
    made = draft(scene, LOCAL + "# 另一份文本\n")
    request = rules_pb2.SubmitRulesRequest(rule_version_id=made.id, expected_version=made.version)
    version = scene.door.call(scene.rules.SubmitRules, request, AUTHOR).rule_version
    passed = scene.door.call(scene.rules.ReviewRules, review(version), RULES_REVIEWER).rule_version
    assert scene.door.refused(scene.rules.ApproveRules, approval(passed), APPROVER).reason == "SAME_FIRST_DAY"


def test_comparing_two_versions_names_rows_and_cells(scene: Scene) -> None:
    both = 'choose = ["criticism_education", "written_self_criticism"]\nat_least = 1\nat_most = 2'
    changed = NEXT_YEAR.replace(both, 'choose = ["criticism_education"]\nat_least = 1\nat_most = 1')
    after = draft(scene, changed)
    before = next(one for one in listed(scene) if one.label == "2024")
    request = rules_pb2.CompareVersionsRequest(before_id=before.id, after_id=after.id)
    (change,) = scene.door.call(scene.rules.CompareVersions, request, APPROVER).changes
    assert (change.row, change.change, set(change.cells)) == ("QH-06-1", "changed", {"choose", "at_most"})


def test_altered_bytes_judge_nobody(scene: Scene) -> None:
    case = scene.heard(scene.reviewed(scene.with_fact(scene.assigned(scene.filed()))))
    table = scene.door.store.schema["rule_versions"]
    with scene.door.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(table.update().values(pack_text=table.c.pack_text + "\n"))
    request = decisions_pb2.ProposeRequest(case_id=case.id, expected_version=case.version)
    refused = scene.door.refused(scene.decisions.Propose, request, OFFICE)
    assert (refused.code, refused.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "RULES_ALTERED")
    assert scene.get(case.id).state == case_pb2.CASE_STATE_HEARD


def test_an_author_writes_no_rules_for_another_jurisdiction(scene: Scene) -> None:
    foreign = caller("rule_author", jurisdiction="/qinghe/donghe")
    request = rules_pb2.ImportRulesRequest(pack_text=NEXT_YEAR)
    assert scene.door.refused(scene.rules.ImportRules, request, foreign).reason == "FOREIGN_JURISDICTION"


def test_a_district_reads_the_rules_of_its_city_but_not_those_of_a_neighbour(scene: Scene) -> None:
    district = caller("decider", jurisdiction="/qinghe/donghe")
    assert {one.label for one in listed(scene, district)} == s.LABELS
    assert listed(scene, caller("decider", jurisdiction="/other")) == []


@pytest.mark.parametrize("role", ["clerk", "unit_head", "supervisor"])
def test_other_roles_keep_out(scene: Scene, role: str) -> None:
    request = rules_pb2.ImportRulesRequest(pack_text=NEXT_YEAR)
    stranger = caller(role, jurisdiction=s.CITY)
    assert scene.door.refused(scene.rules.ImportRules, request, stranger).code == grpc.StatusCode.PERMISSION_DENIED


def listed(scene: Scene, as_: Any = DECIDER) -> list[rules_pb2.RuleVersion]:
    return list(scene.door.call(scene.rules.ListRuleVersions, rules_pb2.ListRuleVersionsRequest(), as_).rule_versions)
