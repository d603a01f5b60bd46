"""Side roads taken one inside the other: each ends what it began itself, and leads back to where it left."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.complaints.v1 import complaint_pb2 as pb

from tests.service.complaints.city import CLERK, LEADER, OFFICE, WATER, City, post_changed
from tests.service.complaints.test_handling import BOUNCE

HEAD = "official-head"


def aside_and_back(city: City, on: Any, road: str, lead: Any) -> Any:
    """The complaint taken aside and back again."""
    if road == "merge":
        merged = city.do("Merge", CLERK, on=on, into_complaint_id=lead.complaint_id)
        return city.do("Unmerge", CLERK, on=merged, reason_code="mistake")
    return city.do("RuleOnSecret", LEADER, on=city.do("IsolateSecret", OFFICE, on=on), secret=False)


def test_ruling_on_a_secret_leaves_a_clock_standing_that_stood_still_before(city: City) -> None:
    paused = city.do("Pause", OFFICE, on=city.accepted(), reason="hearing", legal_basis="行政许可法第四十五条")
    supervised = city.do("Supervise", LEADER, on=paused, regime="supervised_urgent")
    back = aside_and_back(city, supervised, "isolate", None)
    assert [(clock.step, clock.paused) for clock in back.clocks] == [
        (clock.step, clock.paused) for clock in supervised.clocks
    ]
    assert (back.paused, back.due_on) == (True, "2026-11-23")


@pytest.mark.parametrize("roads", [("merge",), ("isolate",), ("isolate", "merge")])
def test_a_second_handling_that_bounced_is_ruled_back_into_second_handling(city: City, roads: tuple[str, ...]) -> None:
    lead = city.accepted(title="另一件")
    redoing = city.do("OrderSecondHandling", OFFICE, on=city.closed(), unit_path="/qinghe/water", reason="办理不力")
    at = city.do("Bounce", WATER, on=redoing, **BOUNCE)
    for road in roads:
        at = aside_and_back(city, at, road, lead)
        assert at.stage == pb.STAGE_BOUNCED
    ruled = city.do("RuleOnBounce", OFFICE, on=at, unit_path="/qinghe/water", reason="由水务局办理")
    assert (ruled.stage, ruled.second_handling) == (pb.STAGE_REDOING, True)


def test_a_matter_leaves_the_unit_where_the_accused_of_one_merged_into_it_takes_up_a_post(city: City) -> None:
    merged, middle = city.registered(official=HEAD, unit=""), city.registered(unit="")
    lead = city.dispatched(unit="")
    city.do("Merge", CLERK, on=merged, into_complaint_id=middle.complaint_id)
    city.do("Merge", CLERK, on=middle, into_complaint_id=lead.complaint_id)
    city.door.hear(post_changed(HEAD, "/qinghe/housing", "unit_head"))
    seen = city.seen(lead)
    assert (seen.unit_path, seen.stage) == ("/qinghe", pb.STAGE_HANDLING)
