"""Bulletins: frozen when drafted, issued by another with a number, every figure opening what it counted."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import openpyxl
from zhengfeng.complaints.v1 import bulletins_pb2 as pb
from zhengfeng.complaints.v1 import complaint_pb2, figures_pb2

from tests.doors import caller
from tests.service.complaints.city import CLERK, LEADER, OFFICE, SECRET_NAME, SECRET_PHONE, City, draft

WEEK = {
    "period": pb.BULLETIN_PERIOD_WEEK,
    "since": "2026-11-16",
    "jurisdiction_path": "/qinghe",
    "title": "投诉情况周报",
    "opening": "现将本周情况通报如下。",
}
CHANNEL, UNIT = figures_pb2.STATISTICS_KEY_CHANNEL, figures_pb2.STATISTICS_KEY_UNIT
DONGHE_LEADER = caller("leader", jurisdiction="/qinghe/donghe", subject="donghe-leader")


def a_week(city: City) -> None:
    """Four complaints of one week: one closed and rated, one merged into another, one from the hotline; one of the next."""
    city.closed()
    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=5)
    kept, other = city.accepted(), city.filed()
    city.do("Merge", CLERK, on=city.seen(other), into_complaint_id=kept.complaint_id)
    city.do("RegisterForCaller", CLERK, draft=draft(category="rude"), channel=complaint_pb2.CHANNEL_HOTLINE)
    city.go_to("2026-11-24 09:00")
    city.filed()


def drafted(city: City) -> pb.ComplaintBulletin:
    """The week's bulletin as drafted."""
    a_week(city)
    made: pb.ComplaintBulletin = city.do("DraftComplaintBulletin", OFFICE, **WEEK).complaint_bulletin
    return made


def named(bulletin: pb.ComplaintBulletin) -> dict[str, object]:
    """How an act names it."""
    return {"complaint_bulletin_id": bulletin.complaint_bulletin_id, "expected_version": bulletin.version}


def test_a_draft_counts_its_period_by_complaint_and_by_matter(city: City) -> None:
    made = drafted(city)
    assert (made.since, made.until) == ("2026-11-16", "2026-11-22")
    assert (made.total.received, made.total.matters, made.matters_total.received) == (4, 3, 3)
    assert (made.total.closed, made.total.established, made.total.rated, made.total.satisfied) == (1, 1, 1, 1)
    by_channel = {row.key: row.received for table in made.tables if table.by == CHANNEL for row in table.rows}
    assert by_channel == {"web": 3, "hotline": 1}
    assert made.before.received == 0


def test_what_happens_afterwards_changes_no_frozen_figure_and_each_opens_what_it_counted(city: City) -> None:
    made = drafted(city)
    for one in city.do("ListComplaints", OFFICE, filter={"stages": [complaint_pb2.STAGE_ACCEPTED]}).complaints:
        on = {"complaint_id": one.complaint_id, "expected_version": one.version}
        city.do("RegisterComplaint", CLERK, accused_unit_path="/qinghe/water", category="rude", **on)
    again = city.do("GetComplaintBulletin", LEADER, complaint_bulletin_id=made.complaint_bulletin_id).complaint_bulletin
    assert again == made
    names = [name.removeprefix("COMPLAINT_FIGURE_").lower() for name in figures_pb2.ComplaintFigure.keys()[1:]]
    asked = {"complaint_bulletin_id": made.complaint_bulletin_id}
    for number, name in enumerate(names, start=1):
        opened = city.do("ListCountedComplaints", LEADER, figure=number, **asked).complaints
        assert len(opened) == getattr(made.total, name), name
        only = city.do("ListCountedComplaints", LEADER, figure=number, matters_only=True, **asked).complaints
        assert len(only) == getattr(made.matters_total, name), name
        for table in made.tables:
            for row in table.rows:
                under = {"counted_by": table.by, "key": row.key, "figure": number}
                assert len(city.do("ListCountedComplaints", LEADER, **asked, **under).complaints) == getattr(row, name)


