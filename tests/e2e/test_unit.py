"""The unit at work: it signs for what it is given, asks, is helped by another unit, answers in time, never learns who."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Person, Town

UNIT, UNIT_NAME = "/qinghe/housing", "清河市住房和城乡建设局"
OTHER = "/qinghe/human-resources"
TITLE = "三次到窗口反映无人登记"
NAME, PHONE, STREET = "段清扬", "13900001111", "柳巷十九号"
TEXT = f"我是{NAME}，住{STREET}，电话{PHONE}。两个月里去窗口反映三次，没有人登记，也不给回执。"


@pytest.mark.parametrize("deployment", ["embedded"], indirect=True)
def test_a_unit_answers_in_time_with_anothers_help_and_never_learns_who_complained(town: Town) -> None:
    number, receipt = filed(town.citizen())
    record = dispatched(town, number)
    unit, head = town.person("unit.housing"), town.person("head.housing")
    signed_for(unit, record, number)
    asked_and_answered(unit, town.citizen(), record, receipt)
    helped(town.person("unit.human-resources"), number)
    more_days(unit, town.person("leader"), record)
    reported(unit, head, record)
    nobody_is_named(unit, record)
    pictured(unit, record)


def filed(citizen: Person) -> tuple[str, str]:
    """By name, which stands in the text too."""
    citizen.open("/file")
    citizen.fill(
        draft__title=TITLE,
        draft__text=TEXT,
        draft__jurisdiction_path="/qinghe",
        draft__accused_unit_path=UNIT,
        draft__category="inaction",
        draft__manner="MANNER_NAMED",
        draft__identity__name=NAME,
        draft__identity__phone=PHONE,
        draft__identity__address=STREET,
    )
    citizen.submit()
    shown = citizen.page.locator(".receipt")
    expect(shown).to_be_visible()
    return shown.locator("strong").inner_text(), shown.locator("#code").inner_text()


def dispatched(town: Town, number: str) -> str:
    """Unclear at first, accepted by a leader, under supervision, handed to one unit with another to help."""
    clerk, office, leader = town.person("clerk"), town.person("office"), town.person("leader")
    record = clerk.row("/complaints", number)
    clerk.act(record, "ReferUnclear", reason_code="several_bodies", text="两个单位职责交叉。")
    leader.act(record, "RuleOnUnclear", ruling="UNCLEAR_RULING_ACCEPT", regime="efficiency")
    clerk.act(record, "RegisterComplaint", category="inaction", accused_unit_path=UNIT)
    how = {"way": "WAY_ASSIGNED", "track": "TRACK_COMMON", "unit_path": UNIT, "cooperating_unit_paths": [OTHER]}
    clerk.act(record, "SubmitForApproval", **how)
    office.act(record, "ApproveDisposal", approved="true")
    clerk.act(record, "Dispatch")
    office.act(record, "Supervise", regime="supervised", reason_code="leader_instruction", text="每周报告进展。")
    return record


def signed_for(unit: Person, record: str, number: str) -> None:
    """It waits on the unit's own list; what governs, on what it rests and day by day why is on the record."""
    unit.wait_for("/work", TITLE)
    unit.act(record, "SignFor")
    said = unit.text()
    assert "为保护投诉人，部分内容已隐去" in said
    assert "以此为准" in said
    assert "督办事项办理规定" in said
    assert number in said
    days = unit.page.locator("details", has=unit.page.get_by_text("逐日说明")).last
    days.locator("summary").click()
    expect(days).to_contain_text("起算当日")


def asked_and_answered(unit: Person, citizen: Person, record: str, receipt: str) -> None:
    """The complainant answers by code alone."""
    unit.act(record, "AskComplainant", question="是哪一个窗口？")
    citizen.open("/follow")
    citizen.fill(receipt_code=receipt)
    citizen.submit()
    answer = citizen.page.locator("form", has=citizen.page.locator("[value='AnswerQuestion']")).first
    answer.locator("textarea").fill(f"我是{NAME}，三楼五号窗口。")
    answer.locator("button").last.click()
    unit.wait_for(record, "三楼五号窗口。")
    assert NAME not in unit.text()


def helped(other: Person, number: str) -> None:
    """The cooperating unit reads the redacted copy, signs for its part and hands it in."""
    part = other.row("/parts", number)
    other.open(part)
    assert NAME not in other.text()
    other.submit()
    expect(other.page.locator("[role=status]").first).to_contain_text("已记录")
    other.fill(text="经查，窗口未登记来访三次。")
    other.submit()
    expect(other.page.locator("main")).to_contain_text("已提交")


def more_days(unit: Person, leader: Person, record: str) -> None:
    """Asked for with a reason before the limit, granted by somebody else, and written into the clock's ledger."""
    unit.act(record, "RequestExtension", days="3", reason="需调取监控", reason_code="evidence_elsewhere")
    leader.act(record, "DecideExtension", granted="true")
    unit.open(record)
    assert "需要异地取证" in unit.text()


def reported(unit: Person, head: Person, record: str) -> None:
    """The report counts once the head has signed it; a form that lacks something keeps what was typed."""
    unit.open(f"{record}/acts/Report")
    unit.page.locator("main form").last.evaluate("form => form.setAttribute('novalidate', '')")
    unit.fill(text="经查属实。")
    unit.submit()
    expect(unit.page.locator("#faults")).to_be_visible()
    expect(unit.page.locator("main [name='text']")).to_have_value("经查属实。")
    unit.act(
        record,
        "Report",
        text="经查，三楼五号窗口两个月内三次未登记来访，情况属实。",
        rectification="已补办登记并出具回执。",
        proposed_conclusion="CONCLUSION_ESTABLISHED",
    )
    head.act(record, "SignReport")


def nobody_is_named(unit: Person, record: str) -> None:
    """Neither on the unit's pages nor in what it takes home, and the log of looks is not its own."""
    for path in (record, "/complaints", "/parts", "/escalations", "/work"):
        unit.open(path)
        for secret in (NAME, PHONE, STREET):
            assert secret not in unit.page.content(), path
    book = unit.page.context.request.get("/complaints.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.body())) as sheets:
        written = "".join(sheets.read(name).decode("utf-8", "replace") for name in sheets.namelist())
    assert TITLE in written
    assert not re.search(f"{NAME}|{PHONE}|{STREET}", written)
    assert unit.page.goto("/matters").status in (403, 404)  # type: ignore[union-attr]


def pictured(unit: Person, record: str) -> None:
    """Pictures for whoever wants to look, where a folder is named for them; nothing runs out of the page's width."""
    folder = os.environ.get("PICTURES")
    for width, height in ((390, 844), (1280, 800)):
        unit.page.set_viewport_size({"width": width, "height": height})
        for name, path in (("record", record), ("parts", "/parts"), ("complaints", "/complaints")):
            unit.open(path)
            assert unit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (path, width)
            if folder:
                unit.page.screenshot(path=Path(folder) / f"unit-{name}-{width}.png", full_page=True)
    unit.page.set_viewport_size({"width": 1280, "height": 800})
