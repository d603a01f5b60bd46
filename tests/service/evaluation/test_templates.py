"""Templates, rounds and dry runs behind the door."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.evaluation.v1 import (
    campaigns_pb2,
    counting_pb2,
    formula_pb2,
    plan_pb2,
    simulation_pb2,
    templates_pb2,
    templates_pb2_grpc,
)

from chassis.clock import new_id
from tests.service.evaluation.campaigns import CITY, ELSEWHERE, NAMES, ORGANISER, PUBLISHER, City

ROUND = {
    "rater_groups": [plan_pb2.RaterGroup(key="all", name="代表", weight=1)],
    "suppress_below": 1,
    "live": False,
}


def templates(city: City) -> dict[str, Any]:
    """The city's templates by key."""
    stub = city.door.stub(templates_pb2_grpc.TemplateServiceStub)
    request = templates_pb2.ListTemplatesRequest(jurisdiction_path=CITY)
    return {one.key: one for one in city.door.call(stub.ListTemplates, request, ORGANISER).templates}


def refused(city: City, plan: Any) -> Any:
    """How a plan is refused."""
    return city.door.refused(city.campaigns.CreateCampaign, campaigns_pb2.CreateCampaignRequest(plan=plan), ORGANISER)


def simulated(city: City, plan: Any, **draw: Any) -> Any:
    """The dry run of a plan."""
    asked = simulation_pb2.Draw(**draw) if draw else None
    request = simulation_pb2.SimulateCampaignRequest(plan=plan, draw=asked)
    return city.door.call(city.campaigns.SimulateCampaign, request, ORGANISER).simulation


def first_round(city: City) -> Any:
    """A released round: of four objects in one group the last two share a rank."""
    campaign, codes = _opened(city, object_groups=[city.group("grassroots", NAMES)])
    for code in codes:
        city.cast(code, campaign, (2, 1, 4, 4))
    return city.released(campaign)


def _opened(city: City, **changes: Any) -> tuple[Any, list[str]]:
    campaign = city.create(**(ROUND | changes))
    codes = city.enter(campaign.campaign_id, *((f"d{at}", "all", "") for at in range(3)))
    return city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign), codes


def taken(key: str, end: plan_pb2.End.ValueType, number: int, of: str = "grassroots") -> plan_pb2.ObjectGroup:
    """A group taken from the round before."""
    return plan_pb2.ObjectGroup(key=key, name=key, taken=plan_pb2.Taken(object_group=of, end=end, number=number))


def test_every_kind_of_campaign_has_a_template_that_says_all_it_fills_in(city: City) -> None:
    found = templates(city)
    assert list(found) == [
        "mid-year",
        "year-end",
        "two-classes",
        "ten-thousand",
        "windows-live",
        "promise-delivery",
        "ten-best-worst-online",
        "ten-best-worst-meeting",
        "integrity-test",
        "sections-windows-projects",
        "standing-online",
        "per-transaction",
        "districts",
        "yearly-rating",
    ]
    for one in found.values():
        plan = one.plan
        assert one.name_zh and one.name_en and one.about_zh and one.about_en and one.source.startswith("(")
        assert one.object_groups and plan.dimensions and plan.rater_groups and len(plan.scale) >= 2
        assert plan.validity.min_answered and plan.revote and plan.empty_group and plan.tie_chain
        assert plan.suppress_below and plan.trim and plan.lines.grades and plan.publication.what and one.days
        keys = {group.key for group in one.object_groups}
        assert all(key in keys for raters in plan.rater_groups for key in raters.rates)


def test_templates_are_those_of_the_own_jurisdiction(city: City) -> None:
    stub = city.door.stub(templates_pb2_grpc.TemplateServiceStub)
    request = templates_pb2.ListTemplatesRequest(jurisdiction_path=CITY)
    assert city.door.refused(stub.ListTemplates, request, ELSEWHERE).reason == "JURISDICTION_NOT_YOURS"


