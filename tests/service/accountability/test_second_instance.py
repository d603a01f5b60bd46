"""Second instance, extensions, obstacles, what other organs decide on appeals, and what is still open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    appeals_pb2,
    case_pb2,
    decisions_pb2,
    effects_pb2,
    events_pb2,
)

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.appealing import (
    door_of,
    ends,
    lodged,
    lodging,
    outcome,
    recorded,
    sanction_on_record,
    second,
    with_routes,
)
from tests.service.accountability.scene import ANOTHER_DECIDER, DECIDER, OFFICE, Scene


def test_review_then_re_review_one_level_up_each_within_its_month(scene: Scene) -> None:
    """监察法 article 56: one month from receipt, decided in one month; again one month, decided in two."""
    case, against = sanction_on_record(scene)
    first = lodged(scene, case, against)
    assert (first.organ, first.instance, first.decide_by) == ("supervision_commission", 1, "2026-12-16")
    assert "监察法" in first.instrument
    refused = scene.door.refused(door_of(scene).FileSecondAppeal, second(first), OFFICE)
    assert refused.reason == "APPEAL_OPEN"
    first = recorded(scene, first, aftermath_pb2.APPEAL_STATE_UPHELD)
    assert first.second_possible
    again = scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE).appeal
    assert (again.instance, again.first_appeal_id, again.decide_by) == (2, first.id, "2027-01-16")
    same = outcome(again, aftermath_pb2.APPEAL_STATE_REVOKED)
    assert scene.door.refused(door_of(scene).RecordAppealOutcome, same, OFFICE).reason == "SAME_ORGAN"
    revoked = recorded(scene, again, aftermath_pb2.APPEAL_STATE_REVOKED, decided_by="江原省监察委员会")
    assert (revoked.decided_by, list(revoked.measures), revoked.second_possible) == ("江原省监察委员会", [], False)
    assert not scene.get(case.id).parties[0].outside_measures
    assert ends(scene)["demerit"][1] == effects_pb2.EFFECT_STATE_REVOKED
    assert scene.door.announced(events_pb2.DecisionChanged)[-1].decision_changed.outcome == "revoked"


def test_a_measure_changed_on_appeal_has_the_period_its_row_gives(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    changed = recorded(scene, lodged(scene, case, against), aftermath_pb2.APPEAL_STATE_CHANGED, measures=["warning"])
    assert list(changed.measures) == ["warning"]
    assert list(scene.get(case.id).parties[0].outside_measures) == ["warning"]
    assert ends(scene) == {
        "demerit": ("2027-11-16", effects_pb2.EFFECT_STATE_REVOKED),
        "warning": ("2027-05-16", effects_pb2.EFFECT_STATE_ACTIVE),
    }


def test_no_instance_aggravates(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    heavier = outcome(lodged(scene, case, against), aftermath_pb2.APPEAL_STATE_CHANGED, measures=["major_demerit"])
    assert scene.door.refused(door_of(scene).RecordAppealOutcome, heavier, OFFICE).reason == "APPEAL_AGGRAVATES"


def test_the_second_limit_runs_from_receipt_of_the_first_decision(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    first = recorded(scene, lodged(scene, case, against), aftermath_pb2.APPEAL_STATE_UPHELD)
    refused = scene.door.refused(door_of(scene).FileSecondAppeal, second(first, received_on="2026-11-15"), OFFICE)
    assert refused.reason == "RECEIVED_TOO_EARLY"
    scene.door.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]
    late = {"obstacle": "住院", "obstacle_gone_on": "2026-12-16"}
    refused = scene.door.refused(door_of(scene).FileSecondAppeal, second(first, **late), OFFICE)
    assert refused.reason == "APPEAL_TOO_LATE"


@pytest.mark.parametrize(
    ("obstacle", "reason"),
    [
        ({}, "APPEAL_TOO_LATE"),
        ({"obstacle": "住院"}, "APPEAL_TOO_LATE"),
        ({"obstacle": "住院", "obstacle_gone_on": "2026-12-20"}, ""),
        ({"obstacle": "住院", "obstacle_gone_on": "2026-11-25"}, "APPEAL_TOO_LATE"),
    ],
    ids=["no-reason", "no-day", "in-time", "too-long-ago"],
)
def test_a_late_appeal_counts_only_for_an_obstacle_where_the_route_says_so(
    scene: Scene, obstacle: dict[str, str], reason: str
) -> None:
    routes = {
        "office_review": {
            "instrument": "《清河市办法》",
            "organs": ["office"],
            "within": {"days": 15},
            "decided": {"days": 30},
            "late": {"days": 10},
        }
    }
    with_routes(scene, routes)
    case = scene.served(scene.decided())
    scene.door.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]
    request = lodging(case, **obstacle)
    if reason:
        assert scene.door.refused(scene.aftermath.FileAppeal, request, OFFICE).reason == reason
    else:
        assert scene.door.call(scene.aftermath.FileAppeal, request, OFFICE).appeal.late


def test_the_civil_servants_route_is_extended_once(scene: Scene) -> None:
    """公务员法 article 96: the appeal is decided in sixty days, thirty more where it is difficult."""
    case, against = organ_decision(scene)
    first = recorded(scene, lodged(scene, case, against), aftermath_pb2.APPEAL_STATE_UPHELD, decided_by="清河市住房局")
    refused = scene.door.refused(door_of(scene).ExtendAppeal, extension(first), OFFICE)
    assert refused.reason == "APPEAL_DECIDED"
    again = scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE).appeal
    assert (again.decide_by, again.extension_possible) == ("2027-01-15", True)
    longer = scene.door.call(door_of(scene).ExtendAppeal, extension(again), OFFICE).appeal
    assert (longer.decide_by, longer.extended, longer.extension_possible) == ("2027-02-14", True, False)
    assert scene.door.refused(door_of(scene).ExtendAppeal, extension(longer), OFFICE).reason == "ALREADY_EXTENDED"


def test_where_no_extension_is_given_none_is_recorded(scene: Scene) -> None:
    first = lodged(scene, scene.served(scene.decided()))
    assert scene.door.refused(door_of(scene).ExtendAppeal, extension(first), OFFICE).reason == "NO_EXTENSION"


def organ_decision(scene: Scene) -> tuple[case_pb2.Case, str]:
    """The organ that manages the cadre stood the clerk down."""
    case, proposal = scene.ready(severity=case_pb2.SEVERITY_HEAVIER, consequence=case_pb2.CONSEQUENCE_BAD_EFFECT)
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["stood_down"])
    request = decisions_pb2.TransferRequest(
        case_id=case.id, expected_version=case.version, proposal_id=proposal.id, choice=choice
    )
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    told = decisions_pb2.RecordOutsideDecisionRequest(
        recommendation_id=sent.id,
        expected_version=1,
        measures=["stood_down"],
        decided_on="2026-11-16",
        document_number="清住建〔2026〕7号",
    )
    scene.door.call(scene.decisions.RecordOutsideDecision, told, OFFICE)
    return scene.get(case.id), sent.id


def extension(appeal: aftermath_pb2.Appeal) -> appeals_pb2.ExtendAppealRequest:
    return appeals_pb2.ExtendAppealRequest(appeal_id=appeal.id, expected_version=appeal.version, reason="案情复杂")


TWO_INSTANCES = {
    "office_review": {
        "instrument": "《清河市办法》",
        "organs": ["office"],
        "within": {"days": 15},
        "decided": {"days": 30},
        "second": {"within": {"days": 15}, "decided": {"days": 30}},
    }
}


def decision(appeal: aftermath_pb2.Appeal, **more: Any) -> aftermath_pb2.DecideAppealRequest:
    usual: dict[str, Any] = {"outcome": aftermath_pb2.APPEAL_STATE_UPHELD, "reason": "事实清楚"}
    return aftermath_pb2.DecideAppealRequest(appeal_id=appeal.id, expected_version=appeal.version, **{**usual, **more})


def test_the_offices_second_instance_is_for_the_level_above_and_not_who_decided_first(scene: Scene) -> None:
    with_routes(scene, TWO_INSTANCES)
    case = scene.served(scene.decided())
    first = lodged(scene, case)
    first = scene.door.call(scene.aftermath.DecideAppeal, decision(first), ANOTHER_DECIDER).appeal
    again = scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE).appeal
    for who, reason in ((ANOTHER_DECIDER, "FOUR_EYES"), (third_decider(), "LEVEL_ABOVE_DECIDES")):
        assert scene.door.refused(scene.aftermath.DecideAppeal, decision(again), who).reason == reason
    revoked = decision(again, outcome=aftermath_pb2.APPEAL_STATE_REVOKED)
    request = outcome(again, aftermath_pb2.APPEAL_STATE_REVOKED, decided_by="江原省督查办公室")
    assert scene.door.call(door_of(scene).RecordAppealOutcome, request, OFFICE).appeal.instance == 2
    assert scene.door.refused(scene.aftermath.DecideAppeal, revoked, ANOTHER_DECIDER).reason == "STALE_VERSION"


def test_the_level_above_decides_a_districts_second_instance(scene: Scene) -> None:
    with_routes(scene, TWO_INSTANCES)
    complaint = scene.closed_complaint()
    complaint.jurisdiction_path = "/qinghe/donghe"
    scene.door.hear(complaint)
    case = scene.with_fact(scene.assigned(scene.filed_from(scene.listed()[0])))
    case, proposal = scene.proposed(scene.heard(scene.reviewed(case)))
    choices = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=["written_self_criticism"])]
    told = {"proposal_id": proposal.id, "choices": choices}
    case = scene.served(scene.act(case, scene.decisions.Decide, decisions_pb2.DecideRequest, DECIDER, **told))
    first = scene.door.call(scene.aftermath.DecideAppeal, decision(lodged(scene, case)), ANOTHER_DECIDER).appeal
    again = scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE).appeal
    revoked = decision(again, outcome=aftermath_pb2.APPEAL_STATE_REVOKED)
    assert scene.door.call(scene.aftermath.DecideAppeal, revoked, third_decider()).appeal.decided_by == "third-decider"
    assert not scene.get(case.id).parties[0].measures


def third_decider() -> Any:
    return caller("decider", jurisdiction=s.CITY, subject="third-decider")


def test_what_another_organ_decided_is_not_decided_here_and_the_offices_not_recorded(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    refused = scene.door.refused(scene.aftermath.DecideAppeal, decision(lodged(scene, case, against)), ANOTHER_DECIDER)
    assert refused.reason == "ANOTHER_ORGAN_DECIDES"


def test_an_appeal_against_the_office_is_not_recorded_as_from_outside(scene: Scene) -> None:
    first = lodged(scene, scene.served(scene.decided()))
    request = outcome(first, aftermath_pb2.APPEAL_STATE_UPHELD)
    assert scene.door.refused(door_of(scene).RecordAppealOutcome, request, OFFICE).reason == "APPEAL_DECIDED_HERE"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"received_on": ""}, "RECEIVED_ON_MISSING"),
        ({"received_on": "2026-11-15"}, "RECEIVED_TOO_EARLY"),
        ({"received_on": "2026-11-17"}, "FUTURE_DAY"),
    ],
)
def test_an_organs_decision_is_appealed_from_the_day_it_was_received(
    scene: Scene, more: dict[str, str], reason: str
) -> None:
    case, against = sanction_on_record(scene)
    assert scene.door.refused(scene.aftermath.FileAppeal, lodging(case, against, **more), OFFICE).reason == reason
    unknown = lodging(case, s.fixed_id("nothing"))
    assert scene.door.refused(scene.aftermath.FileAppeal, unknown, OFFICE).reason == "AGAINST_NOTHING"


def test_what_is_open_is_listed_with_its_clock_and_nothing_is_stayed(scene: Scene) -> None:
    case = scene.served(scene.decided("efficiency_caution"))
    lodged(scene, case)
    asked = appeals_pb2.ListOpenAppealsRequest()
    (found,) = scene.door.call(door_of(scene).ListOpenAppeals, asked, OFFICE).appeals
    assert (found.clock, found.case_number) == (appeals_pb2.APPEAL_CLOCK_RUNNING, case.number)
    assert ends(scene)["efficiency_caution"][1] == effects_pb2.EFFECT_STATE_ACTIVE
    scene.door.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]
    (found,) = scene.door.call(door_of(scene).ListOpenAppeals, asked, OFFICE).appeals
    assert found.clock == appeals_pb2.APPEAL_CLOCK_OVERDUE


def test_an_end_that_waits_for_a_calendar_is_listed_as_pending(scene: Scene) -> None:
    limits = {"within": {"days": 15}, "decided": {"days": 60, "moves_off_holiday": True}}
    with_routes(scene, {"office_review": {"instrument": "《清河市办法》", "organs": ["office"], **limits}})
    lodged(scene, scene.served(scene.decided()))
    request = appeals_pb2.ListOpenAppealsRequest()
    (found,) = scene.door.call(door_of(scene).ListOpenAppeals, request, OFFICE).appeals
    assert (found.clock, found.appeal.decide_by) == (appeals_pb2.APPEAL_CLOCK_PENDING, "")


def test_appealing_twice_at_one_instance_is_refused(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    first = recorded(scene, lodged(scene, case, against), aftermath_pb2.APPEAL_STATE_UPHELD)
    case = scene.get(case.id)
    assert scene.door.refused(scene.aftermath.FileAppeal, lodging(case, against), OFFICE).reason == "ALREADY_APPEALED"
    scene.door.call(door_of(scene).FileSecondAppeal, second(first), OFFICE)
    assert scene.door.refused(door_of(scene).FileSecondAppeal, second(first), OFFICE).reason == "APPEAL_OPEN"
