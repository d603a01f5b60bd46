"""What other organs decided is told when a case ends without a consequence here, and nobody under a measure is cleared."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, events_pb2

from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, OFFICE, Scene
from tests.service.accountability.test_tracks_and_lifting import told
from tests.service.accountability.test_while_a_case_is_pending import endings, toleration


@pytest.fixture
def disciplined(scene: Scene) -> case_pb2.Case:
    """A filed case beside which the party warned the one who answers."""
    case = scene.filed()
    scene.door.call(scene.decisions.RecordTrackDecision, told(case), OFFICE)
    return scene.get(case.id)


def dropping(case: case_pb2.Case, ending: Any) -> cases_pb2.DropCaseRequest:
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version}
    return cases_pb2.DropCaseRequest(**which, ending=ending, reason="另案已处理")


def test_a_case_that_is_dropped_tells_what_other_organs_decided_beside_it(scene: Scene, disciplined: case_pb2.Case) -> None:
    scene.door.call(scene.cases.DropCase, dropping(disciplined, cases_pb2.ENDING_DROPPED), DECIDER)
    (fact,) = scene.door.announced(events_pb2.Decided)
    (party,) = fact.decided.parties
    assert (fact.decided.outcome, party.official_id, list(party.measures)) == ("dropped", s.CLERK, ["party_warning"])


def test_whom_another_organ_punished_is_neither_cleared_nor_tolerated(scene: Scene, disciplined: case_pb2.Case) -> None:
    cleared = dropping(disciplined, cases_pb2.ENDING_CLEARED)
    refused = scene.door.refused(scene.cases.DropCase, cleared, DECIDER)
    assert (refused.reason, "party_warning" in refused.sentence) == ("MEASURES_HOLD_OUTSIDE", True)
    tolerated = toleration(scene, disciplined)
    assert scene.door.refused(endings(scene).TolerateCase, tolerated, DECIDER).reason == "MEASURES_HOLD_OUTSIDE"
    assert not scene.door.announced(events_pb2.Decided)
