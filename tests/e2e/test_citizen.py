"""The citizen's walk: filing, the receipt, following; danger to life; bribery on its way to the discipline organ."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import DESK, PHONE, Person, Town
from tests.e2e.test_evidence import LIE, PICTURE
from tests.e2e.test_rating_for_everybody import faults

EVERY_SIZE = ("/", "/file", "/follow")
ON_A_PHONE = ("/answers", "/answers/reviews", "/evidence", "/notices", "/results", "/sign-in")
WIDE = "document.documentElement.scrollWidth - innerWidth"


def test_axe_finds_nothing_serious_on_the_citizens_pages_and_nothing_is_cut_off(town: Town) -> None:
    for size in ({"width": 320, "height": 640}, {"width": 390, "height": 844}, DESK):
        context = town.browser.new_context(viewport=size, locale="zh-CN", base_url=town.deployment.url)  # type: ignore[arg-type]
        someone = Person(town, context.new_page())
        for path in EVERY_SIZE if size != PHONE else (*EVERY_SIZE, *ON_A_PHONE):
            someone.open(path)
            sound(someone.page)
        someone.page.locator("form[action='/large'] button").click()
        sound(someone.page)
        context.close()


def test_danger_in_the_words_reaches_the_leader_and_the_receipt_shows_whom_to_call(town: Town) -> None:
    citizen, leader = town.citizen(), town.person("leader")
    number, _ = filed(citizen, "他们再拖下去，我就不想活了")

    expect(citizen.page.locator("main a[href='tel:110']")).to_be_visible()
    expect(citizen.page.locator("main [role=alert]")).to_contain_text("值班领导")
    sound(citizen.page)
    alert = leader.row("/danger-alerts?waiting_only=true", number)
    leader.open("/work")
    assert number in leader.text()
    leader.open(alert)
    leader.submit()
    expect(leader.page.locator("main [role=status]")).to_be_visible()


def test_a_hint_of_bribery_is_told_while_typing_and_the_filer_sees_the_organ_and_its_receipt(town: Town) -> None:
    citizen, clerk = town.citizen(), town.person("clerk")
    citizen.open("/file")
    citizen.fill(draft__text="窗口的人收了红包才给办")
    expect(citizen.page.locator("#hints a[href='tel:12388']")).to_be_visible()
    sound(citizen.page)
    number, receipt = filed(citizen, "窗口的人收了红包才给办", reload=False)

    handover = clerk.row("/handovers?state=HANDOVER_STATE_SUSPECTED", number)
    clerk.open(handover)
    clerk.page.locator("button", has_text="取出材料打印").click()
    expect(clerk.page.locator("main")).to_contain_text("窗口的人收了红包才给办")
    clerk.open(handover)
    clerk.page.locator("main a", has_text="移送纪检监察机关").click()
    clerk.fill(organ="清河市纪委监委")
    clerk.submit()
    expect(clerk.page).to_have_url(re.compile(r"done="))
    clerk.open(handover)
    clerk.fill(receipt_number="清纪信〔2026〕9号", receipted_on="2026-11-23")
    clerk.submit()

    follow(citizen, receipt)
    expect(citizen.page.locator("main")).to_contain_text("清河市纪委监委")
    expect(citizen.page.locator("main")).to_contain_text("清纪信〔2026〕9号")
    assert "红包" not in citizen.text()
    sound(citizen.page)


def test_without_scripts_the_better_road_is_shown_once_before_it_is_sent(town: Town) -> None:
    citizen = town.citizen()
    citizen.page.route("**/*.js", lambda route: route.abort())
    citizen.open("/file")
    write(citizen, "老板拖欠工资三个月，劳动局不管")
    citizen.submit()

    expect(citizen.page.locator("#hints a[href='tel:12333']")).to_be_visible()
    sound(citizen.page)
    citizen.submit()
    expect(citizen.page.locator(".receipt")).to_be_visible()


def test_axe_finds_nothing_serious_on_what_a_receipt_code_opens(town: Town) -> None:
    citizen = town.citizen()
    _, receipt = filed(citizen, "窗口下午没有人")
    sound(citizen.page)
    follow(citizen, receipt)
    citizen.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    sound(citizen.page)
    for form in ("/notices", "/evidence"):
        follow(citizen, receipt)
        citizen.page.locator(f"form[action='{form}'] button").last.click()
        sound(citizen.page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_files_go_with_the_complaint_and_one_that_is_refused_costs_no_words(town: Town, scripts: bool) -> None:
    citizen = Person(town, _phone(town, scripts))
    citizen.open("/file")
    write(citizen, "等了两个小时，有照片。")
    citizen.fill(draft__title="")
    citizen.page.locator("form[data-draft]").evaluate("form => { form.noValidate = true }")
    choose(citizen, PICTURE)
    citizen.submit()
    expect(citizen.page.locator("#faults")).to_contain_text("一句话说明")
    expect(citizen.page.locator("textarea").first).to_have_value("等了两个小时，有照片。")
    citizen.fill(draft__title="大厅下午没有人")
    choose(citizen, LIE) if scripts else choose(citizen, PICTURE, LIE)
    citizen.submit()

    expect(citizen.page.locator(".receipt")).to_be_visible()
    expect(citizen.page.locator(".notice.good")).to_contain_text("窗口现场.jpg")
    expect(citizen.page.locator(".notice.bad li")).to_contain_text("其实不是.jpg — 文件已损坏")
    if scripts:
        sound(citizen.page)
    citizen.page.context.close()


def _phone(town: Town, scripts: bool) -> Page:
    options: dict[str, Any] = {"viewport": PHONE, "locale": "zh-CN", "base_url": town.deployment.url}
    return town.browser.new_context(java_script_enabled=scripts, **options).new_page()


def choose(citizen: Person, *files: Any) -> None:
    """Chooses files beside what was chosen before."""
    citizen.page.locator("#files").set_input_files(list(files))


def sound(page: Page) -> None:
    """Nothing serious for a screen reader, nothing cut off."""
    assert faults(page) == []
    assert page.evaluate(WIDE) <= 0


def write(citizen: Person, text: str) -> None:
    """Fills the form, without a name."""
    said = {"draft__title": "窗口不办事", "draft__text": text, "draft__jurisdiction_path": "/qinghe"}
    citizen.fill(**said, draft__manner="MANNER_ANONYMOUS")


def filed(citizen: Person, text: str, reload: bool = True) -> tuple[str, str]:
    """The number and the code of a complaint just filed."""
    if reload:
        citizen.open("/file")
    write(citizen, text)
    citizen.submit()
    receipt = citizen.page.locator(".receipt")
    expect(receipt).to_be_visible()
    return receipt.locator("strong").inner_text(), receipt.locator("#code").inner_text()


def follow(citizen: Person, receipt: str) -> None:
    """By the code."""
    citizen.open("/follow")
    citizen.fill(receipt_code=receipt)
    citizen.submit()
