"""How appeals are lodged, recorded and asked about in the tests of both instances."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhengfeng.accountability.v1 import aftermath_pb2, appeals_pb2, appeals_pb2_grpc, case_pb2, effects_pb2

from chassis.settings import Setting
from tests.service.accountability import scene as s
from tests.service.accountability.scene import OFFICE, Scene
from tests.service.accountability.test_periods_and_clocks import answer, sanctioned


def with_routes(scene: Scene, routes: dict[str, Any]) -> None:
    """The city's own routes; those the rules name stay, but are open against nobody."""
    (first,) = routes.values()
    others = {key: {**first, "organs": []} for key in ("supervision_review", "appointing_recheck")}
    setting = Setting(s.CITY, "appeal_routes", {**routes, **others}, date(2020, 1, 1), None, "(ours)")
    scene.door.store.settings.load([setting])


def door_of(scene: Scene) -> Any:
    return scene.door.stub(appeals_pb2_grpc.AppealsServiceStub)


def sanction_on_record(scene: Scene) -> tuple[case_pb2.Case, str]:
    """A demerit of the supervision commission, recorded on 2026-11-16."""
    sent = sanctioned(scene)
    scene.door.call(scene.decisions.RecordOutsideDecision, answer(sent, {}), OFFICE)
    return scene.get(sent.case_id), sent.id


def lodging(case: case_pb2.Case, against: str = "", **more: Any) -> aftermath_pb2.FileAppealRequest:
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "party_id": case.parties[0].id}
    usual = {"received_on": "2026-11-16"} if against else {}
    return aftermath_pb2.FileAppealRequest(**which, grounds="事实不清", against_id=against, **{**usual, **more})


def lodged(scene: Scene, case: case_pb2.Case, against: str = "", **more: Any) -> aftermath_pb2.Appeal:
    found: aftermath_pb2.Appeal = scene.door.call(scene.aftermath.FileAppeal, lodging(case, against, **more), OFFICE).appeal
    return found


def outcome(appeal: aftermath_pb2.Appeal, state: Any, **more: Any) -> appeals_pb2.RecordAppealOutcomeRequest:
    told: dict[str, Any] = {
        "decided_by": "清河市监察委员会",
        "decided_on": "2026-11-16",
        "document_number": "清监复〔2026〕1号",
    }
    return appeals_pb2.RecordAppealOutcomeRequest(
        appeal_id=appeal.id, expected_version=appeal.version, outcome=state, reason="复审意见", **{**told, **more}
    )


def recorded(scene: Scene, appeal: aftermath_pb2.Appeal, state: Any, **more: Any) -> aftermath_pb2.Appeal:
    request = outcome(appeal, state, **more)
    found: aftermath_pb2.Appeal = scene.door.call(door_of(scene).RecordAppealOutcome, request, OFFICE).appeal
    return found


def second(appeal: aftermath_pb2.Appeal, **more: Any) -> appeals_pb2.FileSecondAppealRequest:
    usual: dict[str, Any] = {"grounds": "仍然不服", "received_on": "2026-11-16"}
    return appeals_pb2.FileSecondAppealRequest(appeal_id=appeal.id, expected_version=appeal.version, **{**usual, **more})


def ends(scene: Scene) -> dict[str, tuple[str, Any]]:
    asked = effects_pb2.EffectsOfRequest(official_id=s.CLERK)
    found = scene.door.call(scene.effects.EffectsOf, asked, OFFICE).effects
    return {one.measure: (one.ends_on, one.state) for one in found}
