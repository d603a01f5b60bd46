"""The whole road over gRPC: an established complaint, four people, one measure decided here and one by another organ, an
appeal that changes something, and the day the effects end."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pypdfium2
from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    case_pb2,
    decisions_pb2,
    documents_pb2,
    documents_pb2_grpc,
    effects_pb2,
    events_pb2,
    investigation_pb2,
    proposal_pb2,
)

from tests.service.accountability import scene as s
from tests.service.accountability.scene import ANOTHER_DECIDER, DECIDER, FIRST, OFFICE, PERSONNEL, Scene

ROLES = {
    s.CLERK: "direct",
    s.SECTION_HEAD: "main_leader",
    s.DEPUTY: "important_leader",
    s.HEAD: "important_leader",
}
DECIDED = {
    s.CLERK: ["no_commendation", "efficiency_caution"],
    s.SECTION_HEAD: ["written_self_criticism"],
    s.DEPUTY: ["written_self_criticism"],
    s.HEAD: ["criticism_education"],
}


def test_from_an_established_complaint_to_the_last_day_of_the_last_effect(scene: Scene) -> None:
    case, proposal = proposed_about_four(scene)
    assert {one.official_id: one.role for one in case.parties} == ROLES
    assert all(party.fired and party.near_misses and party.versions for party in proposal.parties)
    case = sanction_recommended_and_decided_outside(scene, case, proposal)
    case = decided_here(scene, case, proposal)
    case = delivered(scene, case)
    case = changed_on_appeal(scene, case)
    case = executed_and_closed(scene, case)
    effects_end(scene)
    announced = [event.WhichOneof("fact") for event in scene.door.announced() if event.subject_id == case.id]
    kinds = "case_opened proposed decided served appealed decision_changed case_closed effect_ended".split()
    assert sorted(set(announced)) == sorted(kinds)


def proposed_about_four(scene: Scene) -> tuple[case_pb2.Case, Any]:
    """The trail gives the clerk, the section's head and the deputy their roles; the unit's head is added."""
    case = scene.assigned(scene.filed())
    steps = {
        s.CLERK: investigation_pb2.TRAIL_STEP_HANDLER,
        s.SECTION_HEAD: investigation_pb2.TRAIL_STEP_REVIEWER,
        s.DEPUTY: investigation_pb2.TRAIL_STEP_APPROVER,
    }
    entries = [investigation_pb2.TrailEntry(official_id=who, step=step) for who, step in steps.items()]
    trail, add = investigation_pb2.RecordTrailRequest, investigation_pb2.AddPartyRequest
    case = scene.act(case, scene.investigation.RecordTrail, trail, FIRST, situation="proposal_wrong", entries=entries)
    case = scene.act(case, scene.investigation.AddParty, add, FIRST, official_id=s.HEAD, role="important_leader")
    heavy = {"severity": case_pb2.SEVERITY_HEAVIER, "consequence": case_pb2.CONSEQUENCE_BAD_EFFECT}
    bad = {"consequence": case_pb2.CONSEQUENCE_BAD_EFFECT}
    for place, one in enumerate(case.parties):
        case = scene.with_fact(case, place, **({s.CLERK: heavy, s.SECTION_HEAD: bad}.get(one.official_id) or {}))
    return scene.proposed(scene.heard(scene.reviewed(case)))


def party(case: case_pb2.Case, official: str) -> case_pb2.Party:
    """Somebody's part in the case."""
    return next(one for one in case.parties if one.official_id == official)


def sanction_recommended_and_decided_outside(scene: Scene, case: case_pb2.Case, proposal: Any) -> case_pb2.Case:
    """A warning for the section's head is the supervision commission's; the file waits for its answer."""
    said = {"held_on": "2026-11-16", "present": ["甲", "乙", "丙"], "minutes": "一致同意提出处分建议"}
    case = scene.act(case, scene.decisions.RecordDiscussion, decisions_pb2.RecordDiscussionRequest, OFFICE, **said)
    choice = decisions_pb2.Choice(party_id=party(case, s.SECTION_HEAD).id, measures=["warning"])
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "proposal_id": proposal.id}
    request = decisions_pb2.TransferRequest(**which, choice=choice)
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    assert (sent.organ, sent.way) == ("supervision_commission", proposal_pb2.WAY_TRANSFER)
    assert "监察委员会" in paper(scene, case, documents_pb2.DOCUMENT_KIND_PROPOSAL, s.SECTION_HEAD)
    answer = decisions_pb2.RecordOutsideDecisionRequest(
        recommendation_id=sent.id,
        expected_version=sent.version,
        measures=["warning"],
        decided_on="2026-11-16",
        document_number="清监处〔2026〕2号",
    )
    scene.door.call(scene.decisions.RecordOutsideDecision, answer, OFFICE)
    case = scene.get(case.id)
    assert list(party(case, s.SECTION_HEAD).outside_measures) == ["warning"]
    return case


