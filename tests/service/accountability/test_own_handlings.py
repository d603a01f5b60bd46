"""What units decide themselves and file with the office (备案), and what is flagged about it."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.accountability.v1 import case_pb2, events_pb2, flag_pb2, watch_pb2

from tests.doors import caller
from tests.service.accountability import watched as w
from tests.service.accountability.scene import BUREAU, CITY, CLERK, HEAD, OFFICE, SECTION, Scene, fixed_id
from tests.service.accountability.watched import CITY_LEADER, DISTRICT_STAFF, SUPERVISOR, UNIT_HEAD, Watched


@pytest.fixture
def watched(scene: Scene) -> Watched:
    return Watched(scene)


def listed(watched: Watched, as_: Any, **narrowed: Any) -> list[str]:
    request = watch_pb2.ListOwnHandlingsRequest(**narrowed)
    return [one.id for one in watched.door.call(watched.watch.ListOwnHandlings, request, as_).own_handlings]


def ruled(watched: Watched, filed: flag_pb2.OwnHandling, accepted: bool) -> watch_pb2.RuleOnOwnHandlingRequest:
    which: dict[str, Any] = {"own_handling_id": filed.id, "expected_version": filed.version}
    return watch_pb2.RuleOnOwnHandlingRequest(**which, accepted=accepted, opinion="脱岗半日，群众等候，仅作检查偏轻")


def test_a_unit_files_what_it_decided_and_the_office_and_the_unit_see_it(watched: Watched) -> None:
    filed = watched.filed()
    assert (filed.state, filed.late, filed.signed_by) == (flag_pb2.OWN_HANDLING_STATE_FILED, False, UNIT_HEAD.subject)
    assert list(filed.measures) == ["circulated_criticism", "written_self_criticism"]
    for sees in (UNIT_HEAD, DISTRICT_STAFF, OFFICE):
        assert listed(watched, sees) == [filed.id]
    assert listed(watched, caller("unit_head", unit=BUREAU)) == []
    assert listed(watched, OFFICE, state=flag_pb2.OWN_HANDLING_STATE_ACCEPTED) == []
    asked = watch_pb2.GetOwnHandlingRequest(own_handling_id=filed.id)
    read = watched.door.call(watched.watch.GetOwnHandling, asked, DISTRICT_STAFF).own_handling
    assert read.statement == "窗口人员脱岗半日，经核实属实。"
    assert watched.flags() == []


def test_what_is_filed_after_the_limit_is_kept_and_flagged(watched: Watched) -> None:
    """问而不报: ten days from the decision."""
    in_time, late = watched.filed(decided_on="2026-11-06"), watched.filed(decided_on="2026-11-05", document_number="9-2")
    assert (in_time.late, late.late) == (False, True)
    flag = watched.only_flag(DISTRICT_STAFF)
    assert (flag.kind, flag.reason.word, flag.own_handling_id) == (flag_pb2.FLAG_KIND_NOT_FILED, "FLAG_FILED_LATE", late.id)
    assert (flag.unit_path, flag.jurisdiction_path, flag.on_day) == (w.DISTRICT_BUREAU, w.DISTRICT, "2026-11-15")
    (event,) = watched.door.announced(events_pb2.Flagged)
    assert (event.subject_id, event.flagged.flag) == (late.id, "not_filed")


def test_the_same_document_about_the_same_official_is_filed_once(watched: Watched) -> None:
    watched.filed()
    refused = watched.door.refused(watched.watch.FileOwnHandling, watched.filing(), UNIT_HEAD)
    assert refused.reason == "OWN_HANDLING_FILED"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"unit_path": BUREAU}, "UNIT_NOT_KNOWN"),
        ({"official_id": w.OFFICE_HEAD}, "OFFICIAL_NOT_KNOWN"),
        ({"official_id": w.BUREAU_HEAD}, "RECUSED"),
        ({"measures": ["no_such_measure"]}, "UNKNOWN_MEASURE"),
        ({"measures": ["rectification_ordered"]}, "MEASURE_NOT_LAWFUL"),
        ({"measures": ["warning"]}, "NOT_THE_UNITS"),
        ({"decided_on": "2026-11-17"}, "FUTURE_DAY"),
    ],
)
def test_what_a_unit_may_not_file_is_refused(watched: Watched, told: dict[str, Any], reason: str) -> None:
    assert watched.door.refused(watched.watch.FileOwnHandling, watched.filing(**told), UNIT_HEAD).reason == reason


def test_the_office_accepts_what_a_unit_did(watched: Watched) -> None:
    filed = watched.filed()
    accepted = watched.door.call(watched.watch.RuleOnOwnHandling, ruled(watched, filed, True), DISTRICT_STAFF).own_handling
    assert accepted.state == flag_pb2.OWN_HANDLING_STATE_ACCEPTED
    assert watched.flags() == []
    again = ruled(watched, accepted, False)
    assert watched.door.refused(watched.watch.RuleOnOwnHandling, again, DISTRICT_STAFF).reason == "OWN_HANDLING_RULED"


def test_what_the_office_objects_to_is_flagged_and_another_confirms_it(watched: Watched) -> None:
    """问责畸轻: the unit's deputy and head answer; whoever objected does not judge the flag."""
    filed = watched.filed()
    watched.door.call(watched.watch.RuleOnOwnHandling, ruled(watched, filed, False), DISTRICT_STAFF)
    flag = watched.only_flag(DISTRICT_STAFF)
    assert (flag.kind, flag.reason.word, flag.raised_by) == (
        flag_pb2.FLAG_KIND_TOO_LIGHT,
        "FLAG_OBJECTED_TO",
        DISTRICT_STAFF.subject,
    )
    confirm = watch_pb2.ConfirmFlagRequest(flag_id=flag.id, expected_version=1, reason="属实")
    assert watched.door.refused(watched.watch.ConfirmFlag, confirm, DISTRICT_STAFF).reason == "FOUR_EYES"
    watched.door.call(watched.watch.ConfirmFlag, confirm, CITY_LEADER)
    (case,) = watched.scene.listed(origin_subject_id=flag.id)
    assert [one.official_id for one in case.parties] == [w.BUREAU_HEAD]
    assert (case.state, case.jurisdiction_path) == (case_pb2.CASE_STATE_CLUE, w.DISTRICT)


