"""The register: rows looked at before they are entered, units by name, codes for one object, letters and who opened them."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from zhengfeng.evaluation.v1 import ballots_pb2, campaigns_pb2, letters_pb2, letters_pb2_grpc, raters_pb2

from chassis.clock import new_id
from services.evaluation.storage import register
from services.evaluation.usecases import entering
from services.evaluation.usecases.desk import SERVICE
from tests.doors import caller, refusal
from tests.service.evaluation.campaigns import CITY, REGISTRAR, City, unit_changed

AUDITOR = caller("auditor", jurisdiction=CITY)


def enter(city: City, campaign_id: str, *rows: dict[str, str], preview: bool = False) -> list[Any]:
    raters = [raters_pb2.NewRater(**({"rater_group": "delegates"} | row)) for row in rows]
    request = raters_pb2.ImportRatersRequest(campaign_id=campaign_id, raters=raters, preview=preview)
    return list(city.door.call(city.raters.ImportRaters, request, REGISTRAR).raters)


def listed(city: City, campaign_id: str) -> dict[str, Any]:
    request = raters_pb2.ListRatersRequest(campaign_id=campaign_id)
    return {one.reference: one for one in city.door.call(city.raters.ListRaters, request, REGISTRAR).raters}


def letters(city: City, campaign_id: str, issue: str, as_: Any = REGISTRAR, **wanted: Any) -> list[Any]:
    stub = city.door.stub(letters_pb2_grpc.LetterServiceStub)
    request = letters_pb2.PrintLettersRequest(campaign_id=campaign_id, issue=issue, purpose="打印评议通知", **wanted)
    return [one for batch in city.door.call(stub.PrintLetters, request, as_) for one in batch.letters]


def openings(city: City, campaign_id: str) -> list[Any]:
    stub = city.door.stub(letters_pb2_grpc.LetterServiceStub)
    request = letters_pb2.ListOpeningsRequest(campaign_id=campaign_id)
    return list(city.door.call(stub.ListOpenings, request, AUDITOR).openings)


def test_a_preview_says_what_would_become_of_each_row_and_enters_nothing(city: City) -> None:
    ref = city.create().campaign_id
    rows: list[dict[str, str]] = [
        {"reference": "d1"},
        {"reference": "d1"},
        {"reference": "d2", "rater_group": "nobody"},
        {"reference": "d3", "unit": "没有这个局"},
        {"reference": "d4", "object_id": "no-object"},
    ]
    looked = enter(city, ref, *rows, preview=True)
    assert [(one.refused_reason, one.refused_field) for one in looked] == [
        ("", ""),
        ("RATER_KNOWN", "reference"),
        ("RATER_GROUP_UNKNOWN", "rater_group"),
        ("UNIT_UNKNOWN", "unit"),
        ("OBJECT_UNKNOWN", "object_id"),
    ]
    assert not any(one.rater_id for one in looked)
    assert listed(city, ref) == {}
    assert [one.refused_reason for one in enter(city, ref, *rows)] == [one.refused_reason for one in looked]
    assert list(listed(city, ref)) == ["d1"]


def test_rows_entered_before_are_passed_over_so_that_an_import_can_be_repeated(city: City) -> None:
    ref = city.create().campaign_id
    rows = [{"reference": f"d{number}"} for number in range(5)]
    first = enter(city, ref, *rows[:3])
    again = enter(city, ref, *rows)
    assert [one.refused_reason for one in again] == ["RATER_KNOWN"] * 3 + [""] * 2
    assert {one.rater_id for one in first} <= {one.rater_id for one in listed(city, ref).values()}
    assert len(listed(city, ref)) == 5


def test_a_unit_is_known_by_path_or_full_name_and_a_name_shared_by_two_is_refused(city: City) -> None:
    ref = city.create().campaign_id
    city.door.hear(unit_changed(new_id(city.door.clock), "xihe/tax"))
    twin = unit_changed(new_id(city.door.clock), "donghe/tax")
    twin.unit_changed.name = "tax"
    city.door.hear(twin)
    entered = enter(
        city,
        ref,
        {"reference": "by-path", "unit": f"{CITY}/tax"},
        {"reference": "by-name", "unit": "housing"},
        {"reference": "by-id", "unit_id": city.units["roads"]},
        {"reference": "shared", "unit": "tax"},
    )
    assert [one.refused_reason for one in entered] == ["", "", "", "UNIT_AMBIGUOUS"]
    found = listed(city, ref)
    wanted = {"by-path": city.units["tax"], "by-name": city.units["housing"], "by-id": city.units["roads"]}
    assert {name: one.unit_id for name, one in found.items()} == wanted


def test_letters_carry_the_names_and_the_codes_that_were_issued(city: City) -> None:
    ref = city.create().campaign_id
    enter(city, ref, *({"reference": f"d{n}", "name": f"人{n}", "contact": f"{n}号信箱"} for n in range(3)))
    enter(city, ref, {"reference": "e0", "rater_group": "enterprises", "name": "甲公司"})
    issue = new_id(city.door.clock)
    codes = city.issue(ref, issue)
    printed = letters(city, ref, issue)
    assert {one.reference: one.code for one in printed} == codes
    assert [(one.name, one.contact) for one in printed][:2] == [("人0", "0号信箱"), ("人1", "1号信箱")]
    assert [one.reference for one in letters(city, ref, issue, rater_group="enterprises")] == ["e0"]
    part = letters(city, ref, issue, rater_group="delegates", after="d0", at_most=1)
    assert [one.reference for one in part] == ["d1"]


def test_every_opening_of_names_is_written_down_with_its_purpose(city: City) -> None:
    ref = city.create().campaign_id
    enter(city, ref, {"reference": "d0"}, {"reference": "d1"})
    issue = new_id(city.door.clock)
    city.issue(ref, issue)
    assert openings(city, ref) == []
    letters(city, ref, issue)
    [opened] = openings(city, ref)
    assert (opened.names, opened.purpose, opened.by) == (2, "打印评议通知", REGISTRAR.subject)


def test_codes_that_somebody_else_issued_print_no_letters(city: City) -> None:
    ref = city.create().campaign_id
    enter(city, ref, {"reference": "d0"})
    issue = new_id(city.door.clock)
    city.issue(ref, issue)
    other = caller("registrar", subject="another-registrar", jurisdiction=CITY)
    for who, under in ((other, issue), (REGISTRAR, "never-issued")):
        with pytest.raises(grpc.RpcError) as refused:
            letters(city, ref, under, as_=who)
        assert refusal(refused.value).reason == "NO_LETTERS"
    assert openings(city, ref) == []


def test_a_code_issued_again_is_on_its_own_letter_and_on_the_old_pile_no_more(city: City) -> None:
    campaign, codes, _ = city.opened(delegates=2, enterprises=0)
    ref = campaign.campaign_id
    rater = listed(city, ref)["d0"]
    again = raters_pb2.ReissueCodeRequest(campaign_id=ref, rater_id=rater.rater_id, reason="遗失", request_id="again-1")
    code = city.door.call(city.raters.ReissueCode, again, REGISTRAR).code.code
    assert code != codes[0]
    assert [(one.reference, one.code) for one in letters(city, ref, "again-1")] == [("d0", code)]
    assert city.paper(code).campaign_id == ref
    lost = ballots_pb2.GetBallotPaperRequest(code=codes[0])
    assert city.door.refused(city.ballots.GetBallotPaper, lost).reason == "CODE_NOT_KNOWN"


def test_a_code_for_one_object_opens_a_paper_with_that_object_only(city: City) -> None:
    campaign = city.create()
    ref = campaign.campaign_id
    rated = [one.object_id for group in campaign.plan.object_groups for one in group.objects]
    enter(city, ref, {"reference": "d0", "object_id": rated[1]}, {"reference": "d1"})
    codes = city.issue(ref, new_id(city.door.clock))
    opened = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    shown = {
        name: [one.object_id for group in city.paper(code).groups for one in group.objects] for name, code in codes.items()
    }
    assert shown == {"d0": [rated[1]], "d1": rated}
    grades = [ballots_pb2.ObjectRating(object_id=rated[0], grades=[1, 1])]
    elsewhere = ballots_pb2.CastBallotRequest(code=codes["d0"], ratings=grades)
    city.door.refused(city.ballots.CastBallot, elsewhere)
    again = raters_pb2.ReissueCodeRequest(
        campaign_id=ref, rater_id=listed(city, ref)["d0"].rater_id, reason="遗失", request_id="again-2"
    )
    code = city.door.call(city.raters.ReissueCode, again, REGISTRAR).code.code
    assert [one.object_id for group in city.paper(code).groups for one in group.objects] == [rated[1]]
    assert city.cast(code, opened, [0, 2, 0, 0]).counts


def reissue(city: City, ref: str, request_id: str) -> raters_pb2.ReissueCodeRequest:
    rater = listed(city, ref)["d0"].rater_id
    return raters_pb2.ReissueCodeRequest(campaign_id=ref, rater_id=rater, reason="遗失", request_id=request_id)


def test_a_repeated_reissue_shows_the_code_it_gave_and_never_somebody_elses_later_one(city: City) -> None:
    campaign, _, _ = city.opened(delegates=1, enterprises=0)
    other = caller("registrar", subject="another-registrar", jurisdiction=CITY)
    mine = reissue(city, campaign.campaign_id, "mine")
    first = city.door.call(city.raters.ReissueCode, mine, REGISTRAR).code.code
    assert city.door.call(city.raters.ReissueCode, mine, REGISTRAR).code.code == first
    theirs = reissue(city, campaign.campaign_id, "theirs")
    second = city.door.call(city.raters.ReissueCode, theirs, other).code.code
    assert second != first
    assert city.door.refused(city.raters.ReissueCode, mine, REGISTRAR).reason == "CODE_REISSUED_SINCE"
    assert city.door.call(city.raters.ReissueCode, theirs, other).code.code == second


def broken_off(city: City, campaign_id: str, request_id: str) -> None:
    """Codes are issued and the connection breaks before the box has heard of any."""
    with city.door.usecases.raters._desk.register.begin(SERVICE) as tx:
        register.claim(tx, campaign_id, "", f"{REGISTRAR.subject}/{request_id}")


def test_a_code_on_a_printed_letter_opens_a_ballot_though_the_issue_broke_off(city: City) -> None:
    campaign = city.create()
    ref = campaign.campaign_id
    city.enter(ref, ("e0", "enterprises", ""))
    enter(city, ref, {"reference": "d0", "name": "甲"})
    broken_off(city, ref, "broken")
    [letter] = letters(city, ref, "broken")
    assert [one.code for one in letters(city, ref, "broken")] == [letter.code]
    city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    assert city.paper(letter.code).campaign_id == ref


def test_codes_that_somebody_elses_broken_issue_left_out_come_into_the_box_with_the_next_issue(city: City) -> None:
    campaign, codes, _ = city.opened(delegates=1, enterprises=0)
    ref = campaign.campaign_id
    enter(city, ref, {"reference": "d7"})
    broken_off(city, ref, "broken")
    enter(city, ref, {"reference": "d8"})
    other = caller("registrar", subject="another-registrar", jurisdiction=CITY)
    request = raters_pb2.IssueCodesRequest(campaign_id=ref, request_id="another")
    shown = [one.reference for batch in city.door.call(city.raters.IssueCodes, request, other) for one in batch.codes]
    assert shown == ["d8"]
    code = city.door.usecases.raters._desk.codes.derive(ref, listed(city, ref)["d7"].rater_id, 1)
    assert city.paper(code).campaign_id == ref
    assert city.paper(codes[0]).campaign_id == ref


def test_a_code_that_never_came_into_the_box_and_was_issued_again_opens_nothing(city: City) -> None:
    campaign, _, _ = city.opened(delegates=1, enterprises=0)
    ref = campaign.campaign_id
    enter(city, ref, {"reference": "d7"})
    broken_off(city, ref, "broken")
    rater = listed(city, ref)["d7"].rater_id
    desk = city.door.usecases.raters._desk
    with desk.register.read(SERVICE) as tx:
        [seen] = register.to_print(tx, ref, f"{REGISTRAR.subject}/broken", "", "", 1)
    given = raters_pb2.ReissueCodeRequest(campaign_id=ref, rater_id=rater, reason="遗失", request_id="since")
    good = city.door.call(city.raters.ReissueCode, given, REGISTRAR).code.code
    [old] = entering.enter(desk, SERVICE, ref, [seen])
    lost = ballots_pb2.GetBallotPaperRequest(code=old.code)
    assert city.door.refused(city.ballots.GetBallotPaper, lost).reason == "CODE_NOT_KNOWN"
    assert city.paper(good).campaign_id == ref


def test_once_the_campaign_is_closed_no_letter_is_printed_and_the_openings_stay_to_be_read(city: City) -> None:
    campaign = city.create()
    ref = campaign.campaign_id
    enter(city, ref, {"reference": "d0"})
    issue = new_id(city.door.clock)
    city.issue(ref, issue)
    letters(city, ref, issue)
    opened = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, opened)
    with pytest.raises(grpc.RpcError) as refused:
        letters(city, ref, issue)
    assert refusal(refused.value).reason == "CAMPAIGN_NOT_TAKING_RATERS"
    assert [one.names for one in openings(city, ref)] == [1]
