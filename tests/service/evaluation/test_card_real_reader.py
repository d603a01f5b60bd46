"""From the press to the box: cards printed by their design, filled in, scanned askew, read by the real reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from zhengfeng.evaluation.v1 import card_audit_pb2, card_forms_pb2, card_forms_pb2_grpc, keying_pb2

from papers import cards
from papers.documents_fonts import Fonts
from services.evaluation import reader
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER, packed
from tests.service.evaluation.card_scene import GOOD, LI, WANG, CardCity, Paper
from tests.service.evaluation.inked_cards import rendered, scanned, tick

MADE = datetime(2026, 11, 16, tzinfo=UTC)
COUNTED = card_audit_pb2.CARD_STATE_COUNTED


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    made = CardCity(door("evaluation"))
    made.reader = reader.build(made.door.usecases)
    return made


def printed(city: CardCity, campaign: Any, design: Any, papers: Sequence[Paper]) -> list[Image.Image]:
    """Sheets as they come off the press, rendered as a scanner sees them."""
    stub = city.door.stub(card_forms_pb2_grpc.CardFormServiceStub)
    request = card_forms_pb2.GetCardTemplateRequest(campaign_id=campaign.campaign_id, design_id=design.design_id)
    template = cards.without_letter(cards.from_json(city.door.call(stub.GetCardTemplate, request, ORGANISER).template))
    pdf = cards.pdf(template, [cards.Card(paper.serial) for paper in papers], Fonts(), MADE)
    return rendered(pdf)


def test_printed_cards_are_read_by_the_real_reader_and_only_what_it_doubts_goes_to_people(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(2)
    one, two = printed(city, campaign, design, papers)
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (900, 700), np.uint8))
    askew = tick(one, design, GOOD).rotate(181.5, expand=True, fillcolor=255)

    city.send(campaign, scanned(askew, tick(two, design, GOOD, twice=[2]), noise), "pile.pdf")

    states = sorted(card.state for card in city.cards(campaign))
    assert states == [card_audit_pb2.CARD_STATE_OPEN, COUNTED]
    assert len(city.faults(campaign)) == 1
    [asked] = city.asked(campaign, LI)
    assert (asked.object, asked.dimension) == ("tax", "履职")
    shown = list(
        city.door.call(city.keying.ShowCardPicture, keying_pb2.ShowCardPictureRequest(picture_id=asked.strip_ids[0]), LI)
    )
    assert Image.open(BytesIO(b"".join(piece.content for piece in shown))).width > 500
    city.key(asked, 2, LI)
    city.key(asked, 2, WANG)
    assert [card.state for card in city.cards(campaign)] == [COUNTED, COUNTED]
    assert [leaf["ratings"].tobytes() for leaf in stored.leaves(city.door.store)] == [packed(GOOD)] * 2
