"""澄清正名: whoever was wrongly accused is cleared where everybody can read it, and named only with consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, clearing_pb2_grpc, documents_pb2
from zhengfeng.accountability.v1 import clearing_pb2 as pb

from chassis.clock import SettableClock
from tests.doors import caller
from tests.service.accountability.scene import CITY, OFFICE, SECTION, Scene

NAME = "司马某某"
PUBLISHER = caller("decider", jurisdiction=CITY)
TOLD = "经核查，群众反映的该单位工作人员刁难办事群众的问题不属实，现予澄清。"


def clearings(scene: Scene) -> Any:
    return scene.door.stub(clearing_pb2_grpc.ClearingsServiceStub)


def cleared(scene: Scene, ending: int = cases_pb2.ENDING_CLEARED) -> case_pb2.Case:
    """A clue that was verified and came to nothing."""
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    case = scene.act(clue, scene.cases.VerifyClue, cases_pb2.VerifyClueRequest, OFFICE, note="调取监控")
    request, ended = cases_pb2.DropCaseRequest, {"ending": ending, "reason": "监控显示当时正常受理"}
    return scene.act(case, scene.cases.DropCase, request, OFFICE, **ended)


def saying(case: case_pb2.Case, statement: str = TOLD, **more: Any) -> pb.PublishClearingRequest:
    names = [documents_pb2.PartyName(party_id=party.id, name=NAME) for party in case.parties]
    said = {"statement": statement, "names": names, **more}
    return pb.PublishClearingRequest(case_id=case.id, expected_version=case.version, **said)


def consent(case: case_pb2.Case) -> dict[str, str]:
    return {"named_party_id": case.parties[0].id, "consent_on": "2026-11-15", "consent_sha256": "c" * 64}


def read(scene: Scene) -> list[pb.PublishedClearing]:
    return list(scene.door.call(clearings(scene).ListPublishedClearings, pb.ListPublishedClearingsRequest()).clearings)


def test_everybody_reads_statement_unit_and_day_and_no_name_without_consent(scene: Scene) -> None:
    case = cleared(scene)
    made = scene.door.call(clearings(scene).PublishClearing, saying(case), PUBLISHER).clearing
    (found,) = read(scene)
    assert (found.unit, found.name, found.statement, found.published_on) == (SECTION, "", TOLD, "2026-11-16")
    assert made.name == "" and scene.get(case.id).version == case.version + 1


def test_with_consent_on_record_the_person_is_named(scene: Scene) -> None:
    case = cleared(scene)
    request = saying(case, statement=f"经核查，反映{NAME}的问题不属实。", **consent(case))
    made = scene.door.call(clearings(scene).PublishClearing, request, PUBLISHER).clearing
    assert (made.consent_on, made.consent_sha256) == ("2026-11-15", "c" * 64)
    assert [one.name for one in read(scene)] == [NAME]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"consent_on": ""}, "CONSENT_MISSING"),
        ({"consent_sha256": ""}, "CONSENT_MISSING"),
        ({"consent_on": "2026-12-01"}, "FUTURE_DAY"),
        ({"named_party_id": "somebody"}, "NAMED_STRANGER"),
    ],
)
def test_a_name_needs_day_and_proof_of_consent_of_a_person_of_the_case(
    scene: Scene, more: dict[str, str], reason: str
) -> None:
    case = cleared(scene)
    request = saying(case, **{**consent(case), **more})
    assert scene.door.refused(clearings(scene).PublishClearing, request, PUBLISHER).reason == reason
    assert not read(scene)


@pytest.mark.parametrize("statement", [f"{NAME}没有刁难群众。", "如有疑问请致电13900001234。"])
def test_a_statement_that_names_somebody_without_consent_is_refused(scene: Scene, statement: str) -> None:
    refused = scene.door.refused(clearings(scene).PublishClearing, saying(cleared(scene), statement), PUBLISHER)
    assert (refused.reason, refused.field) == ("TEXT_NAMES_SOMEBODY", "statement")


def test_the_names_to_look_for_must_be_given(scene: Scene) -> None:
    refused = scene.door.refused(clearings(scene).PublishClearing, saying(cleared(scene), names=[]), PUBLISHER)
    assert refused.reason == "PARTY_NAME_MISSING"


def test_only_a_cleared_case_is_published_and_once(scene: Scene) -> None:
    case = cleared(scene)
    publish = clearings(scene).PublishClearing
    scene.door.call(publish, saying(case), PUBLISHER)
    assert scene.door.refused(publish, saying(scene.get(case.id)), PUBLISHER).reason == "CLEARING_EXISTS"


def test_a_dropped_case_clears_nobody(scene: Scene) -> None:
    case = cleared(scene, cases_pb2.ENDING_DROPPED)
    assert scene.door.refused(clearings(scene).PublishClearing, saying(case), PUBLISHER).reason == "CASE_NOT_CLEARED"


def test_whoever_ended_the_case_does_not_publish_it(scene: Scene) -> None:
    case = cleared(scene)
    assert scene.door.refused(clearings(scene).PublishClearing, saying(case), OFFICE).reason == "FOUR_EYES"


def test_a_statement_is_taken_away_and_may_be_said_anew(scene: Scene, clock: SettableClock) -> None:
    case = cleared(scene)
    made = scene.door.call(clearings(scene).PublishClearing, saying(case), PUBLISHER).clearing
    request = pb.WithdrawClearingRequest(clearing_id=made.id, expected_version=1, reason="本人要求撤下")
    gone = scene.door.call(clearings(scene).WithdrawClearing, request, PUBLISHER).clearing
    assert gone.withdrawn and not read(scene)
    again = pb.WithdrawClearingRequest(clearing_id=made.id, expected_version=2, reason="再撤")
    assert scene.door.refused(clearings(scene).WithdrawClearing, again, PUBLISHER).reason == "CLEARING_WITHDRAWN"
    clock.advance(timedelta(minutes=1))
    scene.door.call(clearings(scene).PublishClearing, saying(scene.get(case.id)), PUBLISHER)
    listed = scene.door.call(clearings(scene).ListClearings, pb.ListClearingsRequest(case_id=case.id), OFFICE).clearings
    assert [one.withdrawn for one in listed] == [False, True] and len(read(scene)) == 1