def test_another_issues_it_with_a_number_and_it_never_changes(city: City) -> None:
    made = drafted(city)
    assert city.refused("IssueComplaintBulletin", OFFICE, **named(made)).reason == "SAME_PERSON"
    issued = city.do("IssueComplaintBulletin", LEADER, **named(made)).complaint_bulletin
    assert issued.number == "投诉通报〔2026〕1号"
    again = {"complaint_bulletin_id": issued.complaint_bulletin_id, "expected_version": issued.version}
    assert city.refused("IssueComplaintBulletin", LEADER, **again).reason == "BULLETIN_ISSUED"
    listed = city.do("ListComplaintBulletins", LEADER, state=pb.BULLETIN_STATE_ISSUED).complaint_bulletins
    assert [one.number for one in listed] == ["投诉通报〔2026〕1号"]


def test_a_period_begins_on_its_first_day_and_is_over(city: City) -> None:
    def refused(**changed: object) -> str:
        return city.refused("DraftComplaintBulletin", OFFICE, **{**WEEK, **changed}).reason

    assert refused() == "PERIOD_NOT_OVER"
    assert refused(since="2026-11-03") == "PERIOD_INVALID"
    assert refused(period=pb.BULLETIN_PERIOD_QUARTER, since="2026-08-01") == "PERIOD_INVALID"
    assert refused(period=pb.BULLETIN_PERIOD_MONTH, since="2026-11-01") == "PERIOD_NOT_OVER"
    assert refused(since="2026-02-30") == "DAY_INVALID"
    assert refused(since="2026-11-09", jurisdiction_path="/nowhere") == "JURISDICTION_UNKNOWN"
    for period, since in ((pb.BULLETIN_PERIOD_MONTH, "2026-10-01"), (pb.BULLETIN_PERIOD_QUARTER, "2026-07-01")):
        made = city.do("DraftComplaintBulletin", OFFICE, **{**WEEK, "period": period, "since": since}).complaint_bulletin
        assert (made.total.received, made.until) == (0, "2026-10-31" if period == pb.BULLETIN_PERIOD_MONTH else "2026-09-30")


def test_it_is_given_as_paper_and_as_a_workbook_and_names_nobody(city: City) -> None:
    made = drafted(city)
    files = {}
    for kind in (pb.BULLETIN_FORMAT_PDF, pb.BULLETIN_FORMAT_WORD, pb.BULLETIN_FORMAT_EXCEL):
        asked = {"complaint_bulletin_id": made.complaint_bulletin_id, "format": kind}
        files[kind] = city.do("BuildComplaintBulletin", LEADER, **asked)
    assert files[pb.BULLETIN_FORMAT_PDF].content.startswith(b"%PDF")
    assert files[pb.BULLETIN_FORMAT_PDF].file_name == "草稿 投诉情况周报.pdf"
    text = ZipFile(BytesIO(files[pb.BULLETIN_FORMAT_WORD].content)).read("word/document.xml").decode()
    assert "12345热线" in text and "占收件数的25.0%" in text
    assert "办结含不予受理、转出、撤回和移送；按期含期限未到的在办件" in text
    assert "按时" not in text
    assert SECRET_NAME not in text and SECRET_PHONE not in text
    book = openpyxl.load_workbook(BytesIO(files[pb.BULLETIN_FORMAT_EXCEL].content))
    assert book.sheetnames == ["总体", "分渠道情况", "分单位情况", "分类别情况"]
    assert [cell.value for cell in book["总体"][2]][:3] == ["按件", 4, 3]


def test_a_district_has_no_bulletin_of_the_city(city: City) -> None:
    made = drafted(city)
    asked = {"complaint_bulletin_id": made.complaint_bulletin_id}
    refused = city.refused("GetComplaintBulletin", DONGHE_LEADER, **asked)
    assert (refused.reason, refused.field) == ("COMPLAINT_BULLETIN_NOT_FOUND", "complaint_bulletin_id")
    assert not city.do("ListComplaintBulletins", DONGHE_LEADER).complaint_bulletins
    assert UNIT in {table.by for table in made.tables}
