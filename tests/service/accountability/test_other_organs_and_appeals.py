"""What is not the office's to decide is recommended and its answer recorded; what was decided can be appealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    case_pb2,
    decisions_pb2,
    effects_pb2,
    events_pb2,
    investigation_pb2,
    proposal_pb2,
)

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import ANOTHER_DECIDER, DECIDER, OFFICE, Scene

HEAVIER = {"severity": case_pb2.SEVERITY_HEAVIER, "consequence": case_pb2.CONSEQUENCE_BAD_EFFECT}


def transfer(case: case_pb2.Case, proposal: Any, *measures: str, **more: Any) -> decisions_pb2.TransferRequest:
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=measures, **more)
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "proposal_id": proposal.id}
    return decisions_pb2.TransferRequest(**which, choice=choice)


def discussed(scene: Scene, case: case_pb2.Case) -> case_pb2.Case:
    said = {"held_on": "2026-11-16", "present": ["甲", "乙", "丙"], "minutes": "一致同意提出处分建议"}
    return scene.act(case, scene.decisions.RecordDiscussion, decisions_pb2.RecordDiscussionRequest, OFFICE, **said)


def recorded(scene: Scene, sent: proposal_pb2.Recommendation, *measures: str) -> proposal_pb2.Recommendation:
    request = decisions_pb2.RecordOutsideDecisionRequest(
        recommendation_id=sent.id,
        expected_version=sent.version,
        measures=measures,
        decided_on="2026-11-16",
        document_number="清监处〔2026〕2号",
    )
    done: proposal_pb2.Recommendation = scene.door.call(
        scene.decisions.RecordOutsideDecision, request, OFFICE
    ).recommendation
    return done


def test_a_sanction_is_transferred_only_after_a_collective_discussion(scene: Scene) -> None:
    case, proposal = scene.ready(**HEAVIER)
    refused = scene.door.refused(scene.decisions.Transfer, transfer(case, proposal, "demotion_in_grade"), DECIDER)
    assert refused.reason == "DISCUSSION_MISSING"
    case = discussed(scene, case)
    request = transfer(case, proposal, "demotion_in_grade")
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    assert (sent.organ, sent.way) == ("supervision_commission", proposal_pb2.WAY_TRANSFER)
    assert scene.get(case.id).state == case_pb2.CASE_STATE_TRANSFERRED


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        (["efficiency_caution"], "THE_OFFICE_DECIDES"),
        (["stood_down", "efficiency_caution"], "DIFFERENT_ORGANS"),
        (["relief_of_post"], "OUTSIDE_NEEDS_REASON"),
    ],
)
def test_a_recommendation_goes_to_one_competent_organ(scene: Scene, measures: list[str], reason: str) -> None:
    case, proposal = scene.ready(**HEAVIER)
    request = transfer(case, proposal, *measures)
    assert scene.door.refused(scene.decisions.Transfer, request, DECIDER).reason == reason


def test_one_measure_is_decided_here_and_one_recommended_and_its_decision_recorded(scene: Scene) -> None:
    case, proposal = scene.ready(**HEAVIER)
    sent = scene.door.call(scene.decisions.Transfer, transfer(case, proposal, "stood_down"), DECIDER).recommendation
    assert sent.organ == "cadre_management"
    case = scene.get(case.id)
    chosen = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["efficiency_caution", "no_commendation"])
    case = scene.act(
        case, scene.decisions.Decide, decisions_pb2.DecideRequest, DECIDER, proposal_id=proposal.id, choices=[chosen]
    )
    assert not case.parties[0].outside_range
    assert recorded(scene, sent, "stood_down").answered
    party = scene.get(case.id).parties[0]
    assert (list(party.measures), list(party.outside_measures)) == (
        ["efficiency_caution", "no_commendation"],
        ["stood_down"],
    )
    last = scene.door.announced(events_pb2.Decided)[-1]
    assert list(last.decided.parties[0].measures) == ["stood_down", "efficiency_caution", "no_commendation"]


def test_an_organ_that_answers_first_leaves_the_office_its_own_decision(scene: Scene) -> None:
    case, proposal = scene.ready(**HEAVIER)
    sent = scene.door.call(scene.decisions.Transfer, transfer(case, proposal, "stood_down"), DECIDER).recommendation
    recorded(scene, sent, "stood_down")
    case = scene.get(case.id)
    assert case.state == case_pb2.CASE_STATE_DECIDED
    chosen = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["efficiency_caution", "no_commendation"])
    case = scene.act(
        case, scene.decisions.Decide, decisions_pb2.DecideRequest, DECIDER, proposal_id=proposal.id, choices=[chosen]
    )
    assert set(case.parties[0].measures) == {"efficiency_caution", "no_commendation"}
    again = decisions_pb2.DecideRequest(
        case_id=case.id, expected_version=case.version, proposal_id=proposal.id, choices=[chosen]
    )
    assert scene.door.refused(scene.decisions.Decide, again, DECIDER).reason == "CASE_STATE"


def test_an_answer_about_one_party_does_not_decide_about_the_others(scene: Scene) -> None:
    case = scene.assigned(scene.filed())
    added = investigation_pb2.AddPartyRequest
    case = scene.act(case, scene.investigation.AddParty, added, s.FIRST, official_id=s.SECTION_HEAD, role="important_leader")
    for party in range(2):
        case = scene.with_fact(case, party, **HEAVIER)
    case, proposal = scene.proposed(scene.heard(scene.reviewed(case)))
    sent = scene.door.call(scene.decisions.Transfer, transfer(case, proposal, "stood_down"), DECIDER).recommendation
    recorded(scene, sent, "stood_down")
    assert scene.get(case.id).state == case_pb2.CASE_STATE_TRANSFERRED


def test_staff_of_another_line_are_dealt_with_by_a_letter_to_it(scene: Scene) -> None:
    case, proposal = scene.ready_about(s.TAX_CLERK)
    assert {offer.organ for found in proposal.parties[0].ranges for offer in found.offers} == {"line:tax"}
    request = transfer(case, proposal, "written_self_criticism")
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    assert (sent.organ, sent.way) == ("line:tax", proposal_pb2.WAY_LETTER)
    recorded(scene, sent, "written_self_criticism")
    case = scene.get(case.id)
    assert case.state == case_pb2.CASE_STATE_DECIDED
    closed = scene.act(case, scene.aftermath.CloseCase, aftermath_pb2.CloseCaseRequest, OFFICE)
    assert closed.state == case_pb2.CASE_STATE_CLOSED


def test_a_file_stays_open_while_an_organ_has_not_answered(scene: Scene) -> None:
    case, proposal = scene.ready_about(s.TAX_CLERK)
    sent = scene.door.call(scene.decisions.Transfer, transfer(case, proposal, "written_self_criticism"), DECIDER)
    assert recorded(scene, sent.recommendation).answered
    second = transfer(scene.get(case.id), proposal, "circulated_criticism")
    scene.door.call(scene.decisions.Transfer, second, DECIDER)
    case = scene.get(case.id)
    request = aftermath_pb2.CloseCaseRequest(case_id=case.id, expected_version=case.version)
    assert scene.door.refused(scene.aftermath.CloseCase, request, OFFICE).reason == "RECOMMENDATION_OPEN"


def appealed(scene: Scene, *measures: str) -> tuple[case_pb2.Case, aftermath_pb2.Appeal]:
    case = scene.served(scene.decided(*measures))
    scene.door.clock.advance(timedelta(days=15))  # type: ignore[attr-defined]
    request = filing(case)
    appeal = scene.door.call(scene.aftermath.FileAppeal, request, OFFICE).appeal
    return scene.get(case.id), appeal


def filing(case: case_pb2.Case) -> aftermath_pb2.FileAppealRequest:
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    return aftermath_pb2.FileAppealRequest(**which, party_id=case.parties[0].id, grounds="系统故障所致")


def ruling(appeal: aftermath_pb2.Appeal, outcome: Any, *measures: str) -> aftermath_pb2.DecideAppealRequest:
    which: dict[str, Any] = {"appeal_id": appeal.id, "expected_version": appeal.version}
    return aftermath_pb2.DecideAppealRequest(**which, outcome=outcome, measures=measures, reason="查明系统故障")


def test_an_appeal_within_its_limit_runs_beside_execution(scene: Scene) -> None:
    case, appeal = appealed(scene, "efficiency_caution")
    assert (appeal.decide_by, case.state) == ("2026-12-31", case_pb2.CASE_STATE_SERVED)


def test_an_appeal_after_its_limit_is_too_late(scene: Scene) -> None:
    case = scene.served(scene.decided("efficiency_caution"))
    scene.door.clock.advance(timedelta(days=16))  # type: ignore[attr-defined]
    assert scene.door.refused(scene.aftermath.FileAppeal, filing(case), OFFICE).reason == "APPEAL_TOO_LATE"


def test_who_decided_does_not_decide_the_appeal(scene: Scene) -> None:
    _case, appeal = appealed(scene, "efficiency_caution")
    request = ruling(appeal, aftermath_pb2.APPEAL_STATE_REVOKED)
    assert scene.door.refused(scene.aftermath.DecideAppeal, request, DECIDER).reason == "FOUR_EYES"


def test_an_appeal_never_makes_it_heavier(scene: Scene) -> None:
    _case, appeal = appealed(scene, "written_self_criticism")
    request = ruling(appeal, aftermath_pb2.APPEAL_STATE_CHANGED, "efficiency_caution")
    assert scene.door.refused(scene.aftermath.DecideAppeal, request, ANOTHER_DECIDER).reason == "APPEAL_AGGRAVATES"


def test_a_change_replaces_the_effects_and_is_announced(scene: Scene) -> None:
    _case, appeal = appealed(scene, "efficiency_caution")
    request = ruling(appeal, aftermath_pb2.APPEAL_STATE_CHANGED, "criticism_education")
    done = scene.door.call(scene.aftermath.DecideAppeal, request, ANOTHER_DECIDER).appeal
    assert list(done.measures) == ["criticism_education"]
    (changed,) = scene.door.announced(events_pb2.DecisionChanged)
    assert changed.decision_changed.outcome == "changed"
    assert list(changed.decision_changed.parties[0].measures) == ["criticism_education"]
    effects = scene.door.call(scene.effects.EffectsOf, effects_pb2.EffectsOfRequest(official_id=s.CLERK), OFFICE).effects
    assert {(one.measure, one.state) for one in effects} == {
        ("criticism_education", effects_pb2.EFFECT_STATE_ENDED),
        ("efficiency_caution", effects_pb2.EFFECT_STATE_REVOKED),
    }


def test_a_revoked_decision_never_barred_anything_and_the_file_can_be_closed(scene: Scene) -> None:
    case, appeal = appealed(scene, "efficiency_caution")
    request = aftermath_pb2.CloseCaseRequest(case_id=case.id, expected_version=case.version)
    assert scene.door.refused(scene.aftermath.CloseCase, request, OFFICE).reason == "CASE_STATE"
    scene.door.call(scene.aftermath.DecideAppeal, ruling(appeal, aftermath_pb2.APPEAL_STATE_REVOKED), ANOTHER_DECIDER)
    asked = effects_pb2.BarsOnRequest(official_id=s.CLERK, on="2026-11-20")
    assert not scene.door.call(scene.effects.BarsOn, asked, caller("personnel", jurisdiction=s.CITY)).bars
    closed = scene.act(scene.get(case.id), scene.aftermath.CloseCase, aftermath_pb2.CloseCaseRequest, OFFICE)
    assert closed.state == case_pb2.CASE_STATE_CLOSED


def test_a_second_time_within_a_year_is_counted_from_the_ledger(scene: Scene) -> None:
    scene.decided("written_self_criticism")
    scene.door.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    scene.door.hear(scene.closed_complaint("second"))
    clue = scene.listed(origin_subject_id=s.fixed_id("second"))[0]
    case = scene.heard(scene.reviewed(scene.with_fact(scene.assigned(scene.filed_from(clue)), conduct_day="2026-12-01")))
    _case, proposal = scene.proposed(case)
    (party,) = proposal.parties
    assert next(found.row for found in party.ranges if found.track == "efficiency") == "QH-12-1"
