"""Pictures of cards and files of scans do not outlive their rule, however many there are and whatever became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2

from chassis.errors import Conflict
from services.evaluation.usecases import scans
from services.evaluation.usecases.desk import SERVICE
from tests.doors import Door
from tests.service.evaluation.card_scene import CardCity, filled
from tests.service.evaluation.tiny_cards import file


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def on_shelf(city: CardCity) -> list[Path]:
    return [path for path in city.door.config.data_dir.rglob("files/*/*") if path.is_file()]


def closed(city: CardCity, campaign: object) -> None:
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, city.campaign(campaign))


def test_pictures_of_a_closed_campaign_without_a_final_result_are_destroyed_too_and_all_at_once(
    city: CardCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "AT_ONCE", 1)
    campaign, design, papers = city.on_paper(2)
    for paper in papers:
        city.scan(campaign, *filled(design, paper), name=f"{paper.number}.tif")
    days = 30
    city.set_to("cards.keep_days_closed", days)
    closed(city, campaign)

    assert city.door.usecases.scans.destroy() == 0
    city.door.clock.advance(timedelta(days=days + 1))  # type: ignore[attr-defined]

    assert city.door.usecases.scans.destroy() == 2
    assert on_shelf(city) == [] and city.door.usecases.scans.destroy() == 0


def test_a_file_that_comes_in_while_its_campaign_is_closed_leaves_nothing(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    content = file(filled(design, papers[0]))

    def pieces() -> Iterator[bytes]:
        yield content[:2000]
        closed(city, campaign)
        yield content[2000:]

    with pytest.raises(Conflict, match="CAMPAIGN_NOT_OPEN"):
        city.door.usecases.scans.take(SERVICE, campaign.campaign_id, "late.tif", pieces())

    assert on_shelf(city) == []
