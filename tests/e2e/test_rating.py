"""Rating on a phone and on a shared device: without a network, one rater after another, without scripts."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect
from zhengfeng.evaluation.v1 import formula_pb2

from tests.e2e.rating import DESK, PHONE, Rating, choose, enter, look

WAITING = "还没有交上"


def test_a_ballot_filled_in_while_the_network_is_gone_is_cast_once_when_it_is_back(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    choose(phone, [1])
    phone.context.set_offline(True)
    phone.locator("[data-next]").click()
    choose(phone, [2], first=1)
    look(phone)
    expect(phone.locator("[data-look-missing] li")).to_have_count(2)
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-sending]")).to_contain_text(WAITING)
    assert rating.size(campaign) == 0

    phone.context.set_offline(False)

    expect(phone.locator("[data-receipt]")).to_be_visible(timeout=30_000)
    assert rating.size(campaign) == 1
    assert phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_an_answer_that_was_lost_on_the_way_does_not_count_a_ballot_twice(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    choose(phone, [1, 1, 2, 1])
    look(phone)
    lost: list[str] = []

    def answer_lost(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        if request.method == "POST" and "step=cast" in (request.post_data or "") and not lost:
            lost.append(route.fetch().text())  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    phone.route("**/rate", answer_lost)
    phone.locator("[data-cast]").click()

    expect(phone.locator("[data-receipt]")).to_be_visible(timeout=30_000)
    assert lost and rating.size(campaign) == 1


def test_a_reload_without_a_network_keeps_the_choices(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    choose(phone, [1, 3])
    phone.wait_for_function("caches.match('/rate').then(found => Boolean(found))")
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)

    phone.reload()

    expect(phone.locator("[data-screen] input:checked")).to_have_count(4)
    assert phone.locator("[data-screen]").nth(1).locator("fieldset").first.locator("input").nth(2).is_checked()


def test_another_code_on_the_same_device_does_not_see_the_choices_of_the_first(rating: Rating) -> None:
    _, [first, second] = rating.opened(2)
    phone = rating.device()
    enter(phone, first)
    choose(phone, [1])
    phone.evaluate("sessionStorage.clear()")
    enter(phone, second)
    expect(phone.locator("[data-screen] input:checked")).to_have_count(0)


def test_a_code_from_a_letters_picture_is_filled_in_and_leaves_the_address(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    phone = rating.device()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"/rate#code={code}")
    expect(phone.locator("input[name=code]")).to_have_value(code)
    assert phone.url.endswith("/rate")
    assert not any(code in address.partition("#")[0] for address in asked)


def test_the_receipt_can_be_kept_as_a_picture_and_its_own_device_shows_it_again(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    phone.get_by_label("这是我自己的设备").check()
    choose(phone, [1, 2, 1, 1])
    look(phone)
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-receipt]")).to_be_visible()
    with phone.expect_download() as picture:
        phone.locator("[data-picture]").click()
    assert picture.value.suggested_filename.endswith(".png")
    leaf = phone.locator("[data-receipt] code").first.inner_text()
    phone.goto("/rate")
    phone.locator("input[name=code]").fill(code)
    phone.locator("form[data-code] button").click()
    expect(phone.locator("[data-receipt] code").first).to_have_text(leaf)


def begin(page: Page, code: str) -> None:
    """Types a code that opens no ballot."""
    page.goto("/rate")
    page.locator("main input[name=code]").fill(code)
    page.locator("main form[data-code] button").click()


def test_a_used_code_leads_to_the_check_by_receipt_and_to_nothing_else(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    receipt = rating.city.cast(code, campaign, [1, 2, 1, 1])
    for scripts in (True, False):
        phone = rating.device(PHONE, java_script_enabled=scripts)
        begin(phone, code)
        expect(phone.locator("main")).to_contain_text("要核对，请用回执")
        expect(phone.locator(f"main a[href='/results/{campaign.campaign_id}/audit']")).to_be_visible()
        assert receipt.leaf_hash.hex() not in phone.content()


def test_a_receipt_whose_answer_was_lost_with_the_page_is_given_to_the_own_device_again(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    phone.get_by_label("这是我自己的设备").check()
    choose(phone, [1, 1, 2, 1])
    look(phone)

    def answer_lost(route: Route) -> None:
        if "step=cast" in (route.request.post_data or ""):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/rate", answer_lost)
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-sending]")).to_contain_text(WAITING)
    later = phone.context.new_page()
    phone.close()
    begin(later, code)
    expect(later.locator("[data-receipt]")).to_be_visible()
    assert rating.size(campaign) == 1


def test_who_filled_in_a_ballot_while_another_was_cast_elsewhere_is_asked(rating: Rating) -> None:
    campaign, [code] = rating.opened(1, revote=formula_pb2.REVOTE_LAST_COUNTS)
    phone = rating.device()
    enter(phone, code)
    choose(phone, [1, 1, 2, 1])
    look(phone)
    rating.city.cast(code, campaign, [2, 2, 1, 2])
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-sending]")).to_contain_text("在别处又投了一票")
    assert rating.size(campaign) == 1
    phone.locator("[data-cast]").click()
    expect(phone.locator("[data-receipt]")).to_be_visible()
    assert rating.size(campaign) == 2


def test_a_shared_device_forgets_each_rater(rating: Rating) -> None:
    campaign, [first, second] = rating.opened(2)
    device = rating.device(DESK)
    path = f"/kiosk/{campaign.campaign_id}"
    enter(device, first, path)
    assert device.locator("header a[href='/sign-in'], nav a").count() == 0
    choose(device, [1, 1, 2, 1])
    look(device)
    device.locator("[data-cast]").click()
    expect(device.locator("[data-receipt]")).to_be_visible()
    device.locator("main a.button.primary").click()
    expect(device.locator("input[name=code]")).to_have_value("")
    assert device.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    enter(device, second, path)
    expect(device.locator("[data-screen] input:checked")).to_have_count(0)
    assert rating.size(campaign) == 1


def test_a_shared_device_left_alone_goes_back_to_the_code(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    device = rating.device()
    device.clock.install()
    enter(device, code, f"/kiosk/{campaign.campaign_id}")
    choose(device, [1])
    device.clock.run_for(170_000)
    expect(device.locator("[data-idle-left]")).to_be_visible()
    device.clock.run_for(20_000)
    expect(device.locator("input[name=code]")).to_have_value("")
    expect(device.locator("[data-ballot]")).to_have_count(0)


def test_a_used_code_at_a_shared_device_shows_no_receipt_but_that_it_was_used(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    rating.city.cast(code, campaign, [1, 2, 1, 1])
    device = rating.device(DESK)
    device.goto(f"/kiosk/{campaign.campaign_id}")
    device.locator("main input[name=code]").fill(code)
    device.locator("main form[data-code] button").click()
    expect(device.locator("#faults")).to_contain_text("已经评议过")
    expect(device.locator("[data-receipt]")).to_have_count(0)
    assert device.locator("input[name=code]").input_value() == ""


def test_a_ballot_that_waits_too_long_at_a_shared_device_sends_its_rater_to_the_desk(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    device = rating.device(DESK)
    device.clock.install()
    enter(device, code, f"/kiosk/{campaign.campaign_id}")
    choose(device, [1, 1, 2, 1])
    look(device)
    device.context.set_offline(True)
    device.locator("[data-cast]").click()
    expect(device.locator("[data-sending]")).to_contain_text(WAITING)
    expect(device.locator("[data-clear]")).to_be_hidden()
    device.clock.run_for(61_000)
    expect(device.locator("[data-sending]")).to_contain_text("纸质")
    expect(device.locator("[data-clear] a")).to_be_visible()


def test_what_was_filled_in_goes_with_the_tab_unless_the_device_is_the_raters_own(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    phone = rating.device()
    enter(phone, code)
    choose(phone, [1])
    assert phone.evaluate("localStorage.length") == 0
    other = phone.context.new_page()
    enter(other, code)
    expect(other.locator("[data-screen] input:checked")).to_have_count(0)
    other.close()

    phone.get_by_label("这是我自己的设备").check()
    assert phone.evaluate("Object.keys(localStorage).filter(one => one.startsWith('ballot:')).length") == 1
    later = phone.context.new_page()
    enter(later, code)
    expect(later.locator("[data-screen] input:checked")).to_have_count(2)
    expect(later.get_by_label("这是我自己的设备")).to_be_checked()
    later.get_by_label("这是我自己的设备").uncheck()
    assert later.evaluate("localStorage.length") == 0


def test_a_forgotten_ballot_leaves_nothing_behind_and_its_code_is_still_good(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    phone = rating.device()
    phone.on("dialog", lambda asked: asked.accept())
    enter(phone, code)
    phone.get_by_label("这是我自己的设备").check()
    choose(phone, [1, 2])
    phone.get_by_role("button", name="忘记这张票").click()
    expect(phone.locator("input[name=code]")).to_have_value("")
    assert phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert rating.size(campaign) == 0
    enter(phone, code)
    expect(phone.locator("[data-screen] input:checked")).to_have_count(0)


def test_a_shared_device_takes_codes_of_its_own_campaign_only(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    other = rating.city.create()
    device = rating.device()
    device.goto(f"/kiosk/{other.campaign_id}")
    device.locator("input[name=code]").fill(code)
    device.locator("form[data-code] button").click()
    expect(device.locator("[role=alert]#faults")).to_be_visible()


def test_without_scripts_one_reads_chooses_and_casts(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    phone = rating.device(PHONE, java_script_enabled=False)
    phone.goto("/rate")
    phone.locator("input[name=code]").fill(code)
    phone.locator("form[data-code] button").click()
    for cell in phone.locator("[data-screen] fieldset").all()[:6]:
        cell.locator("label").nth(1).click()
    phone.locator("[data-review]").click()
    missing = phone.locator("button[formaction*='#o-']")
    expect(missing).to_have_count(1)
    missing.click()
    expect(phone.locator("input:checked")).to_have_count(6)
    phone.locator("[data-review]").click()
    phone.locator("button[value=cast]").click()
    expect(phone.locator("[data-receipt]")).to_be_visible()
    assert rating.size(campaign) == 1
