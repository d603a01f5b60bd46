"""What a rater sees on the paper: statements beside the objects, the own unit closed, one object only, a closed campaign."""

from __future__ import annotations

from playwright.sync_api import expect
from zhengfeng.evaluation.v1 import campaigns_pb2, raters_pb2

from chassis.clock import new_id
from tests.e2e.rating import Rating, choose, enter, look
from tests.service.evaluation.campaigns import ORGANISER, REGISTRAR
from tests.service.evaluation.test_statements import Stated


def test_what_an_object_promised_stands_beside_it(rating: Rating) -> None:
    stated = Stated(rating.city)
    stated.file("housing", "一个窗口受理，十个工作日办结。")
    stated.open()
    phone = rating.device()
    enter(phone, stated.codes[0])
    first = phone.locator("[data-screen]").first
    expect(first.locator(".says .said").first).not_to_be_visible()
    first.locator(".says summary").click()
    expect(first.locator(".says")).to_contain_text("一个窗口受理，十个工作日办结。")
    expect(phone.locator("[data-screen]").nth(1).locator(".says")).to_have_count(0)


def test_the_own_unit_is_named_as_closed(rating: Rating) -> None:
    campaign = rating.city.create()
    [code] = rating.city.enter(campaign.campaign_id, ("d0", "delegates", "housing"))
    rating.city.move(rating.city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    phone = rating.device()
    enter(phone, code)
    expect(phone.locator("[data-screen]")).to_have_count(3)
    expect(phone.locator(".closed")).to_contain_text("housing")


def test_a_code_for_one_object_shows_one_object(rating: Rating) -> None:
    city = rating.city
    campaign = city.create()
    rated = [one.object_id for group in campaign.plan.object_groups for one in group.objects]
    one = raters_pb2.NewRater(reference="d0", rater_group="delegates", object_id=rated[1])
    city.door.call(
        city.raters.ImportRaters,
        raters_pb2.ImportRatersRequest(campaign_id=campaign.campaign_id, raters=[one]),
        REGISTRAR,
    )
    codes = city.issue(campaign.campaign_id, new_id(city.door.clock))
    opened = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    phone = rating.device()
    enter(phone, codes["d0"])
    expect(phone.locator("[data-screen]")).to_have_count(1)
    expect(phone.locator("[data-shape]")).not_to_be_visible()
    choose(phone, [2])
    look(phone)
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-receipt]")).to_be_visible()
    assert rating.size(opened) == 1


def test_after_the_close_a_used_code_and_an_unused_one_look_alike(rating: Rating) -> None:
    campaign, [used, unused] = rating.opened(2)
    rating.city.cast(used, campaign, [1, 2, 1, 2])
    rating.city.move(rating.city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign, ORGANISER)
    phone = rating.device()
    said = []
    for code in (used, unused):
        phone.goto("/rate")
        phone.locator("input[name=code]").fill(code)
        phone.locator("form[data-code] button").click()
        expect(phone.locator("#faults")).to_be_visible()
        said.append(phone.locator("#faults").inner_text())
    assert said[0] == said[1]
