"""The stories run on both deployments, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from chassis.clock import SettableClock
from tests.databases import Databases
from tests.doors import Door
from tests.e2e.cities import Deployment, Embedded, Separate
from tests.e2e.people import Town
from tests.e2e.rating import Pages, Rating
from tests.servers import PostgreSQL, RabbitMQ
from tests.service.evaluation.campaigns import City

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=["embedded", pytest.param("separate", marks=pytest.mark.prove)])
def deployment(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    """The suite running with the demonstration city, on servers of its own: its databases have fixed names.

    The story that goes once round the loop asks for both deployments always, the others for separate processes at full size
    only. All on one deployment share one city.
    """
    folder: Path = tmp_path_factory.mktemp(request.param) / "city"
    with ExitStack() as servers:
        running: Deployment
        if request.param == "embedded":
            running = Embedded(folder)
        else:
            running = Separate(folder, servers.enter_context(PostgreSQL()), servers.enter_context(RabbitMQ()))
        yield running
        running.stop()


@pytest.fixture(scope="session")
def town(deployment: Deployment, chromium: Browser) -> Town:
    """The deployment's people."""
    return Town(deployment, chromium)


@pytest.fixture
def rating(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock) -> Iterator[Rating]:
    """A campaign's pages for raters, on one machine by itself: nothing there needs a server."""
    folder = tmp_path_factory.mktemp("rating")
    databases = Databases("sqlite", folder, _no_server)
    door = Door(databases.config("evaluation", folder / "keys"), clock)
    made = Rating(City(door), Pages(door), chromium)
    yield made
    made.close()
    door.close()
    databases.forget()


def _no_server() -> PostgreSQL:
    raise AssertionError("SQLite needs no server")
