"""A whole campaign, from a template to the recount of its published box, everybody at their own page."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.people import Person, Town
from tests.e2e.test_complaint_to_ranking import vote

TITLE = "双评：三个单位"
OBJECTS = {"清河市住房和城乡建设局": "政府部门", "清河市人力资源和社会保障局": "政府部门", "清河供水集团": "公共服务"}
OBJECTOR = "unit.housing"
RATERS = 3
DUTIES = "依法办理施工许可，材料一次性告知。"
OBJECTION = "本单位窗口在评议期间迁址，请予复核。"
BULLETIN = "关于双评结果的通报"
ANSWER = "评议票按单位评议，不按地点评议，维持原结果。"


def test_a_campaign_from_its_template_to_a_result_that_anybody_can_count_again(town: Town, tmp_path: Path) -> None:
    campaign = plan_it(town.person("organiser"))
    call_for_statements(town, campaign)
    codes = hand_out_codes(town.person("registrar"), campaign)
    organiser = town.person("organiser")
    organiser.act(campaign, "OpenCampaign")
    for code in codes:
        rate(town, code, campaign)
    organiser.act(campaign, "CloseCampaign")
    organiser.act(campaign, "CountCampaign")
    result = release(town, campaign)

    object_to(town, result)
    publish_bulletin(town, result)
    recount(town.citizen(), result, tmp_path)


def plan_it(organiser: Person) -> str:
    """A template, other groups, its dates, a dry run; the address of the record."""
    organiser.open("/campaigns/new")
    organiser.page.locator("a[href$='template=two-classes']").click()
    expect(organiser.page.locator("#plan")).to_be_visible()
    organiser.fill(plan__title=TITLE, plan__closes_at="2027-01-20T18:00")
    regroup(organiser.page)
    organiser.page.locator("#s-counting summary").first.click()
    organiser.fill(plan__suppress_below="1")
    organiser.page.locator("[name='plan.statements'][value='true']").check()
    organiser.page.locator("#do-try").click()
    expect(organiser.page.locator("#tried")).to_contain_text("所有人都选最低一级得0分")
    organiser.page.locator("button[value='save']").click()
    expect(organiser.page).to_have_url(re.compile("done=CreateCampaign"))
    assert "清河供水集团" in organiser.text()
    return organiser.page.url.partition("?")[0].removeprefix(organiser.town.deployment.url)


def regroup(page: Page) -> None:
    """What the template offered goes; three units stand in two classes."""
    groups = page.locator("section.group")
    while groups.count():
        left = groups.count() - 1
        page.locator("button[value='drop:plan.object_groups.0']").click()
        expect(groups).to_have_count(left)
    for name, group in OBJECTS.items():
        page.locator("#find-kind").select_option("unit")
        page.locator("#find-text").fill(name)
        page.locator("#do-find").click()
        expect(page.locator("#found")).to_contain_text(name)
        page.locator("#found label", has_text=name).first.locator("input").check()
        there = page.locator("#find-into option", has_text=group)
        page.locator("#find-into").select_option(str(there.first.get_attribute("value")) if there.count() else "new")
        before = page.locator("section.group").count() + (0 if there.count() else 1)
        page.locator("#do-pick").click()
        expect(page.locator("section.group")).to_have_count(before)
        expect(page.locator("section.group .who").last).to_contain_text(name)
        page.locator("section.group input[name$='.name']").last.fill(group)


def call_for_statements(town: Town, campaign: str) -> None:
    """The organiser calls, a unit files; what it says stands beside the ballot later."""
    town.person("organiser").act(campaign, "CallForStatements", due_on="2026-12-31")
    unit = town.person(OBJECTOR)
    statement = unit.row("/statements", TITLE)
    unit.act(statement, "FileStatement", text__duties=DUTIES)
    assert DUTIES in unit.text()


def hand_out_codes(registrar: Person, campaign: str) -> list[str]:
    """Raters are pasted, looked at, entered; their codes come as a sheet once."""
    registrar.open(f"{campaign}/raters")
    group = registrar.page.locator("#rater_group option").nth(1)
    key, name = str(group.get_attribute("value")), group.inner_text()
    rows = "\n".join(f"story-{number}\t{name}\t演示评议人{number}" for number in range(RATERS))
    registrar.page.locator("#rows").fill(rows)
    registrar.page.locator("form:has(#rows) button").click()
    registrar.page.locator("form:has([name='apply']) button").click()
    expect(registrar.page.locator("a.primary[href$='/raters']")).to_be_visible()
    registrar.open(f"{campaign}/raters")
    expect(registrar.page.locator("main")).to_contain_text("story-0")
    registrar.page.locator("form[action$='/codes'] button.primary").click()
    registrar.fill(purpose="现场发放评议通知", address="https://qinghe.example")
    with registrar.page.expect_download() as sheet:
        registrar.page.locator(f"button[name='sheet'][value='{key}']").click()
    book = load_workbook(BytesIO(Path(sheet.value.path()).read_bytes()))
    texts = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    codes = [text for text in texts if re.fullmatch(r"(?:[0-9A-Z]{5}-){3,}[0-9A-Z]{5}", text)]
    assert len(codes) == RATERS
    return codes


def rate(town: Town, code: str, campaign: str) -> None:
    """On a phone, from the code to the receipt."""
    phone = town.citizen()
    vote(phone, code)
    phone.page.context.close()


def release(town: Town, campaign: str) -> str:
    """Two people; nothing is public before the second. The result's address."""
    result = campaign.replace("/campaigns/", "/results/")
    town.person("organiser").act(campaign, "ReleaseResult")
    stranger = town.citizen()
    answer = stranger.page.goto(result)
    assert answer is not None and answer.status == 404
    town.person("checker").act(campaign, "ReleaseResult")
    stranger.open(result)
    assert "清河供水集团" in stranger.text()
    stranger.page.context.close()
    return result


