"""Cards from the design to the count, as people meet them: organiser, registrar, mail room, clerk, three checkers, auditor.

The pages and evaluation stand as they are deployed, the card is the one that was printed, and the reader the one that ships;
only the pen and the scanner are the test's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from zhengfeng.evaluation.v1 import campaigns_pb2, card_audit_pb2, card_runs_pb2, keying_pb2

from chassis.auth import Caller
from chassis.clock import SettableClock
from services.evaluation import reader
from services.evaluation.cards.reading.codes import codes
from tests.databases import Databases
from tests.doors import Door
from tests.e2e.conftest import _no_server
from tests.e2e.rating import DESK, TABLET, Pages
from tests.e2e.test_rating_for_everybody import faults
from tests.servers.programs import wait_until
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER, REGISTRAR, packed
from tests.service.evaluation.card_scene import AUDITOR, CLERK, GOOD, LI, WANG, ZHAO, CardCity, filled
from tests.service.evaluation.card_sides import both_sides, two_sided
from tests.service.evaluation.inked_cards import rendered, scanned, tick

PATIENCE = 30_000


@dataclass
class Office:
    """The people around cards, each with a browser of their own."""

    city: CardCity
    pages: Pages
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, who: Caller, size: dict[str, int] = DESK, **options: Any) -> Page:
        """Somebody signed in."""
        context = self.browser.new_context(viewport=size, locale="zh-CN", base_url=self.pages.url, **options)  # type: ignore[arg-type]
        token = self.city.door.token(who)
        context.add_cookies([{"name": "session", "value": f"secret|{token}", "url": self.pages.url}])
        self.contexts.append(context)
        return context.new_page()


@pytest.fixture
def office(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("cards")
    databases = Databases("sqlite", folder, _no_server)
    door = Door(databases.config("evaluation", folder / "keys"), clock)
    made = Office(CardCity(door), Pages(door), chromium)
    yield made
    for context in made.contexts:
        context.close()
    made.pages.close()
    door.close()
    databases.forget()


def test_a_card_goes_from_its_design_to_the_count(office: Office) -> None:
    city = office.city
    draft = city.create()
    city.imported(draft, [("d00000", "delegates", ""), ("d00001", "delegates", "")])
    at = f"/campaigns/{draft.campaign_id}/cards"

    design = _designed(office, at)
    sheet = _printed(office, at)
    campaign = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft)
    _handed_in(office, at, scanned(tick(sheet, design, GOOD, twice=[3, 5]).rotate(1.5, fillcolor=255)))
    city.reader = reader.build(city.door.usecases)
    city.read()

    names = [one.name for group in campaign.plan.object_groups for one in group.objects]
    checker = office.page(LI)
    checker.goto(f"{at}/check")
    assert faults(checker) == []
    _keyed(checker, {names[1]: "2", names[2]: "3"})
    wait_until(lambda: not city.asked(campaign, LI), 20, lambda: "the last key was not sent")
    tablet = office.page(WANG, TABLET)
    tablet.goto(f"{at}/check")
    assert faults(tablet) == []
    _keyed(tablet, {names[1]: "2", names[2]: "4"}, corrected=True)
    wait_until(lambda: not city.asked(campaign, WANG), 20, lambda: "the last key was not sent")
    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_OPEN

    third = office.page(ZHAO)
    third.goto(f"{at}/decide")
    for name in ("grade", "again"):
        third.locator(f"[name={name}][value='3']").check()
    third.locator("main form button.primary").click()
    expect(third.locator("main .empty")).to_be_visible(timeout=PATIENCE)

    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_COUNTED
    [leaf] = stored.leaves(city.door.store)
    assert leaf["ratings"].tobytes() == packed(GOOD)
    _audited(office, at, city.card(campaign).leaf_hash.hex())


def test_a_card_read_in_part_is_found_by_its_organiser_keyed_from_the_paper_by_two_and_a_row_of_it_is_put_aside(
    office: Office,
) -> None:
    city = office.city
    campaign, design, paper = two_sided(city)
    front, _ = both_sides(design, paper)
    city.scan(campaign, front, name="第3批.tif")
    at = f"/campaigns/{campaign.campaign_id}/cards"

    organiser = office.page(ORGANISER)
    organiser.goto(f"{at}/key")
    expect(organiser.locator("main tbody tr")).to_contain_text("没有读到：第1张第2面")
    expect(organiser.locator("main tbody tr")).to_contain_text("第3批.tif 第1页")
    expect(organiser.locator("#serial")).to_have_count(0)
    assert organiser.request.get(f"{at}/key.xlsx").ok and faults(organiser) == []
    for who, last in ((LI, "1"), (WANG, "2")):
        page = office.page(who, TABLET)
        page.goto(f"{at}/key")
        page.locator("#serial").fill(paper.serial)
        for cell, grade in zip(page.locator("[data-cell]").all(), "1" * 4 + "2" * 4 + "3" * 4 + last * 4, strict=True):
            cell.fill(grade)
        page.locator("#paper_place").fill("甲盒第3叠")
        page.locator("main form button.primary").click()
        expect(page.locator("main [role=status]")).to_contain_text("只收了没读到的8行", timeout=PATIENCE)
        assert faults(page) == []

    third = office.page(ZHAO)
    third.goto(f"{at}/decide")
    expect(third.locator(".strip")).to_contain_text("甲盒第3叠")
    shown = third.locator(".asked").inner_text()
    third.get_by_role("link", name="先放一放").click()
    expect(third.locator(".asked")).not_to_have_text(shown)
    assert faults(third) == []
    for name in ("grade", "again"):
        third.locator(f"[name={name}][value='1']").check()
    third.locator("main form button.primary").click()
    expect(third).to_have_url(re.compile("done=DecideRow.*after="), timeout=PATIENCE)
    third.get_by_role("link", name="回到放下的行").click()
    expect(third.locator(".asked")).to_have_text(shown)


def test_a_row_that_one_keyed_in_another_window_already_holds_up_none_behind_it(office: Office) -> None:
    city = office.city
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0, 2, 4]))
    page = office.page(LI)
    page.goto(f"/campaigns/{campaign.campaign_id}/cards/check")
    shown = page.request.get(f"{page.url}/rows").json()["rows"]
    for row in shown:
        expect(page.locator("[data-strip] img")).to_have_attribute("src", re.compile(row["strip_ids"][0]))
        if row is shown[0]:
            city.key(keying_pb2.DoubtfulRow(doubt_id=row["doubt_id"]), 1, LI)
        page.keyboard.press("1")
        if row is shown[1]:  # which sends the first one, held back until then; the next key clears what was said
            expect(page.locator("[data-told]")).to_have_text("上一行您已经录过，没有再记。")

    wait_until(lambda: len(city.asked(campaign, LI)) == 1, 20, lambda: "the second row was not sent")


def _designed(office: Office, at: str) -> Any:
    """The organiser looks at the card and keeps it."""
    page = office.page(ORGANISER)
    page.goto(f"{at}/designs")
    page.locator("[name=form][value='A4']").check()
    page.locator("[name=return_to]").fill("清河市评议办\n清河市人民路1号")
    page.locator("[formmethod=get]").click()
    picture = page.locator(".side-picture").first
    expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
    assert picture.evaluate("picture => picture.naturalWidth") > 500
    assert faults(page) == []
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile("done=DesignCard"), timeout=PATIENCE)
    expect(page.locator(".side-picture").first).to_be_visible()
    request = card_runs_pb2.ListCardDesignsRequest(campaign_id=at.split("/")[2])
    listed = office.city.door.call(office.city.runs.ListCardDesigns, request, ORGANISER)
    [design] = listed.designs
    return design


def _printed(office: Office, at: str) -> Any:
    """The registrar prints a run behind its letters; the mail room posts it and records one that comes back."""
    page = office.page(REGISTRAR)
    page.goto(f"{at}/runs")
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile("done=StartCardRun"), timeout=PATIENCE)
    with page.expect_download(timeout=90_000) as waiting:
        page.locator("[name=part]").first.click()
    sheets = rendered(waiting.value.path().read_bytes())
    request = card_runs_pb2.ListCardRunsRequest(campaign_id=at.split("/")[2])
    listed = office.city.door.call(office.city.runs.ListCardRuns, request, REGISTRAR)
    assert listed.runs[0].printed_to == listed.runs[0].last_number
    papers = office.city.printed(listed.runs[0])
    page.goto(f"{at}/mail")
    page.locator("#serial").fill(papers[0].serial)
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]")).to_contain_text("登记了1张", timeout=PATIENCE)
    expect(page.locator("#serial")).to_be_focused()
    assert faults(page) == []
    return next(sheet for sheet in sheets if papers[0].serial in _serials(sheet))


def _serials(sheet: Image.Image) -> list[str]:
    grey = np.asarray(sheet, np.uint8)
    return [code.printed.serial for code in codes(grey, grey, 1) if code.printed]


def _handed_in(office: Office, at: str, content: bytes) -> None:
    """The clerk hands in a scan, then the same again without scripts, and something that is no scan."""
    page = office.page(CLERK)
    page.goto(f"{at}/scans")
    assert faults(page) == []
    scans = [{"name": "第1批.pdf", "mimeType": "application/pdf", "buffer": content}]
    page.set_input_files("#scans", [*scans, {"name": "猫.txt", "mimeType": "text/plain", "buffer": b"a cat"}])  # type: ignore[list-item]
    expect(page.locator("[data-told]")).to_contain_text("全部交完", timeout=PATIENCE)
    expect(page.locator("[data-list] .fault")).to_have_count(1)
    plain = office.page(CLERK, java_script_enabled=False)
    plain.goto(f"{at}/scans")
    plain.set_input_files("#scans", scans)  # type: ignore[arg-type]
    plain.locator("[data-begin]").click()
    expect(plain.locator("main tbody tr").filter(has_text="第1批.pdf")).to_have_count(1)


def _keyed(page: Page, keys: dict[str, str], corrected: bool = False) -> None:
    """One key a row; the answers to the page name nothing that a machine or somebody else made of a row."""
    told = page.request.get(f"{page.url}/rows").json()["rows"]
    assert all(set(row) == {"doubt_id", "object", "dimension", "strip_ids", "side_ids", "paper_place"} for row in told)
    expect(page.locator("[data-strip]")).to_have_attribute("aria-busy", "false", timeout=PATIENCE)
    box = page.locator("[data-strip]").bounding_box()
    assert sorted(row["object"] for row in told) == sorted(keys)
    for row in told:
        expect(page.locator("[data-strip] img")).to_have_attribute("src", re.compile(row["strip_ids"][0]))
        assert page.locator("[data-strip]").bounding_box() == box, "nothing moves"
        if corrected:
            page.keyboard.press("-")
            expect(page.locator(f"[data-strip] img[src$='{row['strip_ids'][0]}']")).to_have_count(0)
            page.keyboard.press("Backspace")
            expect(page.locator("[data-strip] img")).to_have_attribute("src", re.compile(row["strip_ids"][0]))
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open] img")).to_be_visible()
        page.keyboard.press(keys[row["object"]])
    page.goto("about:blank")  # the last one was held back, and goes out as the page is left


def _audited(office: Office, at: str, leaf: str) -> None:
    page = office.page(AUDITOR)
    page.goto(f"{at}/audit")
    assert faults(page) == []
    page.locator("main tbody tr a").first.click()
    expect(page.locator("main")).to_contain_text(leaf)
    expect(page.locator("main tbody")).to_contain_text("第三人定")
    assert faults(page) == []
