"""Near-duplicates: found while somebody types, joined instead of filed twice, their fingerprints erased with the text."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2

from services.complaints.storage.fingerprints import FINGERPRINTS
from tests.service.complaints.city import CLERK, DONGHE, OFFICE, City, draft

HEATING = {
    "title": "幸福小区暖气不热",
    "text": "柳林路幸福小区3号楼从本月10日起暖气一直不热，室温只有14度，打供热公司电话没有人接，家里有老人和小孩。",
    "accused_unit_path": "/qinghe/water",
}
PARKING = {"title": "东街市场门口乱停车", "text": "东街市场门口每天早上停满货车，行人只能走机动车道，希望交警和城管管一管。"}


@pytest.fixture
def heating(city: City) -> Any:
    """A complaint about heating and one about parking, with their fingerprints taken."""
    filed = city.filed(**HEATING)
    city.filed(**PARKING, accused_unit_path="")
    city.door.run_timer("fingerprints")
    return filed


def typed(city: City, as_: Any = CLERK, **said: Any) -> Any:
    return city.do("SimilarDrafts", as_, **{"jurisdiction_path": "/qinghe", **said}).similar


def test_the_same_happening_in_other_words_is_found_while_it_is_being_typed(city: City, heating: Any) -> None:
    [found] = typed(city, text="我们幸福小区的暖气不热，室温才14度", accused_unit_path="/qinghe/water")

    assert found.complaint.complaint_id == heating.complaint_id
    assert found.same_place and found.same_unit
    assert found.score > 60 and found.words_percent > 50


def test_a_beginning_that_says_nothing_yet_finds_nothing(city: City, heating: Any) -> None:
    assert not typed(city, text="你好，我要反映")
    assert not typed(city, text="")


def test_what_is_alike_in_place_only_is_told_apart_from_what_is_alike_in_words(city: City, heating: Any) -> None:
    found = typed(city, text="楼道里的路灯坏了半个月没修", place="柳林路幸福小区")

    assert all(one.score < 50 for one in found)
    assert all(one.same_place for one in found)


def test_another_district_and_what_has_ended_is_not_shown(city: City, heating: Any) -> None:
    assert not typed(city, DONGHE, jurisdiction_path="/qinghe/donghe", text=HEATING["text"])

    city.do("WithdrawComplaint", None, receipt_code=heating.receipt_code, reason="已经修好")

    assert not typed(city, text=HEATING["text"])


def test_nobody_is_shown_a_complaint_about_themselves(city: City) -> None:
    from tests.doors import caller

    city.filed(**{**HEATING, "accused_official_id": "official-9"})
    city.door.run_timer("fingerprints")
    accused = caller("clerk", jurisdiction="/qinghe", subject="accused", official_id="official-9")

    assert not typed(city, accused, text=HEATING["text"])


def test_a_fingerprint_is_erased_with_the_text(city: City, heating: Any) -> None:
    city.do("TakeParcel", CLERK, complaint_id=heating.complaint_id)
    city.do("MoveToDiscipline", CLERK, on=city.seen(heating), organ="清河市纪委监委")

    with city.door.store.engine.connect() as connection:
        left = connection.execute(sa.select(FINGERPRINTS.c.complaint_id).distinct()).scalars().all()
    assert heating.complaint_id not in left and len(left) == 1
    city.door.run_timer("fingerprints")
    assert not typed(city, text=HEATING["text"])


def test_a_fingerprint_holds_no_word_and_an_old_one_is_erased(city: City, heating: Any) -> None:
    assert "暖气".encode() not in city.dump()

    city.go_to("2027-06-01 09:00")
    city.door.run_timer("fingerprints")

    with city.door.store.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(FINGERPRINTS)).scalar() == 0


def test_joining_gives_a_receipt_of_ones_own_and_one_matter(city: City, heating: Any) -> None:
    asked = {"into_complaint_id": heating.complaint_id, "draft": draft(**HEATING), "channel": complaint_pb2.CHANNEL_HOTLINE}

    joined = city.do("JoinMatter", CLERK, request_id="join-1", **asked)
    again = city.do("JoinMatter", CLERK, request_id="join-1", **asked)

    assert joined == again and joined.receipt_code
    seen = city.seen(joined, OFFICE)
    assert seen.stage == complaint_pb2.STAGE_MERGED and seen.matter_id == heating.complaint_id
    followed = city.do("FollowComplaint", None, receipt_code=joined.receipt_code)
    assert followed.number == joined.number
    assert len(city.facts(events_pb2.ComplaintFiled)) == 3


def test_what_has_ended_or_lies_elsewhere_is_not_joined_and_nothing_is_entered(city: City, heating: Any) -> None:
    asked = {"draft": draft(**HEATING), "channel": complaint_pb2.CHANNEL_HOTLINE}
    city.do("WithdrawComplaint", None, receipt_code=heating.receipt_code, reason="已经修好")
    before = len(city.facts(events_pb2.ComplaintFiled))

    ended = city.refused("JoinMatter", CLERK, into_complaint_id=heating.complaint_id, **asked)
    elsewhere = city.refused("JoinMatter", DONGHE, into_complaint_id=heating.complaint_id, **asked)

    assert (ended.reason, elsewhere.reason) == ("MERGE_INTO_ENDED", "COMPLAINT_NOT_FOUND")
    assert len(city.facts(events_pb2.ComplaintFiled)) == before
