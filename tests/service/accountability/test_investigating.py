"""The investigation: two people who may not be involved, the role matrix, review by another, nothing said aggravates."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, decisions_pb2, events_pb2, investigation_pb2

from chassis.auth import Caller
from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, FIRST, OFFICE, REVIEWER, Scene

Trail = investigation_pb2.TrailEntry


def investigators(*people: tuple[str, str]) -> list[investigation_pb2.Investigator]:
    return [investigation_pb2.Investigator(account=account, official_id=official) for account, official in people]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (("first", s.INSPECTOR_A), "TWO_INVESTIGATORS"),
        (("second", s.INSPECTOR_A), "TWO_INVESTIGATORS"),
        (("second", s.CLERK), "RECUSED"),
        (("second", s.SECTION_HEAD), "RECUSED"),
        (("second", s.fixed_id("nobody")), "OFFICIAL_NOT_KNOWN"),
    ],
)
def test_two_people_investigate_who_are_neither_party_nor_colleague(
    scene: Scene, second: tuple[str, str], reason: str
) -> None:
    case = scene.filed()
    request = investigation_pb2.AssignInvestigatorsRequest(
        case_id=case.id,
        expected_version=case.version,
        investigators=investigators(("first", s.INSPECTOR_A), second),
    )
    assert scene.door.refused(scene.investigation.AssignInvestigators, request, OFFICE).reason == reason


def test_one_who_steps_back_is_replaced_and_may_not_return(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    request: dict[str, Any] = {
        "account": FIRST.subject,
        "ground": investigation_pb2.RECUSAL_GROUND_RELATIVE,
        "reason": "与当事人系近亲属",
        "substitute": investigators(("third", s.TAX_CLERK))[0],
    }
    recuse = scene.investigation.RecuseInvestigator
    case = scene.act(case, recuse, investigation_pb2.RecuseInvestigatorRequest, OFFICE, **request)
    assert set(case.investigators) == {"second", "third"}
    back = {**request, "account": "third", "substitute": investigators((FIRST.subject, s.INSPECTOR_A))[0]}
    again = investigation_pb2.RecuseInvestigatorRequest(case_id=case.id, expected_version=case.version, **back)
    assert scene.door.refused(recuse, again, OFFICE).reason == "RECUSED"


def test_nobody_else_records_facts(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    stranger = caller("investigator", jurisdiction=s.CITY, subject="stranger")
    assert scene.door.refused(scene.investigation.RecordFact, fact(case), stranger).reason == "NOT_AN_INVESTIGATOR"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"conduct": "no_such_conduct"}, "UNKNOWN_CONDUCT"),
        ({"mitigating": ["obstructs"]}, "UNKNOWN_CIRCUMSTANCE"),
        ({"aggravating": ["cooperates"]}, "UNKNOWN_CIRCUMSTANCE"),
        ({"conduct_day": "2026-11-17"}, "FUTURE_DAY"),
        ({"conduct_day": "2026-02-30"}, "NO_SUCH_DAY"),
        ({"party_id": s.fixed_id("nobody")}, "PARTY_NOT_FOUND"),
    ],
)
def test_a_fact_speaks_the_words_of_the_rules(scene: Scene, told: dict[str, Any], reason: str) -> None:
    case = scene.assigned(scene.filed())
    assert scene.door.refused(scene.investigation.RecordFact, fact(case, **told), FIRST).reason == reason


def test_what_was_found_in_words_is_sealed_in_the_database(scene: Scene) -> None:
    case = scene.with_fact(scene.assigned(scene.filed()), statement="张三在岗位上睡觉")
    assert case.parties[0].facts[0].statement == "张三在岗位上睡觉"
    with scene.door.store.engine.connect() as connection:
        for table in scene.door.store.schema.metadata.tables.values():
            for row in connection.execute(table.select()):
                assert "张三" not in str(row)
                assert "张三".encode() not in b"".join(value for value in row if isinstance(value, bytes))


@pytest.mark.parametrize(
    ("situation", "steps", "roles"),
    [
        ("proposal_wrong", "HANDLER REVIEWER APPROVER", "direct main_leader important_leader"),
        ("handler_alone", "HANDLER REVIEWER APPROVER", "direct none none"),
        ("reviewer_changed_right_opinion", "HANDLER REVIEWER APPROVER", "none direct main_leader"),
        ("reviewer_alone", "HANDLER REVIEWER", "none direct"),
        ("approver_alone", "HANDLER REVIEWER APPROVER", "none none direct"),
        ("ordered", "HANDLER ORDERED", "none direct"),
        ("superior_changed", "SUPERIOR_HEAD", "important_leader"),
        (
            "collective",
            "COLLECTIVE_DECIDER COLLECTIVE_IN_FAVOUR COLLECTIVE_DISSENT",
            "main_leader important_leader none",
        ),
    ],
)
def test_the_role_matrix(scene: Scene, situation: str, steps: str, roles: str) -> None:
    """Rulebook 1.4, one line a case."""
    case = scene.assigned(scene.filed())
    people = (s.CLERK, s.SECTION_HEAD, s.HEAD)
    entries = [
        Trail(official_id=person, step=investigation_pb2.TrailStep.Value(f"TRAIL_STEP_{step}"))
        for person, step in zip(people, steps.split(), strict=False)
    ]
    request = investigation_pb2.RecordTrailRequest
    done = scene.act(case, scene.investigation.RecordTrail, request, FIRST, situation=situation, entries=entries)
    bears = {party.official_id: party.role for party in done.parties if not party.released}
    wanted = {person: role for person, role in zip(people, roles.split(), strict=False) if role != "none"}
    assert {person: role for person, role in bears.items() if person in people[: len(entries)]} == wanted


def test_a_step_the_matrix_says_nothing_about_is_refused(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    entry = Trail(official_id=s.HEAD, step=investigation_pb2.TRAIL_STEP_ORDERED)
    request = investigation_pb2.RecordTrailRequest(
        case_id=case.id, expected_version=case.version, situation="reviewer_alone", entries=[entry]
    )
    assert scene.door.refused(scene.investigation.RecordTrail, request, FIRST).reason == "TRAIL_NOT_COVERED"


def test_who_investigated_does_not_review(scene: Scene) -> None:
    case = scene.with_fact(scene.assigned(scene.filed()))
    same = caller("reviewer", jurisdiction=s.CITY, subject=FIRST.subject)
    assert scene.door.refused(scene.investigation.ReviewCase, review(case), same).reason == "FOUR_EYES"


def test_a_party_without_facts_is_not_passed(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    assert scene.door.refused(scene.investigation.ReviewCase, review(case), REVIEWER).reason == "FACTS_MISSING"


def test_nothing_is_proposed_before_everybody_was_heard(scene: Scene) -> None:
    case = scene.reviewed(scene.with_fact(scene.assigned(scene.filed())))
    request = decisions_pb2.ProposeRequest(case_id=case.id, expected_version=case.version)
    assert scene.door.refused(scene.decisions.Propose, request, OFFICE).reason == "CASE_STATE"


def test_a_recusal_names_its_ground_and_the_file_keeps_what_a_person_said_and_what_became_of_it(scene: Scene) -> None:
    """政务处分法 articles 43, 47 and 48."""
    case = scene.assigned(scene.filed())
    substitute = investigation_pb2.Investigator(account="third", official_id=s.INSPECTOR_B)
    who: dict[str, Any] = {"account": "second", "substitute": substitute, "reason": "其妻为投诉人"}
    without = investigation_pb2.RecuseInvestigatorRequest(case_id=case.id, expected_version=case.version, **who)
    assert scene.door.refused(scene.investigation.RecuseInvestigator, without, OFFICE).reason == "REQUEST_INVALID"
    without.ground = investigation_pb2.RECUSAL_GROUND_RELATIVE
    scene.door.call(scene.investigation.RecuseInvestigator, without, OFFICE)
    case = scene.reviewed(scene.with_fact(scene.get(case.id)))
    said = {"party_id": case.parties[0].id, "statement": "当时系统故障。", "answer": "已核实，不成立。"}
    request = investigation_pb2.RecordHearingRequest
    case = scene.act(case, scene.investigation.RecordHearing, request, FIRST, **said)
    asked = cases_pb2.ListTimelineRequest(case_id=case.id)
    notes = {one.act: one.note for one in scene.door.call(scene.cases.ListTimeline, asked, OFFICE).entries}
    assert notes["recused"] == "relative: 其妻为投诉人"
    assert (notes["heard"], notes["hearing_answered"]) == ("当时系统故障。", "已核实，不成立。")


def test_a_filed_case_is_dropped_by_a_decider_only(scene: Scene) -> None:
    case = scene.filed()
    request = cases_pb2.DropCaseRequest(
        case_id=case.id, expected_version=case.version, ending=cases_pb2.ENDING_DROPPED, reason="事出有因，情节轻微"
    )
    assert scene.door.refused(scene.cases.DropCase, request, OFFICE).reason == "FILED_CASE_NEEDS_DECIDER"
    assert scene.door.call(scene.cases.DropCase, request, DECIDER).case.state == case_pb2.CASE_STATE_DROPPED
    told = scene.door.announced(events_pb2.Decided, events_pb2.CaseClosed)
    kinds = [(event.WhichOneof("fact"), event.decided.outcome) for event in told]
    assert kinds == [("decided", "dropped"), ("case_closed", "")]


def test_a_clue_is_not_cleared_before_it_was_verified(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    request = cases_pb2.DropCaseRequest(
        case_id=clue.id, expected_version=clue.version, ending=cases_pb2.ENDING_CLEARED, reason="诬告"
    )
    assert scene.door.refused(scene.cases.DropCase, request, OFFICE).reason == "ENDING_TOO_EARLY"


@pytest.mark.parametrize("who", [OFFICE, DECIDER, FIRST, REVIEWER], ids=lambda one: min(one.roles))
def test_a_case_of_another_jurisdiction_does_not_exist_for_them(scene: Scene, who: Caller) -> None:
    scene.door.hear(scene.closed_complaint())
    (case,) = scene.listed()
    foreign = caller(*who.roles, jurisdiction="/qinghe/donghe")
    refused = scene.door.refused(scene.cases.GetCase, cases_pb2.GetCaseRequest(case_id=case.id), foreign)
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND")
    assert scene.listed(foreign) == []


def test_a_stale_version_is_refused(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (case,) = scene.listed()
    request = cases_pb2.VerifyClueRequest(case_id=case.id, expected_version=case.version + 1, note="核")
    assert scene.door.refused(scene.cases.VerifyClue, request, OFFICE).reason == "STALE_VERSION"


def fact(case: case_pb2.Case, **told: Any) -> investigation_pb2.RecordFactRequest:
    usual = {
        "case_id": case.id,
        "expected_version": case.version,
        "party_id": case.parties[0].id,
        "conduct": "slow_handling",
        "conduct_day": "2026-10-09",
        "severity": case_pb2.SEVERITY_ORDINARY,
        "consequence": case_pb2.CONSEQUENCE_NONE,
        "statement": "超期",
    }
    return investigation_pb2.RecordFactRequest(**{**usual, **told})


def review(case: case_pb2.Case) -> investigation_pb2.ReviewCaseRequest:
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    return investigation_pb2.ReviewCaseRequest(**which, passed=True, opinion="同意")
