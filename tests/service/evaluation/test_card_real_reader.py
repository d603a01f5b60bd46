"""From the press to the box: cards printed by their design, filled in, scanned askew, read by the real reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from zhengfeng.evaluation.v1 import card_audit_pb2, card_forms_pb2, card_forms_pb2_grpc, keying_pb2

from papers import cards
from papers.documents_fonts import Fonts
from services.evaluation import reader
from services.evaluation.cards.geometry import from_json
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER, packed
from tests.service.evaluation.card_scene import GOOD, LI, WANG, CardCity, Paper

DPI = 200
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
    return [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def tick(sheet: Image.Image, design: Any, grades: Sequence[int], twice: Sequence[int] = ()) -> Image.Image:
    """Crosses in ink: one grade an object on both dimensions; in these rows two."""
    card = from_json(design.geometry)
    [(_, side)] = card.sides
    pen = ImageDraw.Draw(sheet)
    scale = DPI / 25.4
    for place in side.rows:
        grade = grades[place.row // 2]
        for answer in {grade, 4} if place.row in twice else {grade}:
            box = place.boxes[card.answers.index(answer)]
            ends = [(box.x + 0.6) * scale, (box.y + 0.6) * scale, (box.right - 0.6) * scale, (box.bottom - 0.6) * scale]
            pen.line(ends, fill=40, width=5)
            pen.line([ends[0], ends[3], ends[2], ends[1]], fill=40, width=5)
    return sheet


def test_printed_cards_are_read_by_the_real_reader_and_only_what_it_doubts_goes_to_people(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(2)
    one, two = printed(city, campaign, design, papers)
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (900, 700), np.uint8))
    askew = tick(one, design, GOOD).rotate(181.5, expand=True, fillcolor=255)
    scans = BytesIO()
    askew.save(scans, "PDF", save_all=True, append_images=[tick(two, design, GOOD, twice=[2]), noise], resolution=DPI)

    city.send(campaign, scans.getvalue(), "pile.pdf")

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
