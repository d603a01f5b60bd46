"""The third story: a case against four people, from an established complaint to the day its last effect has ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pypdfium2
from playwright.sync_api import expect
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, effects_pb2
from zhengfeng.directory.v1 import officials_pb2, sessions_pb2

from chassis.clock import SystemClock
from tests.e2e.people import PATIENCE_SECONDS, Person, Town
from tests.e2e.test_complaint_to_ranking import UNIT, file_complaint, open_case, take_through_the_desks
from tests.servers.programs import wait_until

YEAR = timedelta(days=366)
POSTS = {
    "section_head": officials_pb2.POST_KIND_SECTION_HEAD,
    "deputy_in_charge": officials_pb2.POST_KIND_DEPUTY_IN_CHARGE,
    "unit_head": officials_pb2.POST_KIND_UNIT_HEAD,
}
# How heavy each one's part was found to be, and what is decided for each here.
GRAVITY = {
    "handler": ("HEAVIER", "BAD_EFFECT"),
    "section_head": ("ORDINARY", "BAD_EFFECT"),
    "deputy_in_charge": ("ORDINARY", "SLIGHT"),
    "unit_head": ("ORDINARY", "SLIGHT"),
}
DECIDED = {
    "handler": ["no_commendation", "efficiency_caution"],
    "section_head": ["written_self_criticism"],
    "deputy_in_charge": ["written_self_criticism"],
    "unit_head": ["criticism_education"],
}


@dataclass(frozen=True)
class File:
    """One case: its page, and what the service holds of it."""

    town: Town
    page: str

    def now(self) -> case_pb2.Case:
        """The case as it stands."""
        asked = cases_pb2.GetCaseRequest(case_id=self.page.rpartition("/")[2])
        found: case_pb2.Case = self.town.deployment.stage.as_("office")(asked).case
        return found

    def party(self, post: str) -> case_pb2.Party:
        """The party who held such a post."""
        return next(one for one in self.now().parties if one.post == post)


def test_four_people_answer_one_appeals_and_every_effect_ends(town: Town, tmp_path: Path) -> None:
    number, _receipt = file_complaint(town.citizen())
    take_through_the_desks(town, number)
    file = File(town, open_case(town, number))
    investigate(town, file)
    propose(town, file)
    papers(town, file, tmp_path, {"听取陈述申辩告知书": ("NOTICE", "handler")})
    transfer_one_and_record_its_answer(town, file, tmp_path)
    decide_the_rest(town, file)
    deliver(town, file, tmp_path)
    change_on_appeal(town, file)
    execute_and_close(town, file)
    let_effects_end(town, file)


def investigate(town: Town, file: File) -> None:
    """The trail names handler, reviewer and approver; the unit's head is added; each one's part is a fact with evidence."""
    office, investigator = town.person("office"), town.person("investigator")
    office.act(file.page, "VerifyClue", note="核对受理记录。")
    office.act(file.page, "FileCase", finding="符合立案条件。")
    ask = town.deployment.stage.as_
    two = [ask(user)(sessions_pb2.WhoAmIRequest()).person.account_id for user in ("investigator", "investigator2")]
    office.act(file.page, "AssignInvestigators", account0=two[0], account1=two[1])
    clerk = file.party("handler")
    in_charge = {post: holder(town, post, clerk.unit_path if post == "section_head" else UNIT) for post in POSTS}
    investigator.act(
        file.page,
        "RecordTrail",
        situation="proposal_wrong",
        entries__0__official_id=clerk.official_id,
        entries__0__step="TRAIL_STEP_HANDLER",
        entries__1__official_id=in_charge["section_head"],
        entries__1__step="TRAIL_STEP_REVIEWER",
        entries__2__official_id=in_charge["deputy_in_charge"],
        entries__2__step="TRAIL_STEP_APPROVER",
    )
    investigator.act(file.page, "AddParty", official_id=in_charge["unit_head"], role="important_leader")
    for post, (severity, consequence) in GRAVITY.items():
        investigator.act(
            file.page,
            "RecordFact",
            party_id=file.party(post).id,
            conduct="slow_handling",
            conduct_day="2026-11-10",
            severity=f"SEVERITY_{severity}",
            consequence=f"CONSEQUENCE_{consequence}",
            statement="审批事项超过承诺时限二十余日。",
            evidence_sha256=b"approval record",
        )


def holder(town: Town, post: str, unit: str) -> str:
    """Who holds such a post in a unit today."""
    asked = officials_pb2.ListPostsRequest(under=unit, kinds=[POSTS[post]], page_size=20)
    posts = town.deployment.stage.as_("office")(asked).posts
    return str(next(one.official_id for one in posts if one.unit_path == unit and not one.valid_to))


def propose(town: Town, file: File) -> None:
    """Reviewed by another, everybody heard, the rules asked; the page says a range and why for each of the four."""
    town.person("reviewer").act(file.page, "ReviewCase", passed="true", opinion="事实清楚，证据充分。")
    for party in file.now().parties:
        town.person("investigator").act(
            file.page, "RecordHearing", party_id=party.id, statement="当时人手不足。", answer="不影响认定。"
        )
    office = town.person("office")
    office.act(file.page, "Propose")
    office.open(file.page)
    said = office.text()
    assert said.count("\n适用的规则（") == len(GRAVITY) and said.count("\n差一点适用的规则（") == len(GRAVITY)
    assert {one.role for one in file.now().parties} == {"direct", "main_leader", "important_leader"}
    office.act(file.page, "RecordDiscussion", held_on=today(town), present="甲\n乙\n丙", minutes="一致同意提出建议。")


def today(town: Town) -> str:
    """The day it is for the people of the story."""
    return SystemClock(town.deployment.offset).today().isoformat()


def transfer_one_and_record_its_answer(town: Town, file: File, folder: Path) -> None:
    """A sanction is the supervision commission's: asked for by letter, its answer recorded, the rest still the office's."""
    decider, office, party = town.person("decider"), town.person("office"), file.party("section_head")
    decider.open(f"{file.page}/acts/Transfer")
    letter = decider.page.locator("main form", has=decider.page.locator(f"[name=party_id][value='{party.id}']")).first
    letter.locator("[value=warning]").check()
    letter.locator("button.primary").click()
    expect(decider.page).to_have_url(re.compile("done=Transfer"))
    papers(town, file, folder, {"监察委员会": ("PROPOSAL", "section_head")})
    office.open(file.page)
    office.page.locator("main a[href*='/acts/RecordOutsideDecision']").click()
    office.fill(measures=["warning"], decided_on=today(town), document_number="清监处〔2026〕2号")
    office.submit()
    expect(office.page).to_have_url(re.compile("done=RecordOutsideDecision"))
    assert list(file.party("section_head").outside_measures) == ["warning"]
    assert file.now().state == case_pb2.CASE_STATE_TRANSFERRED


def decide_the_rest(town: Town, file: File) -> None:
    """Inside the range for each of the four."""
    decider = town.person("decider")
    decider.open(f"{file.page}/acts/Decide")
    for post, measures in DECIDED.items():
        for measure in measures:
            decider.page.locator(f"[name='measures.{file.party(post).id}'][value='{measure}']").check()
    decider.submit()
    expect(decider.page).to_have_url(re.compile("done=Decide"))
    assert not any(one.outside_range for one in file.now().parties)


def deliver(town: Town, file: File, folder: Path) -> None:
    """The decision is issued with its number, the receipt comes back signed; what was issued can be taken away."""
    office = town.person("office")
    clerk = file.party("handler")
    office.act(file.page, "IssueDocument", wanted__kind="DOCUMENT_KIND_DECISION", wanted__party_id=clerk.id)
    issued = office.page.locator("main a[href^='/documents/']").first
    with office.page.expect_download() as download:
        issued.click()
    assert "第1号" in text_of(kept(download.value, folder)) or re.search(
        r"〔2026〕\d+号", text_of(kept(download.value, folder))
    )
    papers(town, file, folder, {"送达回证": ("RECEIPT", "handler"), "通报": ("CIRCULAR", "handler")})
    for party in file.now().parties:
        office.act(file.page, "Serve", party_id=party.id, way="DELIVERY_WAY_IN_PERSON", proof_sha256=b"signed receipt")
    assert file.now().state == case_pb2.CASE_STATE_SERVED


def papers(town: Town, file: File, folder: Path, wanted: dict[str, tuple[str, str]]) -> None:
    """Drafts are taken from the case's page as PDF; each says what it is."""
    office = town.person("office")
    for words, (kind, post) in wanted.items():
        office.open(file.page)
        draft = office.page.locator("main form[action$='/draft/export']")
        draft.locator("[name=kind]").select_option(kind)
        draft.locator("[name=party]").select_option(file.party(post).id)
        with office.page.expect_download() as download:
            draft.locator("button").click()
        assert words in text_of(kept(download.value, folder)), kind


