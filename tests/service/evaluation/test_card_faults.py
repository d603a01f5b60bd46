"""What is no card that may be counted: refused with its reason, or put to people, and the rest of the batch goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import (
    campaigns_pb2,
    card_audit_pb2,
    card_runs_pb2,
    keying_pb2,
    scans_pb2,
)

from chassis.keys import Keyring
from services.evaluation.codes import Codes
from services.evaluation.usecases.card_reading import Held
from tests.doors import Door, Refused, refusal
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import BATCH, CLOSES_AT, ORGANISER, REGISTRAR, packed
from tests.service.evaluation.card_scene import CLERK, GOOD, LI, WANG, CardCity, filled
from tests.service.evaluation.tiny_cards import TinyReader, page

COUNTED, REFUSED = card_audit_pb2.CARD_STATE_COUNTED, card_audit_pb2.CARD_STATE_REFUSED
HOUR = timedelta(hours=1)


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def send_refused(city: CardCity, campaign: Any, content: bytes) -> Refused:
    with pytest.raises(grpc.RpcError) as error:
        city.send(campaign, content)
    return refusal(error.value)


def own_codes(city: CardCity, campaign: Any) -> dict[str, str]:
    """Codes of those who have cards, as they were told on the telephone."""
    register = city.door.usecases.register
    derive = Codes(Keyring(city.door.config.keys_dir)).derive
    with register.engine.connect() as connection:
        rows = connection.execute(sa.select(register.schema["raters"])).all()
    return {row.reference: derive(campaign.campaign_id, str(row.id), 1) for row in rows}


def test_every_page_that_is_no_card_of_the_campaign_is_refused_with_its_reason_and_the_rest_is_read(city: CardCity) -> None:
    _, foreign, elsewhere = city.on_paper(1, title="别的评议", dont_know=False)
    campaign, design, papers = city.on_paper(2)
    [good, unknown] = [*filled(design, papers[0]), *filled(design, type(papers[0])(9, "0000000000000000000Z", ""))]
    torn = good.crop((0, 0, good.width, good.height - 3))

    scan = city.scan(campaign, page("a cat"), torn, *filled(foreign, elsewhere[0]), unknown, good, page(""))

    assert city.faults(campaign) == [
        "CARD_NOT_KNOWN",
        "CARD_OF_ANOTHER_CAMPAIGN",
        "CARD_TORN",
        "NO_CARD_FOUND",
        "NO_CARD_FOUND",
    ]
    assert [card.state for card in city.cards(campaign)] == [COUNTED]
    progress = city.progress(campaign)
    assert (progress.pages_waiting, progress.pages_refused, progress.pages_parked) == (0, 4, 0)
    listed = scans_pb2.ListScansRequest(campaign_id=campaign.campaign_id)
    [one] = city.door.call(city.scans.ListScans, listed, CLERK).scans
    assert (one.scan_id, one.pages, one.state) == (scan.scan_id, 6, scans_pb2.SCAN_STATE_READ)


def test_a_card_of_the_same_layout_but_of_another_campaign_is_refused(city: CardCity) -> None:
    other, _, elsewhere = city.on_paper(1)
    campaign, design, _ = city.on_paper(1)

    city.scan(campaign, *filled(design, elsewhere[0]))

    assert city.faults(campaign) == ["CARD_OF_ANOTHER_CAMPAIGN"]
    assert not city.cards(campaign) and not city.cards(other)


def test_files_that_are_none_leave_nothing(city: CardCity) -> None:
    campaign, _, _ = city.on_paper(1)

    refused = [send_refused(city, campaign, content).reason for content in (b"", b"MZ" + bytes(200), b"<html>" * 40)]
    city.send(campaign, b"%PDF-1.7 and nothing that is one")

    assert refused == ["SCAN_EMPTY", "SCAN_TYPE_REFUSED", "SCAN_TYPE_REFUSED"]
    assert city.faults(campaign) == ["SCAN_DAMAGED"]
    assert city.progress(campaign).files == 1


def test_a_page_that_no_reader_gets_through_is_parked_and_can_be_read_again(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    scan = city.scan(campaign, page("CRASH"), *filled(design, papers[0]))
    for _ in range(8):
        city.door.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        city.read()

    progress = city.progress(campaign)
    assert (progress.pages_parked, progress.cards_counted, progress.pages_waiting) == (1, 1, 0)
    listed = scans_pb2.ListScansRequest(campaign_id=campaign.campaign_id)
    [one] = city.door.call(city.scans.ListScans, listed, CLERK).scans
    assert (one.pages_parked, one.pages_waiting) == (1, 0)
    again = scans_pb2.ReadParkedRequest(scan_id=scan.scan_id)
    assert city.door.call(city.scans.ReadParked, again, CLERK).scan.state == scans_pb2.SCAN_STATE_WAITING
    assert city.door.refused(city.scans.ReadParked, again, CLERK).reason == "SCAN_NOT_PARKED"


def test_a_page_of_a_reader_that_died_is_read_by_another_once_its_lease_is_over(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0]), read=False)
    reading = city.door.usecases.card_reading
    city.reader.look()  # the file is looked into
    with pytest.raises(KeyboardInterrupt):
        reading.read_one("dead", _Dead(), Held())

    assert not city.reader.look()
    city.door.clock.advance(HOUR)  # type: ignore[attr-defined]
    city.read()

    assert (len(city.cards(campaign)), city.card(campaign).state) == (1, COUNTED)
    assert len(stored.leaves(city.door.store)) == 1


def test_what_a_reader_found_is_not_written_once_its_page_has_passed_to_another(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0]), read=False)
    city.reader.look()
    slow = _Overtaken(city)

    city.door.usecases.card_reading.read_one("slow", slow, Held())

    assert slow.overtaken and city.card(campaign).copies == 0
    assert len(city.record(city.card(campaign)).sides) == 1


def test_while_too_much_waits_no_more_is_taken(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.set_to("cards.most_waiting", 1)
    city.scan(campaign, *filled(design, papers[0]), read=False)

    assert send_refused(city, campaign, b"%PDF-1.4 another").reason == "SCANS_WAITING"
    city.read()
    assert city.send(campaign, b"%PDF-1.4 another").scan_id


def test_what_comes_after_the_period_is_late_and_what_came_before_it_is_not(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(2)
    city.door.clock.set(CLOSES_AT - BATCH)  # type: ignore[attr-defined]
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    city.door.clock.set(CLOSES_AT + HOUR)  # type: ignore[attr-defined]
    city.scan(campaign, *filled(design, papers[1]), name="late.tif")
    [asked] = city.asked(campaign, LI)
    city.key(asked, 1, LI)
    city.key(asked, 1, WANG)

    found = sorted((card.state, card.reason) for card in city.cards(campaign))
    assert found == [(COUNTED, ""), (REFUSED, "CARD_LATE")]
    [leaf] = stored.leaves(city.door.store)
    assert int(leaf["class"]) == 1


def test_the_same_ballot_on_screen_and_on_paper_is_counted_once_and_another_by_the_clash_rule(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(3)
    codes = own_codes(city, campaign)
    for paper in papers[:2]:
        city.cast(codes[paper.reference], campaign, GOOD)

    city.scan(campaign, *filled(design, papers[0]), *filled(design, papers[1], (4, 4, 4, 4)), *filled(design, papers[2]))

    reasons = sorted(card.reason for card in city.cards(campaign))
    assert reasons == ["", "BALLOT_ALREADY_CAST", "CARD_SAME_AS_BALLOT"]
    assert [one["ratings"].tobytes() for one in stored.leaves(city.door.store)] == [packed(GOOD)] * 3


def test_only_what_can_be_ticked_can_be_keyed(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1, dont_know=False)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    [asked] = city.asked(campaign, LI)

    for grade in (5, 200, 254, 255):
        request = keying_pb2.KeyRowRequest(doubt_id=asked.doubt_id, grade=grade)
        assert city.door.refused(city.keying.KeyRow, request, LI).reason == "RATING_OUTSIDE_SCALE"
    whole = city.key_card(campaign, papers[0], GOOD)
    assert city.door.refused(city.keying.KeyCard, whole, LI).reason == "CARD_SCANNED"
    whole.serial = "NOT-A-SERIAL"
    assert city.door.refused(city.keying.KeyCard, whole, LI).reason == "CARD_NOT_KNOWN"


def test_a_design_no_longer_fits_once_the_questionnaire_is_another(city: CardCity) -> None:
    draft = city.create()
    city.imported(draft, [("d0", "delegates", "")])
    design = city.designed(draft)
    plan = city.plan(dont_know=False)
    amend = campaigns_pb2.AmendCampaignRequest(
        campaign_id=draft.campaign_id, expected_version=draft.version, plan=plan, reason="改"
    )
    city.door.call(city.campaigns.AmendCampaign, amend, ORGANISER)

    run = card_runs_pb2.StartCardRunRequest(campaign_id=draft.campaign_id, design_id=design.design_id)
    assert city.door.refused(city.runs.StartCardRun, run, REGISTRAR).reason == "CARD_DESIGN_DOES_NOT_FIT"


class _Dead(TinyReader):
    """Dies while it reads."""

    def read(self, *page: Any, **more: Any) -> Any:
        raise KeyboardInterrupt


class _Overtaken(TinyReader):
    """So slow that its lease ends and another reads the page before it has."""

    def __init__(self, city: CardCity) -> None:
        self._city, self.overtaken = city, False

    def read(self, *page: Any, **more: Any) -> Any:
        self._city.door.clock.advance(HOUR)  # type: ignore[attr-defined]
        self._city.read()
        self.overtaken = True
        return super().read(*page, **more)
