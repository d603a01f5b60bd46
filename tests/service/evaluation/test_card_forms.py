"""Cards looked at before anybody decides on one, behind the door."""

from __future__ import annotations

from typing import Any

from zhengfeng.evaluation.v1 import card_forms_pb2, card_forms_pb2_grpc, card_runs_pb2, card_runs_pb2_grpc

from papers import cards
from tests.service.evaluation.campaigns import ORGANISER, City

ADDRESS = ("464000", "清河市平桥路88号", "评议办公室（收）")


def _asked(campaign: Any, **changes: Any) -> Any:
    given = {"campaign_id": campaign.campaign_id, "rater_group": campaign.plan.rater_groups[0].key, "form": "A4-DL"}
    return card_forms_pb2.PreviewCardRequest(**{**given, "sides": 2, "return_to": ADDRESS, **changes})


def test_a_card_is_looked_at_before_anybody_decides_on_it(city: City) -> None:
    campaign = city.create()
    stub = city.door.stub(card_forms_pb2_grpc.CardFormServiceStub)
    wanted = card_forms_pb2.ListCardFormsRequest(campaign_id=campaign.campaign_id)
    known = {one.name: one for one in city.door.call(stub.ListCardForms, wanted, ORGANISER).forms}
    assert {"A4", "A4-DL", "A5"} <= set(known) and known["A5-C5"].lying and known["A4-DL"].window == "DL"

    seen = city.door.call(stub.PreviewCard, _asked(campaign, letter=True, return_by="2026-12-20"), ORGANISER).card
    objects = sum(len(group.objects) for group in campaign.plan.object_groups)
    assert seen.rows == objects * len(campaign.plan.dimensions) and seen.sheets == 1
    template = cards.from_json(seen.template)
    assert [bool(page.code) for page in template.pages][:3] == [False, False, True], "a letter, its empty back, the card"
    assert any("2026年12月20日" in words.text for words in template.pages[2].words)

    again = city.door.call(stub.PreviewCard, _asked(campaign), ORGANISER).card
    assert again.digest == seen.digest, "a letter and a day change no place"
    assert city.door.call(stub.PreviewCard, _asked(campaign, form="A5-C5"), ORGANISER).card.digest != seen.digest


def test_a_design_is_printed_as_it_was_decided_on(city: City) -> None:
    campaign = city.create()
    stub = city.door.stub(card_forms_pb2_grpc.CardFormServiceStub)
    seen = city.door.call(stub.PreviewCard, _asked(campaign, letter=True), ORGANISER).card
    asked = _asked(campaign)
    wish = {name: getattr(asked, name) for name in ("campaign_id", "rater_group", "form", "sides", "return_to")}
    runs = city.door.stub(card_runs_pb2_grpc.CardRunServiceStub)
    design = city.door.call(runs.DesignCard, card_runs_pb2.DesignCardRequest(**wish), ORGANISER).design
    known = card_forms_pb2.GetCardTemplateRequest(campaign_id=campaign.campaign_id, design_id=design.design_id)
    kept = city.door.call(stub.GetCardTemplate, known, ORGANISER).template
    assert kept == seen.template and design.digest == seen.digest

    other = card_forms_pb2.GetCardTemplateRequest(campaign_id=city.create().campaign_id, design_id=design.design_id)
    assert city.door.refused(stub.GetCardTemplate, other, ORGANISER).reason == "CARD_DESIGN_NOT_FOUND"


def test_a_card_that_cannot_be_is_refused_by_name(city: City) -> None:
    campaign = city.create()
    stub = city.door.stub(card_forms_pb2_grpc.CardFormServiceStub)
    for changes, reason in (
        ({"form": "A3"}, "CARD_FORM_UNKNOWN"),
        ({"rater_group": "nobody"}, "CARD_NO_ROWS"),
        ({"return_to": ()}, "CARD_ADDRESS_MISSING"),
        ({"return_by": "2026-02-30"}, "DAY_INVALID"),
        ({"campaign_id": "none"}, "CAMPAIGN_NOT_FOUND"),
    ):
        assert city.door.refused(stub.PreviewCard, _asked(campaign, **changes), ORGANISER).reason == reason