def kept(download: object, folder: Path) -> Path:
    """Where a downloaded file now lies."""
    path = folder / str(download.suggested_filename)  # type: ignore[attr-defined]
    download.save_as(path)  # type: ignore[attr-defined]
    return path


def text_of(path: Path) -> str:
    """What stands on the paper, without its lines."""
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)))


def change_on_appeal(town: Town, file: File) -> None:
    """The clerk appeals; somebody who had no part in it makes it lighter, and the ledger holds what is left."""
    office, other = town.person("office"), town.person("decider2")
    clerk = file.party("handler")
    office.act(file.page, "FileAppeal", party_id=clerk.id, grounds="系统故障期间无法办理。")
    other.open(file.page)
    other.page.locator("main a[href*='/acts/DecideAppeal']").click()
    other.fill(
        outcome="APPEAL_STATE_CHANGED", measures=["circulated_criticism", "no_commendation"], reason="查明系统确有故障。"
    )
    other.submit()
    expect(other.page).to_have_url(re.compile("done=DecideAppeal"))
    assert list(file.party("handler").measures) == ["circulated_criticism", "no_commendation"]
    states = {one.measure: one.state for one in effects(town, file, clerk.official_id)}
    assert states["circulated_criticism"] == effects_pb2.EFFECT_STATE_ACTIVE
    assert states["efficiency_caution"] == effects_pb2.EFFECT_STATE_REVOKED


