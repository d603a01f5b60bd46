"""From an established complaint to a decided, delivered, executed and closed case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    case_pb2,
    cases_pb2,
    decisions_pb2,
    effects_pb2,
    events_pb2,
    proposal_pb2,
)

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, OFFICE, PERSONNEL, Scene


def test_an_established_complaint_opens_a_case_by_itself_and_keeps_where_it_came_from(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (case,) = scene.listed()
    assert case.state == case_pb2.CASE_STATE_CLUE
    assert case.number == "问责〔2026〕1号"
    assert case.suspected_conduct == "slow_handling"
    assert [(one.service, one.subject_id) for one in case.origins] == [("complaints", s.fixed_id("complaint"))]
    (person,) = case.parties
    assert (person.official_id, person.subject_kind, person.post, person.role) == (
        s.CLERK,
        "civil_servant",
        "handler",
        "direct",
    )
    (opened,) = scene.door.announced(events_pb2.CaseOpened)
    assert opened.case_opened.origin.number == "投诉〔2026〕complaint"


def test_the_story_from_clue_to_closed_file(scene: Scene) -> None:
    case = scene.served(scene.decided("written_self_criticism", "circulated_criticism"))
    case = scene.act(
        case,
        scene.aftermath.Execute,
        aftermath_pb2.ExecuteRequest,
        OFFICE,
        party_id=case.parties[0].id,
        note="检查已交，通报已发",
    )
    case = scene.act(case, scene.aftermath.CloseCase, aftermath_pb2.CloseCaseRequest, OFFICE)
    case = scene.act(case, scene.aftermath.ArchiveCase, aftermath_pb2.ArchiveCaseRequest, OFFICE)
    assert case.state == case_pb2.CASE_STATE_ARCHIVED
    assert list(case.parties[0].measures) == ["circulated_criticism", "written_self_criticism"]
    kinds = [event.WhichOneof("fact") for event in scene.door.announced()]
    assert kinds == ["case_opened", "proposed", "decided", "served", "case_closed"]


def test_decided_names_parties_measures_origins_and_the_unit(scene: Scene) -> None:
    scene.decided("written_self_criticism")
    (event,) = scene.door.announced(events_pb2.Decided)
    (party,) = event.decided.parties
    assert (party.official_id, list(party.measures), party.role) == (s.CLERK, ["written_self_criticism"], "direct")
    assert [one.subject_id for one in event.decided.origins] == [s.fixed_id("complaint")]
    assert (event.unit_path, event.decided.outcome) == (s.SECTION, "decided")


def test_the_proposal_gives_range_reasons_near_misses_and_competent_organs(scene: Scene) -> None:
    _case, proposal = scene.ready(consequence=case_pb2.CONSEQUENCE_BAD_EFFECT)
    (party,) = proposal.parties
    ranges = {found.track: found for found in party.ranges}
    assert ranges["efficiency"].row == "QH-06-2"
    assert {(offer.measure, offer.organ) for offer in ranges["efficiency"].offers} == {
        ("written_self_criticism", "office"),
        ("circulated_criticism", "office"),
        ("efficiency_caution", "office"),
    }
    assert {(offer.organ, offer.way) for offer in ranges["sanction"].offers} == {
        ("supervision_commission", proposal_pb2.WAY_TRANSFER)
    }
    missed = {near.row: [cell.column for cell in near.missed] for near in party.near_misses}
    assert missed["QH-06-3"] == ["severity"]
    assert missed["QH-22-2"] == []
    off = next(near.off for near in party.near_misses if near.row == "QH-22-2")
    assert off.word == "ROW_OFF" and "未经核实" in off.text_zh and "is off" in off.text_en
    assert all(cell.met for row in party.fired for cell in row.cells)
    assert {used.label for used in party.versions} == {"2020", "2021", "2024"}
    reason = next(used.reason for used in party.versions if used.label == "2024")
    assert "2024" in reason.text_zh and "2024" in reason.text_en
    assert len(proposal.sha256) == 64


def test_the_same_proposal_is_explained_later(scene: Scene) -> None:
    _case, proposal = scene.ready()
    request = decisions_pb2.ExplainProposalRequest(proposal_id=proposal.id)
    assert scene.door.call(scene.decisions.ExplainProposal, request, DECIDER).proposal == proposal


@pytest.mark.parametrize(
    ("measures", "reason", "refused"),
    [
        (["criticism_education"], "", "OUTSIDE_NEEDS_REASON"),
        ([], "", "OUTSIDE_NEEDS_REASON"),
        (["admonition_talk"], "情节特殊", "NOT_COMPETENT"),
        (["demerit"], "情节特殊", "NOT_COMPETENT"),
        (["unit_circulated_criticism"], "情节特殊", "MEASURE_NOT_LAWFUL"),
        (["no_such_measure"], "情节特殊", "UNKNOWN_MEASURE"),
    ],
)
def test_a_choice_must_be_inside_the_range_or_say_why_and_never_anothers(
    scene: Scene, measures: list[str], reason: str, refused: str
) -> None:
    case, proposal = scene.ready()
    assert scene.door.refused(scene.decisions.Decide, deciding(case, proposal, measures, reason), DECIDER).reason == refused
    assert scene.get(case.id).state == case_pb2.CASE_STATE_PROPOSED


def test_outside_the_range_with_a_written_reason_is_decided_and_marked(scene: Scene) -> None:
    case, proposal = scene.ready()
    request = deciding(case, proposal, ["criticism_education"], "首次且当场改正")
    decided = scene.door.call(scene.decisions.Decide, request, DECIDER).case
    assert decided.parties[0].outside_range
    entries = scene.door.call(scene.cases.ListTimeline, cases_pb2.ListTimelineRequest(case_id=case.id), DECIDER).entries
    assert entries[-1].note == "首次且当场改正"


@pytest.mark.parametrize("who", ["investigator", "reviewer", "author"])
def test_the_decider_is_neither_investigator_nor_reviewer_nor_author_of_the_rules(scene: Scene, who: str) -> None:
    case, proposal = scene.ready()
    account = {"investigator": s.FIRST, "reviewer": s.REVIEWER, "author": s.AUTHOR}[who].subject
    same = caller("decider", jurisdiction=s.CITY, subject=account)
    request = deciding(case, proposal, ["written_self_criticism"])
    assert scene.door.refused(scene.decisions.Decide, request, same).reason == "FOUR_EYES"


def test_a_decider_who_is_a_party_must_stand_aside(scene: Scene) -> None:
    case, proposal = scene.ready()
    himself = caller("decider", jurisdiction=s.CITY, subject="himself", official_id=s.CLERK)
    request = deciding(case, proposal, ["written_self_criticism"])
    assert scene.door.refused(scene.decisions.Decide, request, himself).reason == "RECUSED"


def test_deciding_twice_with_one_request_id_decides_once(scene: Scene) -> None:
    case, proposal = scene.ready()
    request = deciding(case, proposal, ["written_self_criticism"])
    request.request_id = "once"
    first = scene.door.call(scene.decisions.Decide, request, DECIDER)
    assert scene.door.call(scene.decisions.Decide, request, DECIDER) == first
    assert len(scene.door.announced(events_pb2.Decided)) == 1


def test_what_bars_a_person_is_asked_by_date(scene: Scene) -> None:
    case = scene.decided("efficiency_caution")
    assert bars(scene, "2026-11-15") == set()
    assert bars(scene, "2026-11-16") == {"promotion", "commendation"}
    assert bars(scene, "2027-05-15") == {"promotion", "commendation"}
    assert bars(scene, "2027-05-16") == set()
    request = effects_pb2.BarsOnRequest(official_id=s.CLERK, on="2027-01-01")
    answer = scene.door.call(scene.effects.BarsOn, request, PERSONNEL)
    assert {(bar.case_number, bar.since, bar.until) for bar in answer.bars} == {(case.number, "2026-11-16", "2027-05-16")}


def test_an_effect_ends_by_itself_and_says_so(scene: Scene) -> None:
    scene.decided("efficiency_caution")
    scene.door.clock.advance(timedelta(days=181))  # type: ignore[attr-defined]
    scene.door.run_timer("effects")
    scene.door.run_timer("effects")
    (ended,) = scene.door.announced(events_pb2.EffectEnded)
    assert (ended.effect_ended.official_id, ended.effect_ended.measure) == (s.CLERK, "efficiency_caution")


def test_each_person_is_counted_once_by_the_heaviest_and_every_figure_names_its_cases(scene: Scene) -> None:
    case = scene.decided("written_self_criticism", "efficiency_caution")
    request = effects_pb2.StatisticsRequest(from_day="2026-01-01", to_day="2026-12-31")
    figures = scene.door.call(scene.effects.Statistics, request, OFFICE)
    assert (figures.cases_opened, figures.cases_decided, figures.persons, figures.units) == (1, 1, 1, 0)
    assert [(one.measure, one.persons, one.applied, list(one.case_ids)) for one in figures.measures] == [
        ("written_self_criticism", 0, 1, [case.id]),
        ("efficiency_caution", 1, 1, [case.id]),
    ]


def deciding(case: case_pb2.Case, proposal: Any, measures: list[str], reason: str = "") -> decisions_pb2.DecideRequest:
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=measures, reason=reason)
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "proposal_id": proposal.id}
    return decisions_pb2.DecideRequest(**which, choices=[choice])


def bars(scene: Scene, day: str) -> set[str]:
    request = effects_pb2.BarsOnRequest(official_id=s.CLERK, on=day)
    return {bar.bar for bar in scene.door.call(scene.effects.BarsOn, request, PERSONNEL).bars}
