"""What an amendment may change when, and what it leaves on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2, formula_pb2, plan_pb2, raters_pb2

from chassis.clock import SettableClock
from services.evaluation.storage import register
from tests.service.evaluation.campaigns import CLOSES_AT, ORGANISER, REGISTRAR, City, unit_changed


def amendment(campaign: Any, plan: Any, reason: str = "记录") -> campaigns_pb2.AmendCampaignRequest:
    """Asks for another plan."""
    return campaigns_pb2.AmendCampaignRequest(
        campaign_id=campaign.campaign_id, expected_version=campaign.version, plan=plan, reason=reason
    )


def amended(city: City, campaign: Any, plan: Any) -> Any:
    """The campaign under another plan."""
    return city.door.call(city.campaigns.AmendCampaign, amendment(campaign, plan), ORGANISER).campaign


def test_once_codes_are_issued_the_rater_groups_keep_their_places(city: City) -> None:
    campaign = city.create()
    turned = city.plan(rater_groups=list(reversed(campaign.plan.rater_groups)))
    city.enter(campaign.campaign_id, ("d0", "delegates", ""))
    refused = city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, turned), ORGANISER)
    heavier = city.plan(rater_groups=[*campaign.plan.rater_groups])
    heavier.rater_groups[0].weight = 90
    assert refused.reason == "AMENDMENT_CHANGES_BALLOTS"
    assert amended(city, campaign, heavier).plan.rater_groups[0].weight == 90


def test_before_any_code_is_issued_a_draft_may_change_its_rater_groups(city: City) -> None:
    campaign = city.create()
    turned = city.plan(rater_groups=list(reversed(campaign.plan.rater_groups)))
    assert amended(city, campaign, turned).plan.rater_groups[0].key == "enterprises"


def test_an_amendment_says_what_was_there_before_and_what_is_there_now(city: City) -> None:
    campaign = city.create()
    plan = city.plan(title="年终评议")
    plan.rater_groups[0].weight = 55
    plan.object_groups[1].objects.add(unit_id=plan.object_groups[0].objects[2].unit_id, name="教育局")
    del plan.object_groups[0].objects[2]
    [one] = amended(city, campaign, plan).amendments
    moved = campaign.plan.object_groups[0].objects[2].object_id
    said = {change.field: (change.before, change.after) for change in one.changes}
    assert said["title"] == ("2026年公述民评", "年终评议")
    assert said["rater_groups[delegates].weight"] == ("70", "55")
    assert said[f"object_groups[bureaus].objects[{moved}].name"] == ("schools", "")
    assert said[f"object_groups[trades].objects[{moved}].name"] == ("", "教育局")


def test_weights_lines_and_validity_change_on_record_while_open_and_ballots_keep_their_class(city: City) -> None:
    campaign, delegates, _ = city.opened()
    receipt = city.cast(delegates[0], campaign, (1, 0, 0, 0))
    easier = formula_pb2.ValidityRules(min_answered="0", straight_line_objects=0, straight_lined_counts=True)
    lines = formula_pb2.Lines()
    lines.CopyFrom(campaign.plan.lines)
    lines.last_below = "70"
    after = amended(city, campaign, city.plan(validity=easier, lines=lines))
    second = city.cast(delegates[1], after, (1, 0, 0, 0))
    assert {change.field for change in after.amendments[0].changes} == {
        "validity.min_answered",
        "validity.straight_line_objects",
        "lines.last_below",
    }
    assert receipt.ballot_class != second.ballot_class
    assert city.prove(delegates[0]).ballot_class == receipt.ballot_class


def test_who_rates_what_stays_once_the_box_is_open(city: City) -> None:
    campaign, _, _ = city.opened()
    plan = city.plan()
    plan.rater_groups[0].rates.append("bureaus")
    assert (
        city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, plan), ORGANISER).reason
        == "AMENDMENT_CHANGES_BALLOTS"
    )


def test_after_the_close_nothing_is_amended(city: City) -> None:
    campaign, _, _ = city.opened()
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    refused = city.door.refused(city.campaigns.AmendCampaign, amendment(closed, city.plan(title="晚了")), ORGANISER)
    assert refused.reason == "CAMPAIGN_NOT_AMENDABLE"


def test_a_unit_renamed_meanwhile_keeps_the_name_it_has_on_the_ballot(city: City) -> None:
    campaign = city.create()
    renamed = unit_changed(city.units["housing"], "housing")
    renamed.version = 2
    renamed.unit_changed.name = "住房和城乡建设局"
    city.door.hear(renamed)
    after = amended(city, campaign, city.plan(title="改题"))
    assert after.plan.object_groups[0].objects[0].name == "housing"
    assert [change.field for change in after.amendments[0].changes] == ["title"]
    named = plan_pb2.CampaignPlan()
    named.CopyFrom(after.plan)
    named.object_groups[0].objects[0].name = "住建局"
    assert amended(city, after, named).plan.object_groups[0].objects[0].name == "住建局"


def test_codes_issued_while_a_draft_is_amended_belong_to_the_group_of_their_raters(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = city.create()
    turned = city.plan(rater_groups=list(reversed(campaign.plan.rater_groups)))
    claim = register.claim

    def claim_and_amend(*given: Any) -> None:
        monkeypatch.setattr(register, "claim", claim)
        amended(city, campaign, turned)
        claim(*given)

    monkeypatch.setattr(register, "claim", claim_and_amend)
    city.enter(campaign.campaign_id, ("d0", "delegates", ""))
    turnout = city.door.call(
        city.raters.GetTurnout, raters_pb2.GetTurnoutRequest(campaign_id=campaign.campaign_id), REGISTRAR
    ).turnout
    assert {one.rater_group: one.issued for one in turnout.groups} == {"enterprises": 0, "delegates": 1}


def test_no_code_is_issued_in_a_group_that_an_amendment_took_away(city: City) -> None:
    campaign = city.create()
    rater = raters_pb2.NewRater(reference="e0", rater_group="enterprises", name="人")
    city.door.call(
        city.raters.ImportRaters, raters_pb2.ImportRatersRequest(campaign_id=campaign.campaign_id, raters=[rater]), REGISTRAR
    )
    amended(city, campaign, city.plan(rater_groups=[campaign.plan.rater_groups[0]]))
    request = raters_pb2.IssueCodesRequest(campaign_id=campaign.campaign_id, request_id="now")
    refused = city.door.refused(lambda *given, **more: list(city.raters.IssueCodes(*given, **more)), request, REGISTRAR)
    assert refused.reason == "RATER_GROUP_UNKNOWN"


def test_no_amendment_makes_two_ballots_of_one_code_count(city: City) -> None:
    last, refused = formula_pb2.REVOTE_LAST_COUNTS, formula_pb2.REVOTE_REFUSED
    campaign, delegates, _ = city.opened(revote=last)
    city.cast(delegates[0], campaign, (1, 1, 1, 1))
    city.cast(delegates[0], campaign, (2, 2, 2, 2))
    for revote in (refused, formula_pb2.REVOTE_FIRST_COUNTS):
        request = amendment(campaign, city.plan(revote=revote))
        assert city.door.refused(city.campaigns.AmendCampaign, request, ORGANISER).reason == "AMENDMENT_CHANGES_BALLOTS"


@pytest.mark.parametrize("changed", ["grade", "points", "question", "object", "dont_know"])
def test_what_a_rater_read_on_the_ballot_stays_once_the_box_is_open(city: City, changed: str) -> None:
    campaign, _, _ = city.opened()
    plan = formula_plan(campaign)
    if changed == "grade":
        plan.scale[0].name, plan.scale[-1].name = plan.scale[-1].name, plan.scale[0].name
    elif changed == "points":
        plan.scale[-1].points = "10"
    elif changed == "question":
        plan.dimensions[0].name = "另一个问题"
    elif changed == "object":
        first, second = plan.object_groups[0].objects[:2]
        first.name, second.name = second.name, first.name
    else:
        plan.dont_know = False
    refused = city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, plan), ORGANISER)
    assert refused.reason == "AMENDMENT_CHANGES_BALLOTS"


def test_raters_were_promised_how_much_is_published(city: City) -> None:
    campaign, _, _ = city.opened(
        live=False, publication=formula_pb2.Publication(what=formula_pb2.PUBLISH_RANKED), suppress_below=5
    )
    wider, smaller, narrower = formula_plan(campaign), formula_plan(campaign), formula_plan(campaign)
    wider.publication.what = formula_pb2.PUBLISH_FULL
    smaller.suppress_below = 2
    narrower.publication.what = formula_pb2.PUBLISH_GRADES
    for plan in (wider, smaller):
        refused = city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, plan), ORGANISER)
        assert refused.reason == "AMENDMENT_BREAKS_WORD"
    assert amended(city, campaign, narrower).plan.publication.what == formula_pb2.PUBLISH_GRADES


def test_a_period_that_has_ended_is_not_extended(city: City, clock: SettableClock) -> None:
    campaign, _, _ = city.opened()
    clock.set(CLOSES_AT + timedelta(minutes=5))
    plan = formula_plan(campaign)
    plan.closes_at.FromDatetime(CLOSES_AT + timedelta(hours=2))
    refused = city.door.refused(city.campaigns.AmendCampaign, amendment(campaign, plan), ORGANISER)
    assert (refused.reason, refused.field) == ("PERIOD_OVER", "plan.closes_at")


def test_only_what_is_published_in_full_may_be_watched_live(city: City) -> None:
    plan = city.plan(live=True, publication=formula_pb2.Publication(what=formula_pb2.PUBLISH_GRADES))
    refused = city.door.refused(city.campaigns.CreateCampaign, campaigns_pb2.CreateCampaignRequest(plan=plan), ORGANISER)
    assert (refused.reason, refused.field) == ("LIVE_NEEDS_FULL", "plan.live")


def formula_plan(campaign: Any) -> plan_pb2.CampaignPlan:
    """A copy of a campaign's plan, to be changed."""
    plan = plan_pb2.CampaignPlan()
    plan.CopyFrom(campaign.plan)
    return plan
