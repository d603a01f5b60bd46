"""What becomes of an appeal elsewhere is no failing of the office; and the lists of appeals ask little, however long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.accountability.v1 import aftermath_pb2, appeals_pb2, case_pb2

from services.accountability.storage import watch
from tests.service.accountability import scene as s
from tests.service.accountability.appealing import door_of, lodged, recorded, second, with_routes
from tests.service.accountability.scene import ANOTHER_DECIDER, OFFICE, Scene
from tests.service.accountability.test_second_instance import TWO_INSTANCES, decision
from tests.service.accountability.watched import Watched

CHANGED, REVOKED = aftermath_pb2.APPEAL_STATE_CHANGED, aftermath_pb2.APPEAL_STATE_REVOKED


def outcomes(scene: Scene) -> list[tuple[str, str]]:
    """Which cases count as decided, each with its heaviest measure."""
    table = watch.OUTCOMES
    with scene.door.store.read(s.OFFICE) as tx:
        return [(row.case_id, row.measure) for row in tx.rows(sa.select(table.c.case_id, table.c.measure))]


def at_second_instance(scene: Scene) -> tuple[case_pb2.Case, aftermath_pb2.Appeal]:
    """A written self-criticism, upheld by the office and taken to the level above."""
    with_routes(scene, TWO_INSTANCES)
    case = scene.served(scene.decided("written_self_criticism"))
    first = scene.door.call(scene.aftermath.DecideAppeal, decision(lodged(scene, case)), ANOTHER_DECIDER).appeal
    again = scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE).appeal
    return case, again


@pytest.mark.parametrize(
    ("told", "counted"),
    [({"state": CHANGED, "measures": ["criticism_education"]}, ["criticism_education"]), ({"state": REVOKED}, [])],
    ids=["changed", "revoked"],
)
def test_what_the_level_above_makes_lighter_is_no_flag_on_the_office(
    scene: Scene, told: dict[str, Any], counted: list[str]
) -> None:
    watched = Watched(scene)
    case, again = at_second_instance(scene)
    assert outcomes(scene) == [(case.id, "written_self_criticism")]
    recorded(scene, again, decided_by="江原省督查办公室", **told)
    assert outcomes(scene) == [(case.id, measure) for measure in counted]
    assert watched.flags() == []


def reads(ask: Callable[[], Any]) -> int:
    """How many times a question reads the tables of this service."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return sum(any(table in statement for table in ("appeals", "cases")) for statement in seen)


def test_a_longer_list_of_open_appeals_asks_no_more_often(scene: Scene) -> None:
    watched = Watched(scene)
    one = scene.served(watched.decided(s.CLERK, "written_self_criticism"))
    lodged(scene, one)
    asked = appeals_pb2.ListOpenAppealsRequest()

    def found() -> list[tuple[str, str]]:
        listed = scene.door.call(door_of(scene).ListOpenAppeals, asked, OFFICE).appeals
        return [(open_one.case_number, open_one.official_id) for open_one in listed]

    before = reads(found)
    other = scene.served(watched.decided(s.SECTION_HEAD, "written_self_criticism"))
    lodged(scene, other)
    assert reads(found) == before
    assert sorted(found()) == sorted([(one.number, s.CLERK), (other.number, s.SECTION_HEAD)])


def test_a_cases_own_appeals_say_which_went_on_and_ask_no_more_often(scene: Scene) -> None:
    with_routes(scene, TWO_INSTANCES)
    case = scene.served(scene.decided("written_self_criticism"))
    first = lodged(scene, case)

    def found() -> list[tuple[int, bool]]:
        request = aftermath_pb2.ListAppealsRequest(case_id=case.id)
        return [
            (one.instance, one.second_possible)
            for one in scene.door.call(scene.aftermath.ListAppeals, request, OFFICE).appeals
        ]

    before = reads(found)
    first = scene.door.call(scene.aftermath.DecideAppeal, decision(first), ANOTHER_DECIDER).appeal
    assert found() == [(1, True)]
    scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE)
    assert reads(found) == before
    assert sorted(found()) == [(1, False), (2, False)]
