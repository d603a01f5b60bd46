"""The first story: from a citizen's complaint to a decided measure to the unit's place in the ranking."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from zhengfeng.directory.v1 import officials_pb2, sessions_pb2

from suite.demo.campaign import TITLE as CAMPAIGN
from tests.e2e.cities import unused_code
from tests.e2e.people import FIRST, Person, Town

UNIT = "/qinghe/housing"
UNIT_NAME = "清河市住房和城乡建设局"
TITLE = "窗口三次要求补正材料"
TEXT = "办理施工许可，窗口三次告知的材料都不一样，前后跑了四趟，二十多天没有受理。"


@pytest.mark.parametrize("deployment", ["embedded", "separate"], indirect=True)
def test_a_complaint_becomes_a_case_a_decision_and_points_off(town: Town) -> None:
    number, receipt = file_complaint(town.citizen())
    record = take_through_the_desks(town, number)
    case = open_case(town, number)
    decide(town, case)
    follow(town.citizen(), number, receipt)
    vote(town.citizen(), unused_code(town.deployment))
    result = count_and_release(town)

    leads_back(town, result, record, number)


def file_complaint(citizen: Person) -> tuple[str, str]:
    """On a phone, in confidence; the number and the receipt code."""
    citizen.open("/file")
    citizen.fill(
        draft__title=TITLE,
        draft__text=TEXT,
        draft__jurisdiction_path="/qinghe",
        draft__accused_unit_path=UNIT,
        draft__category="slow",
        draft__manner="MANNER_CONFIDENTIAL",
        draft__identity__name="演示市民",
        draft__identity__phone="00000000000",
    )
    citizen.submit()
    receipt = citizen.page.locator(".receipt")
    expect(receipt).to_be_visible()
    return receipt.locator("strong").inner_text(), receipt.locator("#code").inner_text()


def take_through_the_desks(town: Town, number: str) -> str:
    """Accepted, dispatched, reported, signed, confirmed as established; the record's address."""
    clerk, office = town.person("clerk"), town.person("office")
    unit, head = town.person("unit.housing"), town.person("head.housing")
    record = clerk.row("/complaints", number)
    clerk.act(record, "AcceptComplaint")
    clerk.act(record, "RegisterComplaint", category="slow", accused_unit_path=UNIT)
    clerk.act(record, "SubmitForApproval", way="WAY_ASSIGNED", track="TRACK_COMMON", unit_path=UNIT, opinion="建议交办")
    office.act(record, "ApproveDisposal", approved="true", opinion="同意")
    clerk.act(record, "Dispatch")
    unit.act(record, "SignFor")
    assert "演示市民" not in unit.text()
    unit.act(
        record,
        "Report",
        text="经核实，窗口未一次性告知，超过承诺时限。",
        rectification="已当面说明并办结。",
        proposed_conclusion="CONCLUSION_ESTABLISHED",
        recommendation="对经办人员批评教育。",
    )
    head.act(record, "SignReport")
    office.act(
        record,
        "Close",
        conclusion="CONCLUSION_ESTABLISHED",
        official_ids=[responsible(town)],
        categories=["slow"],
        misconduct=["slow"],
        answer="您反映的问题属实，已处理。",
    )
    return record


def responsible(town: Town) -> str:
    """Somebody who handles such matters in the unit."""
    request = officials_pb2.ListPostsRequest(under=UNIT, kinds=[officials_pb2.POST_KIND_HANDLER], page_size=1)
    return str(town.deployment.stage.as_("office")(request).posts[0].official_id)


def open_case(town: Town, number: str) -> str:
    """The case that opened by itself; its address."""
    return town.person("office").row("/cases", number)


def decide(town: Town, case: str) -> None:
    """Verified, filed, investigated by two, reviewed by another, heard, proposed with reasons, decided."""
    office, investigator = town.person("office"), town.person("investigator")
    office.act(case, "VerifyClue", note="线索具体。")
    office.act(case, "FileCase", finding="符合立案条件。")
    pair = [
        town.deployment.stage.as_(user)(sessions_pb2.WhoAmIRequest()).person for user in ("investigator", "investigator2")
    ]
    office.act(case, "AssignInvestigators", **{f"account{place}": one.account_id for place, one in enumerate(pair)})
    investigator.open(case)
    record_fact(investigator, case)
    town.person("reviewer").act(case, "ReviewCase", passed="true", opinion="事实清楚，证据充分。")
    investigator.act(case, "RecordHearing", party_id=FIRST, statement="本人认可。", answer="已记录。")
    office.act(case, "Propose")
    decider = town.person("decider")
    decider.open(f"{case}/acts/Decide")
    said = decider.text()
    assert re.search("批评教育|书面检查|通报批评|效能告诫", said), said
    offer = decider.page.locator("main input[type=checkbox]:not([disabled])").first
    offer.check()
    decider.submit()
    expect(decider.page).to_have_url(re.compile("done="))


def record_fact(investigator: Person, case: str) -> None:
    """What was established about the one party there is."""
    investigator.act(
        case,
        "RecordFact",
        party_id=FIRST,
        conduct="slow_handling",
        conduct_day="2026-11-10",
        severity="SEVERITY_ORDINARY",
        consequence="CONSEQUENCE_BAD_EFFECT",
        statement="超过承诺时限，未一次性告知。",
        evidence_sha256=b"record",
    )


def follow(citizen: Person, number: str, receipt: str) -> None:
    """With the code alone one sees how far it is."""
    citizen.open("/follow")
    citizen.fill(receipt_code=receipt)
    citizen.submit()
    expect(citizen.page.locator("main")).to_contain_text(number)


def vote(phone: Person, code: str) -> None:
    """One object a screen, then the review, then the receipt."""
    phone.open("/rate")
    phone.fill(code=code)
    phone.submit()
    screens = phone.page.locator("[data-screen]")
    for place in range(screens.count()):
        for grades in screens.nth(place).locator("fieldset").all():
            grades.locator("label").first.click()
        if place < screens.count() - 1:
            phone.page.locator("[data-next]").click()
    phone.page.locator("[data-review]").click()
    phone.page.locator("main button[value='cast']").click()
    expect(phone.page.locator(".receipt")).to_be_visible()


def count_and_release(town: Town) -> str:
    """Closed, counted, released by two people; the result's address."""
    organiser = town.person("organiser")
    campaign = organiser.row("/campaigns", CAMPAIGN)
    organiser.act(campaign, "CloseCampaign")
    organiser.act(campaign, "CountCampaign")
    organiser.act(campaign, "ReleaseResult")
    town.person("organiser2").act(campaign, "ReleaseResult")
    return campaign.replace("/campaigns/", "/results/")


def leads_back(town: Town, result: str, record: str, number: str) -> None:
    """Whoever may see the complaint gets to it from the points off; the public sees the points only."""
    office = town.person("office")
    why = explanation(office, result)
    office.wait_for(why, number)
    assert office.page.locator(f"a[href='{record}']").count() > 0
    public = town.citizen()
    public.open(result)
    assert UNIT_NAME in public.text()
    assert public.page.locator(f"a[href='{record}'], a[href='{why}']").count() == 0


def explanation(reader: Person, result: str) -> str:
    """Where the result page says why the unit has its score."""
    reader.open(result)
    row = reader.page.locator("tr", has=reader.page.get_by_text(UNIT_NAME))
    return str(row.locator("a").last.get_attribute("href"))
