"""The bulletin: drafted by one, issued by another with the next number, the same on paper, in Word and in the workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from zhengfeng.evaluation.v1 import bulletins_pb2, formula_pb2, objections_pb2, plan_pb2

from papers.documents import Block, Table, from_json
from services.evaluation.storage.bulletins import BULLETINS
from services.evaluation.usecases.desk import SERVICE
from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, OFFICE, ORGANISER, PUBLISHER, City
from tests.service.evaluation.facts import complaint_closed


def released(city: City, what: int = formula_pb2.PUBLISH_FULL) -> Any:
    """A released campaign with points off."""
    city.door.hear(complaint_closed(city, "housing"))
    publication = formula_pb2.Publication(what=what, objection_days=5)
    live = what == formula_pb2.PUBLISH_FULL  # a screen shows everything
    campaign, delegates, _ = city.opened(delegates=9, enterprises=2, publication=publication, live=live)
    for number, code in enumerate(delegates):
        city.cast(code, campaign, (1, 1 if number % 3 else 2, 4, 1))
    return city.released(campaign)


def draft(city: City, campaign: Any = None, **changes: Any) -> Any:
    """Drafted by the organiser."""
    said = {
        "campaign_id": campaign.campaign_id if campaign else "",
        "year": 2026,
        "jurisdiction_path": CITY,
        "title": "关于2026年公述民评结果的通报",
        "opening": "按照年度安排，开展了公述民评。",
    }
    request = bulletins_pb2.DraftBulletinRequest(**(said | changes))
    return city.door.call(city.bulletins.DraftBulletin, request, ORGANISER).bulletin


def read(city: City, one: Any) -> str:
    """The hash of what it says now."""
    request = bulletins_pb2.GetBulletinRequest(bulletin_id=one.bulletin_id)
    return str(city.door.call(city.bulletins.GetBulletin, request, OFFICE).bulletin.paper_hash)


def issue(city: City, one: Any, as_: Any = OFFICE) -> Any:
    """Issued by somebody else."""
    request = bulletins_pb2.IssueBulletinRequest(
        bulletin_id=one.bulletin_id, expected_version=one.version, paper_hash=read(city, one)
    )
    return city.door.call(city.bulletins.IssueBulletin, request, as_).bulletin


def build(city: City, one: Any, format: int) -> Any:
    """It as a file."""
    request = bulletins_pb2.BuildBulletinRequest(bulletin_id=one.bulletin_id, format=format)
    return city.door.call(city.bulletins.BuildBulletin, request, PUBLISHER)


def paper(city: City, one: Any) -> Any:
    """What was issued, as it is kept."""
    with city.door.store.read(SERVICE) as tx:
        return from_json(tx.get(BULLETINS, one.bulletin_id).paper)


def test_another_person_issues_it_and_numbers_have_no_gap(city: City) -> None:
    campaign = released(city)
    first, second = draft(city, campaign), draft(city)
    own = bulletins_pb2.IssueBulletinRequest(
        bulletin_id=first.bulletin_id, expected_version=first.version, paper_hash=read(city, first)
    )
    drafter = caller("office", jurisdiction=CITY, subject=ORGANISER.subject)
    assert city.door.refused(city.bulletins.IssueBulletin, own, drafter).reason == "OWN_BULLETIN"
    assert issue(city, first).number == "评议通报〔2026〕1号"
    assert issue(city, second).number == "评议通报〔2026〕2号"
    own.expected_version = 2
    assert city.door.refused(city.bulletins.IssueBulletin, own, OFFICE).reason == "BULLETIN_ISSUED"


def test_it_says_turnout_with_denominators_places_points_and_the_head_of_the_box(city: City) -> None:
    written = paper(city, issue(city, draft(city, released(city))))
    said = "".join(one.text for one in written.blocks if isinstance(one, Block))
    assert "评议代表：发出评议码9个，收回评议票9张，占发出评议码的100.0%" in said
    assert "企业：发出评议码2个，收回评议票0张" in said
    assert "扣分：housing2分" in said
    assert "schools" in said and "得分低于75分的有" in said
    assert "分不出高下" in said
    assert "异议期到2026年11月21日为止，以上结果尚未定案" in said
    assert "票箱共9张，签名根值以" in said
    table = next(one for one in written.blocks if isinstance(one, Table))
    assert table.heads == ("名次", "对象", "得分", "区间", "等次")
    assert [line[:3] for line in table.lines] == [("1", "housing", "98.00"), ("2", "tax", "93.33"), ("3", "schools", "0.00")]


@pytest.mark.parametrize(
    ("what", "heads"),
    [(formula_pb2.PUBLISH_RANKED, ("名次", "对象", "等次")), (formula_pb2.PUBLISH_GRADES, ("对象", "等次"))],
)
def test_it_says_no_more_than_the_plan_publishes(city: City, what: int, heads: tuple[str, ...]) -> None:
    written = paper(city, issue(city, draft(city, released(city, what))))
    said = "".join(one.text for one in written.blocks if isinstance(one, Block))
    assert {one.heads for one in written.blocks if isinstance(one, Table)} == {heads}
    assert "收回" not in said and "扣分" not in said and "98." not in said


def test_what_is_not_public_goes_into_no_bulletin(city: City) -> None:
    campaign = released(city, formula_pb2.PUBLISH_NOT_PUBLIC)
    request = bulletins_pb2.DraftBulletinRequest(
        campaign_id=campaign.campaign_id, year=2026, jurisdiction_path=CITY, title="通报"
    )
    assert city.door.refused(city.bulletins.DraftBulletin, request, OFFICE).reason == "NOT_FOR_A_BULLETIN"
    request.campaign_id = ""
    assert city.door.refused(city.bulletins.DraftBulletin, request, OFFICE).reason == "NOTHING_TO_REPORT"


def test_nothing_is_reported_before_the_release(city: City) -> None:
    campaign, delegates, _ = city.opened()
    city.cast(delegates[0], campaign, (1, 1, 1, 1))
    counted = city.counted(campaign)
    request = bulletins_pb2.DraftBulletinRequest(
        campaign_id=counted.campaign_id, year=2026, jurisdiction_path=CITY, title="通报"
    )
    assert city.door.refused(city.bulletins.DraftBulletin, request, OFFICE).reason == "CAMPAIGN_NOT_RELEASED"


def test_a_year_is_reported_campaign_by_campaign(city: City) -> None:
    released(city)
    released(city)
    written = paper(city, issue(city, draft(city)))
    assert [one.text for one in written.blocks if isinstance(one, Block) and one.level == 1] == ["2026年公述民评"] * 2


def test_it_is_given_as_pdf_as_word_and_as_a_workbook(city: City) -> None:
    issued = issue(city, draft(city, released(city)))
    on_paper = build(city, issued, bulletins_pb2.BULLETIN_FORMAT_PDF)
    in_word = build(city, issued, bulletins_pb2.BULLETIN_FORMAT_WORD)
    in_excel = build(city, issued, bulletins_pb2.BULLETIN_FORMAT_EXCEL)
    assert on_paper.content.startswith(b"%PDF") and on_paper.file_name.startswith("评议通报〔2026〕1号")
    text = ZipFile(BytesIO(in_word.content)).read("word/document.xml").decode()
    assert "评议通报〔2026〕1号" in text and "housing" in text
    sheets = CalamineWorkbook.from_filelike(BytesIO(in_excel.content))
    assert sheets.get_sheet_by_index(0).to_python()[1][:3] == ["1", "housing", "98.00"]


def test_a_draft_is_given_with_its_mark(city: City) -> None:
    one = draft(city, released(city))
    assert build(city, one, bulletins_pb2.BULLETIN_FORMAT_PDF).file_name.startswith("草稿")


def test_what_was_not_read_is_not_issued(city: City) -> None:
    released(city)
    one = draft(city)
    seen = read(city, one)
    released(city)
    request = bulletins_pb2.IssueBulletinRequest(bulletin_id=one.bulletin_id, expected_version=one.version, paper_hash=seen)
    assert city.door.refused(city.bulletins.IssueBulletin, request, OFFICE).reason == "BULLETIN_CHANGED"
    assert issue(city, one).number == "评议通报〔2026〕1号"


def test_a_year_tells_a_campaign_under_recount_from_its_last_released_count(city: City) -> None:
    campaign = released(city)
    own = campaign.plan.object_groups[0].objects[0].object_id
    filing = objections_pb2.FileObjectionRequest(campaign_id=campaign.campaign_id, object_id=own, text="有误。")
    filed = city.door.call(city.objections.FileObjection, filing, caller("unit_head", unit=f"{CITY}/housing")).objection
    upheld = objections_pb2.AnswerObjectionRequest(
        objection_id=filed.objection_id,
        expected_version=filed.version,
        answer=objections_pb2.OBJECTION_ANSWER_UPHELD,
        reasons="有理",
    )
    city.door.call(city.objections.AnswerObjection, upheld, OFFICE)
    written = paper(city, issue(city, draft(city)))
    said = "".join(one.text for one in written.blocks if isinstance(one, Block))
    table = next(one for one in written.blocks if isinstance(one, Table))
    assert table.lines[0][:3] == ("1", "housing", "98.00") and "正在重新计票" in said


def test_an_entry_charged_to_two_objects_is_one_entry(city: City) -> None:
    city.door.hear(complaint_closed(city, "housing"))
    unit = city.units["housing"]
    both = [
        plan_pb2.RatedObject(unit_id=unit),
        plan_pb2.RatedObject(unit_id=unit, kind=plan_pb2.OBJECT_KIND_LEADING_GROUP),
    ]
    campaign, delegates, _ = city.opened(object_groups=[plan_pb2.ObjectGroup(key="all", name="全部", objects=both)])
    for code in delegates:
        city.cast(code, campaign, (1, 1))
    written = paper(city, issue(city, draft(city, city.released(campaign))))
    said = "".join(one.text for one in written.blocks if isinstance(one, Block))
    assert "计入的共1笔" in said