@pytest.mark.parametrize(
    "key", ["mid-year", "two-classes", "windows-live", "standing-online", "per-transaction", "yearly-rating"]
)
def test_template_and_objects_make_a_whole_campaign(city: City, key: str) -> None:
    offered = templates(city)[key]
    group = city.group(offered.object_groups[0].key, NAMES)
    plan = city.create(template=key, object_groups=[group], dimensions=[], rater_groups=[], dont_know=None, live=None).plan
    for name in ("dimensions", "rater_groups", "scale", "tie_chain"):
        assert list(getattr(plan, name)) == list(getattr(offered.plan, name))
    for name in ("dont_know", "live", "statements", "revote", "empty_group", "trim", "suppress_below", "validity", "lines"):
        assert getattr(plan, name) == getattr(offered.plan, name)


def test_what_a_plan_says_goes_before_its_template(city: City) -> None:
    plan = city.create(template="windows-live", live=False, trim="0.1", revote=formula_pb2.REVOTE_LAST_COUNTS).plan
    assert (plan.live, plan.trim, plan.revote) == (False, "0.1", formula_pb2.REVOTE_LAST_COUNTS)
    assert [one.key for one in plan.dimensions] == ["duty", "service"]


def test_a_template_about_two_groups_fits_a_plan_about_one(city: City) -> None:
    group = city.group("groups", NAMES[:2])
    plan = city.create(template="integrity-test", object_groups=[group], rater_groups=[], live=False).plan
    assert [(one.key, list(one.rates)) for one in plan.rater_groups] == [
        ("superiors", ["groups"]),
        ("peers", ["groups"]),
        ("served", ["groups"]),
    ]


def test_a_plan_that_says_too_little_is_refused_by_part(city: City) -> None:
    said = refused(city, city.plan(dimensions=[]))
    assert (said.reason, said.field) == ("PLAN_INCOMPLETE", "plan.dimensions")
    assert refused(city, city.plan(object_groups=[])).field == "plan.object_groups"
    assert refused(city, city.plan(object_groups=[plan_pb2.ObjectGroup(key="a", name="a")])).reason == "PLAN_INCOMPLETE"
    unknown = refused(city, city.plan(template="no-such"))
    assert (unknown.reason, "no-such" in unknown.sentence) == ("TEMPLATE_UNKNOWN", True)
    assert refused(city, city.plan(trim="0.5")).reason == "TRIM_TOO_MUCH"


def test_a_second_round_takes_the_first_and_the_last_of_the_round_before(city: City) -> None:
    before = first_round(city)
    groups = [taken("best", plan_pb2.END_FIRST, 1), taken("worst", plan_pb2.END_LAST, 1)]
    after = city.create(**ROUND, object_groups=groups, follows=before.campaign_id)
    shown = {
        group.key: [(one.name, one.before.rank, one.before.of) for one in group.objects]
        for group in after.plan.object_groups
    }
    assert shown == {"best": [("tax", 1, 4)], "worst": [("schools", 3, 4), ("roads", 3, 4)]}
    first = after.plan.object_groups[0].objects[0].before
    assert (first.number, first.score, first.grade) == (before.number, "100.00", "满意")


def test_the_meeting_template_takes_its_groups_by_itself(city: City) -> None:
    before = first_round(city)
    said = refused(city, city.plan(template="ten-best-worst-meeting", object_groups=[], follows=before.campaign_id))
    assert said.reason == "OBJECT_TWICE"  # of four, the first twenty are the last twenty
    wide = templates(city)["ten-best-worst-meeting"].object_groups
    assert [(one.taken.end, one.taken.number) for one in wide] == [(plan_pb2.END_FIRST, 20), (plan_pb2.END_LAST, 20)]


def test_what_came_out_last_year_stands_beside_an_object_that_is_rated_again(city: City) -> None:
    before = first_round(city)
    plan = city.create(**ROUND, object_groups=[city.group("all", NAMES[:1])], follows=before.campaign_id).plan
    one = plan.object_groups[0].objects[0].before
    assert (one.rank, one.of, one.score) == (2, 4, "80.00")