def object_to(town: Town, result: str) -> None:
    """The unit says what it has against it; the office answers, and everybody concerned can read it."""
    unit, office = town.person(OBJECTOR), town.person("office")
    unit.open(result)
    row = unit.page.locator("tr", has=unit.page.get_by_text("清河市住房和城乡建设局"))
    address = str(row.locator("a").last.get_attribute("href"))
    unit.open(f"{address}/objection")
    unit.fill(text=OBJECTION)
    unit.submit()
    objection = office.row("/objections", "清河市住房和城乡建设局")
    office.act(objection, "AnswerObjection", answer="OBJECTION_ANSWER_REJECTED", reasons=ANSWER)
    unit.open(objection)
    assert OBJECTION in unit.text() and ANSWER in unit.text()


def publish_bulletin(town: Town, result: str) -> None:
    """One drafts it, another issues it; it can be taken away as paper, as text and as a workbook."""
    office, publisher = town.person("office"), town.person("publisher")
    office.open(f"/bulletins/new?campaign={result.rpartition('/')[2]}")
    office.fill(title=BULLETIN, jurisdiction_path="/qinghe")
    office.submit()
    expect(office.page).to_have_url(re.compile("done=DraftBulletin"))
    bulletin = office.page.url.partition("?")[0].removeprefix(town.deployment.url)
    publisher.act(bulletin, "IssueBulletin")
    office.open(bulletin)
    files = office.page.locator(f"main a[href^='{bulletin}/export']").all()
    contents = [office.page.request.get(str(one.get_attribute("href"))).body() for one in files]
    assert sorted(one[:4] for one in contents) == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]


def recount(auditor: Person, result: str, folder: Path) -> None:
    """Whoever likes downloads the box and counts it again with the one command; a changed box is found out."""
    auditor.open(f"{result}/audit")
    command = auditor.page.locator("#recount").inner_text().split()
    with auditor.page.expect_download() as box:
        auditor.page.locator("a[href$='/box']").click()
    file = folder / "box"
    box.value.save_as(file)
    assert counted_again(file, command[3:]) == 0
    content = bytearray(file.read_bytes())
    with ZipFile(file) as box_file:
        ballots = box_file.read("ballots.bin")
    content[content.index(ballots) + len(ballots) // 2] ^= 1
    file.write_bytes(bytes(content))
    assert counted_again(file, command[3:]) == 1
    auditor.page.context.close()


def counted_again(file: Path, key: list[str]) -> int:
    """What the command ends with, on a machine without any server."""
    command = [sys.executable, "-m", "suite", "recount", str(file), *key]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
