"""Suspension of duties while a case is pending, cases joined, honest error tolerated, people who may not take part."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import (
    case_pb2,
    cases_pb2,
    effects_pb2,
    endings_pb2,
    endings_pb2_grpc,
    events_pb2,
    suspensions_pb2,
    suspensions_pb2_grpc,
)

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, FIRST, OFFICE, PERSONNEL, Scene

PENDING_BARS = {"exit", "resignation", "transfer", "promotion", "award", "retirement"}


# -- suspension (政务处分法 article 52) -------------------------------------------------------------------------------


def suspensions(scene: Scene) -> Any:
    return scene.door.stub(suspensions_pb2_grpc.SuspensionsServiceStub)


def suspension(case: case_pb2.Case, **more: Any) -> suspensions_pb2.SuspendRequest:
    usual: dict[str, Any] = {"organ": "cadre_management", "starts_on": "2026-11-16", "document_number": "清组〔2026〕4号"}
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "party_id": case.parties[0].id}
    return suspensions_pb2.SuspendRequest(**{**which, "reason": "不宜继续履行职责", **usual, **more})


def suspended(scene: Scene) -> tuple[case_pb2.Case, suspensions_pb2.Suspension]:
    case = scene.filed()
    found = scene.door.call(suspensions(scene).Suspend, suspension(case), OFFICE).suspension
    return scene.get(case.id), found


def barred(scene: Scene, day: str) -> dict[str, str]:
    request = effects_pb2.BarsOnRequest(official_id=s.CLERK, on=day)
    found = scene.door.call(scene.effects.BarsOn, request, PERSONNEL).bars
    return {one.bar: one.because for one in found}


def test_a_suspension_that_is_lifted_leaves_what_the_pending_case_bars(scene: Scene) -> None:
    case, found = suspended(scene)
    assert set(barred(scene, "2026-11-16")) == PENDING_BARS
    assert set(barred(scene, "2026-11-20").values()) == {"case_pending"}
    assert barred(scene, "2026-11-15") == {}
    request = effects_pb2.BarsOnRequest(official_id=s.CLERK, on="2026-11-16")
    bar = scene.door.call(scene.effects.BarsOn, request, PERSONNEL).bars[0]
    assert (bar.case_number, "第五十二条" in bar.source) == (case.number, True)
    scene.door.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    lift = suspensions_pb2.LiftSuspensionRequest(
        suspension_id=found.id, expected_version=1, ended_on="2026-11-19", reason="查清后恢复履职"
    )
    assert scene.door.call(suspensions(scene).LiftSuspension, lift, OFFICE).suspension.ended_on == "2026-11-19"
    assert (len(barred(scene, "2026-11-18")), len(barred(scene, "2026-11-19"))) == (6, 6)
    lift.expected_version = 2
    assert scene.door.refused(suspensions(scene).LiftSuspension, lift, OFFICE).reason == "SUSPENSION_LIFTED"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"organ": "employer"}, "NOT_COMPETENT"),
        ({"organ": "line:tax"}, "NOT_COMPETENT"),
        ({"starts_on": "2026-11-17"}, "FUTURE_DAY"),
        ({"starts_on": "2026-11-15"}, "SUSPENSION_BEFORE_FILING"),
        ({"party_id": s.fixed_id("nobody")}, "PARTY_NOT_FOUND"),
    ],
)
def test_only_the_competent_organ_suspends_and_only_while_the_case_is_pending(
    scene: Scene, more: dict[str, str], reason: str
) -> None:
    case = scene.filed()
    assert scene.door.refused(suspensions(scene).Suspend, suspension(case, **more), OFFICE).reason == reason


def test_a_clue_suspends_nobody_and_nobody_is_suspended_twice(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    assert scene.door.refused(suspensions(scene).Suspend, suspension(clue), OFFICE).reason == "CASE_STATE"
    case = scene.filed_from(clue)
    scene.door.call(suspensions(scene).Suspend, suspension(case), OFFICE)
    again = suspension(scene.get(case.id))
    assert scene.door.refused(suspensions(scene).Suspend, again, OFFICE).reason == "ALREADY_SUSPENDED"


def test_somebody_managed_from_above_is_suspended_by_the_own_line(scene: Scene) -> None:
    case = scene.filed(official_ids=[s.TAX_CLERK])
    refused = scene.door.refused(suspensions(scene).Suspend, suspension(case), OFFICE)
    assert (refused.reason, "停职" in refused.sentence, "suspension" in refused.sentence) == ("NOT_COMPETENT", False, True)
    found = scene.door.call(suspensions(scene).Suspend, suspension(case, organ="line:tax"), OFFICE).suspension
    assert found.organ == "line:tax"


def test_a_case_that_is_dropped_suspends_nobody_any_more(scene: Scene) -> None:
    case, _found = suspended(scene)
    request = cases_pb2.DropCaseRequest(
        case_id=case.id, expected_version=case.version, ending=cases_pb2.ENDING_DROPPED, reason="查无实据"
    )
    scene.door.call(scene.cases.DropCase, request, DECIDER)
    listed = suspensions_pb2.ListSuspensionsRequest(case_id=case.id)
    (found,) = scene.door.call(suspensions(scene).ListSuspensions, listed, OFFICE).suspensions
    assert (found.ended_on, barred(scene, "2026-11-16")) == ("2026-11-16", {})


# -- joining ----------------------------------------------------------------------------------------------------------


def two(scene: Scene) -> tuple[case_pb2.Case, case_pb2.Case]:
    """Two clues about one matter that nobody could see were one."""
    scene.door.hear(scene.closed_complaint("one"))
    scene.door.hear(scene.closed_complaint("other", misconduct=["rude"], official_ids=[s.SECTION_HEAD]))
    one = scene.listed(origin_subject_id=s.fixed_id("one"))[0]
    return scene.get(one.id), scene.get(scene.listed(origin_subject_id=s.fixed_id("other"))[0].id)


def joining(case: case_pb2.Case, into: str) -> cases_pb2.JoinCasesRequest:
    return cases_pb2.JoinCasesRequest(
        case_id=case.id, expected_version=case.version, into_case_id=into, reason="同一窗口、同一天"
    )


def acts(scene: Scene, case_id: str) -> list[str]:
    request = cases_pb2.ListTimelineRequest(case_id=case_id)
    return [one.act for one in scene.door.call(scene.cases.ListTimeline, request, OFFICE).entries]


def test_a_joined_case_brings_its_origins_and_people_and_both_timelines_say_so(scene: Scene) -> None:
    one, other = two(scene)
    goes_on = scene.door.call(scene.cases.JoinCases, joining(other, one.id), OFFICE).case
    assert [origin.number for origin in goes_on.origins] == ["投诉〔2026〕one", "投诉〔2026〕other"]
    assert [party.official_id for party in goes_on.parties] == [s.CLERK, s.SECTION_HEAD]
    joined = scene.get(other.id)
    assert (joined.state, joined.joined_into_id) == (case_pb2.CASE_STATE_JOINED, one.id)
    assert list(joined.next_states) == [case_pb2.CASE_STATE_ARCHIVED]
    assert (acts(scene, one.id)[-1], acts(scene, other.id)[-1]) == ("took_in", "joined_into")


def test_what_is_decided_is_told_once_with_every_origin(scene: Scene) -> None:
    one, other = two(scene)
    goes_on = scene.door.call(scene.cases.JoinCases, joining(other, one.id), OFFICE).case
    drop = cases_pb2.DropCaseRequest(
        case_id=one.id, expected_version=goes_on.version, ending=cases_pb2.ENDING_DROPPED, reason="均不属实"
    )
    scene.door.call(scene.cases.DropCase, drop, OFFICE)
    (told,) = scene.door.announced(events_pb2.Decided)
    assert [origin.number for origin in told.decided.origins] == ["投诉〔2026〕one", "投诉〔2026〕other"]
    scene.door.hear(scene.closed_complaint("other", misconduct=["rude"], official_ids=[s.SECTION_HEAD]))
    assert len(scene.listed()) == 2


def test_what_joins_is_not_filed_and_what_it_joins_is_still_looked_into(scene: Scene) -> None:
    one, other = two(scene)
    assert scene.door.refused(scene.cases.JoinCases, joining(one, one.id), OFFICE).reason == "JOINED_INTO_ITSELF"
    filed = scene.filed_from(other)
    assert scene.door.refused(scene.cases.JoinCases, joining(filed, one.id), OFFICE).reason == "CASE_STATE"
    assert scene.door.call(scene.cases.JoinCases, joining(one, other.id), OFFICE).case.id == other.id
    again = scene.get(one.id)
    assert scene.door.refused(scene.cases.JoinCases, joining(again, other.id), OFFICE).reason == "CASE_STATE"


def test_cases_of_different_jurisdictions_are_not_joined(scene: Scene) -> None:
    one, _other = two(scene)
    elsewhere = scene.closed_complaint("elsewhere", misconduct=["absent"])
    elsewhere.jurisdiction_path = "/qinghe/donghe"
    scene.door.hear(elsewhere)
    there = scene.listed(origin_subject_id=s.fixed_id("elsewhere"))[0]
    refused = scene.door.refused(scene.cases.JoinCases, joining(there, one.id), OFFICE)
    assert refused.reason == "JOIN_ACROSS_JURISDICTIONS"


# -- honest error -----------------------------------------------------------------------------------------------------


def endings(scene: Scene) -> Any:
    return scene.door.stub(endings_pb2_grpc.EndingsServiceStub)


def toleration(scene: Scene, case: case_pb2.Case, unmet: str = "") -> endings_pb2.TolerateCaseRequest:
    asked = endings_pb2.GetToleranceChecksRequest(case_id=case.id)
    checks = scene.door.call(endings(scene).GetToleranceChecks, asked, DECIDER).checks
    answers = [endings_pb2.CheckAnswer(key=one.key, met=one.key != unmet, finding=f"已核：{one.text_zh}") for one in checks]
    return endings_pb2.TolerateCaseRequest(
        case_id=case.id, expected_version=case.version, reason="先行先试，无私利", checks=answers
    )


def test_an_honest_error_is_tolerated_by_a_decider_who_answered_every_check(scene: Scene) -> None:
    case = scene.filed()
    request = toleration(scene, case)
    assert len(request.checks) >= 4
    tolerated = scene.door.call(endings(scene).TolerateCase, request, DECIDER).case
    assert tolerated.state == case_pb2.CASE_STATE_TOLERATED
    found = {one.key: one.finding for one in scene.get(case.id).tolerance}
    assert found["no_private_gain"].startswith("已核：")
    (told,) = scene.door.announced(events_pb2.Decided)
    assert told.decided.outcome == "tolerated"


def test_a_check_that_fails_or_is_left_out_tolerates_nothing(scene: Scene) -> None:
    case = scene.filed()
    unmet = toleration(scene, case, unmet="no_private_gain")
    assert scene.door.refused(endings(scene).TolerateCase, unmet, DECIDER).reason == "CHECK_NOT_MET"
    short = toleration(scene, case)
    del short.checks[0]
    assert scene.door.refused(endings(scene).TolerateCase, short, DECIDER).reason == "CHECKS_INCOMPLETE"
    twice = toleration(scene, case)
    twice.checks[1].CopyFrom(twice.checks[0])
    assert scene.door.refused(endings(scene).TolerateCase, twice, DECIDER).reason == "CHECKS_INCOMPLETE"


def test_the_investigator_does_not_tolerate_nor_does_a_party_nor_the_office(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    request = toleration(scene, case)
    both = caller("investigator", "decider", jurisdiction=s.CITY, subject=FIRST.subject)
    assert scene.door.refused(endings(scene).TolerateCase, request, both).reason == "FOUR_EYES"
    party = caller("decider", jurisdiction=s.CITY, official_id=s.CLERK, subject="party")
    assert scene.door.refused(endings(scene).TolerateCase, request, party).reason == "RECUSED"
    assert scene.door.refused(endings(scene).TolerateCase, request, OFFICE).reason == "ROLE_NOT_ALLOWED"


def test_a_clue_is_not_tolerated_before_it_is_verified(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    refused = scene.door.refused(endings(scene).TolerateCase, toleration(scene, clue), DECIDER)
    assert refused.reason == "ENDING_TOO_EARLY"