def test_only_what_the_round_before_publishes_is_carried_over(city: City) -> None:
    grades = formula_pb2.Publication(what=formula_pb2.PUBLISH_GRADES, objection_days=0)
    campaign, codes = _opened(city, object_groups=[city.group("grassroots", NAMES)], publication=grades, live=False)
    for code in codes:
        city.cast(code, campaign, (2, 1, 4, 4))
    counted = city.counted(campaign)
    again = {**ROUND, "object_groups": [city.group("all", NAMES[:1])], "follows": counted.campaign_id}
    early = city.create(**again).plan.object_groups[0].objects[0].before
    known = city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, counted)
    city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, known, PUBLISHER)
    late = city.create(**again).plan.object_groups[0].objects[0].before
    assert (early.rank, early.score, early.grade) == (0, "", "")
    assert (late.rank, late.score, late.grade) == (0, "", "比较满意")


def test_a_round_follows_only_what_was_counted_and_can_be_seen(city: City) -> None:
    draft, before = city.create(), first_round(city)
    best = [taken("best", plan_pb2.END_FIRST, 1)]
    plans = [
        (city.plan(object_groups=best, follows=new_id(city.door.clock)), "FOLLOWS_UNKNOWN"),
        (city.plan(object_groups=best, follows="nothing"), "FOLLOWS_UNKNOWN"),
        (city.plan(object_groups=best, follows=draft.campaign_id), "FOLLOWS_NOT_COUNTED"),
        (
            city.plan(object_groups=[taken("best", plan_pb2.END_FIRST, 1, "no")], follows=before.campaign_id),
            "FOLLOWS_GROUP_UNKNOWN",
        ),
        (city.plan(object_groups=best), "PLAN_INCOMPLETE"),
    ]
    assert [refused(city, plan).reason for plan, _ in plans] == [reason for _, reason in plans]


def test_a_dry_run_shows_each_object_groups_formula_and_its_empty_groups(city: City) -> None:
    plan = city.plan()
    plan.rater_groups[1].rates.append("bureaus")
    shown = simulated(city, plan)
    effects = {(one.empty_group, tuple(one.object_groups)): [w.share for w in one.weights] for one in shown.empty_groups}
    assert effects == {
        ("delegates", ("bureaus",)): ["0", "1"],
        ("enterprises", ("bureaus",)): ["1", "0"],
        ("delegates", ("trades",)): ["0", "0"],
    }
    assert [(one.object_group, one.floor, one.ceiling) for one in shown.object_groups] == [
        ("bureaus", "0.00", "100.00"),
        ("trades", "0.00", "100.00"),
    ]
    assert len(shown.plan.scale) == 4
    assert not shown.HasField("drawn")


def test_a_drawn_result_is_the_same_for_the_same_seed_and_says_how_far_to_trust_it(city: City) -> None:
    raters = [simulation_pb2.SimulatedRaters(rater_group="enterprises", raters=40)]
    draw = {"seed": 5, "runs": 4, "raters": raters, "dont_know": "0.2"}
    one = simulated(city, city.plan(trim="0.05"), **draw).drawn
    assert one == simulated(city, city.plan(trim="0.05"), **draw).drawn
    assert [(group.rater_group, group.raters) for group in one.raters] == [("delegates", 10), ("enterprises", 40)]
    assert [row.rank for row in one.rows] == [1, 2, 3, 1]
    assert [variant.variant for variant in one.variants] == [1, 2, 3]
    bureaus = one.variants[0].groups[0]
    assert (bureaus.objects, one.runs) == (3, 4)
    assert bureaus.last_found <= bureaus.last_among_three == 4
    assert float(bureaus.mean_width) > 0 and 1 <= float(bureaus.mean_reach) <= 3


def test_a_draw_of_raters_nobody_planned_is_refused(city: City) -> None:
    draw = simulation_pb2.Draw(raters=[simulation_pb2.SimulatedRaters(rater_group="strangers", raters=1)])
    request = simulation_pb2.SimulateCampaignRequest(plan=city.plan(), draw=draw)
    assert city.door.refused(city.campaigns.SimulateCampaign, request, ORGANISER).reason == "RATER_GROUP_UNKNOWN"
