"""Commended work: recorded by one, confirmed by another, worth what the tariff says up to its caps and the scale's top."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.evaluation.v1 import adjustments_pb2, formula_pb2, results_pb2

from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, ELSEWHERE, OFFICE, City

LEADER = caller("leader", jurisdiction=CITY)


def commendation(city: City, **changes: Any) -> adjustments_pb2.CommendWorkRequest:
    """What the office writes down about housing."""
    said = {
        "unit_id": city.units["housing"],
        "level": "province",
        "commended_on": "2026-05-04",
        "document": "省政府通报〔2026〕7号",
        "evidence": "便民服务经验在全省推广，文件存档。",
    }
    return adjustments_pb2.CommendWorkRequest(**(said | changes))


def commend(city: City, **changes: Any) -> Any:
    """Records it."""
    return city.door.call(city.ledger.CommendWork, commendation(city, **changes), OFFICE).adjustment


def decision(entry: Any, confirmed: bool = True, reason: str = "") -> adjustments_pb2.DecideCommendationRequest:
    """The second person's decision."""
    return adjustments_pb2.DecideCommendationRequest(
        adjustment_id=entry.adjustment_id, expected_version=entry.version, confirmed=confirmed, reason=reason
    )


def housing(city: City, grade: int = 2, **changes: Any) -> Any:
    """Housing's line in a campaign where everybody gave it this grade."""
    campaign, delegates, _ = city.opened(**changes)
    for code in delegates:
        city.cast(code, campaign, (grade, 2, 3, 1))
    released = city.released(campaign)
    request = results_pb2.GetResultRequest(campaign_id=released.campaign_id)
    rows = city.door.call(city.results.GetResult, request).result.rows
    return next(row for row in rows if row.name == "housing")


def test_confirmed_by_another_it_gives_the_points_of_its_level(city: City) -> None:
    entry = commend(city)
    city.door.call(city.ledger.DecideCommendation, decision(entry), LEADER)
    row = housing(city)
    assert (row.rating, row.points_on, row.score, row.rank) == ("80.00", "2", "82.00", 1)


def test_before_it_is_confirmed_it_gives_nothing(city: City) -> None:
    commend(city)
    assert housing(city).points_on == "0"


def test_whoever_recorded_it_does_not_confirm_it(city: City) -> None:
    entry = commend(city)
    assert city.door.refused(city.ledger.DecideCommendation, decision(entry), OFFICE).reason == "OWN_COMMENDATION"


def test_declining_needs_a_reason_and_is_done_once(city: City) -> None:
    entry = commend(city)
    refused = city.door.refused(city.ledger.DecideCommendation, decision(entry, confirmed=False), LEADER)
    assert refused.reason == "REASON_MISSING"
    declined = city.door.call(city.ledger.DecideCommendation, decision(entry, False, "不是本单位的工作"), LEADER).adjustment
    assert declined.state == adjustments_pb2.ADJUSTMENT_STATE_DECLINED
    again = city.door.refused(city.ledger.DecideCommendation, decision(declined), LEADER)
    assert again.reason == "COMMENDATION_DECIDED"


def test_the_same_document_is_recorded_once_for_a_unit(city: City) -> None:
    commend(city)
    refused = city.door.refused(city.ledger.CommendWork, commendation(city, level="state"), OFFICE)
    assert refused.reason == "COMMENDATION_KNOWN"
    assert commend(city, unit_id=city.units["tax"]).unit_path == f"{CITY}/tax"


def test_what_was_given_stops_at_its_cap_and_the_score_at_the_top_of_the_scale(city: City) -> None:
    for number in range(4):
        entry = commend(city, document=f"国务院通报〔2026〕{number}号", level="state")
        city.door.call(city.ledger.DecideCommendation, decision(entry), LEADER)
    assert (housing(city).points_on, housing(city, grade=1).score) == ("5", "100.00")


def test_a_plan_may_let_a_score_rise_above_the_scale(city: City) -> None:
    entry = commend(city)
    city.door.call(city.ledger.DecideCommendation, decision(entry), LEADER)
    rule = formula_pb2.PointsRule(cause=formula_pb2.ADJUSTMENT_CAUSE_COMMENDED, points="4", source="(ours)")
    tariff = formula_pb2.PointsOff(rules=[rule], above_scale=True)
    assert housing(city, grade=1, points_off=tariff).score == "104.00"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"commended_on": "2026-12-01"}, "COMMENDED_LATER"),
        ({"commended_on": "2026-02-30"}, "DAY_INVALID"),
        ({"unit_id": "01999999-0000-7000-8000-000000000000"}, "UNIT_NOT_FOUND"),
    ],
)
def test_what_cannot_be_is_not_recorded(city: City, changes: dict[str, str], reason: str) -> None:
    assert city.door.refused(city.ledger.CommendWork, commendation(city, **changes), OFFICE).reason == reason


def test_a_unit_elsewhere_is_unknown_to_an_office(city: City) -> None:
    office = caller("office", jurisdiction=ELSEWHERE.jurisdiction_paths[0])
    assert city.door.refused(city.ledger.CommendWork, commendation(city), office).reason == "UNIT_NOT_FOUND"
