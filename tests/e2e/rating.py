"""A campaign open for rating: evaluation behind its door, the pages in front of it, and phones, tablets and a shared device.

Nothing else of the suite runs: a rater meets these two only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from zhengfeng.evaluation.v1 import plan_pb2, raters_pb2

from chassis.clock import new_id
from gateway.server import build
from gateway.settings import Settings
from tests.doors import Door
from tests.servers.programs import free_port, wait_until
from tests.service.evaluation.campaigns import ORGANISER, City, unit_changed

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1280, "height": 800}
READY_SECONDS = 30


class Pages:
    """The gateway in a thread of this process."""

    def __init__(self, door: Door) -> None:
        port = free_port()
        address = f"127.0.0.1:{door._listening.port}"
        app = build(Settings(addresses={"evaluation": address}), door.clock)
        self.url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._server.started, READY_SECONDS, lambda: "the gateway did not start")

    def close(self) -> None:
        """Ends when what is under way has been answered."""
        self._server.should_exit = True
        self._thread.join(READY_SECONDS)


@dataclass
class Rating:
    """An open campaign, its unused codes, and browsers that are closed at the end."""

    city: City
    pages: Pages
    browser: Browser

    def __post_init__(self) -> None:
        self._contexts: list[BrowserContext] = []

    def opened(self, codes: int, **changes: Any) -> tuple[Any, list[str]]:
        """A campaign open for so many raters of one group."""
        campaign, delegates, _ = self.city.opened(delegates=codes, enterprises=0, **changes)
        return campaign, delegates

    def large(self, objects: int, dimensions: int) -> dict[str, Any]:
        """The changes of a plan to one about so many units with names as long as they get, on so many dimensions."""
        names = []
        for number in range(objects):
            name = f"{number:03d}清河市关于进一步加强和改进机关工作作风建设提高行政效能领导小组办公室"[:40]
            self.city.units[name] = new_id(self.city.door.clock)
            heard = unit_changed(self.city.units[name], f"u{number}")
            heard.unit_changed.name = name
            self.city.door.hear(heard)
            names.append(name)
        asked = [plan_pb2.Dimension(key=f"d{n}", name=f"第{n + 1}项内容", weight=1) for n in range(dimensions)]
        return {"object_groups": [self.city.group("all", names)], "dimensions": asked}

    def device(self, size: dict[str, int] = PHONE, **options: Any) -> Page:
        """A browser of its own, with its own storage."""
        context = self.browser.new_context(viewport=size, locale="zh-CN", base_url=self.pages.url, **options)  # type: ignore[arg-type]
        self._contexts.append(context)
        return context.new_page()

    def size(self, campaign: Any) -> int:
        """How many ballots lie in the box."""
        request = raters_pb2.GetTurnoutRequest(campaign_id=campaign.campaign_id)
        turnout = self.city.door.call(self.city.raters.GetTurnout, request, ORGANISER).turnout
        return sum(group.received for group in turnout.groups)

    def close(self) -> None:
        """Everybody leaves."""
        for context in self._contexts:
            context.close()
        self.pages.close()


def enter(page: Page, code: str, path: str = "/rate") -> None:
    """Types the code and begins."""
    page.goto(path)
    page.locator("main input[name=code]").fill(code)
    page.locator("main form[data-code] button").click()
    page.locator("[data-ballot]").wait_for()


def choose(page: Page, grades: Sequence[int], first: int = 0) -> None:
    """Chooses on each object in turn, from the first one named, the grade of that place; 0 goes past it."""
    screens = page.locator("[data-screen]")
    for place, grade in enumerate(grades, start=first):
        if place > first and page.locator("[data-next]").is_visible():
            page.locator("[data-next]").click()
        if grade:
            for cell in screens.nth(place).locator("fieldset").all():
                cell.locator("label").nth(grade - 1).click()


def look(page: Page) -> None:
    """Goes to the look before casting."""
    page.locator("[data-review]").click()
    expect(page.locator("[data-look]")).to_be_visible()
