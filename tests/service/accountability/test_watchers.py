"""The watchers watched: what flags by itself, who sees it, and who answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import aftermath_pb2, case_pb2, cases_pb2, events_pb2, flag_pb2, watch_pb2
from zhengfeng.supervision.v1 import events_pb2 as supervision

from chassis.clock import SettableClock
from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability import watched as w
from tests.service.accountability.scene import CITY, DECIDER, OFFICE, Scene, fixed_id
from tests.service.accountability.watched import CITY_LEADER, DISTRICT_STAFF, Watched

SHOULD_HAVE_ACTED, TOO_LIGHT, TOO_LATE = (
    flag_pb2.FLAG_KIND_SHOULD_HAVE_ACTED,
    flag_pb2.FLAG_KIND_TOO_LIGHT,
    flag_pb2.FLAG_KIND_TOO_LATE,
)


@pytest.fixture
def watched(scene: Scene) -> Watched:
    return Watched(scene)


def told(flags: list[flag_pb2.Flag]) -> list[tuple[int, str]]:
    """Kind and reason of each."""
    return [(flag.kind, flag.reason.word) for flag in flags]


# -- should have acted ------------------------------------------------------------------------------------------------


def test_an_established_complaint_whose_clue_lies_is_flagged_once(watched: Watched, clock: SettableClock) -> None:
    """该问不问."""
    clue = watched.clue()
    clock.advance(timedelta(days=60))
    assert watched.swept() == []
    clock.advance(timedelta(days=1))
    assert told(watched.swept()) == [(SHOULD_HAVE_ACTED, "FLAG_ESTABLISHED_NOT_FILED")]
    flag = watched.only_flag()
    assert (flag.unit_path, flag.jurisdiction_path, flag.case_id) == (w.DISTRICT_OFFICE, CITY, clue.id)
    assert flag.on_day == "2027-01-15"
    assert "2027-01-15" in flag.reason.text_zh and "2027-01-15" in flag.reason.text_en
    (event,) = watched.door.announced(events_pb2.Flagged)
    assert (event.subject_id, event.flagged.flag, event.jurisdiction_path) == (clue.id, "should_have_acted", w.DISTRICT)


def test_a_verified_clue_that_is_not_filed_is_flagged_too_and_a_filed_one_is_not(
    watched: Watched, clock: SettableClock
) -> None:
    verified, filed = watched.clue("verified"), watched.clue("filed", misconduct=["rude"])
    note: dict[str, Any] = {"expected_version": verified.version, "note": "核"}
    request = cases_pb2.VerifyClueRequest(case_id=verified.id, **note)
    watched.door.call(watched.scene.cases.VerifyClue, request, OFFICE)
    watched.scene.filed_from(filed)
    clock.advance(timedelta(days=61))
    assert [flag.case_id for flag in watched.swept()] == [verified.id]


def test_a_referred_finding_may_not_lie_either_and_a_ranking_may(watched: Watched, clock: SettableClock) -> None:
    referred = supervision.ReferredToAccountability(reason="逾期", misconduct=["absence"])
    place: dict[str, Any] = {"unit_path": w.DISTRICT_BUREAU, "jurisdiction_path": w.DISTRICT, "version": 9}
    overdue = supervision.FindingOverdue()
    watched.door.hear(
        supervision.SupervisionEvent(subject_id=fixed_id("finding"), referred=referred, **place),
        supervision.SupervisionEvent(subject_id=fixed_id("other"), finding_overdue=overdue, **place),
    )
    assert len(watched.scene.listed()) == 2
    clock.advance(timedelta(days=61))
    assert told(watched.swept()) == [(SHOULD_HAVE_ACTED, "FLAG_REFERRED_FINDING_NOT_FILED")]


def test_an_established_complaint_against_somebody_named_that_is_dropped_is_flagged_at_once(watched: Watched) -> None:
    named, nameless = watched.clue("named"), watched.clue("nameless", official_ids=[], misconduct=["rude"])
    for clue in (named, nameless):
        request = cases_pb2.DropCaseRequest(
            case_id=clue.id, expected_version=clue.version, ending=cases_pb2.ENDING_DROPPED, reason="情节轻微"
        )
        watched.door.call(watched.scene.cases.DropCase, request, DISTRICT_STAFF)
    assert told(watched.flags()) == [(SHOULD_HAVE_ACTED, "FLAG_DROPPED_THOUGH_ESTABLISHED")]
    assert watched.only_flag().case_id == named.id


# -- too light --------------------------------------------------------------------------------------------------------


def test_a_decision_under_the_range_is_flagged_whatever_its_reason(watched: Watched) -> None:
    """问责畸轻: below the range of the rules."""
    case = watched.decided(s.CLERK, "criticism_education", reason="本人认错态度好")
    flag = watched.only_flag()
    assert told([flag]) == [(TOO_LIGHT, "FLAG_BELOW_RANGE")]
    assert (flag.case_id, flag.reason.params["row"]) == (case.id, "QH-06-2")


def test_a_decision_inside_the_range_is_not_flagged_nor_is_one_above_it(watched: Watched) -> None:
    watched.decided(s.CLERK, "written_self_criticism")
    watched.official(fixed_id("one-more"), s.SECTION, "handler", CITY)
    watched.decided(fixed_id("one-more"), "efficiency_caution", "criticism_education", reason="影响较大")
    assert watched.flags() == []


def test_a_decision_far_lighter_than_similar_cases_names_them(watched: Watched) -> None:
    """问责畸轻: five cases under the same row were cautioned, this one had to write a self-criticism."""
    others = [fixed_id(f"clerk-{number}") for number in range(5)]
    for official in others:
        watched.official(official, s.SECTION, "handler", CITY)
    known = [watched.decided(official, "efficiency_caution") for official in others]
    assert watched.flags() == []
    case = watched.decided(s.CLERK, "written_self_criticism")
    flag = watched.only_flag()
    assert told([flag]) == [(TOO_LIGHT, "FLAG_FAR_FROM_SIMILAR")]
    assert (flag.case_id, flag.reason.params["count"], flag.reason.params["usual"]) == (case.id, "5", "efficiency_caution")
    assert {(one.case_id, one.measure) for one in flag.compared} == {(one.id, "efficiency_caution") for one in known}


def test_four_similar_cases_say_nothing(watched: Watched) -> None:
    for number in range(4):
        watched.official(fixed_id(f"clerk-{number}"), s.SECTION, "handler", CITY)
        watched.decided(fixed_id(f"clerk-{number}"), "efficiency_caution")
    watched.decided(s.CLERK, "written_self_criticism")
    assert watched.flags() == []


# -- too late ---------------------------------------------------------------------------------------------------------


def test_a_case_undecided_when_its_limit_passes_is_flagged_the_day_after(watched: Watched, clock: SettableClock) -> None:
    case = watched.scene.filed()
    clock.advance(timedelta(days=181))
    assert (case.decide_by, watched.swept()) == ("2027-05-16", [])
    clock.advance(timedelta(days=1))
    assert told(watched.swept()) == [(TOO_LATE, "FLAG_CASE_UNDECIDED")]
    assert watched.only_flag().on_day == "2027-05-16"


def test_a_decision_nobody_delivers_is_flagged_and_a_delivered_one_is_not(watched: Watched, clock: SettableClock) -> None:
    case = watched.decided(s.CLERK, "written_self_criticism")
    clock.advance(timedelta(days=16))
    assert told(watched.swept()) == [(TOO_LATE, "FLAG_NOT_SERVED")]
    watched.scene.served(watched.scene.get(case.id))
    clock.advance(timedelta(days=30))
    assert len(watched.swept()) == 1


def test_an_appeal_nobody_decides_is_flagged(watched: Watched, clock: SettableClock) -> None:
    case = watched.scene.served(watched.decided(s.CLERK, "written_self_criticism"))
    appeal: dict[str, Any] = {"party_id": case.parties[0].id, "grounds": "处理过重"}
    watched.scene.act(case, watched.scene.aftermath.FileAppeal, aftermath_pb2.FileAppealRequest, OFFICE, **appeal)
    clock.advance(timedelta(days=31))
    assert told(watched.swept()) == [(TOO_LATE, "FLAG_APPEAL_UNDECIDED")]


def test_an_appeal_that_leaves_less_than_the_range_is_flagged_too(watched: Watched) -> None:
    case = watched.scene.served(watched.decided(s.CLERK, "written_self_criticism"))
    lodged: dict[str, Any] = {"party_id": case.parties[0].id, "grounds": "处理过重"}
    case = watched.scene.act(case, watched.scene.aftermath.FileAppeal, aftermath_pb2.FileAppealRequest, OFFICE, **lodged)
    listed = aftermath_pb2.ListAppealsRequest(case_id=case.id)
    (appeal,) = watched.door.call(watched.scene.aftermath.ListAppeals, listed, OFFICE).appeals
    changed: dict[str, Any] = {"outcome": aftermath_pb2.APPEAL_STATE_CHANGED, "measures": ["criticism_education"]}
    request = aftermath_pb2.DecideAppealRequest(
        appeal_id=appeal.id, expected_version=appeal.version, reason="情节轻微", **changed
    )
    watched.door.call(watched.scene.aftermath.DecideAppeal, request, s.ANOTHER_DECIDER)
    assert told(watched.flags()) == [(TOO_LIGHT, "FLAG_BELOW_RANGE")]


# -- the level above --------------------------------------------------------------------------------------------------


def flagged(watched: Watched, clock: SettableClock) -> flag_pb2.Flag:
    """A clue of the district that lay."""
    watched.clue()
    clock.advance(timedelta(days=61))
    (flag,) = watched.swept()
    return flag


def decide(watched: Watched, flag: flag_pb2.Flag, **told: Any) -> watch_pb2.ConfirmFlagRequest:
    usual: dict[str, Any] = {"flag_id": flag.id, "expected_version": flag.version, "reason": "线索搁置两个月，属实"}
    return watch_pb2.ConfirmFlagRequest(**{**usual, **told})


def test_a_districts_failing_is_listed_for_the_city_and_not_for_the_district(watched: Watched, clock: SettableClock) -> None:
    flag = flagged(watched, clock)
    assert [one.id for one in watched.flags(OFFICE)] == [flag.id]
    assert watched.flags(DISTRICT_STAFF) == []
    assert watched.flags(OFFICE, kind=TOO_LATE) == watched.flags(OFFICE, state=flag_pb2.FLAG_STATE_DISMISSED) == []
    narrowed = watched.flags(OFFICE, kind=SHOULD_HAVE_ACTED, unit_path=w.DISTRICT, case_id=flag.case_id)
    assert [one.id for one in narrowed] == [flag.id]
    asked = watch_pb2.GetFlagRequest(flag_id=flag.id)
    assert watched.door.refused(watched.watch.GetFlag, asked, DISTRICT_STAFF).reason == "FLAG_NOT_FOUND"


def test_confirming_opens_a_clue_on_the_head_and_the_deputy_of_that_day(watched: Watched, clock: SettableClock) -> None:
    flag = flagged(watched, clock)
    request = decide(watched, flag, request_id="once")
    confirmed = watched.door.call(watched.watch.ConfirmFlag, request, CITY_LEADER).flag
    assert watched.door.call(watched.watch.ConfirmFlag, request, CITY_LEADER).flag == confirmed
    assert (confirmed.state, confirmed.decision) == (flag_pb2.FLAG_STATE_CONFIRMED, "线索搁置两个月，属实")
    (case,) = watched.scene.listed(origin_subject_id=flag.id)
    assert case.id == confirmed.opened_case_id
    assert (case.state, case.origins[0].service, case.origins[0].number) == (case_pb2.CASE_STATE_CLUE, "flag", flag.number)
    assert (case.unit_path, case.jurisdiction_path) == (w.DISTRICT_OFFICE, CITY)
    assert {(one.official_id, one.post, one.role) for one in case.parties} == {
        (w.OFFICE_HEAD, "unit_head", "main_leader"),
        (w.OFFICE_DEPUTY, "deputy_in_charge", "important_leader"),
    }
    again = decide(watched, confirmed)
    assert watched.door.refused(watched.watch.ConfirmFlag, again, CITY_LEADER).reason == "FLAG_DECIDED"


def test_a_dismissed_flag_keeps_its_reason_and_opens_nothing(watched: Watched, clock: SettableClock) -> None:
    flag = flagged(watched, clock)
    before = len(watched.scene.listed())
    which: dict[str, Any] = {"flag_id": flag.id, "expected_version": flag.version}
    request = watch_pb2.DismissFlagRequest(**which, reason="线索已由市级提办")
    dismissed = watched.door.call(watched.watch.DismissFlag, request, OFFICE).flag
    assert (dismissed.state, dismissed.opened_case_id) == (flag_pb2.FLAG_STATE_DISMISSED, "")
    read = watched.door.call(watched.watch.GetFlag, watch_pb2.GetFlagRequest(flag_id=flag.id), OFFICE).flag
    assert read.decision == "线索已由市级提办"
    assert len(watched.scene.listed()) == before and watched.swept()[0].version == dismissed.version


def test_nobody_judges_a_flag_on_a_case_they_worked_on(watched: Watched) -> None:
    watched.decided(s.CLERK, "criticism_education", reason="本人认错态度好")
    both = caller("decider", "office", jurisdiction=CITY, subject=DECIDER.subject)
    refused = watched.door.refused(watched.watch.ConfirmFlag, decide(watched, watched.only_flag()), both)
    assert refused.reason == "FOUR_EYES"


def test_nobody_of_the_unit_that_answers_judges_its_flag(watched: Watched, clock: SettableClock) -> None:
    flag = flagged(watched, clock)
    own = caller("office", jurisdiction=CITY, subject="from-the-office", official_id=w.OFFICE_DEPUTY)
    assert watched.door.refused(watched.watch.ConfirmFlag, decide(watched, flag), own).reason == "RECUSED"