def test_for_a_units_own_handling_the_deputy_answers_in_whose_care_the_official_works(watched: Watched) -> None:
    in_care = fixed_id("deputy-of-approvals")
    watched.official(in_care, BUREAU, "deputy_in_charge", CITY, section_ids=[fixed_id(SECTION)])
    head = caller("unit_head", unit=BUREAU, subject="head-of-housing")
    watched.filed(head, unit_path=BUREAU, official_id=CLERK, decided_on="2026-10-20")
    flag = watched.only_flag()
    confirm = watch_pb2.ConfirmFlagRequest(flag_id=flag.id, expected_version=1, reason="属实")
    watched.door.call(watched.watch.ConfirmFlag, confirm, CITY_LEADER)
    (case,) = watched.scene.listed(origin_subject_id=flag.id)
    assert {(one.official_id, one.post) for one in case.parties} == {(HEAD, "unit_head"), (in_care, "deputy_in_charge")}


# -- by hand ----------------------------------------------------------------------------------------------------------


def seen(**told: Any) -> watch_pb2.RaiseFlagRequest:
    usual: dict[str, Any] = {
        "kind": flag_pb2.FLAG_KIND_NOT_FILED,
        "unit_path": w.DISTRICT_BUREAU,
        "on_day": "2026-10-20",
        "evidence": "投诉办理报告称已对责任人批评教育，未见备案",
        "evidence_sha256": ["c" * 64],
    }
    return watch_pb2.RaiseFlagRequest(**{**usual, **told})


def test_measures_nobody_filed_are_flagged_by_hand_with_their_evidence(watched: Watched) -> None:
    """问而不报: found by a supervisor, looked at by the office, which reads the evidence."""
    raised = watched.door.call(watched.watch.RaiseFlag, seen(), SUPERVISOR).flag
    assert (raised.number, raised.jurisdiction_path) == ("监问〔2026〕1号", w.DISTRICT)
    asked = watch_pb2.GetFlagRequest(flag_id=raised.id)
    flag = watched.door.call(watched.watch.GetFlag, asked, DISTRICT_STAFF).flag
    assert (flag.evidence, list(flag.evidence_sha256)) == ("投诉办理报告称已对责任人批评教育，未见备案", ["c" * 64])
    assert watched.only_flag(DISTRICT_STAFF).evidence == ""
    (event,) = watched.door.announced(events_pb2.Flagged)
    assert event.subject_id == raised.id


def test_a_flag_on_an_office_itself_goes_to_the_level_above_it(watched: Watched) -> None:
    raised = watched.door.call(watched.watch.RaiseFlag, seen(unit_path=w.DISTRICT_OFFICE), SUPERVISOR).flag
    assert raised.jurisdiction_path == CITY
    assert watched.flags(DISTRICT_STAFF) == []


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"unit_path": BUREAU}, "UNIT_NOT_KNOWN"),
        ({"unit_path": f"{w.DISTRICT}/nowhere"}, "UNIT_NOT_KNOWN"),
        ({"on_day": "2026-11-17"}, "FUTURE_DAY"),
        ({"case_id": "018f0000-0000-7000-8000-000000000000"}, "CASE_NOT_FOUND"),
    ],
)
def test_a_flag_that_cannot_be_so_is_refused(watched: Watched, told: dict[str, Any], reason: str) -> None:
    assert watched.door.refused(watched.watch.RaiseFlag, seen(**told), SUPERVISOR).reason == reason
