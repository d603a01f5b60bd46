"""Hot topics through the door: gathered, counted by complaint and by matter, shown in the redacted copy only."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.complaints.v1 import topics_pb2

from tests.doors import caller
from tests.service.complaints.city import CLERK, HOUSING, LEADER, SECRET_NAME, City

HEAT = "幸福小区{n}号楼暖气不热，室温只有{n}度，供热公司电话打不通。我叫" + SECRET_NAME
PARK = "东街市场门口第{n}次看到货车乱停，行人只能走机动车道，希望整治。"
DONGHE_LEADER = caller("leader", jurisdiction="/qinghe/donghe", subject="donghe-leader")


@pytest.fixture
def told(city: City) -> list[Any]:
    """Four complaints about heating, three about parking, one about something else, and their fingerprints."""
    heating = [city.filed(title="暖气不热", text=HEAT.format(n=n)) for n in range(11, 15)]
    for n in range(3):
        city.filed(title="货车乱停", text=PARK.format(n=n), accused_unit_path="/qinghe/water")
    city.filed(title="图书馆闭馆太早", text="周末下午五点就关门，学生没有地方自习。")
    city.door.run_timer("fingerprints")
    return heating


def hot(city: City, as_: Any = LEADER, **asked: Any) -> topics_pb2.HotTopicsResponse:
    answer: topics_pb2.HotTopicsResponse = city.do("HotTopics", as_, **asked)
    return answer


def test_what_many_complaints_are_about_comes_first_with_its_words_and_weeks(city: City, told: list[Any]) -> None:
    found = hot(city, weeks=4)

    assert [topic.complaints for topic in found.topics] == [4, 3]
    assert any("暖气" in word for word in found.topics[0].words)
    assert [week.complaints for week in found.topics[0].weeks] == [0, 0, 0, 4]
    assert (found.received, found.looked_at, found.alone) == (8, 8, 1)


def test_complaints_joined_to_one_matter_are_one_matter(city: City, told: list[Any]) -> None:
    first, second = told[:2]
    city.do("Merge", CLERK, complaint_id=second.complaint_id, expected_version=1, into_complaint_id=first.complaint_id)

    topic = hot(city).topics[0]

    assert (topic.complaints, topic.matters) == (4, 3)


def test_examples_are_shown_in_the_redacted_copy(city: City, told: list[Any]) -> None:
    found = hot(city)

    examples = found.topics[0].examples
    assert examples and all("暖气" in example.excerpt for example in examples)
    assert SECRET_NAME not in str(found) and not any(SECRET_NAME in example.excerpt for example in examples)


def test_a_district_sees_its_own_and_a_unit_none(city: City, told: list[Any]) -> None:
    assert not hot(city, DONGHE_LEADER).topics
    assert not hot(city, jurisdiction_path="/qinghe/donghe").received
    assert city.refused("HotTopics", HOUSING).reason
    assert [topic.complaints for topic in hot(city, unit_path="/qinghe/water").topics] == [3]
