"""What becomes of cards when a campaign is closed: it waits for them, or leaves them with a reason of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2, card_audit_pb2, keying_pb2

from tests.doors import Door, Refused
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER
from tests.service.evaluation.card_scene import GOOD, LI, WANG, CardCity, filled
from tests.service.evaluation.tiny_cards import page

COUNTED, REFUSED = card_audit_pb2.CARD_STATE_COUNTED, card_audit_pb2.CARD_STATE_REFUSED


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def closing(city: CardCity, campaign: Any, leave: bool = False) -> campaigns_pb2.CloseCampaignRequest:
    """Asks for the close of a campaign as it stands now."""
    known = {"campaign_id": campaign.campaign_id, "expected_version": city.campaign(campaign).version}
    return campaigns_pb2.CloseCampaignRequest(leave_cards=leave, **known)


def close(city: CardCity, campaign: Any, leave: bool = False) -> Any:
    return city.door.call(city.campaigns.CloseCampaign, closing(city, campaign, leave), ORGANISER).campaign


def not_closed(city: CardCity, campaign: Any) -> Refused:
    return city.door.refused(city.campaigns.CloseCampaign, closing(city, campaign), ORGANISER)


def unfinished(city: CardCity) -> tuple[Any, Any]:
    """A campaign in which one row is asked, one card is complete, one page waits; and the row."""
    campaign, design, papers = city.on_paper(3)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    city.scan(campaign, *filled(design, papers[1]), page("CRASH"), name="crash.tif")
    [asked] = city.asked(campaign, LI)
    return campaign, asked


def test_a_campaign_is_not_closed_while_cards_wait_and_the_refusal_says_how_many(city: CardCity) -> None:
    campaign, _ = unfinished(city)

    told = not_closed(city, campaign)

    assert (told.reason, told.field) == ("CARDS_NOT_DONE", "leave_cards")
    assert [part in told.sentence for part in ("1 pages", "1 rows", "2 cards")] == [True] * 3
    assert city.campaign(campaign).state == campaigns_pb2.CAMPAIGN_STATE_OPEN


def test_a_card_whose_last_row_is_keyed_before_the_close_counts_whatever_else_is_left(city: CardCity) -> None:
    campaign, asked = unfinished(city)
    for who in (LI, WANG):
        city.key(asked, GOOD[0], who)
    assert city.progress(campaign).cards_complete == 2

    close(city, campaign, leave=True)

    assert [one.state for one in city.cards(campaign)] == [COUNTED, COUNTED]
    assert len(stored.leaves(city.door.store)) == 2


def test_what_is_left_at_the_close_ends_with_a_reason_and_nobody_is_asked_any_more(city: CardCity) -> None:
    campaign, asked = unfinished(city)

    close(city, campaign, leave=True)
    city.door.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    city.read()

    found = sorted((one.state, one.reason) for one in city.cards(campaign))
    assert found == [(COUNTED, ""), (REFUSED, "CARD_NOT_DONE")]
    assert "PAGE_NOT_READ" in city.faults(campaign) and not city.asked(campaign, LI)
    progress = city.progress(campaign)
    assert (progress.pages_waiting, progress.pages_parked, progress.rows_asked, progress.cards_open) == (0, 0, 0, 0)
    late = city.door.refused(city.keying.KeyRow, keying_pb2.KeyRowRequest(doubt_id=asked.doubt_id, grade=1), LI)
    assert late.reason == "ROW_NOT_ASKED"
    assert len(stored.leaves(city.door.store)) == 1
