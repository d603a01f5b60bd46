"""The registrar's pages on a real register: a workbook looked at, entered and repeated; codes as letters and as a sheet."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from gateway.server import build
from gateway.settings import Settings
from tests.doors import Door
from tests.service.evaluation.campaigns import REGISTRAR, City

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Desk:
    """A registrar signed in at the pages, and the campaign in hand."""

    def __init__(self, city: City, browser: TestClient) -> None:
        self.city, self.browser = city, browser
        self.ref = city.create().campaign_id
        self.path = f"/campaigns/{self.ref}"

    def get(self, path: str) -> Any:
        """A page or a file."""
        self.browser.cookies.set("session", f"secret|{self.city.door.token(REGISTRAR)}")
        answer = self.browser.get(f"{self.path}{path}")
        assert answer.status_code == 200, answer.text[-2000:]
        return answer

    def post(self, path: str, status: int = 200, files: Any = None, **fields: str) -> Any:
        """Sends a form, with the token of the page."""
        [token, *_] = re.findall(r'name="csrf" value="([^"]+)"', self.get("/raters").text)
        answer = self.browser.post(f"{self.path}{path}", data={"csrf": token, **fields}, files=files)
        assert answer.status_code == status, answer.text[-2000:]
        return answer

    def bring(self, *rows: tuple[str, ...]) -> str:
        """Uploads a workbook made after the template; what the page says about it."""
        book = load_workbook(BytesIO(self.get("/raters/template.xlsx").content))
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        return str(self.post("/raters/import", files={"workbook": ("raters.xlsx", saved(book), XLSX)}).text)

    def apply(self, page: str) -> str:
        """Enters what was looked at."""
        [kept] = re.findall(r'name="kept" value="([^"]*)"', page)
        return str(self.post("/raters/import", kept=kept, apply="true").text)

    def issued(self) -> str:
        """The page of the codes issued now."""
        return str(self.post("/codes", request_id="pile-1").text)


def saved(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def facts(page: str) -> list[list[str]]:
    """The rows of the page's tables, cell by cell."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]


@pytest.fixture
def desk(door: Callable[[str], Door]) -> Iterator[Desk]:
    """A campaign in draft behind the pages."""
    city = City(door("evaluation"))
    address = f"127.0.0.1:{city.door._listening.port}"
    app = build(Settings(addresses={"evaluation": address}), city.door.clock)
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as browser:
        browser.cookies.set("lang", "zh")
        yield Desk(city, browser)


def test_a_workbook_is_looked_at_row_by_row_and_then_entered(desk: Desk) -> None:
    looked = desk.bring(
        ("D-1", "评议代表", "甲", "1号信箱", "housing"),
        ("D-2", "评议代表", "乙", "", "/qinghe/tax"),
        ("D-2", "评议代表", "丙"),
        ("D-3", "路人"),
        ("D-4", "企业", "丁", "", "没有这个局"),
        ("", "企业"),
    )
    assert "可登记2人，已在名册0人，有问题4行" in looked
    faults = [row for row in facts(looked) if row and row[0] in {"4", "5", "6", "7"}]
    assert [row[:2] for row in faults] == [["4", "编号"], ["5", "评议人类别"], ["6", "所在单位"], ["7", "编号"]]
    assert "评议代表、企业" in faults[1][2]
    assert "D-1" not in desk.get("/raters").text

    entered = desk.apply(looked)

    assert "新登记2人" in entered
    listed = desk.get("/raters").text
    assert "D-1" in listed and "D-2" in listed


def test_an_import_that_broke_off_is_simply_done_again(desk: Desk) -> None:
    rows = [(f"D-{number:04d}", "评议代表", f"人{number}") for number in range(1200)]
    desk.apply(desk.bring(*rows[:700]))
    looked = desk.bring(*rows)
    assert "可登记500人，已在名册700人，有问题0行" in looked
    entered = desk.apply(looked)
    assert "500 / 1200 行，新登记0人" in entered and "1200 / 1200 行，新登记500人" in entered


def test_what_is_no_workbook_of_raters_is_refused_in_words(desk: Desk) -> None:
    book = Workbook()
    files = {"workbook": ("raters.xlsx", saved(book), XLSX)}
    assert "不认识工作表" in desk.post("/raters/import", status=400, files=files).text
    broken = {"workbook": ("raters.xlsx", b"nothing", XLSX)}
    assert "无法读取" in desk.post("/raters/import", status=400, files=broken).text


def test_codes_become_letters_by_group_and_a_sheet_for_sending(desk: Desk) -> None:
    desk.apply(desk.bring(*((f"D-{n}", "评议代表", f"代表{n}", f"{n}号") for n in range(3)), ("E-0", "企业", "甲公司")))
    pile = desk.issued()
    parts = re.findall(r'name="part" value="([^"]+)"', pile)
    assert parts == ["delegates|3|", "enterprises|1|"]
    shared = {"issue": "pile-1", "purpose": "打印通知", "address": "https://rate.test/rate", "ask": "效能办"}
    letters = desk.post("/letters", **shared, part=parts[0])
    document = pypdfium2.PdfDocument(letters.content)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 3 and "D-0" in texts[0] and "咨询" in texts[0]
    sheet = load_workbook(BytesIO(desk.post("/letters", **shared, sheet="enterprises").content)).active
    assert sheet is not None
    [_, line] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert line[:4] == ["E-0", "企业", "甲公司", None] and line[6] == f"https://rate.test/rate#code={line[5]}"
    opened = [row for row in facts(desk.get("/raters").text) if row and row[-1] == "打印通知"]
    assert sorted(row[3] for row in opened) == ["1", "3"]


def test_a_lost_code_is_found_by_reference_and_issued_again_once(desk: Desk) -> None:
    desk.apply(desk.bring(("D-1", "评议代表", "甲"), ("D-2", "评议代表", "乙")))
    desk.issued()
    found = desk.get("/raters?reference=D-2").text
    assert "D-1" not in found
    [address] = re.findall(r'href="/campaigns/[^/]+(/raters/[^"]+/reissue)', found)
    shown = desk.post(address, reason="信件遗失").text
    [code] = re.findall(r'<p class="code">([^<]+)</p>', shown)
    assert re.fullmatch(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", code)
    assert "旧码已经作废" in shown
    assert code not in desk.get("/raters").text


def test_the_register_is_exported_without_names(desk: Desk) -> None:
    desk.apply(desk.bring(("D-1", "评议代表", "甲某某", "1号信箱")))
    sheet = load_workbook(BytesIO(desk.get("/raters.xlsx").content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "D-1" in cells and "甲某某" not in cells and "1号信箱" not in cells
