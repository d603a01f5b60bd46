"""The rules' own story: a lawyer writes a version on the web, another reviews it, a third approves it; a row is frozen."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e.people import Person, Town

TITLE = "清河市机关工作人员庸懒散行为问责暂行办法"
FIRST_DAY = "2027-03-01"
SAID = "履职不力，情节一般或者造成不良影响的"
REASON = "第六条第二款的说法请与文件一致"
SHEETS = {"制度": 0, "规则": 3}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("deployment", ["embedded"], indirect=True)
def test_three_people_bring_a_version_into_force(town: Town) -> None:
    author, reviewer, approver = (town.person(user) for user in ("author", "reviewer", "approver"))
    in_force = version_in_force(author)
    draft = written(author, in_force)
    brought_back_faulty(author, draft)
    author.act(draft, "SubmitRules")
    looked_through(reviewer, draft)
    reviewer.act(draft, "ReviewRules", passed="false", opinion=REASON)
    revised(author, draft)
    author.act(draft, "SubmitRules")
    reviewer.act(draft, "ReviewRules", passed="true", opinion="已核对")
    told_why_not(reviewer, draft)
    approved(approver, draft)
    frozen(author, in_force)


def version_in_force(author: Person) -> str:
    return author.row("/rules", TITLE)


def written(author: Person, in_force: str) -> str:
    """A new version, begun as the one in force; a fault leads to its cell, and only without one it is saved."""
    author.open(in_force)
    author.page.get_by_role("link", name="以此起草新版本").click()
    expect(status(author)).to_contain_text("错误 2 处")
    put(author, "制度", "F2", "2027")
    put(author, "制度", "G2", FIRST_DAY)
    put(author, "规则", "F3", "特别重")
    expect(status(author)).to_contain_text("错误 1 处")
    author.page.locator("[data-faults]").get_by_role("button", name="规则 F3").click()
    author.page.keyboard.press("Enter")
    author.page.locator("#cell-text").fill("轻微至一般")
    author.page.keyboard.press("Enter")
    put(author, "规则", "C3", SAID)
    expect(status(author)).to_contain_text("没有错误")
    return saved(author)


def brought_back_faulty(author: Person, draft: str) -> None:
    """Taken home as a workbook and spoilt: every fault is told by sheet and cell, and nothing is taken in."""
    answer = author.page.context.request.get(f"{draft}/export")
    spoilt = edited(answer.body(), ("规则", "H2", "科长"), ("规则", "C3", "=A1"), ("制度", "H2", "2020-01-01"))
    author.open("/rules/upload")
    file: Any = {"name": "rules.xlsx", "mimeType": EXCEL, "buffer": spoilt}
    author.page.set_input_files("#workbook", files=[file])
    author.submit()
    for place in ("规则 H2", "规则 C3", "制度 H2"):
        expect(author.page.get_by_role("rowheader", name=place)).to_be_visible()


def looked_through(reviewer: Person, draft: str) -> None:
    """Each changed cell before and after, the golden cases with their result, the back-test."""
    reviewer.open(f"{draft}/grid")
    row = reviewer.page.locator("tr.changed", has_text="QH-06-2")
    expect(row.locator("del")).to_contain_text("履职不力")
    expect(row).to_contain_text(SAID)
    assert "2024-03-01" in reviewer.text() and FIRST_DAY in reviewer.text()
    goldens = reviewer.page.locator("table", has_text="适用的行").last
    expect(goldens.get_by_text("不一致")).to_have_count(0)
    expect(goldens.get_by_text("一致").first).to_be_visible()
    reviewer.open(f"{draft}/back-test")
    reviewer.page.get_by_label("也列出不变的").check()
    reviewer.page.locator("[data-go]").click()
    expect(reviewer.page.locator("[data-go]")).to_be_hidden()
    reviewer.page.get_by_role("link", name="不变").click()
    expect(reviewer.page.locator("[data-differences] tr[hidden]")).to_have_count(0)


def revised(author: Person, draft: str) -> None:
    """Sent back with a reason; its author reads it where the draft is changed."""
    author.open(f"{draft}/write")
    expect(author.page.get_by_text(REASON)).to_be_visible()
    put(author, "规则", "C3", f"{SAID}人员")
    expect(status(author)).to_contain_text("没有错误")
    assert saved(author) == draft


def told_why_not(reviewer: Person, draft: str) -> None:
    reviewer.open(draft)
    reviewer.page.locator("details.cannot summary").click()
    expect(reviewer.page.locator("details.cannot")).to_contain_text("由批准人办理")


def approved(approver: Person, draft: str) -> None:
    """Bound to the hash the page shows; its first day lies ahead."""
    approver.open(draft)
    shown = approver.page.locator("dl.facts code").inner_text()
    approver.page.get_by_role("link", name="批准施行").click()
    expect(approver.page.get_by_text(shown)).to_be_visible()
    expect(approver.page.locator("main")).to_contain_text("2027年3月1日")
    approver.submit()
    expect(approver.page.locator(".tag").first).to_have_text("已批准")


def frozen(author: Person, in_force: str) -> None:
    """A row of the version in force is taken out of use, in a version of its own that waits for review."""
    author.open(f"{in_force}/freeze")
    author.fill(row="QH-07-1", reason="执行中被误用，先行停用")
    author.submit()
    expect(author.page).to_have_url(re.compile("done=FreezeRow"))
    expect(author.page.locator(".tag").first).to_have_text("审核中")


def put(author: Person, sheet: str, address: str, text: str) -> None:
    """Writes a cell: its sheet's tab, the cell, its dialog."""
    author.page.get_by_role("tab").nth(SHEETS[sheet]).click()
    column, row = ord(address[0]) - ord("A"), int(address[1:]) - 2
    author.page.locator(f"[data-sheet] button[data-row='{row}'][data-column='{column}']").click()
    author.page.locator("#cell-text").fill(text)
    author.page.locator("dialog button.primary").click()


def saved(author: Person) -> str:
    """Saves the draft; its address."""
    author.page.locator("[data-save]").click()
    expect(author.page).to_have_url(re.compile("/grid[?]done="))
    return re.sub("^https?://[^/]+|/grid.*", "", author.page.url)


def status(author: Person) -> Any:
    return author.page.locator("[data-status]")


def edited(content: bytes, *cells: tuple[str, str, str]) -> bytes:
    book = load_workbook(BytesIO(content))
    for sheet, address, value in cells:
        book[sheet][address] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()
