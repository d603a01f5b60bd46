"""Several breaches in one case, periods chosen and recorded, periods found in the ledger, appeals whose end is pending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import aftermath_pb2, case_pb2, decisions_pb2, effects_pb2, proposal_pb2
from zhengfeng.directory.v1 import events_pb2 as directory

from chassis.settings import Setting
from tests.service.accountability import scene as s
from tests.service.accountability.scene import DECIDER, OFFICE, Scene

SANCTIONED = {"severity": case_pb2.SEVERITY_ORDINARY, "consequence": case_pb2.CONSEQUENCE_BAD_EFFECT}


def sanction(proposal: proposal_pb2.Proposal) -> proposal_pb2.MeasureRange:
    (party,) = proposal.parties
    return next(found for found in party.ranges if found.track == "sanction")


def chosen(months: dict[str, int]) -> list[decisions_pb2.ChosenPeriod]:
    return [decisions_pb2.ChosenPeriod(measure=measure, months=count) for measure, count in months.items()]


def two_breaches(scene: Scene) -> tuple[case_pb2.Case, proposal_pb2.Proposal]:
    """Slow handling and passing the buck, each worth a warning to a major demerit."""
    case = scene.with_fact(scene.assigned(scene.filed()), **SANCTIONED)
    case = scene.with_fact(case, **SANCTIONED, conduct="buck_passing")
    return scene.proposed(scene.heard(scene.reviewed(case)))


def transferred(
    scene: Scene, case: case_pb2.Case, proposal: Any, measure: str, **more: Any
) -> decisions_pb2.TransferRequest:
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=[measure], **more)
    which: dict[str, Any] = {"case_id": case.id, "expected_version": case.version, "proposal_id": proposal.id}
    return decisions_pb2.TransferRequest(**which, choice=choice)


def sanctioned(scene: Scene) -> proposal_pb2.Recommendation:
    """Two breaches, discussed, transferred: a demerit waits for the supervision commission's answer."""
    case, proposal = two_breaches(scene)
    said = {"held_on": "2026-11-16", "present": ["甲", "乙", "丙"], "minutes": "一致同意"}
    case = scene.act(case, scene.decisions.RecordDiscussion, decisions_pb2.RecordDiscussionRequest, OFFICE, **said)
    named = transferred(scene, case, proposal, "demerit", periods=chosen({"demerit": 20}))
    assert scene.door.refused(scene.decisions.Transfer, named, DECIDER).reason == "PERIOD_IS_THE_ORGANS"
    request = transferred(scene, case, proposal, "demerit")
    sent: proposal_pb2.Recommendation = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    return sent


def answer(sent: proposal_pb2.Recommendation, months: dict[str, int]) -> decisions_pb2.RecordOutsideDecisionRequest:
    return decisions_pb2.RecordOutsideDecisionRequest(
        recommendation_id=sent.id,
        expected_version=sent.version,
        measures=["demerit"],
        decided_on="2026-11-16",
        document_number="清监处〔2026〕3号",
        periods=chosen(months),
    )


def effects(scene: Scene) -> dict[str, str]:
    """The last days of the clerk's measures."""
    asked = effects_pb2.EffectsOfRequest(official_id=s.CLERK)
    return {one.measure: one.ends_on for one in scene.door.call(scene.effects.EffectsOf, asked, OFFICE).effects}


def test_two_breaches_come_to_one_range_with_its_reasons_in_both_languages(scene: Scene) -> None:
    _case, proposal = two_breaches(scene)
    found = sanction(proposal)
    assert {one.measure: (one.effect_months, one.most_months) for one in found.offers} == {
        "warning": (6, 12),
        "demerit": (12, 24),
        "major_demerit": (18, 36),
    }
    said = {reason.word: reason for reason in found.reasons}
    assert "分别确定处分" in said["FIXED_SEPARATELY"].text_zh
    assert "between 18 and 36 months, at most 48" in said["SAME_TYPE_PERIOD"].text_en


@pytest.mark.parametrize(("months", "over"), [({"demerit": 20}, "2028-07-16"), ({}, "2027-11-16")])
def test_the_period_another_organ_set_stands_in_the_ledger(scene: Scene, months: dict[str, int], over: str) -> None:
    sent = sanctioned(scene)
    scene.door.call(scene.decisions.RecordOutsideDecision, answer(sent, months), OFFICE)
    assert effects(scene) == {"demerit": over}


