"""The back-test: a draft is tried on the closed cases before it judges anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import aftermath_pb2, backtest_pb2, backtest_pb2_grpc, case_pb2, decisions_pb2, rules_pb2

from chassis.auth import Caller
from services.accountability.usecases import backtest as usecase
from tests.doors import caller
from tests.service.accountability.scene import APPROVER, AUTHOR, CLERK, DECIDER, DEPUTY, OFFICE, PACKS, SECTION_HEAD, Scene

LOCAL = (PACKS / "qinghe-conduct.toml").read_text(encoding="utf-8").partition("\n# -- golden cases")[0]
ROW = 'id = "QH-06-2"'


def closed(scene: Scene, official: str = CLERK) -> case_pb2.Case:
    """Ordinary slow handling by somebody, decided, executed, and the file closed."""
    scene.door.hear(scene.closed_complaint(official, official_ids=[official]))
    (clue,) = [case for case in scene.listed() if case.state == case_pb2.CASE_STATE_CLUE]
    case = scene.with_fact(scene.assigned(scene.filed_from(clue)))
    case, proposal = scene.proposed(scene.heard(scene.reviewed(case)))
    chosen = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=["written_self_criticism"])]
    told = {"proposal_id": proposal.id, "choices": chosen}
    case = scene.served(scene.act(case, scene.decisions.Decide, decisions_pb2.DecideRequest, DECIDER, **told))
    executed = {"party_id": case.parties[0].id, "note": "已执行"}
    case = scene.act(case, scene.aftermath.Execute, aftermath_pb2.ExecuteRequest, OFFICE, **executed)
    scene.door.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]
    return scene.act(case, scene.aftermath.CloseCase, aftermath_pb2.CloseCaseRequest, OFFICE)


def draft(scene: Scene, label: str, before: str, after: str) -> rules_pb2.RuleVersion:
    """The shipped rules of the city with one thing changed, as a draft."""
    head, row, rest = LOCAL.replace('label = "2024"', f'label = "{label}"').partition(ROW)
    assert before in rest
    text = head + row + rest.replace(before, after, 1)
    return scene.door.call(scene.rules.ImportRules, rules_pb2.ImportRulesRequest(pack_text=text), AUTHOR).rule_version


def back_test(scene: Scene, version: str, after: str = "", as_: Caller = AUTHOR) -> list[backtest_pb2.BackTestResponse]:
    request = backtest_pb2.BackTestRequest(rule_version_id=version, after_case_id=after)
    return list(scene.door.call(scene.door.stub(backtest_pb2_grpc.BackTestServiceStub).BackTest, request, as_))


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ('zh = "履职不力', 'zh = "改写：履职不力', backtest_pb2.BACK_TEST_VERDICT_SAME),
        ('"efficiency_caution"]', '"efficiency_caution", "admonition_talk"]', backtest_pb2.BACK_TEST_VERDICT_HEAVIER),
        (', "efficiency_caution"]', "]", backtest_pb2.BACK_TEST_VERDICT_LIGHTER),
        ('role = ["direct"]', 'role = ["unit"]', backtest_pb2.BACK_TEST_VERDICT_NOT_COVERED),
    ],
)
def test_a_draft_is_heavier_lighter_the_same_or_does_not_cover_a_closed_case(
    scene: Scene, before: str, after: str, verdict: backtest_pb2.BackTestVerdict.ValueType
) -> None:
    case = closed(scene)

    (report,) = back_test(scene, draft(scene, "draft", before, after).id)

    assert (report.done, report.total, report.last_case_id) == (1, 1, case.id)
    assert {count.verdict: count.parties for count in report.counts} == {verdict: 1}
    told = [(one.case_number, list(one.rows_before)) for one in report.differences]
    same = verdict == backtest_pb2.BACK_TEST_VERDICT_SAME
    assert told == ([] if same else [(case.number, ["QH-06-2"])])


def test_who_fares_the_same_is_listed_when_asked_for(scene: Scene) -> None:
    case = closed(scene)
    version = draft(scene, "draft", 'zh = "履职不力', 'zh = "改写：履职不力')
    request = backtest_pb2.BackTestRequest(rule_version_id=version.id, list_same=True)

    (report,) = scene.door.call(scene.door.stub(backtest_pb2_grpc.BackTestServiceStub).BackTest, request, AUTHOR)

    (same,) = report.differences
    assert (same.case_number, same.verdict) == (case.number, backtest_pb2.BACK_TEST_VERDICT_SAME)


def test_a_back_test_goes_on_where_it_stopped(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usecase, "CASES_A_REPORT", 1)
    cases = sorted(closed(scene, official).id for official in (CLERK, SECTION_HEAD, DEPUTY))
    version = draft(scene, "draft", '"efficiency_caution"]', '"efficiency_caution", "admonition_talk"]').id

    whole = back_test(scene, version)
    rest = back_test(scene, version, after=whole[0].last_case_id)

    assert [report.last_case_id for report in whole[:3]] == cases
    assert [report.done for report in rest] == [2, 3, 3]
    assert [one.case_id for report in rest for one in report.differences] == cases[1:]


def test_a_back_test_sees_only_cases_of_ones_own_jurisdiction(scene: Scene) -> None:
    closed(scene)
    version = draft(scene, "draft", '"efficiency_caution"]', '"efficiency_caution", "admonition_talk"]')
    elsewhere = caller("reviewer", jurisdiction="/qinghe/donghe")

    assert [(report.done, report.total) for report in back_test(scene, version.id, as_=elsewhere)] == [(0, 0)]


def test_nobody_but_those_who_make_rules_may_try_them(scene: Scene) -> None:
    version = draft(scene, "draft", '"efficiency_caution"]', '"efficiency_caution", "admonition_talk"]')
    request = backtest_pb2.BackTestRequest(rule_version_id=version.id)
    stub = scene.door.stub(backtest_pb2_grpc.BackTestServiceStub)

    def whole(request: backtest_pb2.BackTestRequest, **call: Any) -> list[backtest_pb2.BackTestResponse]:
        return list(stub.BackTest(request, **call))

    assert scene.door.refused(whole, request, OFFICE).reason == "ROLE_NOT_ALLOWED"
    assert (
        scene.door.refused(whole, request, caller("approver", jurisdiction="/elsewhere")).reason == "RULE_VERSION_NOT_FOUND"
    )
    nowhere = backtest_pb2.BackTestRequest(rule_version_id=version.id, after_case_id="not-a-case")
    assert scene.door.refused(whole, nowhere, APPROVER).reason == "CASE_NOT_FOUND"
