"""What article 52 of 政务处分法 bars from filing on, suspended or not; who no longer stays suspended, and from when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.accountability.v1 import case_pb2, cases_pb2, decisions_pb2, effects_pb2, investigation_pb2, suspensions_pb2

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, FIRST, OFFICE, PERSONNEL, Scene
from tests.service.accountability.test_other_organs_and_appeals import transfer
from tests.service.accountability.test_while_a_case_is_pending import PENDING_BARS, suspended, suspension, suspensions


def bars(scene: Scene, day: str, official: str = s.CLERK, as_: Any = PERSONNEL) -> list[effects_pb2.Bar]:
    request = effects_pb2.BarsOnRequest(official_id=official, on=day)
    return list(scene.door.call(scene.effects.BarsOn, request, as_).bars)


def barred(scene: Scene, day: str, official: str = s.CLERK) -> list[str]:
    """What the pending case bars, each as often as it is said."""
    return sorted(one.bar for one in bars(scene, day, official) if one.because == "case_pending")


def pass_days(scene: Scene, days: int) -> None:
    scene.door.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]


def test_from_filing_on_nothing_changes_for_anybody_under_investigation(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    assert bars(scene, "2026-11-16") == []
    pass_days(scene, 2)
    case = scene.filed_from(clue)
    assert bars(scene, "2026-11-17") == []
    found = bars(scene, "2026-11-18")
    assert sorted(one.bar for one in found) == sorted(PENDING_BARS)
    assert {(one.because, one.case_number, one.since, one.until) for one in found} == {
        ("case_pending", case.number, "2026-11-18", "")
    }
    assert all("第五十二条" in one.source for one in found)
    assert bars(scene, "2026-11-18", as_=caller("personnel", jurisdiction="/qinghe/donghe")) == []


def test_somebody_suspended_is_told_each_bar_once(scene: Scene) -> None:
    suspended(scene)
    assert barred(scene, "2026-11-16") == sorted(PENDING_BARS)


def test_after_the_decision_the_case_bars_no_more_and_what_it_barred_stays_known(scene: Scene) -> None:
    case, proposal = scene.ready()
    pass_days(scene, 4)
    assert barred(scene, "2026-11-20") == sorted(PENDING_BARS)
    decide(scene, case, proposal)
    assert barred(scene, "2026-11-20") == []
    assert barred(scene, "2026-11-19") == sorted(PENDING_BARS)
    assert {one.until for one in bars(scene, "2026-11-19")} == {"2026-11-20"}


def test_a_case_that_ended_without_a_consequence_bars_no_more(scene: Scene) -> None:
    case = scene.filed()
    pass_days(scene, 1)
    more = {"ending": cases_pb2.ENDING_DROPPED, "reason": "查无实据"}
    scene.act(case, scene.cases.DropCase, cases_pb2.DropCaseRequest, DECIDER, **more)
    assert (barred(scene, "2026-11-17"), len(barred(scene, "2026-11-16"))) == ([], 6)


def test_who_is_released_is_free(scene: Scene) -> None:
    case = with_section_head(scene, scene.assigned(scene.filed()))
    assert len(barred(scene, "2026-11-16", s.SECTION_HEAD)) == 6
    release(scene, case, s.SECTION_HEAD)
    assert (barred(scene, "2026-11-16", s.SECTION_HEAD), len(barred(scene, "2026-11-16"))) == ([], 6)


def with_section_head(scene: Scene, case: case_pb2.Case) -> case_pb2.Case:
    request = investigation_pb2.AddPartyRequest
    return scene.act(case, scene.investigation.AddParty, request, FIRST, official_id=s.SECTION_HEAD)


def release(scene: Scene, case: case_pb2.Case, official: str) -> case_pb2.Case:
    (party_id,) = [one.id for one in case.parties if one.official_id == official]
    more = {"party_id": party_id, "reason": "与本案无关"}
    return scene.act(case, scene.investigation.ReleaseParty, investigation_pb2.ReleasePartyRequest, FIRST, **more)


def decide(scene: Scene, case: case_pb2.Case, proposal: Any) -> case_pb2.Case:
    choices = [{"party_id": case.parties[0].id, "measures": ["written_self_criticism"]}]
    request = decisions_pb2.DecideRequest
    return scene.act(case, scene.decisions.Decide, request, DECIDER, proposal_id=proposal.id, choices=choices)


# -- a suspension does not outlive what it is for ----------------------------------------------------------------------


def ends(scene: Scene, case: case_pb2.Case) -> list[str]:
    """The first days without the suspensions of a case, empty for one that lasts."""
    listed = suspensions_pb2.ListSuspensionsRequest(case_id=case.id)
    found = scene.door.call(suspensions(scene).ListSuspensions, listed, OFFICE).suspensions
    return [one.ended_on for one in found]


def test_a_decided_case_suspends_nobody_any_more(scene: Scene) -> None:
    case, proposal = scene.ready()
    scene.door.call(suspensions(scene).Suspend, suspension(case), OFFICE)
    pass_days(scene, 4)
    decide(scene, scene.get(case.id), proposal)
    assert (ends(scene, case), barred(scene, "2026-11-20")) == (["2026-11-20"], [])


def test_a_case_another_organ_decided_suspends_nobody_any_more(scene: Scene) -> None:
    case, proposal = scene.ready_about(s.TAX_CLERK)
    scene.door.call(suspensions(scene).Suspend, suspension(case, organ="line:tax"), OFFICE)
    sent = transfer(scene.get(case.id), proposal, "efficiency_caution")
    recommended = scene.door.call(scene.decisions.Transfer, sent, DECIDER).recommendation
    assert ends(scene, case) == [""]
    pass_days(scene, 4)
    told = decisions_pb2.RecordOutsideDecisionRequest(
        recommendation_id=recommended.id,
        expected_version=1,
        measures=["efficiency_caution"],
        decided_on="2026-11-20",
        document_number="税人〔2026〕3号",
    )
    scene.door.call(scene.decisions.RecordOutsideDecision, told, OFFICE)
    assert scene.get(case.id).state == case_pb2.CASE_STATE_DECIDED
    assert ends(scene, case) == ["2026-11-20"]


def test_who_is_released_is_suspended_no_more_and_the_others_still_are(scene: Scene) -> None:
    case = with_section_head(scene, scene.assigned(scene.filed()))
    for party in case.parties:
        request = suspension(scene.get(case.id), party_id=party.id)
        scene.door.call(suspensions(scene).Suspend, request, OFFICE)
    case = release(scene, scene.get(case.id), s.SECTION_HEAD)
    assert sorted(ends(scene, case)) == ["", "2026-11-16"]
