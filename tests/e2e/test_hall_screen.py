"""The hall screen in Chromium: figures as they come, pages that turn, a hold, a lost line, the end, and no scripts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from zhengfeng.evaluation.v1 import hall_pb2, hall_pb2_grpc

from chassis.clock import new_id
from tests.doors import Door
from tests.e2e.hall_screen import Gateway, HallScreen, p99, vote, waits
from tests.service.evaluation.campaigns import CHECKER, ORGANISER, City, unit_changed

SECONDS = 4
TURN_MS = 9_000  # a page stays eight seconds


@pytest.fixture
def city(door: Callable[[str], Door]) -> City:
    """Evaluation's door with four units."""
    return City(door("evaluation"))


@pytest.fixture
def gateway(city: City, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway in front of it."""
    running = Gateway(tmp_path, f"127.0.0.1:{city.door.port}")
    yield running
    running.stop()


def test_every_ballot_reaches_the_screen_in_its_order(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, firms = city.opened(delegates=20, enterprises=10)
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id)
    screen.wait_for_ballots(0)
    grades = iter([1, 2, 3, 4] * 8)
    committed = vote(
        lambda code: int(city.cast(code, campaign, [next(grades), 2, 3, 1]).position) + 1, delegates + firms, SECONDS
    )
    screen.wait_until_painted(30)

    sizes = [size for size, _ in screen.shown()]
    assert sizes == sorted(sizes) and sizes[-1] == 30
    sys.stdout.write(f"hall screen, 30 ballots in {SECONDS} s: p99 {p99(waits(screen.shown(), committed)):.3f} s\n")
    assert screen.state() == "live" and screen.faults == []
    screen.close()


def test_a_held_screen_says_so_and_goes_on_after_two_people(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, _ = city.opened()
    stub = city.door.stub(hall_pb2_grpc.HallServiceStub)
    on = {"campaign_id": campaign.campaign_id}
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id)
    city.cast(delegates[0], campaign, [1, 2, 3, 1])
    screen.wait_for_ballots(1)
    held = city.door.call(stub.HoldLive, hall_pb2.HoldLiveRequest(expected_version=0, reason="核对", **on), CHECKER).hall
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "held")
    city.cast(delegates[1], campaign, [1, 2, 3, 1])
    once = city.door.call(stub.ReleaseLive, hall_pb2.ReleaseLiveRequest(expected_version=held.version, **on), CHECKER).hall
    assert [size for size, _ in screen.shown()][-1] == 1
    city.door.call(stub.ReleaseLive, hall_pb2.ReleaseLiveRequest(expected_version=once.version, **on), ORGANISER)
    screen.wait_for_ballots(2)
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "live")
    screen.close()


def test_many_screens_cost_the_service_one_stream(city: City, gateway: Gateway, chromium: Browser) -> None:
    """The server has eight threads: as many screens, each with a stream of its own, would leave none for ballots."""
    campaign, delegates, _ = city.opened()
    screens = [HallScreen(chromium, gateway.url, campaign.campaign_id) for _ in range(10)]
    for screen in screens:
        screen.wait_for_ballots(0)
    city.cast(delegates[0], campaign, [1, 2, 3, 1])
    for screen in screens:
        screen.wait_for_ballots(1)
        screen.close()


def test_pages_turn_by_themselves_by_keys_and_not_while_stopped(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, _ = city.opened(object_groups=many(city, 12, 12))
    city.cast(delegates[0], campaign, [1] * 24)
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id, clock=True)
    page, keys, clock = screen.page.locator("[data-page]"), screen.page.keyboard, screen.page.clock
    expect(page).to_have_text("1 / 4")
    assert len(screen.lines()) == 11
    keys.press("ArrowRight")
    expect(page).to_have_text("2 / 4")
    keys.press("ArrowLeft")
    expect(page).to_have_text("1 / 4")
    clock.run_for(TURN_MS)
    expect(page).to_have_text("2 / 4")
    keys.press(" ")
    clock.run_for(2 * TURN_MS)
    expect(page).to_have_text("2 / 4")
    keys.press("t")
    expect(page).to_have_text("1 / 2")
    screen.close()


def test_a_lost_line_is_told_and_found_again(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, _ = city.opened()
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id)
    screen.wait_for_ballots(0)
    screen.page.context.set_offline(True)
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "lost", timeout=15_000)
    city.cast(delegates[0], campaign, [1, 2, 3, 1])
    screen.page.context.set_offline(False)
    screen.wait_for_ballots(1)
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "live")
    screen.close()


def test_after_the_box_has_closed_the_screen_says_that_it_is_over(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, _ = city.opened()
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id)
    city.cast(delegates[0], campaign, [1, 2, 3, 1])
    screen.wait_for_ballots(1)
    city.counted(campaign)
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "over")
    screen.page.reload()
    expect(screen.page.locator("[data-state]")).to_have_attribute("data-kind", "over")
    assert not screen.lines()
    screen.close()


def test_without_scripts_it_shows_the_count_of_that_moment(city: City, gateway: Gateway, chromium: Browser) -> None:
    campaign, delegates, firms = city.opened()
    for code in delegates + firms:
        city.cast(code, campaign, [1, 2, 3, 1])
    screen = HallScreen(chromium, gateway.url, campaign.campaign_id, java_script_enabled=False)
    assert screen.page.locator("[data-ballots]").inner_text() == "12"
    assert any("housing" in line for line in screen.lines())
    screen.close()


def many(city: City, *sizes: int) -> list[Any]:
    """Groups of so many new units."""
    groups = []
    for place, size in enumerate(sizes):
        names = [f"unit-{place}-{number}" for number in range(size)]
        city.units |= {name: new_id(city.door.clock) for name in names}
        city.door.hear(*(unit_changed(city.units[name], name) for name in names))
        groups.append(city.group(f"group{place}", names))
    return groups
