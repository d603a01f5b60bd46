"""Which facts open a case, which join one, and which ask about the leaders."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, events_pb2, investigation_pb2
from zhengfeng.common.v1 import origin_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.evaluation.v1 import events_pb2 as evaluation
from zhengfeng.supervision.v1 import events_pb2 as supervision

from tests.service.accountability import scene as s
from tests.service.accountability.scene import FIRST, OFFICE, REVIEWER, Scene


@pytest.mark.parametrize("conclusion", [complaints.CONCLUSION_NOT_ESTABLISHED, complaints.CONCLUSION_CANNOT_BE_VERIFIED])
def test_a_complaint_that_is_not_established_opens_nothing(scene: Scene, conclusion: Any) -> None:
    scene.door.hear(scene.closed_complaint(conclusion=conclusion))
    assert scene.listed() == []


def test_a_partly_established_one_does(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint(conclusion=complaints.CONCLUSION_PARTLY))
    assert len(scene.listed()) == 1


def test_the_same_fact_twice_is_one_case(scene: Scene) -> None:
    event = scene.closed_complaint()
    scene.door.hear(event)
    scene.door.hear(event)
    again = scene.closed_complaint()
    scene.door.hear(again)
    assert len(scene.listed()) == 1
    assert len(scene.door.announced(events_pb2.CaseOpened)) == 1


def test_another_complaint_about_the_same_person_and_conduct_joins_and_keeps_its_origin(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint("one"), scene.closed_complaint("two"))
    (case,) = scene.listed()
    assert [one.subject_id for one in case.origins] == [s.fixed_id("one"), s.fixed_id("two")]
    assert [found.id for found in scene.listed(origin_subject_id=s.fixed_id("two"))] == [case.id]


def test_a_complaint_about_something_else_is_a_case_of_its_own(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint("one"), scene.closed_complaint("two", misconduct=["rude"]))
    assert len(scene.listed()) == 2


def test_what_is_filed_already_takes_in_no_other_complaint(scene: Scene) -> None:
    scene.filed()
    scene.door.hear(scene.closed_complaint("two"))
    assert len(scene.listed()) == 2


def test_without_a_named_person_the_unit_answers(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint(official_ids=[]))
    (party,) = scene.listed()[0].parties
    assert (party.official_id, party.unit_path, party.subject_kind, party.role) == ("", s.SECTION, "unit", "unit")


def test_a_second_handling_brings_in_the_unit_head_and_the_deputy_in_charge(scene: Scene) -> None:
    """一案双查."""
    opened = complaints.SecondHandlingOpened(reason="不满意")
    event = scene.closed_complaint()
    event.second_handling_opened.CopyFrom(opened)
    scene.door.hear(event)
    (case,) = scene.listed()
    assert case.leader_question.asked and not case.leader_question.answered
    assert {(one.official_id, one.post, one.role) for one in case.parties if one.official_id} == {
        (s.HEAD, "unit_head", "main_leader"),
        (s.DEPUTY, "deputy_in_charge", "important_leader"),
    }


def test_closing_after_a_second_handling_asks_the_open_case_about_its_leaders(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    scene.door.hear(scene.closed_complaint(second_handling=True))
    (same,) = scene.listed()
    assert same.id == case.id
    assert list(same.leader_question.triggers) == ["second_handling"]


def test_no_review_passes_while_the_leader_question_is_open(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint(second_handling=True))
    (clue,) = scene.listed()
    case = scene.act(clue, scene.cases.VerifyClue, cases_pb2.VerifyClueRequest, OFFICE, note="核")
    case = scene.act(case, scene.cases.FileCase, cases_pb2.FileCaseRequest, OFFICE, finding="属实")
    case = scene.with_fact(scene.assigned(case))
    request = investigation_pb2.ReviewCaseRequest(
        case_id=case.id, expected_version=case.version, passed=True, opinion="同意"
    )
    refused = scene.door.refused(scene.investigation.ReviewCase, request, REVIEWER)
    assert refused.reason == "LEADER_QUESTION_OPEN"
    answered = scene.act(
        case,
        scene.investigation.AnswerLeaderQuestion,
        investigation_pb2.AnswerLeaderQuestionRequest,
        FIRST,
        reason="分管领导已三次书面督促并留痕",
    )
    assert answered.leader_question.answer == "分管领导已三次书面督促并留痕"
    assert {party.official_id for party in answered.parties if party.released} == {s.HEAD, s.DEPUTY}
    assert scene.reviewed(answered).state == case_pb2.CASE_STATE_REVIEWED


def test_an_undercover_finding_that_is_referred_asks_about_the_leaders_too(scene: Scene) -> None:
    referred = supervision.ReferredToAccountability(reason="逾期未整改", misconduct=["absence"], undercover=True)
    event = supervision.SupervisionEvent(
        subject_id=s.fixed_id("finding"), version=9, unit_path=s.SECTION, jurisdiction_path=s.CITY, referred=referred
    )
    scene.door.hear(event)
    (case,) = scene.listed()
    assert (case.origins[0].service, case.suspected_conduct) == ("supervision", "absent_from_post")
    assert list(case.leader_question.triggers) == ["undercover"]


def rated(**fact: Any) -> evaluation.EvaluationEvent:
    """What evaluation announces of an object of the section, once its result is final."""
    place = {"subject_id": s.fixed_id("object"), "version": 3, "unit_path": s.SECTION, "jurisdiction_path": s.CITY}
    return evaluation.EvaluationEvent(**place, number="评议〔2026〕1号", **fact)


def test_the_last_ranked_section_opens_a_clue_on_its_head(scene: Scene) -> None:
    last = evaluation.RankedLast(campaign_id=s.fixed_id("campaign"), score="61.2", kind="unit")
    scene.door.hear(rated(ranked_last=last))
    (case,) = scene.listed()
    (party,) = case.parties
    assert (case.suspected_conduct, party.official_id, party.post) == ("ranked_last", s.SECTION_HEAD, "section_head")


def test_an_official_rated_unsatisfied_answers_in_person(scene: Scene) -> None:
    poor = evaluation.RatedUnsatisfied(score="48", grade="unsatisfied", kind="official", official_id=s.CLERK)
    scene.door.hear(rated(rated_unsatisfied=poor))
    (case,) = scene.listed()
    assert [(one.official_id, one.unit_path) for one in case.parties] == [(s.CLERK, s.SECTION)]
    assert case.suspected_conduct == "rated_unsatisfied"


def test_a_leading_group_answers_by_its_head_and_a_district_opens_nothing_here(scene: Scene) -> None:
    scene.door.hear(rated(ranked_last=evaluation.RankedLast(score="60", kind="district")))
    assert scene.listed() == []
    scene.door.hear(rated(ranked_last=evaluation.RankedLast(score="60", kind="leading_group")))
    (case,) = scene.listed()
    assert case.parties[0].official_id == s.SECTION_HEAD


def test_the_office_opens_a_case_by_hand(scene: Scene) -> None:
    request = cases_pb2.OpenCaseRequest(
        origin=origin_pb2.Origin(service="superior", subject_id="transfer-7", number="交办〔2026〕7号"),
        unit_path=s.SECTION,
        suspected_conduct="buck_passing",
        official_ids=[s.CLERK],
        note="上级交办",
    )
    case = scene.door.call(scene.cases.OpenCase, request, OFFICE).case
    assert (case.jurisdiction_path, case.parties[0].official_id) == (s.CITY, s.CLERK)
    unknown = cases_pb2.OpenCaseRequest()
    unknown.CopyFrom(request)
    unknown.suspected_conduct = "no_such_conduct"
    assert scene.door.refused(scene.cases.OpenCase, unknown, OFFICE).reason == "UNKNOWN_CONDUCT"
    unknown.CopyFrom(request)
    unknown.unit_path = "/elsewhere/bureau"
    assert scene.door.refused(scene.cases.OpenCase, unknown, OFFICE).reason == "UNIT_NOT_KNOWN"
