"""The ledger: every list filters, sorts, pages by keyset and searches without the index revealing a word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import figures_pb2, intake_pb2, ledger_pb2

from chassis.clock import SHANGHAI
from services.complaints.storage import CONTENTS
from tests.service.complaints.city import CLERK, DONGHE, HOUSING, OFFICE, City, draft

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)
ANONYMOUS = {"manner": pb.MANNER_ANONYMOUS, "identity": intake_pb2.Identity(), "confidential_text": ""}


def titles(city: City, **request: object) -> list[str]:
    """The titles of a page."""
    return [row.title for row in city.do("ListComplaints", OFFICE, **request).complaints]


def test_pages_follow_one_another_without_gap_or_repetition(city: City) -> None:
    numbers = []
    for _ in range(7):
        numbers.append(city.filed().number)
        city.clock.advance(timedelta(minutes=1))
    found: list[str] = []
    token = ""
    while True:
        page = city.do("ListComplaints", OFFICE, page_size=3, page_token=token)
        found += [row.number for row in page.complaints]
        token = page.next_page_token
        if not token:
            break
    assert found == numbers[::-1]
    oldest_first = city.do("ListComplaints", OFFICE, sort=ledger_pb2.COMPLAINT_SORT_RECEIVED_ASC, page_size=2)
    assert [row.number for row in oldest_first.complaints] == numbers[:2]


@pytest.mark.parametrize("token", ["x", "bm8", "W10", "W3sidCI6IjIwMjYifV0"])
def test_a_page_token_of_somebodys_own_making_is_refused(city: City, token: str) -> None:
    refused = city.refused("ListComplaints", OFFICE, page_token=token)
    assert (refused.reason, refused.field) == ("PAGE_TOKEN_INVALID", "page_token")


def test_the_tightest_limit_comes_first_and_what_has_none_is_left_out(city: City) -> None:
    slow, closed = city.accepted(), city.closed()
    urgent = city.do("RegisterForCaller", CLERK, draft=draft(), channel=pb.CHANNEL_MEDIA)
    rows = city.do("ListComplaints", OFFICE, sort=ledger_pb2.COMPLAINT_SORT_DUE_ASC).complaints
    assert [row.number for row in rows] == [urgent.number, slow.number]
    assert closed.number not in {row.number for row in rows}


def test_each_filter_narrows_the_list(city: City) -> None:
    web = city.filed(title="网上来的")
    city.clock.advance(timedelta(minutes=1))
    line = city.do("RegisterForCaller", CLERK, draft=draft(title="热线来的", category="rude"), channel=pb.CHANNEL_HOTLINE)
    city.go_to("2026-11-17 09:00")
    city.dispatched(title="派出去的")
    assert titles(city, filter={"channels": [pb.CHANNEL_HOTLINE]}) == ["热线来的"]
    assert titles(city, filter={"category": "rude"}) == ["热线来的"]
    assert titles(city, filter={"stages": [pb.STAGE_HANDLING]}) == ["派出去的"]
    assert titles(city, filter={"unit_path": "/qinghe/housing"}) == ["派出去的"]
    assert titles(city, filter={"number": web.number}) == ["网上来的"]
    assert titles(city, filter={"received_from": "2026-11-17"}) == ["派出去的"]
    assert titles(city, filter={"received_to": "2026-11-16", "open_only": True}) == ["热线来的", "网上来的"]
    assert titles(city, filter={"jurisdiction_path": "/qinghe/donghe"}) == []
    assert titles(city, filter={"lights": [pb.LIGHT_YELLOW]}) == ["热线来的"]
    assert city.do("GetComplaint", OFFICE, complaint_id=line.complaint_id).regime == "hotline"


def test_a_search_finds_what_holds_all_its_words(city: City) -> None:
    city.filed(title="办证窗口无人值守", text="等了两个小时", **ANONYMOUS)
    city.filed(title="水费多收", text="自来水公司多收了 Water 费", **ANONYMOUS)
    assert titles(city, filter={"text": "窗口"}) == ["办证窗口无人值守"]
    assert titles(city, filter={"text": "窗口 小时"}) == ["办证窗口无人值守"]
    assert titles(city, filter={"text": "water"}) == ["水费多收"]
    assert titles(city, filter={"text": "水"}) == ["水费多收"]
    assert titles(city, filter={"text": "窗口 水费"}) == []
    assert titles(city, filter={"text": "！？"}) == []


@pytest.mark.parametrize(
    "text", ['"', '窗口" OR "1', "*", "NEAR(a b)", "'); DROP TABLE complaints; --", "\\", "{}", "水费*"]
)
def test_a_search_takes_nothing_for_a_command(city: City, text: str) -> None:
    city.filed()
    assert len(city.do("ListComplaints", OFFICE, filter={"text": text}).complaints) <= 1
    assert len(city.do("ListComplaints", OFFICE).complaints) == 1


def test_a_district_sees_its_own_and_the_city_all(city: City) -> None:
    city.filed(title="市里的")
    city.filed(title="东河区的", jurisdiction_path="/qinghe/donghe", accused_unit_path="")
    assert [row.title for row in city.do("ListComplaints", DONGHE).complaints] == ["东河区的"]
    assert sorted(titles(city)) == ["东河区的", "市里的"]


def test_a_place_that_takes_no_complaints_is_refused(city: City) -> None:
    refused = city.refused("FileComplaint", None, draft=draft(jurisdiction_path="/nowhere"))
    assert (refused.reason, refused.field) == ("JURISDICTION_UNKNOWN", "draft.jurisdiction_path")
    unit = city.refused("FileComplaint", None, draft=draft(accused_unit_path="/qinghe/nothing"))
    assert (unit.reason, unit.field) == ("UNIT_UNKNOWN", "draft.accused_unit_path")


def test_a_unit_finds_its_rows_redacted(city: City) -> None:
    city.dispatched(title="欧阳若水投诉窗口")
    [row] = city.do("ListComplaints", HOUSING).complaints
    assert (row.title, row.redacted) == ("〔隐〕投诉窗口", True)


def test_a_unit_cannot_find_by_words_it_may_not_read(city: City) -> None:
    city.dispatched()
    for hidden in ("欧阳若水", "认识我家", "13912345678"):
        assert len(titles(city, filter={"text": hidden})) == 1
        assert not city.do("ListComplaints", HOUSING, filter={"text": hidden}).complaints
    assert len(city.do("ListComplaints", HOUSING, filter={"text": "两个小时"}).complaints) == 1


def test_statistics_carry_their_denominators(city: City) -> None:
    city.closed()
    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=5)
    kept, other = city.accepted(), city.filed()
    city.do("Merge", CLERK, on=city.seen(other), into_complaint_id=kept.complaint_id)
    city.go_to("2027-01-04 09:00")
    answer = city.do("Statistics", OFFICE, by=figures_pb2.STATISTICS_KEY_UNIT)
    by_unit = {row.key: row for row in answer.rows}
    total = answer.total
    assert (total.received, total.matters, total.closed, total.on_time, total.overdue) == (3, 2, 1, 2, 1)
    assert (total.established, total.rated, total.satisfied) == (1, 1, 1)
    assert (by_unit["/qinghe/housing"].received, by_unit["/qinghe/housing"].closed) == (1, 1)
    assert by_unit[""].overdue == 1


def test_what_was_closed_later_was_open_at_the_moment_asked_about(city: City) -> None:
    city.closed()
    city.go_to("2026-11-17 09:00")
    before = city.do("Statistics", OFFICE, by=figures_pb2.STATISTICS_KEY_STAGE, as_of={"seconds": 1})
    assert before.total.received == 0
    now = city.do("Statistics", OFFICE, by=figures_pb2.STATISTICS_KEY_STAGE)
    assert (now.total.received, now.total.closed) == (1, 1)


def test_what_is_open_within_its_limit_is_in_time(city: City) -> None:
    city.accepted()
    total = city.do("Statistics", OFFICE, by=figures_pb2.STATISTICS_KEY_STAGE).total
    assert (total.on_time, total.overdue) == (1, 0)


def test_an_export_goes_on_where_it_was_cut_off(city: City) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(city.filed().number)
        city.clock.advance(timedelta(minutes=1))
    first = city.do("ListComplaints", OFFICE, sort=ledger_pb2.COMPLAINT_SORT_RECEIVED_ASC, page_size=1)
    request = ledger_pb2.ExportComplaintsRequest(page_token=first.next_page_token)
    stream = city.method("ExportComplaints")(request, metadata=city.door.metadata(OFFICE), timeout=30)
    assert [row.number for batch in stream for row in batch.complaints] == numbers[1:]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_search_goes_from_week_to_week_and_page_to_page_without_gap_or_repetition(city: City, newest_first: bool) -> None:
    numbers = []
    for weeks in (0, 0, 1, 3, 12, 40, 41):
        city.clock.set(MONDAY + timedelta(weeks=weeks, minutes=len(numbers)))
        numbers.append(city.filed(title="噪声扰民", **ANONYMOUS).number)
        city.filed(title="路灯不亮", **ANONYMOUS)
    sort = ledger_pb2.COMPLAINT_SORT_RECEIVED_DESC if newest_first else ledger_pb2.COMPLAINT_SORT_RECEIVED_ASC
    found: list[str] = []
    token = ""
    for _ in range(len(numbers)):
        page = city.do("ListComplaints", OFFICE, filter={"text": "噪声"}, sort=sort, page_size=2, page_token=token)
        found += [row.number for row in page.complaints]
        token = page.next_page_token
        if not token:
            break
    assert found == (numbers[::-1] if newest_first else numbers)


def test_words_hashed_before_there_were_weeks_are_hashed_again(city: City) -> None:
    city.filed(title="噪声扰民", **ANONYMOUS)
    with city.door.store.engine.begin() as connection:
        connection.execute(sa.update(CONTENTS).values(week=None, words=sa.null()))
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DELETE FROM complaint_words")
    assert titles(city, filter={"text": "噪声"}) == []
    city.door.run_timer("search words")
    assert titles(city, filter={"text": "噪声"}) == ["噪声扰民"]
