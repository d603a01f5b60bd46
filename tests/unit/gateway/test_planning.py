"""A campaign written down on the web without scripts: rows, objects, faults at their field, the dry run, an amendment."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from gateway.pages.campaigns.plan_edits import edited, next_key, put
from gateway.pages.campaigns.plan_form import GROUPS, QUESTIONS, RATERS, Written
from gateway.pages.campaigns.rated import Rated, objects_of, packed
from tests.unit.gateway.answering import LONG_NAME, AnySuite, token

NEW = "/campaigns/new"
AMEND = "/campaigns/abc/amend"
FIELD = re.compile(r'<input (?P<rest>[^>]*?)name="(?P<name>[^"]+)"(?P<more>[^>]*)>')
SELECT = re.compile(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')


def signed_in(browser: TestClient) -> TestClient:
    browser.cookies.set("session", f"secret|{token('organiser')}")
    return browser


def written_on(page: str) -> dict[str, Any]:
    """What a browser without scripts would send back of the page as it stands."""
    sent: dict[str, Any] = {}
    form = page.partition('id="plan"')[2]
    for found in FIELD.finditer(form):
        attributes = found["rest"] + found["more"]
        if ('type="checkbox"' in attributes or 'type="radio"' in attributes) and " checked" not in attributes:
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        sent.setdefault(found["name"], []).append(html.unescape(value.group(1) if value else ""))
    for name, options in SELECT.findall(form):
        chosen = CHOSEN.findall(options)
        sent.setdefault(name, []).append(html.unescape(chosen[0]) if chosen else "")
    return sent


def begun(browser: TestClient, address: str = f"{NEW}?from=abc") -> dict[str, Any]:
    """A plan as the form shows it, every part of it sound."""
    sent = written_on(signed_in(browser).get(address).text)
    for name in sent:
        if name.endswith(".weight"):
            sent[name] = ["30"]
    return {
        **sent,
        "plan.title": "年终评议",
        "plan.closes_at": "2026-12-31T18:00",
        "plan.trim": "5",
        "plan.validity.min_answered": "50",
    }


def press(browser: TestClient, sent: dict[str, Any], do: str, address: str = NEW) -> Any:
    return browser.post(address, data={**sent, "do": do})


def places(page: str, name: str) -> int:
    return len(set(re.findall(rf'name="{re.escape(name)}\.(\d+)\.name"', page)))


def test_every_template_is_offered_with_what_it_is_about(browser: TestClient) -> None:
    page = signed_in(browser).get(NEW, params={"lang": "zh"}).text
    assert f"用“{LONG_NAME}”新建" in page
    assert "/campaigns/new?from=abc" in page


def test_a_template_fills_the_form(browser: TestClient) -> None:
    answer = signed_in(browser).get(NEW, params={"template": LONG_NAME})
    assert answer.status_code == 200
    assert written_on(answer.text)["plan.template"] == [LONG_NAME]


def test_a_template_nobody_knows_is_no_page(browser: TestClient) -> None:
    assert signed_in(browser).get(NEW, params={"template": "none"}).status_code == 404


@pytest.mark.parametrize("name", [QUESTIONS, "plan.scale", RATERS, "plan.lines.grades", GROUPS])
def test_rows_are_added_and_dropped_and_nothing_typed_is_lost(browser: TestClient, any_suite: AnySuite, name: str) -> None:
    any_suite.rows = 2
    sent = begun(browser)
    before = places(signed_in(browser).get(f"{NEW}?from=abc").text, name)

    added = press(browser, sent, f"add:{name}")
    assert added.status_code == 200
    assert places(added.text, name) == before + 1
    assert 'value="年终评议"' in added.text

    dropped = press(browser, written_on(added.text), f"drop:{name}.0")
    assert places(dropped.text, name) == before
    assert "evaluation.CreateCampaign" not in any_suite.asked


@pytest.mark.parametrize("weight", ["0.5", "many", "", "-3"])
def test_a_weight_that_is_none_is_refused_at_its_field(browser: TestClient, any_suite: AnySuite, weight: str) -> None:
    sent = {**begun(browser), f"{QUESTIONS}.0.weight": weight}

    answer = press(browser, sent, "save")

    assert answer.status_code == 400
    assert f'id="{QUESTIONS.replace(".", "-")}-0-weight-fault"' in answer.text
    assert 'value="年终评议"' in answer.text
    assert "evaluation.CreateCampaign" not in any_suite.asked


def test_a_plan_without_objects_is_refused_at_the_objects(browser: TestClient, any_suite: AnySuite) -> None:
    sent = {name: value for name, value in begun(browser).items() if not name.startswith(GROUPS)}
    answer = press(browser, sent, "save")
    assert answer.status_code == 400
    assert "请至少加入一个评议对象" in browser.post(f"{NEW}?lang=zh", data={**sent, "do": "save"}).text
    assert "evaluation.CreateCampaign" not in any_suite.asked


def test_a_saved_plan_holds_what_the_form_said(browser: TestClient, any_suite: AnySuite) -> None:
    answer = press(browser, begun(browser), "save")

    assert answer.headers["location"] == "/campaigns/abc?done=CreateCampaign"
    plan = any_suite.sent["evaluation.CreateCampaign"].plan
    assert (plan.title, plan.trim, plan.validity.min_answered) == ("年终评议", "0.05", "0.5")
    assert plan.closes_at.ToJsonString() == "2026-12-31T10:00:00Z"
    assert [one.weight for one in plan.dimensions] == [30]
    assert not plan.object_groups[0].objects[0].object_id


def test_the_dry_run_shows_what_came_out_and_keeps_nothing(browser: TestClient, any_suite: AnySuite) -> None:
    sent = begun(browser)
    key = sent[f"{RATERS}.0.key"][0]

    answer = browser.post(f"{NEW}?lang=zh", data={**sent, "do": "try", f"draw.raters.{key}": "450", "draw.lowest": "5"})

    assert answer.status_code == 200
    assert "所有人都选最低一级得87.5分" in answer.text
    draw = any_suite.sent["evaluation.SimulateCampaign"].draw
    assert ([one.raters for one in draw.raters], draw.lowest) == ([450], "0.05")
    assert not {"evaluation.CreateCampaign", "evaluation.AmendCampaign"} & set(any_suite.asked)


def test_a_campaign_that_is_written_down_can_be_tried(browser: TestClient, any_suite: AnySuite) -> None:
    assert signed_in(browser).get("/campaigns/abc/simulate").status_code == 200
    assert any_suite.sent["evaluation.SimulateCampaign"].plan.title == LONG_NAME


def test_what_stands_on_ballots_cannot_be_changed_in_the_form_but_the_rest_is_amended_with_a_reason(
    browser: TestClient, any_suite: AnySuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = signed_in(browser).get(AMEND, params={"lang": "zh"}).text
    sent = written_on(page)

    answer = press(browser, {**sent, **begun(browser, AMEND), "reason": "延长三天"}, "save", AMEND)

    assert answer.headers["location"] == "/campaigns/abc?done=AmendCampaign"
    asked = any_suite.sent["evaluation.AmendCampaign"]
    assert (asked.reason, asked.expected_version) == ("延长三天", 3)
    assert asked.plan.object_groups[0].objects[0].object_id == "abc"


def test_objects_that_are_found_go_into_the_group_that_was_chosen(browser: TestClient) -> None:
    sent = begun(browser)
    found = press(browser, {**sent, "find.kind": "unit", "find.text": "处"}, "find")
    assert found.status_code == 200 and 'id="found"' in found.text
    more = Rated(unit_id="other", name="市档案局")
    answer = press(browser, {**sent, "find.kind": "unit", "find.into": "new", "find.pick": more.token}, "pick")
    assert places(answer.text, GROUPS) == places(found.text, GROUPS) + 1
    assert "市档案局" in answer.text


def test_a_round_takes_the_first_of_each_group_of_the_one_before(browser: TestClient, any_suite: AnySuite) -> None:
    sent = begun(browser)
    asked = {"round.campaign": "abc", "round.end": "END_FIRST", "round.number": "10"}
    page = press(browser, {**sent, **asked}, "round").text

    kept = (".weight", "closes_at", "trim", "answered")
    sound = {name: text for name, text in begun(browser).items() if name.endswith(kept)}
    press(browser, {**written_on(page), **sound}, "save")

    plan = any_suite.sent["evaluation.CreateCampaign"].plan
    assert plan.follows == "abc"
    assert (plan.object_groups[-1].taken.end, plan.object_groups[-1].taken.number) == (1, 10)


def test_where_the_groups_say_how_many_are_taken_the_round_before_alone_is_enough(browser: TestClient) -> None:
    sent = begun(browser, f"{NEW}?template={LONG_NAME}")
    page = press(browser, {**sent, "round.campaign": "abc"}, "round").text
    assert written_on(page)["plan.follows"] == ["abc"]
    assert places(page, GROUPS) == 1


def plan(*groups: list[Rated]) -> Written:
    rows = [{"key": f"group{place + 1}", "name": str(place), "objects": list(one)} for place, one in enumerate(groups)]
    return Written({}, {GROUPS: rows, RATERS: [{"key": "raters1", "name": "a", "weight": "1", "rates": ["group1"]}]})


A, B = Rated(unit_id="a", name="甲"), Rated(unit_id="b", name="乙")


class Sent(dict[str, Any]):
    def getlist(self, name: str) -> list[str]:
        return list(self.get(name, ()))


def names(written: Written) -> list[list[str]]:
    return [[one.name for one in group["objects"]] for group in written.rows[GROUPS]]


def test_ticked_objects_move_to_another_group_or_out() -> None:
    moved = edited(plan([A, B], []), "move:0", Sent({"tick.0": ["1"], "to.0": "group2"}), (), "新的一组")  # type: ignore[arg-type]
    assert names(moved) == [["甲"], ["乙"]]
    out = edited(plan([A, B]), "take:0", Sent({"tick.0": ["0"]}), (), "新的一组")  # type: ignore[arg-type]
    assert names(out) == [["乙"]]


def test_nobody_stands_on_a_ballot_twice() -> None:
    assert names(put(plan([A], []), [A, B, B], "group2", "新的一组")) == [["甲"], ["乙"]]


def test_raters_of_a_group_that_is_gone_rate_the_others() -> None:
    left = edited(plan([A], [B]), f"drop:{GROUPS}.0", Sent(), (), "新的一组")  # type: ignore[arg-type]
    assert left.rows[RATERS][0]["rates"] == []


@pytest.mark.parametrize("do", ["", "drop:plan.none.0", f"drop:{GROUPS}.9", "move:7", "up:x", f"up:{GROUPS}.0", "add:plan"])
def test_a_button_that_cannot_be_meant_leaves_all_as_it_is(do: str) -> None:
    before = plan([A], [B])
    assert names(edited(before, do, Sent(), (), "新的一组")) == names(before)  # type: ignore[arg-type]


def test_new_rows_have_keys_of_their_own() -> None:
    assert next_key("question", ["question1", "question3"]) == "question2"


@pytest.mark.parametrize("text", ["", "{", "5", '"a"', '[5, "b"]'])
def test_what_is_no_list_of_objects_holds_none(text: str) -> None:
    assert objects_of(text) == []
    assert objects_of(packed([A, B])) == [A, B]


def test_the_ticked_object_is_given_another_name_on_the_ballot(browser: TestClient, any_suite: AnySuite) -> None:
    sent = {**begun(browser), "tick.0": "0", "called.0": "住房局（含房管所）"}
    renamed = written_on(press(browser, sent, "name:0").text)
    assert objects_of(renamed[f"{GROUPS}.0.objects"][0])[0].name == "住房局（含房管所）"
    press(browser, {**sent, **{name: renamed[name] for name in renamed if name.endswith(".objects")}}, "save")
    assert any_suite.sent["evaluation.CreateCampaign"].plan.object_groups[0].objects[0].name == "住房局（含房管所）"


@pytest.mark.parametrize(
    "pressed", [{"called.0": "新名"}, {"tick.0": "0", "called.0": " "}, {"tick.0": "9", "called.0": "新名"}]
)
def test_a_name_for_nobody_or_an_empty_one_changes_nothing(browser: TestClient, pressed: dict[str, str]) -> None:
    sent = begun(browser)
    after = written_on(press(browser, {**sent, **pressed}, "name:0").text)
    assert after[f"{GROUPS}.0.objects"] == sent[f"{GROUPS}.0.objects"]
