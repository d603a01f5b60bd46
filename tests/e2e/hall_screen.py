"""A hall screen in Chromium: a gateway of its own in front of an evaluation server, and what the screen showed when."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.faults.workers import Worker
from tests.servers.programs import free_port, wait_until

PROJECTOR = {"width": 1920, "height": 1080}
READY_SECONDS, STOP_SECONDS = 60, 30
LAST_SECONDS, PAINT_MS = 20, 50
# The moment is that of the picture after the one in which the figure changed, so that it has been painted.
WATCH = """
window.shown = [];
addEventListener("DOMContentLoaded", () => {
  const figure = document.querySelector("[data-ballots]");
  new MutationObserver(() => {
    const size = Number(figure.textContent.replaceAll(",", ""));
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.shown.push([size, (performance.timeOrigin + performance.now()) / 1000])));
  }).observe(figure, { childList: true, characterData: true, subtree: true });
});
"""


class Gateway:
    """A gateway as a process of its own; every service is at one address."""

    def __init__(self, folder: Path, services_at: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {"SERVICES_AT": services_at, "HTTP_PORT": str(port)}
        self._running = Worker(("gateway",), folder / "gateway.log", environment)
        self._running.start()
        wait_until(self._answers, READY_SECONDS, self._running.story)

    def stop(self) -> None:
        """Stops it; screens that are still open are given their time."""
        self._running.stop(STOP_SECONDS)

    def _answers(self) -> bool:
        if self._running.ended():
            raise AssertionError(self._running.story())
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


class HallScreen:
    """A projector that shows a campaign. `page` is its browser's page."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        campaign_id: str,
        size: Mapping[str, int] = PROJECTOR,
        clock: bool = False,
        **context: Any,
    ) -> None:
        self.faults: list[str] = []
        viewport: Any = dict(size)
        self.page: Page = browser.new_context(viewport=viewport, locale="zh-CN", base_url=url, **context).new_page()
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda wrong: self.faults.append(str(wrong)))
        self.page.add_init_script(WATCH)
        if clock:
            self.page.clock.install()
        self.page.goto(f"/campaigns/{campaign_id}/hall")

    def close(self) -> None:
        """Switches it off."""
        self.page.context.close()

    def wait_for_ballots(self, number: int) -> None:
        """Until the screen says so many."""
        expect(self.page.locator("[data-ballots]")).to_have_text(f"{number:,}", timeout=LAST_SECONDS * 1000)

    def wait_until_painted(self, number: int) -> None:
        """Until a picture with so many has been painted."""
        wait_until(lambda: any(size >= number for size, _ in self._shown_in(PAINT_MS)), LAST_SECONDS, self.state)

    def shown(self) -> list[tuple[int, float]]:
        """Each figure the screen showed and the moment it was painted, in seconds since 1970."""
        pairs: list[tuple[int, float]] = self.page.evaluate("window.shown")
        return [(int(size), float(at)) for size, at in pairs]

    def _shown_in(self, milliseconds: int) -> list[tuple[int, float]]:
        self.page.wait_for_timeout(milliseconds)
        return self.shown()

    def state(self) -> str:
        """What kind of news it says it shows: live, held, lost, over."""
        return str(self.page.locator("[data-state]").get_attribute("data-kind"))

    def lines(self) -> list[str]:
        """The lines of the present page, as text."""
        return self.page.locator("[data-list] li").all_text_contents()


def waits(shown: Sequence[tuple[int, float]], committed: Mapping[int, float]) -> list[float]:
    """For each ballot, by the size of the box after it: how long until the screen showed it, shortest first."""
    return sorted(
        max(0.0, min(at for size, at in shown if size >= number) - answered) for number, answered in committed.items()
    )


def p99(sorted_waits: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted_waits[-(len(sorted_waits) // 100) - 1]


def vote(cast: Callable[[str], int], codes: Sequence[str], seconds: float) -> dict[int, float]:
    """Casts one ballot a code, evenly over so many seconds; the size of the box after each, and when it was answered."""
    committed: dict[int, float] = {}
    begun = time.monotonic()
    for number, code in enumerate(codes):
        time.sleep(max(0.0, begun + number * seconds / len(codes) - time.monotonic()))
        size = cast(code)
        committed[size] = time.time()
    return committed
