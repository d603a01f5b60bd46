"""Evidence from a phone to the desk: handed in with and without scripts, looked at by a clerk, shown to the unit."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PHONE, Person, Town
from tests.e2e.test_rating_for_everybody import faults
from tests.unit.complaints import files

PICTURE = {"name": "窗口现场.jpg", "mimeType": "image/jpeg", "buffer": files.picture(size=(1600, 1200))}
PAPER = {"name": "办事回执.pdf", "mimeType": "application/pdf", "buffer": files.document()}
LIE = {"name": "其实不是.jpg", "mimeType": "image/jpeg", "buffer": files.picture() + files.archive()}


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_files_from_a_phone_are_taken_or_refused_by_name_and_reach_the_desk(town: Town, scripts: bool) -> None:
    citizen = _phone(town, scripts)
    number = _filed(citizen)
    citizen.page.locator("form[action='/evidence'] button").click()

    _hand_in(citizen, PICTURE, PAPER, LIE)

    expect(citizen.page.locator(".notice.good")).to_contain_text("窗口现场.jpg")
    expect(citizen.page.locator(".notice.bad li")).to_contain_text("其实不是.jpg — 文件已损坏")
    assert citizen.page.url.endswith("/evidence")
    assert not scripts or faults(citizen.page) == []
    with citizen.page.expect_download() as download:
        citizen.page.locator("form[action='/evidence/file'] button").first.click()
    assert download.value.suggested_filename == "attachment-1.jpg"
    assert files.LATIN not in download.value.path().read_bytes()
    _seen_at_the_desk(town.person("clerk"), number)
    citizen.page.context.close()


def _phone(town: Town, scripts: bool) -> Person:
    options: dict[str, Any] = {"viewport": PHONE, "locale": "zh-CN", "base_url": town.deployment.url}
    return Person(town, town.browser.new_context(java_script_enabled=scripts, **options).new_page())


def _filed(citizen: Person) -> str:
    citizen.open("/file")
    citizen.fill(
        draft__title="大厅下午没有人",
        draft__text="等了两个小时，有照片。",
        draft__jurisdiction_path="/qinghe",
        draft__manner="MANNER_ANONYMOUS",
    )
    citizen.submit()
    return citizen.page.locator(".receipt strong").inner_text()


def _hand_in(person: Person, *given: Any) -> None:
    person.page.locator("#files").set_input_files(list(given))
    person.page.locator("form[data-upload] button.primary").click()
    expect(person.page.locator(".notice.good")).to_be_visible()


def _seen_at_the_desk(clerk: Person, number: str) -> None:
    """The clerk sees the picture, adds a paper and shows the picture to the unit."""
    record = clerk.row("/complaints", number).partition("?")[0]
    clerk.open(f"{record}/files")
    shown = clerk.page.locator("main img").first
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("picture => picture.naturalWidth") > 0
    _hand_in(clerk, {**PAPER, "name": "来信.pdf", "buffer": files.document() + b"\n"})
    expect(clerk.page.locator("ul.files li").first).to_contain_text("看不到")
    clerk.page.locator("form[action$='/show'] button").first.click()
    expect(clerk.page.locator("ul.files li").first).to_contain_text("看得到")
