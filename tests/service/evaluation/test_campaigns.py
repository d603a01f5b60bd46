"""Plans, amendments, raters, foreign rows, and the live count behind the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import (
    ballots_pb2,
    campaigns_pb2,
    counting_pb2,
    formula_pb2,
    plan_pb2,
    raters_pb2,
    results_pb2,
    simulation_pb2,
)

from chassis.clock import SettableClock, new_id
from tests.service.evaluation.campaigns import CHECKER, CITY, ELSEWHERE, ORGANISER, REGISTRAR, City


def amendment(campaign: Any, plan: Any, reason: str = "记录") -> campaigns_pb2.AmendCampaignRequest:
    """Asks for another plan."""
    return campaigns_pb2.AmendCampaignRequest(
        campaign_id=campaign.campaign_id, expected_version=campaign.version, plan=plan, reason=reason
    )


def test_a_plan_that_leaves_customs_out_is_completed_by_the_settings(city: City) -> None:
    plan = city.create().plan
    assert [(grade.key, grade.points) for grade in plan.scale] == [
        ("satisfied", "100"),
        ("mostly", "80"),
        ("fair", "60"),
        ("unsatisfied", "0"),
    ]
    assert (plan.suppress_below, plan.lines.last_below, plan.points_off.cap) == (5, "75", "20")
    assert plan.object_groups[0].objects[0].unit_path == f"{CITY}/housing"


def test_a_request_repeated_makes_one_campaign(city: City) -> None:
    request = campaigns_pb2.CreateCampaignRequest(plan=city.plan(), request_id="once")
    first, second = (city.door.call(city.campaigns.CreateCampaign, request, ORGANISER).campaign for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"tie_chain": [formula_pb2.TieBreak(question=formula_pb2.TIE_QUESTION_DIMENSION, dimension="x")]},
            "TIE_DIMENSION_UNKNOWN",
        ),
        ({"dimensions": [plan_pb2.Dimension(key="a", name="a", weight=1)] * 2}, "KEY_TWICE"),
        ({"scale": [formula_pb2.Grade(key=key, name=key, points="60") for key in "ab"]}, "GRADES_NOT_FALLING"),
        ({"scale": [formula_pb2.Grade(key="a", name="a", points="60")]}, "SCALE_TOO_SHORT"),
        ({"jurisdiction_path": "/fenghe"}, "JURISDICTION_NOT_YOURS"),
        ({"jurisdiction_path": "/qinghe/donghe"}, "UNIT_OUTSIDE_JURISDICTION"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused(city: City, changes: dict[str, Any], reason: str) -> None:
    request = campaigns_pb2.CreateCampaignRequest(plan=city.plan(**changes))
    assert city.door.refused(city.campaigns.CreateCampaign, request, ORGANISER).reason == reason


def test_an_unknown_unit_and_a_unit_twice_are_refused(city: City) -> None:
    unknown, twice = city.plan(), city.plan()
    unknown.object_groups[0].objects[0].unit_id = new_id(city.door.clock)
    twice.object_groups[1].objects[0].unit_id = twice.object_groups[0].objects[0].unit_id
    reasons = [
        city.door.refused(city.campaigns.CreateCampaign, campaigns_pb2.CreateCampaignRequest(plan=plan), ORGANISER).reason
        for plan in (unknown, twice)
    ]
    assert reasons == ["UNIT_UNKNOWN", "OBJECT_TWICE"]


def test_a_formula_shows_floor_ceiling_and_what_an_empty_group_does(city: City) -> None:
    scale = [formula_pb2.Grade(key=f"g{points}", name=str(points), points=str(points)) for points in (100, 90, 70, 50)]
    request = simulation_pb2.SimulateCampaignRequest(plan=city.plan(scale=scale))
    shown = city.door.call(city.campaigns.SimulateCampaign, request, ORGANISER).simulation
    assert (shown.floor, shown.ceiling, shown.floor_after_points_off) == ("50.00", "100.00", "30.00")
    effects = {one.empty_group: {weight.rater_group: weight.share for weight in one.weights} for one in shown.empty_groups}
    assert effects["delegates"] == {"delegates": "0", "enterprises": "1"}


def test_an_open_campaign_changes_only_on_record_and_never_its_ballots(city: City) -> None:
    campaign, _, _ = city.opened()
    longer, fewer = city.plan(title="2026年公述民评（延期）"), city.plan(object_groups=[city.group("all", ["tax"])])
    refused = city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, fewer), ORGANISER)
    amended = city.door.call(city.campaigns.AmendCampaign, amendment(campaign, longer), ORGANISER).campaign
    assert refused.reason == "AMENDMENT_CHANGES_BALLOTS"
    assert [(one.by, one.reason, one.rules_hash_before) for one in amended.amendments] == [
        (ORGANISER.subject, "记录", campaign.rules_hash)
    ]
    same = amendment(amended, longer)
    assert city.door.refused(city.campaigns.AmendCampaign, same, ORGANISER).reason == "AMENDMENT_EMPTY"


def test_an_amendment_taken_back_leaves_the_campaign_as_usable_as_it_was(city: City, clock: SettableClock) -> None:
    campaign, delegates, _ = city.opened()
    there = city.door.call(city.campaigns.AmendCampaign, amendment(campaign, city.plan(title="误")), ORGANISER).campaign
    city.head_signed()
    clock.advance(timedelta(minutes=1))
    back = city.door.call(city.campaigns.AmendCampaign, amendment(there, city.plan()), ORGANISER).campaign
    city.head_signed()
    head = city.door.call(
        city.ballots.GetTreeHead, ballots_pb2.GetTreeHeadRequest(campaign_id=back.campaign_id), ORGANISER
    ).head
    assert head.rules_hash == back.rules_hash == campaign.rules_hash
    city.cast(delegates[0], back, (1, 2, 3, 1))
    assert city.counted(back).state == campaigns_pb2.CAMPAIGN_STATE_COUNTED


def test_a_stale_version_changes_nothing(city: City) -> None:
    campaign, _, _ = city.opened()
    request = campaigns_pb2.CloseCampaignRequest(campaign_id=campaign.campaign_id, expected_version=campaign.version - 1)
    assert city.door.refused(city.campaigns.CloseCampaign, request, ORGANISER).reason == "STALE_VERSION"


def test_steps_out_of_turn_are_refused(city: City) -> None:
    campaign = city.create()
    known = {"campaign_id": campaign.campaign_id, "expected_version": campaign.version}
    open_, close = campaigns_pb2.OpenCampaignRequest(**known), campaigns_pb2.CloseCampaignRequest(**known)
    count, release = counting_pb2.CountCampaignRequest(**known), counting_pb2.ReleaseResultRequest(**known)
    final = counting_pb2.FinaliseResultRequest(**known)
    assert city.door.refused(city.campaigns.OpenCampaign, open_, ORGANISER).reason == "NO_CODES_ISSUED"
    assert city.door.refused(city.campaigns.CloseCampaign, close, ORGANISER).reason == "CAMPAIGN_NOT_OPEN"
    assert city.door.refused(city.counting.CountCampaign, count, ORGANISER).reason == "CAMPAIGN_NOT_CLOSED"
    assert city.door.refused(city.counting.ReleaseResult, release, ORGANISER).reason == "CAMPAIGN_NOT_COUNTED"
    assert city.door.refused(city.counting.FinaliseResult, final, ORGANISER).reason == "CAMPAIGN_NOT_RELEASED"


def test_a_campaign_that_is_not_counted_has_no_result(city: City) -> None:
    request = results_pb2.GetResultRequest(campaign_id=city.create().campaign_id)
    assert city.door.refused(city.results.GetResult, request, CHECKER).reason == "NO_RESULT_YET"


def test_another_jurisdictions_campaign_is_not_found(city: City) -> None:
    campaign, _, _ = city.opened()
    known = {"campaign_id": campaign.campaign_id}
    asked = [
        (city.campaigns.GetCampaign, campaigns_pb2.GetCampaignRequest(**known)),
        (city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest(expected_version=campaign.version, **known)),
        (city.raters.GetTurnout, raters_pb2.GetTurnoutRequest(**known)),
    ]
    assert {city.door.refused(method, request, ELSEWHERE).reason for method, request in asked} == {"CAMPAIGN_NOT_FOUND"}
    assert not city.door.call(city.campaigns.ListCampaigns, campaigns_pb2.ListCampaignsRequest(), ELSEWHERE).campaigns


def test_each_row_of_raters_has_its_answer(city: City) -> None:
    campaign = city.create()
    new = raters_pb2.NewRater
    request = raters_pb2.ImportRatersRequest(
        campaign_id=campaign.campaign_id,
        raters=[
            new(reference="1", rater_group="delegates", name="甲"),
            new(reference="1", rater_group="delegates", name="乙"),
            new(reference="2", rater_group="nobody", name="丙"),
            new(reference="3", rater_group="delegates", unit_id=new_id(city.door.clock)),
        ],
    )
    answers = city.door.call(city.raters.ImportRaters, request, REGISTRAR).raters
    assert [one.refused_reason for one in answers] == ["", "RATER_KNOWN", "RATER_GROUP_UNKNOWN", "UNIT_UNKNOWN"]


def test_codes_are_shown_to_their_request_only(city: City) -> None:
    campaign = city.create()
    request = raters_pb2.ImportRatersRequest(
        campaign_id=campaign.campaign_id, raters=[raters_pb2.NewRater(reference="1", rater_group="delegates")]
    )
    city.door.call(city.raters.ImportRaters, request, REGISTRAR)
    first = city.issue(campaign.campaign_id, "first")
    assert city.issue(campaign.campaign_id, "first") == first
    assert city.issue(campaign.campaign_id, "second") == {}


def test_the_live_count_shows_a_ballot_and_ends_with_the_campaign(city: City) -> None:
    campaign, delegates, _ = city.opened()
    request = results_pb2.LiveTallyRequest(campaign_id=campaign.campaign_id)
    frames = city.results.LiveTally(request, timeout=20)
    assert next(frames).frame.ballots == 0
    for code in delegates:
        city.cast(code, campaign, (1, 2, 3, 1))
    frame = next(frame.frame for frame in frames if frame.frame.ballots == len(delegates))
    assert [(row.name, row.rank, row.score) for row in frame.rows][:2] == [("housing", 1, "100.00"), ("tax", 2, "80.00")]
    assert frame.turnout.groups[0].received == len(delegates)
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    assert all(frame.frame.ballots == len(delegates) for frame in frames)
    assert city.door.refused(list_of(city.results.LiveTally), request).reason == "CAMPAIGN_NOT_OPEN"


def test_the_live_count_is_shown_only_where_the_campaign_allows_it(city: City) -> None:
    campaign, _, _ = city.opened(live=False)
    request = results_pb2.LiveTallyRequest(campaign_id=campaign.campaign_id)
    assert city.door.refused(list_of(city.results.LiveTally), request, CHECKER).reason == "LIVE_NOT_ALLOWED"


def list_of(method: Any) -> Any:
    """The method of a stream as a call that ends."""
    return lambda request, **options: list(method(request, **options))
