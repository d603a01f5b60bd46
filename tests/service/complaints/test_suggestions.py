"""Suggestions: by rules without any model, by a model of the office's own complaints, never from a forged one."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import suggestions_pb2

from chassis.auth import Caller
from chassis.errors import Conflict
from services.complaints.domain.history import PastComplaint
from services.complaints.domain.stages import Channel
from services.complaints.storage.models import WEIGHTS
from tests.service.complaints.city import CLERK, DONGHE, HOUSING, LEADER, City

OPERATOR = Caller.service("complaints", "train")
ABOUT = {
    "暖气": ("供暖不达标", "/qinghe/water", "小区暖气不热，室温很低，供热站说下周处理"),
    "房产证": ("证件办理慢", "/qinghe/housing", "房产证登记排队，材料交了又退，窗口让改天再来"),
}


def learned(city: City, each: int = 24) -> None:
    """Settled complaints of an earlier system: two matters, told by what they are about."""
    rows = [
        PastComplaint(
            source="old",
            source_number=f"{word}{number}",
            jurisdiction_path="/qinghe",
            unit_path=unit,
            title=f"{word}问题第{number}次反映",
            text=f"{text}，第{number}号楼的住户，{number}月以来一直如此。",
            channel=Channel.WEB,
            category=category,
            received_at=city.clock.now(),
            deadline_at=None,
            closed_at=city.clock.now(),
            conclusion=None,
        )
        for word, (category, unit, text) in ABOUT.items()
        for number in range(each)
    ]
    city.door.usecases.history.load(OPERATOR, "old", rows, False)


def trained(city: City) -> Any:
    return city.door.usecases.suggestions.train(OPERATOR, "/qinghe", lambda *_: None)


def suggested(city: City, text: str, as_: Caller = CLERK) -> suggestions_pb2.SuggestRoutingResponse:
    answer: suggestions_pb2.SuggestRoutingResponse = city.do(
        "SuggestRouting", as_, jurisdiction_path="/qinghe", title="", text=text
    )
    return answer


def test_without_a_model_the_rules_suggest_and_say_why(city: City) -> None:
    found = suggested(city, "我去办不动产过户，窗口没有人，等了两个小时")

    assert found.model_number == 0
    assert (found.categories[0].value, found.categories[0].source) == ("absent", suggestions_pb2.SUGGESTION_SOURCE_RULE)
    assert "窗口没有人" in found.categories[0].why
    assert 0 < found.categories[0].score <= 100


def test_what_to_bring_is_told_once_and_completely(city: City) -> None:
    lists = suggested(city, "我去办不动产过户，窗口没有人，等了两个小时").checklists

    assert any("申请人身份证明" in item.zh for one in lists for item in one.items)
    assert all(one.source and item.en for one in lists for item in one.items)


def test_a_unit_called_by_its_name_is_suggested_first(city: City) -> None:
    found = suggested(city, "今天去了/qinghe/water，自来水停了三天")  # in this city units are named by their paths

    assert (found.units[0].value, found.units[0].source) == ("/qinghe/water", suggestions_pb2.SUGGESTION_SOURCE_NAME)


def test_a_text_too_short_suggests_nothing(city: City) -> None:
    assert suggested(city, "你好") == suggestions_pb2.SuggestRoutingResponse()


def test_a_model_of_ones_own_complaints_suggests_category_and_unit_with_score_and_words(city: City) -> None:
    learned(city)
    model = trained(city)

    found = suggested(city, "我家暖气不热，室温只有12度")

    assert found.model_number == model.number
    category, unit = found.categories[0], found.units[0]
    assert (category.value, category.source) == ("供暖不达标", suggestions_pb2.SUGGESTION_SOURCE_MODEL)
    assert (unit.value, unit.source) == ("/qinghe/water", suggestions_pb2.SUGGESTION_SOURCE_MODEL)
    assert category.score > 50 and "暖气" in category.why


def test_models_are_listed_with_the_score_they_reached_unseen(city: City) -> None:
    learned(city)
    trained(city)
    newer = trained(city)

    listed = city.do("ListModels", LEADER).models

    assert [(one.number, one.in_use) for one in listed] == [(newer.number, True), (listed[1].number, False)]
    assert [(one.target, one.classes, one.rows) for one in listed[0].scores] == [("category", 2, 48), ("unit", 2, 48)]
    assert all(float(one.macro_f1) > 90 for one in listed[0].scores)
    assert not city.do("ListModels", DONGHE).models
    assert city.refused("ListModels", HOUSING).reason


def test_a_model_holds_no_word_of_anybody(city: City) -> None:
    learned(city)
    trained(city)

    with city.door.store.engine.connect() as connection:
        stored = b"".join(bytes(row.weights) for row in connection.execute(sa.select(WEIGHTS)))
    assert "暖气".encode() not in stored and stored
    assert "室温".encode() not in city.dump()


def test_a_forged_model_is_not_asked_and_the_rules_still_answer(city: City) -> None:
    learned(city)
    trained(city)
    with city.door.store.engine.begin() as connection:
        connection.execute(sa.update(WEIGHTS).values(weights=b"PK forged"))

    found = suggested(city, "房产证办了半年，窗口没有人")

    assert found.model_number == 0
    assert {one.source for one in found.categories} == {suggestions_pb2.SUGGESTION_SOURCE_RULE}


def test_too_few_settled_complaints_train_nothing(city: City) -> None:
    learned(city, each=3)

    with pytest.raises(Conflict) as refused:
        trained(city)

    assert refused.value.reason == "TOO_FEW_CLOSED"
    assert not city.do("ListModels", LEADER).models
