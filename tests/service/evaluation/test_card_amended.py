"""A mark on a card means what was printed beside it: a card is never counted under another questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2, card_runs_pb2

from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.desk import SERVICE
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import NAMES, ORGANISER, REGISTRAR
from tests.service.evaluation.card_scene import GOOD, LI, CardCity, filled
from tests.service.evaluation.test_amendments import amended, amendment
from tests.unit.chassis.echo import refused


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def turned(city: CardCity) -> Any:
    """The plan with its objects in another order."""
    return city.plan(object_groups=[city.group("bureaus", NAMES[2::-1]), city.group("trades", NAMES[3:])])


def drafted(city: CardCity) -> tuple[Any, Any, Any]:
    """A draft, the design of its card, a run of them that nobody has printed yet."""
    draft = city.create()
    city.imported(draft, [("d0", "delegates", "")])
    design = city.designed(draft)
    return draft, design, city.run_of(draft, design)


def test_the_questions_stay_as_they_are_once_cards_are_printed(city: CardCity) -> None:
    draft, _, run = drafted(city)
    city.printed(run)

    told = city.door.refused(city.campaigns.AmendCampaign, amendment(draft, turned(city)), ORGANISER)

    assert told.reason == "AMENDMENT_CHANGES_BALLOTS"
    assert amended(city, draft, city.plan(title="年终评议")).plan.title == "年终评议"


def test_cards_of_a_questionnaire_that_was_changed_are_not_printed(city: CardCity) -> None:
    draft, _, run = drafted(city)
    amended(city, draft, turned(city))

    request = card_runs_pb2.PrintCardsRequest(run_id=run.run_id, purpose="邮寄评议卡")
    shown = refused(lambda: list(city.door.call(city.runs.PrintCards, request, REGISTRAR)))
    assert shown.reason == "CARD_DESIGN_DOES_NOT_FIT"


def test_a_card_that_asks_something_else_than_the_plan_is_neither_read_nor_keyed(city: CardCity) -> None:
    draft, design, run = drafted(city)
    [paper] = city.printed(run)
    plan = city.door.usecases.campaigns.get(SERVICE, amended(city, city.create(), turned(city)).campaign_id).plan
    with city.door.store.begin(SERVICE) as tx:  # amended when nothing yet forbade it
        old = tx.get(CAMPAIGNS, draft.campaign_id)
        tx.save(CAMPAIGNS, replace(old, version=old.version + 1, plan=plan, rules_hash=plan.rules_hash()))
    campaign = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, city.campaign(draft))

    city.scan(campaign, *filled(design, paper, (1, 2, 4, 1)))
    slip = city.key_card(campaign, paper, GOOD)
    slip.paper_place = "一号盒"
    keyed = city.door.refused(city.keying.KeyCard, slip, LI)

    assert city.faults(campaign) == ["CARD_DESIGN_DOES_NOT_FIT"] and not city.cards(campaign)
    assert keyed.reason == "CARD_DESIGN_DOES_NOT_FIT"
    assert not len(stored.leaves(city.door.store))
