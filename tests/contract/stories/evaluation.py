"""Evaluation's part: a campaign counted and released, one still open, raters with their codes, points off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.auth import Caller
from tests.contract.stories import evaluation_cards, evaluation_outcome, evaluation_plan
from tests.contract.world import District, World


def plan(world: World, district: District) -> dict[str, Any]:
    """A plan about the district's units, as values by field."""
    units = [one["unit_id"] for one in district.known.records("unit_id")]
    return {
        "year": 2026,
        "closes_at": world.clock.now() + timedelta(days=30),
        "jurisdiction_path": district.path,
        "unit_id": units[0],
        "unit_path": "",
        "name": "全部",
        "key": "all",
        "rater_group": "all",
        "live": True,
        "suppress_below": 1,
        "object_groups": [{"objects": [{}]}],
        "dimensions": [{}],
        "rater_groups": [{}],
    }


def tell(world: World, district: District) -> None:
    """Everything evaluation does in one district."""
    organiser, registrar = district.somebody("organiser"), district.somebody("registrar")
    evaluation_plan.tell(world, district, organiser, plan(world, district))
    opened, codes = _opened(world, district, organiser, registrar)
    on_paper, _ = _opened(world, district, organiser, registrar, raters=3)
    evaluation_cards.tell(world, district, organiser, registrar, on_paper)
    at = _released(world, district, organiser, opened, codes)
    world.do("evaluation.FinaliseResult", district, organiser, **_on(at))
    opened, codes = _opened(world, district, organiser, registrar, objection_days=5)
    evaluation_outcome.tell(world, district, _released(world, district, organiser, opened, codes))


def _released(world: World, district: District, organiser: Caller, opened: Any, codes: list[str]) -> Any:
    """Everybody gives the worst grade; the live count is held and let go; the result is released by two."""
    [rated] = [one.object_id for group in opened.plan.object_groups for one in group.objects]
    worst = len(opened.plan.scale)
    for code in codes:
        world.do("evaluation.CastBallot", district, None, code=code, ratings=[{"object_id": rated, "grades": [worst]}])
    hold(world, district, opened, organiser)
    world.carry()
    at = world.do("evaluation.CloseCampaign", district, organiser, **_on(opened), leave_cards=True).campaign
    at = world.do("evaluation.CountCampaign", district, organiser, **_on(at)).campaign
    at = world.do("evaluation.ReleaseResult", district, organiser, **_on(at)).campaign
    return world.do("evaluation.ReleaseResult", district, district.somebody("publisher"), **_on(at)).campaign


def hold(world: World, district: District, opened: Any, organiser: Caller) -> None:
    """The live count is held by one and let go by two."""
    on = {"campaign_id": opened.campaign_id}
    held = world.do("evaluation.HoldLive", district, organiser, expected_version=0, **on).hall
    once = world.do("evaluation.ReleaseLive", district, organiser, expected_version=held.version, **on).hall
    world.do("evaluation.ReleaseLive", district, district.somebody("checker"), expected_version=once.version, **on)


def _opened(
    world: World, district: District, organiser: Caller, registrar: Caller, objection_days: int = 0, raters: int = 2
) -> tuple[Any, list[str]]:
    values = {**plan(world, district), "publication": {"what": 1, "objection_days": objection_days}}
    campaign = world.do("evaluation.CreateCampaign", district, organiser, title="公述民评", **values).campaign
    evaluation_plan.look_at_cards(world, district, organiser, campaign.campaign_id)
    for number in range(raters):
        rater = {"reference": f"{district.slug}-{number}", "rater_group": "all", "name": district.mark, "unit_id": ""}
        world.do("evaluation.ImportRaters", district, registrar, campaign_id=campaign.campaign_id, **rater)
    world.do("evaluation.ListRaters", district, registrar, campaign_id=campaign.campaign_id)
    those = {"campaign_id": campaign.campaign_id, "rater_group": "all"}
    pile = f"story-{campaign.campaign_id[-12:]}"
    issued = world.do("evaluation.IssueCodes", district, registrar, **those, request_id=pile)
    world.do("evaluation.PrintLetters", district, registrar, **those, issue=pile)
    world.do("evaluation.ListOpenings", district, registrar, campaign_id=campaign.campaign_id)
    opened = world.do("evaluation.OpenCampaign", district, organiser, **_on(campaign)).campaign
    return opened, [one.code for one in issued.codes]


def _on(campaign: Any) -> dict[str, Any]:
    return {"campaign_id": campaign.campaign_id, "expected_version": campaign.version}