def effects(town: Town, file: File, official: str) -> list[effects_pb2.Effect]:
    """What the case left in somebody's ledger."""
    asked = effects_pb2.EffectsOfRequest(official_id=official, page_size=50)
    found = town.deployment.stage.as_("personnel")(asked).effects
    return [one for one in found if one.case_id == file.page.rpartition("/")[2]]


def execute_and_close(town: Town, file: File) -> None:
    """What holds is carried out and the file closed."""
    office = town.person("office")
    for party in file.now().parties:
        office.act(file.page, "Execute", party_id=party.id, note="已执行。")
    office.act(file.page, "CloseCase")
    assert file.now().state == case_pb2.CASE_STATE_CLOSED


def let_effects_end(town: Town, file: File) -> None:
    """Personnel see what bars today; a year on everything has ended by itself."""
    barred, warned = file.party("handler").official_id, file.party("section_head").official_id
    personnel = town.person("personnel")
    asked = {"official_id": barred, "on": today(town)}
    ask = town.deployment.stage.as_("personnel")
    bars = ask(effects_pb2.BarsOnRequest(**asked)).bars
    assert {one.bar for one in bars if one.case_number == file.now().number} == {"commendation"}
    see_bars(personnel, barred, today(town), "通报批评")
    town.forget()
    town.deployment.go_on(YEAR)
    for official in (barred, warned):
        wait_until(partial(all_ended, town, file, official), PATIENCE_SECONDS, lambda: "still in effect")
    see_bars(town.person("personnel"), barred, today(town), "这一天没有限制")


def all_ended(town: Town, file: File, official: str) -> bool:
    """Whether the timer has ended what the case left in somebody's ledger."""
    left = {one.state for one in effects(town, file, official)} - {effects_pb2.EFFECT_STATE_REVOKED}
    return left == {effects_pb2.EFFECT_STATE_ENDED}


def see_bars(personnel: Person, official: str, on: str, words: str) -> None:
    """Asks on the page what bars somebody on a day."""
    personnel.open(f"/effects?official_id={official}&on={on}")
    assert words in personnel.text()
