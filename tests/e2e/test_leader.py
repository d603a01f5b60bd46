"""The leader's walk: the board, the tables, a bulletin; every figure on the way opens exactly the complaints it counts."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.people import Person, Town

TITLE = "十一月上旬投诉情况通报"
ROWS_OF_A_PAGE = 50


def test_a_leader_asks_how_many_how_late_how_satisfied_and_opens_every_answer(town: Town) -> None:
    leader, office = town.person("leader"), town.person("office")
    open_everything(leader, "/board", ".cards a.figure", least=2)
    open_everything(leader, "/figures?by=channel", "main td.number a", least=4)
    open_everything(leader, "/figures?by=unit&matters=true", "main td.number a", least=4)
    by_day(leader)
    bulletin = draft(office)
    issue(leader, bulletin)
    open_everything(leader, bulletin, "main td.number a", least=0)


def open_everything(person: Person, path: str, figures: str, least: int) -> None:
    """Each figure of a page is as high as the list it opens is long."""
    person.open(path)
    opened = [(number(one), str(one.get_attribute("href"))) for one in person.page.locator(figures).all()]
    assert len(opened) >= least, person.text()
    for count, address in opened:
        answer = person.page.request.get(address)
        assert answer.status == 200, address
        assert answer.text().count("<tr data-row>") == min(count, ROWS_OF_A_PAGE), (address, count)


def number(figure: Locator) -> int:
    """12,345 as a number."""
    return int(figure.inner_text().replace(",", ""))


def by_day(leader: Person) -> None:
    """Another period is asked for on the page itself; the list of a figure says in words what it shows."""
    leader.open("/figures?by=category")
    expect(leader.page.locator("main caption")).to_have_count(1)
    leader.page.locator("main td.number a").first.click()
    expect(leader.page.locator("h1")).to_have_text("投诉台账")
    assert "COMPLAINT_FIGURE" not in leader.text() and "STATISTICS_KEY" not in leader.text()


def draft(office: Person) -> str:
    """A bulletin about the week that ended before today; where it is."""
    office.open("/complaint-bulletins/new")
    office.fill(period="BULLETIN_PERIOD_WEEK", since="2026-11-09", jurisdiction_path="/qinghe", title=TITLE)
    office.submit()
    expect(office.page).to_have_url(re.compile("done=DraftComplaintBulletin"))
    return office.page.url.partition("?")[0].removeprefix(office.town.deployment.url)


def issue(leader: Person, bulletin: str) -> None:
    """It is read as a PDF, issued, and taken away as a workbook."""
    for kind, head in (("pdf", b"%PDF"), ("word", b"PK"), ("excel", b"PK")):
        answer = leader.page.request.get(f"{bulletin}/export?as={kind}")
        assert answer.status == 200 and answer.body().startswith(head)
    leader.act(bulletin, "IssueComplaintBulletin")
    expect(leader.page.locator("main")).to_contain_text(re.compile(r"投诉通报〔2026〕\d+号"))
