"""The clerk's walk at the desk: a caller's complaint entered by keyboard alone, a second caller joined to it, topics read.

How long it takes is counted, not measured: by the keystroke-level model (Card, Moran and Newell 1980) an average typist
needs 0.28 s a key, so that a minute holds some 210 keys. The caller's own words are typed while they talk and not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.people import Town
from tests.e2e.test_rating_for_everybody import faults

SECONDS_A_KEY = 0.28
A_MINUTE = 60
FIRST_CALL = "柳荫巷5号楼下的下水井盖坏了三天，打电话给住建局说没有人管，窗口没有人接待。"
SECOND_CALL = "柳荫巷5号的下水井盖还是坏的，没有人管，有老人差点摔倒。"


@dataclass
class Keyboard:
    """Everything a clerk does: keys pressed, counted."""

    page: Page
    keys: int = 0

    def press(self, *names: str) -> None:
        """Keys one after another."""
        for name in names:
            self.page.keyboard.press(name)
            self.keys += 1

    def write(self, text: str) -> None:
        """Something looked up or asked for: counted."""
        self.page.keyboard.insert_text(text)
        self.keys += len(text)

    def hear(self, text: str) -> None:
        """What the caller says, typed while they say it."""
        self.page.keyboard.insert_text(text)

    def go_to(self, name: str) -> None:
        """On by Tab until the field is reached."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement && document.activeElement.name") == name:
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not reach {name}")

    @property
    def seconds(self) -> float:
        """By the keystroke-level model."""
        return self.keys * SECONDS_A_KEY


def entered(page: Page, said: str, join: bool = False) -> Keyboard:
    """One call: the page opens with the cursor where the clerk begins to type."""
    keyboard = Keyboard(page)
    expect(page.locator("[name='draft.text']")).to_be_focused()
    keyboard.hear(said)
    keyboard.press("Tab")
    keyboard.hear("柳荫巷5号")
    expect(page.locator("#live [data-take='draft.category']").first).to_be_visible()
    keyboard.press("Alt+Digit1")
    expect(page.locator("[name='draft.category']")).not_to_have_value("")
    if join:
        expect(page.locator("#live [name=into]").nth(1)).to_be_visible()
        keyboard.press("Alt+Digit7")
        expect(page.locator("#live [name=into]").nth(1)).to_be_checked()
    keyboard.go_to("draft.manner")
    keyboard.press("Space")
    keyboard.go_to("draft.identity.name")
    keyboard.write("欧阳若水")
    keyboard.press("Tab")
    keyboard.write("13912345678")
    assert page.locator("[name='draft.title']").input_value(), "the first sentence stands as the title"
    keyboard.press("Control+Enter")
    expect(page.locator("#code")).to_be_visible()
    return keyboard


def test_a_call_is_entered_by_keyboard_alone_in_under_a_minute_and_the_next_joins_it(town: Town) -> None:
    clerk = town.person("clerk")
    page = clerk.page
    clerk.open("/desk")
    assert faults(page) == []

    first = entered(page, FIRST_CALL)
    number = re.search(r"投诉〔\d+〕\d+号", clerk.text())
    assert number and first.seconds < A_MINUTE, f"{first.keys} keys"
    page.wait_for_timeout(0)

    _wait_for_fingerprint(page, number.group())
    clerk.open("/desk")
    second = entered(page, SECOND_CALL, join=True)
    expect(page.locator("main [role=status]").first).to_contain_text("已并入")
    assert second.seconds < A_MINUTE, f"{second.keys} keys"


def _wait_for_fingerprint(page: Page, number: str) -> None:
    """The timer takes it within seconds; until then it is looked for as a clerk would, by typing again."""
    for _ in range(60):
        page.goto("/desk")
        page.keyboard.insert_text(SECOND_CALL)
        live = page.locator("#live").get_by_text(number)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Space")
        if live.count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{number} is not found by its likeness")


def test_what_is_found_is_shown_without_scripts_too(town: Town) -> None:
    state = town.person("clerk").page.context.storage_state()
    context = town.browser.new_context(
        java_script_enabled=False, storage_state=state, locale="zh-CN", base_url=town.deployment.url
    )
    page = context.new_page()
    page.goto("/desk")
    page.locator("[name='draft.text']").fill(FIRST_CALL)
    page.locator("[name=look]").click()
    expect(page.locator("#live [data-take='draft.category']").first).to_be_visible()

    page.locator("#live [data-take='draft.category']").first.click()

    expect(page.locator("[name='draft.category']")).not_to_have_value("")
    expect(page.locator("[name='draft.text']")).to_have_value(FIRST_CALL)
    context.close()


def test_the_leader_reads_topics_and_models_and_opens_an_example(town: Town) -> None:
    leader = town.person("leader")
    for path in ("/topics", "/topics?weeks=26", "/models"):
        leader.open(path)
        assert faults(leader.page) == []