@pytest.mark.parametrize(
    ("months", "reason"),
    [
        ({"demerit": 49}, "PERIOD_NOT_LAWFUL"),
        ({"demerit": 11}, "PERIOD_NOT_LAWFUL"),
        ({"warning": 6}, "PERIOD_WITHOUT_MEASURE"),
    ],
)
def test_a_period_no_law_allows_is_not_recorded(scene: Scene, months: dict[str, int], reason: str) -> None:
    sent = sanctioned(scene)
    assert scene.door.refused(scene.decisions.RecordOutsideDecision, answer(sent, months), OFFICE).reason == reason


def test_the_office_chooses_a_period_inside_its_offer_or_says_why(scene: Scene) -> None:
    case, proposal = scene.ready()
    choice: dict[str, Any] = {"party_id": case.parties[0].id, "measures": ["efficiency_caution"]}
    choice["periods"] = chosen({"efficiency_caution": 3})
    request = decisions_pb2.DecideRequest(case_id=case.id, expected_version=case.version, proposal_id=proposal.id)
    request.choices.append(decisions_pb2.Choice(**choice))
    assert scene.door.refused(scene.decisions.Decide, request, DECIDER).reason == "OUTSIDE_NEEDS_REASON"
    request.choices[0].reason = "已主动整改，期限从短"
    assert scene.door.call(scene.decisions.Decide, request, DECIDER).case.parties[0].outside_range
    assert effects(scene) == {"efficiency_caution": "2027-02-16"}


def test_a_breach_inside_a_period_is_found_in_the_ledger(scene: Scene) -> None:
    """政务处分法 article 13, item 1."""
    sent = sanctioned(scene)
    scene.door.call(scene.decisions.RecordOutsideDecision, answer(sent, {}), OFFICE)
    scene.door.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    scene.door.hear(scene.closed_complaint("again"))
    case = scene.assigned(scene.filed_from(scene.listed(origin_subject_id=s.fixed_id("again"))[0]))
    told = {"conduct": "lavish_spending", "conduct_day": "2026-12-10", "severity": case_pb2.SEVERITY_HEAVIER}
    _case, proposal = scene.proposed(scene.heard(scene.reviewed(scene.with_fact(case, **told))))
    assert [one.measure for one in sanction(proposal).offers] == ["demerit", "major_demerit"]
    assert {"SHALL_AGGRAVATE", "PERIOD_OF_ITS_OWN"} <= {reason.word for reason in sanction(proposal).reasons}
    (reason,) = [one for one in proposal.parties[0].reasons if one.word == "AGAIN_IN_PERIOD"]
    assert "记过" in reason.text_zh


def test_an_appeal_whose_end_needs_a_year_that_is_not_loaded_is_filed_and_computed_later(scene: Scene) -> None:
    limits = {"within": {"days": 15}, "decided": {"days": 30, "moves_off_holiday": True}}
    routes = {"office_review": {"instrument": "《清河市办法》", "organs": ["office"], **limits}}
    others = {key: {**routes["office_review"], "organs": []} for key in ("supervision_review", "appointing_recheck")}
    setting = Setting(s.CITY, "appeal_routes", {**routes, **others}, date(2020, 1, 1), None, "(ours)")
    scene.door.store.settings.load([setting])
    case = scene.served(scene.decided("efficiency_caution"))
    scene.door.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    request = aftermath_pb2.FileAppealRequest(
        case_id=case.id, expected_version=case.version, party_id=case.parties[0].id, grounds="系统故障所致"
    )
    assert scene.door.call(scene.aftermath.FileAppeal, request, OFFICE).appeal.decide_by == ""
    loaded = directory.CalendarYearLoaded(year=2026, off_days=["2026-12-21"], source="国务院办公厅通知")
    scene.door.hear(directory.DirectoryEvent(subject_id="2026", version=1, calendar_year_loaded=loaded))
    listed = aftermath_pb2.ListAppealsRequest(case_id=case.id)
    (appeal,) = scene.door.call(scene.aftermath.ListAppeals, listed, OFFICE).appeals
    assert (appeal.decide_by, appeal.version) == ("2026-12-22", 2)
