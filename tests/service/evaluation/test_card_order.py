"""When cards are counted and files are done, whatever the order in which pages are read and whatever is away meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import card_audit_pb2, scans_pb2

from carriage.shelves import ShelfAway
from services.evaluation.storage import scans
from services.evaluation.usecases.card_reading import Held
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.card_scene import CLERK, GOOD, LI, WANG, CardCity, filled
from tests.service.evaluation.tiny_cards import TinyReader, page

OPEN, COUNTED = card_audit_pb2.CARD_STATE_OPEN, card_audit_pb2.CARD_STATE_COUNTED


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


@pytest.mark.parametrize("turned", (False, True))
def test_of_two_differing_copies_neither_is_counted_in_whatever_order_they_lie(city: CardCity, turned: bool) -> None:
    campaign, design, papers = city.on_paper()
    copies = [*filled(design, papers[0], (1, 1, 1, 2)), *filled(design, papers[0], (4, 4, 4, 3))]

    city.scan(campaign, *(reversed(copies) if turned else copies))

    assert not len(stored.leaves(city.door.store))
    assert (city.card(campaign).state, len(city.asked(campaign, LI)), city.faults(campaign)) == (OPEN, 8, [])


def test_a_card_is_counted_once_no_page_waits_and_not_before(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    city.scan(campaign, *filled(design, papers[1]), name="other.tif", read=False)
    [asked] = city.asked(campaign, LI)
    for who in (LI, WANG):
        city.key(asked, GOOD[0], who)

    progress = city.progress(campaign)
    assert (progress.cards_complete, progress.cards_counted, progress.pages_waiting) == (1, 0, 1)
    city.door.run_timer("cards")
    assert city.progress(campaign).cards_complete == 1
    city.read()

    assert [one.state for one in city.cards(campaign)] == [COUNTED, COUNTED]


def test_a_file_is_done_though_two_readers_end_its_last_pages_at_once(
    city: CardCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, design, papers = city.on_paper(2)
    city.scan(campaign, *(side for paper in papers[:2] for side in filled(design, paper)), read=False)
    city.reader.look()  # the file is looked into
    both, settled = Barrier(2), scans.settled

    def slow(*known: Any) -> Any:
        found = settled(*known)
        with suppress(BrokenBarrierError):  # where the other waits for this one, there is no meeting
            both.wait(timeout=1)
        return found

    monkeypatch.setattr(scans, "settled", slow)
    reading = city.door.usecases.card_reading
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: reading.read_one(name, TinyReader(), Held()), ("one", "two")))
    city.read()

    listed = scans_pb2.ListScansRequest(campaign_id=campaign.campaign_id)
    [scan] = city.door.call(city.scans.ListScans, listed, CLERK).scans
    assert (scan.state, scan.pages_waiting) == (scans_pb2.SCAN_STATE_READ, 0)
    assert [one.state for one in city.cards(campaign)] == [COUNTED, COUNTED]


def test_while_files_cannot_be_had_pages_wait_and_none_is_parked(city: CardCity, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, design, papers = city.on_paper()
    for paper in papers:
        city.scan(campaign, *filled(design, paper), name=f"{paper.number}.tif", read=False)

    def away(name: str) -> Any:
        raise ShelfAway("the bucket does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(city.door.usecases.scans._shelf, "read", away)
        for _ in range(8 * len(papers)):
            city.door.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
            city.read()
    progress = city.progress(campaign)
    assert (progress.pages_waiting, progress.pages_parked) == (len(papers), 0)
    city.door.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    city.read()

    assert [one.state for one in city.cards(campaign)] == [COUNTED] * len(papers)


def test_all_parked_pages_of_a_campaign_are_read_once_more_at_one_word(city: CardCity) -> None:
    campaign, _, _ = city.on_paper()
    for name in ("one", "two"):
        city.scan(campaign, page("CRASH"), page(name), name=name)
    again = scans_pb2.ReadAllParkedRequest(campaign_id=campaign.campaign_id, request_id="at-one-word")
    assert city.door.refused(city.scans.ReadAllParked, again, CLERK).reason == "SCAN_NOT_PARKED"
    for _ in range(8):
        city.door.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        city.read()
    assert city.progress(campaign).pages_parked == 2

    assert city.door.call(city.scans.ReadAllParked, again, CLERK).pages_waiting == 2
    assert city.door.call(city.scans.ReadAllParked, again, CLERK).pages_waiting == 2
    assert city.progress(campaign).pages_parked == 0
