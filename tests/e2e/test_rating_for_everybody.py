"""Rating for everybody: with the keyboard alone, with large letters, on narrow screens, with a screen reader (axe)."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.rating import DESK, PHONE, Rating, choose, enter, look

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOUND = """async () => (await axe.run()).violations
    .filter(one => one.impact === "serious" || one.impact === "critical")
    .map(one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical on a page, with where it is."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found: list[str] = page.evaluate(FOUND)
    return found


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
def test_axe_finds_nothing_serious_from_the_code_to_the_receipt(
    rating: Rating, size: dict[str, int], colours: str, shared: bool
) -> None:
    campaign, [code] = rating.opened(1)
    path = f"/kiosk/{campaign.campaign_id}" if shared else "/rate"
    page = rating.device(size, color_scheme=colours)
    page.goto(path)
    assert faults(page) == []
    page.locator("main input[name=code]").fill("WRONG-WRONG-WRONG-WRONG")
    page.locator("main form[data-code] button").click()
    expect(page.locator("#faults")).to_be_visible()
    assert faults(page) == []
    enter(page, code, path)
    for _shape in range(2):
        assert faults(page) == []
        page.locator("[data-shape]").click()
    choose(page, [1, 2])
    assert faults(page) == []
    look(page)
    assert faults(page) == []
    page.context.set_offline(True)
    page.locator("[data-cast]").click()
    expect(page.locator("[data-sending]")).to_be_visible()
    assert faults(page) == []
    page.context.set_offline(False)
    expect(page.locator("[data-receipt]")).to_be_visible(timeout=30_000)
    assert faults(page) == []


def test_axe_finds_nothing_serious_without_scripts(rating: Rating) -> None:
    _, [code] = rating.opened(1)
    phone = rating.device(PHONE)
    phone.route("**/*.js", lambda route: route.abort())
    phone.goto("/rate")
    phone.locator("main input[name=code]").fill(code)
    phone.locator("main form[data-code] button").click()
    phone.locator("[data-ballot]").wait_for()
    assert faults(phone) == []
    phone.locator("[data-review]").click()
    expect(phone.locator("button[value=cast]")).to_be_visible()
    assert faults(phone) == []


def test_a_ballot_can_be_cast_with_the_keyboard_alone(rating: Rating) -> None:
    campaign, [code] = rating.opened(1)
    desk = rating.device(DESK)
    desk.goto("/rate")
    desk.locator("input[name=code]").focus()
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    desk.locator("[data-ballot]").wait_for()
    answered = 0
    for _ in range(60):
        desk.keyboard.press("Tab")
        here = desk.evaluate("document.activeElement.type + ' ' + (document.activeElement.dataset.review !== undefined)")
        if here.startswith("radio"):
            desk.keyboard.press("Space")
            answered += 1
        if here.endswith("true"):
            break
    assert answered == 8
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-look]")).to_be_visible()
    for _ in range(30):
        desk.keyboard.press("Tab")
        if desk.evaluate("'cast' in document.activeElement.dataset"):
            break
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-receipt]")).to_be_visible()
    assert rating.size(campaign) == 1


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, {"width": 640, "height": 400}])
def test_nothing_is_cut_off_on_a_narrow_screen_or_at_twice_the_size(rating: Rating, size: dict[str, int]) -> None:
    campaign, [code, other] = rating.opened(2, **rating.large(12, 5))
    wide = "document.documentElement.scrollWidth - innerWidth"
    for path, one in (("/rate", code), (f"/kiosk/{campaign.campaign_id}", other)):
        page = rating.device(size)
        page.goto(path)
        assert page.evaluate(wide) <= 0
        enter(page, one, path)
        for _shape in range(2):
            assert page.evaluate(wide) <= 0
            page.locator("[data-shape]").click()
        page.locator("form[action='/large'] button").click()
        assert page.evaluate(wide) <= 0
        choose(page, [1])
        look(page)
        assert page.evaluate(wide) <= 0
        page.locator("[data-cast]").click()
        expect(page.locator("[data-receipt]")).to_be_visible()
        assert page.evaluate(wide) <= 0
