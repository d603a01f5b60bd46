"""Decisions of other organs on their own tracks; lifting of a sanction and what keeps it from being lifted by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import (
    case_pb2,
    decisions_pb2,
    effects_pb2,
    events_pb2,
    proposal_pb2,
)

from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, OFFICE, PERSONNEL, Scene
from tests.service.accountability.test_other_organs_and_appeals import transfer

PARTY_WORDS = {"party_warning", "party_serious_warning", "party_removal", "party_probation", "party_expulsion"}


def told(case: case_pb2.Case, **more: Any) -> decisions_pb2.RecordTrackDecisionRequest:
    usual: dict[str, Any] = {
        "party_id": case.parties[0].id,
        "track": "party",
        "organ": "discipline_inspection",
        "measures": ["party_warning"],
        "decided_on": "2026-11-16",
        "document_number": "清纪〔2026〕5号",
    }
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    return decisions_pb2.RecordTrackDecisionRequest(**which, **{**usual, **more})


def effects(scene: Scene, official: str = s.CLERK) -> dict[str, effects_pb2.Effect]:
    asked = effects_pb2.EffectsOfRequest(official_id=official)
    found = scene.door.call(scene.effects.EffectsOf, asked, PERSONNEL).effects
    return {one.measure: one for one in found}


def test_party_discipline_is_recorded_beside_the_case_and_told_with_its_decision(scene: Scene) -> None:
    case, proposal = scene.ready()
    kept = scene.door.call(scene.decisions.RecordTrackDecision, told(case), OFFICE).decision
    assert (kept.track, list(kept.measures)) == ("party", ["party_warning"])
    case = scene.get(case.id)
    assert (case.state, list(case.parties[0].outside_measures)) == (case_pb2.CASE_STATE_PROPOSED, ["party_warning"])
    assert effects(scene)["party_warning"].ends_on == "2027-11-16"
    assert not scene.door.announced(events_pb2.Decided)
    choices = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=["written_self_criticism"])]
    more = {"proposal_id": proposal.id, "choices": choices}
    scene.act(case, scene.decisions.Decide, decisions_pb2.DecideRequest, DECIDER, **more)
    (fact,) = scene.door.announced(events_pb2.Decided)
    assert list(fact.decided.parties[0].measures) == ["party_warning", "written_self_criticism"]
    listed = decisions_pb2.ListTrackDecisionsRequest(case_id=case.id)
    assert len(scene.door.call(scene.decisions.ListTrackDecisions, listed, OFFICE).decisions) == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"measures": ["warning"]}, "TRACK_MEASURE"),
        ({"measures": ["party_reprimand"]}, "UNKNOWN_MEASURE"),
        ({"organ": "tea_house"}, "UNKNOWN_ORGAN"),
        ({"organ": "line:tax"}, "UNKNOWN_ORGAN"),
        ({"decided_on": "2026-11-17"}, "FUTURE_DAY"),
        ({"party_id": s.fixed_id("nobody")}, "PARTY_NOT_FOUND"),
        ({"periods": [decisions_pb2.ChosenPeriod(measure="warning", months=6)]}, "PERIOD_WITHOUT_MEASURE"),
    ],
)
def test_a_decision_of_no_track_organ_or_day_is_not_recorded(scene: Scene, more: dict[str, Any], reason: str) -> None:
    case = scene.filed()
    assert scene.door.refused(scene.decisions.RecordTrackDecision, told(case, **more), OFFICE).reason == reason


def test_one_document_is_recorded_once_and_never_about_a_clue(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    assert scene.door.refused(scene.decisions.RecordTrackDecision, told(clue), OFFICE).reason == "CASE_STATE"
    case = scene.filed_from(clue)
    scene.door.call(scene.decisions.RecordTrackDecision, told(case), OFFICE)
    again = told(scene.get(case.id))
    assert scene.door.refused(scene.decisions.RecordTrackDecision, again, OFFICE).reason == "ALREADY_RECORDED"


def test_party_discipline_is_never_proposed_chosen_or_recommended(scene: Scene) -> None:
    case, proposal = scene.ready(severity=case_pb2.SEVERITY_SERIOUS, consequence=case_pb2.CONSEQUENCE_HEAVY_LOSS)
    (party,) = proposal.parties
    offered = {offer.measure for found in party.ranges for offer in (*found.offers, *found.required)}
    assert offered
    assert not offered & PARTY_WORDS
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["party_warning"], reason="从重")
    request = decisions_pb2.DecideRequest(
        case_id=case.id, expected_version=case.version, proposal_id=proposal.id, choices=[choice]
    )
    assert scene.door.refused(scene.decisions.Decide, request, DECIDER).reason == "MEASURE_RECORDED_ONLY"
    sent = transfer(case, proposal, "party_warning", reason="从重")
    assert scene.door.refused(scene.decisions.Transfer, sent, DECIDER).reason == "MEASURE_RECORDED_ONLY"


def test_a_person_managed_from_above_is_written_about_to_the_own_line(scene: Scene) -> None:
    case, proposal = scene.ready_about(s.TAX_CLERK)
    request = transfer(case, proposal, "efficiency_caution")
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    assert (sent.way, sent.organ) == (proposal_pb2.WAY_LETTER, "line:tax")
    found = told(scene.get(case.id), track="organisational", organ="line:tax", measures=["transfer_from_post"])
    assert scene.door.call(scene.decisions.RecordTrackDecision, found, OFFICE).decision.organ == "line:tax"


# -- lifting (政务处分法 article 26) ----------------------------------------------------------------------------------


def sanctioned(scene: Scene) -> None:
    """A warning from 2026-11-16 to 2027-05-16, decided by the appointing organ of its own accord."""
    case = scene.filed()
    request = told(case, track="sanction", organ="appointing_organ", measures=["warning"])
    scene.door.call(scene.decisions.RecordTrackDecision, request, OFFICE)


def pass_time(scene: Scene, days: int) -> None:
    scene.door.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
    scene.door.run_timer("effects")


def breach(scene: Scene, name: str, day: str) -> case_pb2.Case:
    """A case, filed, with a fact of that day."""
    scene.door.hear(scene.closed_complaint(name, misconduct=["rude"]))
    case = scene.filed_from(scene.listed(origin_subject_id=s.fixed_id(name))[0])
    return scene.with_fact(scene.assigned(case), conduct="rude_attitude", conduct_day=day)


def lifting(one: effects_pb2.Effect, **more: Any) -> effects_pb2.DecideLiftingRequest:
    return effects_pb2.DecideLiftingRequest(effect_id=one.id, expected_version=one.version, reason="经研究", **more)


def barred(scene: Scene, day: str) -> dict[str, str]:
    request = effects_pb2.BarsOnRequest(official_id=s.CLERK, on=day)
    found = scene.door.call(scene.effects.BarsOn, request, PERSONNEL).bars
    return {one.bar: one.because for one in found if one.because != "case_pending"}


def test_a_sanction_is_lifted_by_itself_when_nothing_speaks_against_it(scene: Scene) -> None:
    sanctioned(scene)
    pass_time(scene, 181)
    assert effects(scene)["warning"].state == effects_pb2.EFFECT_STATE_ENDED
    assert len(scene.door.announced(events_pb2.EffectEnded)) == 1


def test_a_new_violation_in_the_period_holds_the_lifting_until_somebody_decides(scene: Scene) -> None:
    sanctioned(scene)
    pass_time(scene, 60)
    case = breach(scene, "again", "2026-12-20")
    pass_time(scene, 130)
    held = effects(scene)["warning"]
    assert (held.state, list(held.held_because)) == (effects_pb2.EFFECT_STATE_HELD, [case.number])
    assert barred(scene, "2027-06-01") == {"promotion": "not_lifted"}
    (listed,) = scene.door.call(scene.effects.ListHeldEffects, effects_pb2.ListHeldEffectsRequest(), OFFICE).effects
    assert listed.id == held.id
    refused = scene.door.refused(scene.effects.DecideLifting, lifting(held), OFFICE)
    assert refused.reason == "DAY_NOT_AHEAD"
    kept = scene.door.call(scene.effects.DecideLifting, lifting(held, kept_until="2027-06-30"), OFFICE).effect
    assert (kept.state, kept.ends_on) == (effects_pb2.EFFECT_STATE_ACTIVE, "2027-06-30")
    pass_time(scene, 60)
    assert effects(scene)["warning"].state == effects_pb2.EFFECT_STATE_ENDED


def test_conduct_before_or_after_the_period_and_dropped_cases_hold_nothing(scene: Scene) -> None:
    sanctioned(scene)
    pass_time(scene, 10)
    breach(scene, "before", "2026-10-20")
    pass_time(scene, 180)
    assert effects(scene)["warning"].state == effects_pb2.EFFECT_STATE_ENDED


def test_repentance_is_presumed_unless_recorded_otherwise(scene: Scene) -> None:
    sanctioned(scene)
    one = effects(scene)["warning"]
    request = effects_pb2.RecordNoRepentanceRequest(effect_id=one.id, expected_version=1, reason="拒不认识错误")
    scene.door.call(scene.effects.RecordNoRepentance, request, OFFICE)
    pass_time(scene, 185)
    held = effects(scene)["warning"]
    assert (held.state, list(held.held_because)) == (effects_pb2.EFFECT_STATE_HELD, ["no_repentance"])
    lifted = scene.door.call(scene.effects.DecideLifting, lifting(held, lifted=True), DECIDER).effect
    assert (lifted.state, lifted.ends_on) == (effects_pb2.EFFECT_STATE_ENDED, "2027-05-20")
    again = lifting(lifted, lifted=True)
    assert scene.door.refused(scene.effects.DecideLifting, again, OFFICE).reason == "EFFECT_NOT_HELD"


def test_what_ends_by_time_alone_asks_for_no_repentance(scene: Scene) -> None:
    scene.decided("efficiency_caution")
    one = effects(scene)["efficiency_caution"]
    request = effects_pb2.RecordNoRepentanceRequest(effect_id=one.id, expected_version=1, reason="拒不认识错误")
    assert scene.door.refused(scene.effects.RecordNoRepentance, request, OFFICE).reason == "LIFTED_BY_TIME"
    pass_time(scene, 200)
    ended = effects_pb2.RecordNoRepentanceRequest(effect_id=one.id, expected_version=2, reason="拒不认识错误")
    assert scene.door.refused(scene.effects.RecordNoRepentance, ended, OFFICE).reason == "EFFECT_NOT_RUNNING"
