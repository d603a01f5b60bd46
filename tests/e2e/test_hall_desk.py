"""Around the hall, on real pages before the real service: hold and release, paper keyed in, minutes printed and checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pypdfium2
import pytest
from starlette.testclient import TestClient

from chassis.auth import Caller
from gateway.server import build
from gateway.settings import SERVICES, Settings
from tests.doors import Door
from tests.service.evaluation.campaigns import CHECKER, ORGANISER, City


class Pages:
    """The gateway's pages in front of evaluation's door."""

    def __init__(self, city: City, browser: TestClient) -> None:
        self.city, self._browser = city, browser

    def get(self, path: str, who: Caller | None = ORGANISER) -> Any:
        """A page as somebody sees it."""
        self._as(who)
        return self._browser.get(path)

    def send(self, path: str, who: Caller | None = ORGANISER, **typed: str) -> Any:
        """Sends the form of a page with what was typed over what stands in it."""
        page = self.get(path, who).text
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
        return self._browser.post(path, data={**{name: unescape(value) for name, value in fields.items()}, **typed})

    def _as(self, who: Caller | None) -> None:
        self._browser.cookies.clear()
        if who:
            self._browser.cookies.set("session", f"secret|{self.city.door.token(who)}")


@pytest.fixture
def pages(door: Callable[[str], Door]) -> Iterator[Pages]:
    """Pages over a city of four units."""
    city = City(door("evaluation"))
    app = build(Settings(addresses=dict.fromkeys(SERVICES, f"127.0.0.1:{city.door.port}")), city.door.clock)
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as browser:
        yield Pages(city, browser)


def test_the_hall_is_held_by_one_and_let_go_by_two_on_its_page(pages: Pages) -> None:
    campaign, _, _ = pages.city.opened()
    hall = f"/halls/{campaign.campaign_id}"
    assert pages.send(f"{hall}/acts/HoldLive", CHECKER, reason="核对投影").status_code == 303
    assert "暂停公布，大屏停在第0张票" in pages.get(hall).text
    assert pages.send(f"{hall}/acts/ReleaseLive", CHECKER).status_code == 303
    again = pages.send(f"{hall}/acts/ReleaseLive", CHECKER)
    assert again.status_code == 403 and "还需另一人同意" in pages.get(hall).text
    assert pages.send(f"{hall}/acts/ReleaseLive", ORGANISER).status_code == 303
    assert "核对投影" in pages.get(hall).text and "第二人同意" in pages.get(hall).text


def test_paper_is_keyed_in_by_code_and_ends_in_the_same_box(pages: Pages) -> None:
    campaign, delegates, _ = pages.city.opened()
    desk = f"/campaigns/{campaign.campaign_id}/desk"
    figures = {f"c{place}-{at}": "2" for place in range(1, 5) for at in range(2)} | {"c4-0": "0", "c4-1": ""}
    first = pages.send(desk, code=delegates[0], **figures)
    assert first.status_code == 200 and "本次第1张已在票箱" in first.text
    assert pages.city.paper(delegates[0]).cast
    assert delegates[0] not in first.text

    wrong = pages.send(desk, code="00000-00000-00000-00000", **figures)
    assert wrong.status_code == 400 and "评议码不对" in wrong.text and 'id="code-fault"' in wrong.text
    outside = pages.send(desk, code=delegates[1], **(figures | {"c2-1": "7"}))
    assert outside.status_code == 400 and 'id="c2-1-fault"' in outside.text and delegates[1] in outside.text
    assert not pages.city.paper(delegates[1]).cast
    used = pages.send(desk, code=delegates[0], **(figures | {"c1-0": "1"}))
    assert used.status_code == 400 and "已经评议过" in used.text


def test_a_sitting_lists_the_places_of_what_it_entered_and_nothing_else(pages: Pages) -> None:
    campaign, delegates, _ = pages.city.opened()
    desk = f"/campaigns/{campaign.campaign_id}/desk"
    page = pages.send(desk, code=delegates[0], **{"c1-0": "1", "c1-1": "1"}).text
    kept = dict(re.findall(r'name="(source|entered|csrf)" value="([^"]*)"', page))
    page = pages.send(desk, code=delegates[1], **kept, **{"c1-0": "3", "c1-1": "3"}).text
    assert "已录入2张" in page and "1、2" in page
    assert not set(delegates) & set(re.findall(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}", page))


def test_the_sheet_has_every_object_with_its_figure_and_a_page_run_for_each_group(pages: Pages) -> None:
    campaign, _, _ = pages.city.opened()
    answer = pages.get(f"/campaigns/{campaign.campaign_id}/sheet.pdf")
    texts = text_of(answer.content)
    assert len(texts) == 2 and "评议代表" in texts[0] and "企业" in texts[1]
    for part in ("housing", "roads", "履职", "不了解", campaign.number, "评议码"):
        assert part in texts[0]


def test_minutes_are_printed_and_anybody_can_check_their_statement(pages: Pages) -> None:
    campaign, delegates, firms = pages.city.opened()
    for code in delegates + firms:
        pages.city.cast(code, campaign, [1, 2, 3, 1])
    path = f"/campaigns/{campaign.campaign_id}/minutes"
    assert pages.get(path).status_code == 404
    pages.city.released(campaign)

    printed = "".join(text_of(pages.get(f"{path}?place=清河会堂&as=pdf").content))
    for part in (campaign.number, "清河会堂", "housing", "组织人", "监票人", "见证人", "minutes 1", "没有暂停公布"):
        assert part in printed, part
    with zipfile.ZipFile(io.BytesIO(pages.get(f"{path}?as=word").content)) as parts:
        assert "zhengfeng minutes 1" in parts.read("word/document.xml").decode()

    statement, signature = (unescape(one) for one in re.findall(r"<pre>([^<]*)</pre>", pages.get(path).text)[:2])
    assert "是真的" in pages.send("/minutes/check", None, statement=statement, signature=signature).text
    changed = statement.replace(campaign.number, "评议〔2026〕99号")
    assert "不是本票箱签的" in pages.send("/minutes/check", None, statement=changed, signature=signature).text
    assert pages.send("/minutes/check", None, statement="随便写的", signature=signature).status_code == 400


def text_of(content: bytes) -> list[str]:
    """What stands on each page of a PDF."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