def decided_here(scene: Scene, case: case_pb2.Case, proposal: Any) -> case_pb2.Case:
    """What is the office's own, inside the range for each."""
    choices = [decisions_pb2.Choice(party_id=party(case, who).id, measures=measures) for who, measures in DECIDED.items()]
    request = decisions_pb2.DecideRequest
    case = scene.act(case, scene.decisions.Decide, request, DECIDER, proposal_id=proposal.id, choices=choices)
    assert not any(one.outside_range for one in case.parties)
    assert bars(scene, s.SECTION_HEAD) == {"promotion"}
    assert "效能告诫" in paper(scene, case, documents_pb2.DOCUMENT_KIND_DECISION, s.CLERK)
    return case


def delivered(scene: Scene, case: case_pb2.Case) -> case_pb2.Case:
    """To each of the four, with proof."""
    assert "送达回证" in paper(scene, case, documents_pb2.DOCUMENT_KIND_RECEIPT, s.CLERK)
    for one in case.parties:
        said = {"party_id": one.id, "way": aftermath_pb2.DELIVERY_WAY_IN_PERSON, "proof_sha256": "b" * 64}
        case = scene.act(case, scene.aftermath.Serve, aftermath_pb2.ServeRequest, OFFICE, **said)
    assert case.state == case_pb2.CASE_STATE_SERVED
    return case


def changed_on_appeal(scene: Scene, case: case_pb2.Case) -> case_pb2.Case:
    """Another decider makes it lighter; what was taken away never barred anything."""
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    filing = aftermath_pb2.FileAppealRequest(**which, party_id=party(case, s.CLERK).id, grounds="系统故障所致")
    appeal = scene.door.call(scene.aftermath.FileAppeal, filing, OFFICE).appeal
    ruling = aftermath_pb2.DecideAppealRequest(
        appeal_id=appeal.id,
        expected_version=appeal.version,
        outcome=aftermath_pb2.APPEAL_STATE_CHANGED,
        measures=["no_commendation", "circulated_criticism"],
        reason="查明系统故障",
    )
    scene.door.call(scene.aftermath.DecideAppeal, ruling, ANOTHER_DECIDER)
    assert bars(scene, s.CLERK) == {"commendation"}
    return scene.get(case.id)


def executed_and_closed(scene: Scene, case: case_pb2.Case) -> case_pb2.Case:
    """Each measure carried out, then the file closed."""
    for one in case.parties:
        done = {"party_id": one.id, "note": "已执行"}
        case = scene.act(case, scene.aftermath.Execute, aftermath_pb2.ExecuteRequest, OFFICE, **done)
    return scene.act(case, scene.aftermath.CloseCase, aftermath_pb2.CloseCaseRequest, OFFICE)


def effects_end(scene: Scene) -> None:
    """After six months the warning, and the criticism that took the caution's place; after twelve nothing bars anybody."""
    half_a_year = {"warning", "circulated_criticism"}
    for days, ended in ((182, half_a_year), (184, {*half_a_year, "no_commendation"})):
        scene.door.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
        scene.door.run_timer("effects")
        assert {one.effect_ended.measure for one in scene.door.announced(events_pb2.EffectEnded)} == ended
    assert not any(bars(scene, who) for who in ROLES)


def bars(scene: Scene, official: str) -> set[str]:
    """What bars somebody today."""
    today = scene.door.clock.today().isoformat()
    asked = effects_pb2.BarsOnRequest(official_id=official, on=today)
    return {one.bar for one in scene.door.call(scene.effects.BarsOn, asked, PERSONNEL).bars}


def paper(scene: Scene, case: case_pb2.Case, kind: int, official: str) -> str:
    """What stands on a draft about somebody, without its lines."""
    about = party(case, official).id
    name = documents_pb2.PartyName(party_id=about, name="演示人员", post="经办人")
    request = documents_pb2.BuildDocumentRequest(
        case_id=case.id,
        wanted=documents_pb2.Wanted(kind=kind, party_id=about, names=[name]),  # type: ignore[arg-type]
        format=documents_pb2.DOCUMENT_FORMAT_PDF,
    )
    stub = scene.door.stub(documents_pb2_grpc.DocumentsServiceStub)
    pages = pypdfium2.PdfDocument(io.BytesIO(scene.door.call(stub.BuildDocument, request, OFFICE).content))
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))
