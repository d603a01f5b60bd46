"""Who is a party to a case neither ends it nor decides about what was imposed in it."""

from __future__ import annotations

from typing import Any

from zhengfeng.accountability.v1 import case_pb2, cases_pb2, effects_pb2

from chassis.auth import Caller
from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, Scene
from tests.service.accountability.test_tracks_and_lifting import breach, effects, lifting, pass_time, sanctioned


def party(*roles: str, official: str = s.CLERK) -> Caller:
    """Somebody who holds these roles and answers in the case."""
    return caller(*roles, jurisdiction=s.CITY, official_id=official, subject="party")


def dropping(case: case_pb2.Case, ending: Any = cases_pb2.ENDING_DROPPED) -> cases_pb2.DropCaseRequest:
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    return cases_pb2.DropCaseRequest(**which, ending=ending, reason="查无实据")


def test_a_party_ends_the_own_case_neither_before_filing_nor_after(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    assert scene.door.refused(scene.cases.DropCase, dropping(clue), party("office")).reason == "RECUSED"
    case = scene.filed_from(clue)
    assert scene.door.refused(scene.cases.DropCase, dropping(case), party("decider")).reason == "RECUSED"
    another = party("decider", official=s.INSPECTOR_A)
    assert scene.door.call(scene.cases.DropCase, dropping(case), another).case.state == case_pb2.CASE_STATE_DROPPED


def test_nobody_decides_about_the_lifting_of_the_own_sanction(scene: Scene) -> None:
    sanctioned(scene)
    pass_time(scene, 60)
    breach(scene, "again", "2026-12-20")
    pass_time(scene, 130)
    held = effects(scene)["warning"]
    request = lifting(held, lifted=True)
    for role in ("office", "decider"):
        assert scene.door.refused(scene.effects.DecideLifting, request, party(role)).reason == "RECUSED"
    found = scene.door.call(scene.effects.DecideLifting, request, DECIDER).effect
    assert found.state == effects_pb2.EFFECT_STATE_ENDED
