"""Until an inspection is released, the inspected side learns nothing; afterwards only what concerns it."""

from __future__ import annotations

import hashlib

import grpc
import pytest
from zhengfeng.supervision.v1 import (
    events_pb2,
    finding_acts_pb2,
    finding_lists_pb2,
    inspection_acts_pb2,
    inspection_pb2,
    point_acts_pb2,
    point_pb2,
)

from tests.service.supervision.city import (
    DISTRICT_OFFICE,
    FIRST,
    HOUR,
    HOUSING,
    OFFICE,
    POINT,
    SECOND,
    THIRD,
    WATER,
    City,
    which,
)


def get(inspection: inspection_pb2.Inspection) -> inspection_acts_pb2.GetInspectionRequest:
    return inspection_acts_pb2.GetInspectionRequest(inspection_id=inspection.inspection_id)


def test_the_inspected_side_sees_neither_plan_nor_inspector_nor_finding_before_release(city: City) -> None:
    inspection = city.started(city.sealed())
    finding = city.confirmed(inspection, city.recorded(inspection))

    assert city.refused(city.inspections.GetInspection, get(inspection), HOUSING).reason == "INSPECTION_NOT_FOUND"
    listed = city.door.call(city.inspections.ListInspections, inspection_acts_pb2.ListInspectionsRequest(), HOUSING)
    assert not listed.inspections
    look = finding_lists_pb2.GetFindingRequest(finding_id=finding.finding_id)
    assert city.refused(city.findings.GetFinding, look, HOUSING).code == grpc.StatusCode.NOT_FOUND
    assert not city.listed(HOUSING)
    assert not city.door.announced()


def test_reporting_its_own_problem_tells_a_unit_nothing_of_a_sealed_inspection(city: City) -> None:
    inspection = city.started(city.sealed())
    finding = city.confirmed(inspection, city.recorded(inspection))
    own = finding_acts_pb2.ReportOwnFindingRequest(
        unit_path=finding.unit_path, misconduct=finding.misconduct, title="窗口无人", text="自查发现"
    )
    reported = city.door.call(city.findings.ReportOwnFinding, own, HOUSING).finding
    assert (reported.self_found, reported.repeats, reported.repeat_of) == (True, 0, "")


def test_after_release_it_sees_its_own_part_and_not_the_undercover_inspectors(city: City) -> None:
    inspection = city.started(city.sealed(target_pool=["/qinghe/housing", "/qinghe/water"], targets_wanted=2))
    finding = city.confirmed(inspection, city.recorded(inspection))
    city.released(inspection)

    seen = city.inspection(inspection, HOUSING)
    assert list(seen.target_unit_paths) == ["/qinghe/housing"]
    assert not seen.inspectors
    assert not seen.HasField("draw")
    assert not city.listed(HOUSING), "without a notice the unit still does not know"
    assert len(city.door.announced(events_pb2.FindingRecorded)) == 1

    told = city.noticed(city.finding(finding, OFFICE))
    [seen_by_unit] = city.listed(HOUSING)
    assert (seen_by_unit.finding_id, seen_by_unit.confirmed) == (told.finding_id, True)
    assert not city.listed(WATER)
    assert "confirm_finding" not in city.acts_on(told, HOUSING)


def test_the_referral_is_not_shown_to_the_unit(city: City) -> None:
    told = city.noticed()
    request = finding_acts_pb2.ReferToAccountabilityRequest(reason="问责", official_ids=["x"], **which(told))
    city.door.call(city.findings.ReferToAccountability, request, OFFICE)

    assert not city.finding(told, HOUSING).HasField("referral")
    assert "refer_to_accountability" not in city.acts_on(told, HOUSING)


def test_only_the_drawn_inspectors_know_of_a_sealed_inspection(city: City) -> None:
    drawn = city.drawn(city.planned())
    first, second = city.inspectors(drawn)
    [other] = [who for who in (FIRST, SECOND, THIRD) if who.subject not in (first.subject, second.subject)]
    assert city.refused(city.inspections.GetInspection, get(drawn), first).reason == "INSPECTION_NOT_FOUND"

    seal = inspection_acts_pb2.SealPlanRequest(inspection_id=drawn.inspection_id, expected_version=drawn.version)
    sealed = city.door.call(city.inspections.SealPlan, seal, OFFICE).inspection

    assert city.inspection(sealed, first).number == sealed.number
    assert city.refused(city.inspections.GetInspection, get(sealed), other).reason == "INSPECTION_NOT_FOUND"
    start = inspection_acts_pb2.StartInspectionRequest(inspection_id=sealed.inspection_id, expected_version=99)
    assert city.refused(city.inspections.StartInspection, start, other).reason == "INSPECTION_NOT_FOUND"


def test_the_point_learns_that_its_report_led_to_an_inspection_but_not_which(city: City) -> None:
    reported = city.point_reports()
    planned = city.planned(point_report_id=reported.point_report_id)

    look = point_acts_pb2.GetPointReportRequest(point_report_id=reported.point_report_id)
    seen = city.door.call(city.points.GetPointReport, look, POINT).point_report
    assert (seen.outcome, seen.outcome_id) == (point_pb2.REPORT_OUTCOME_INSPECTION, "")
    by_office = city.door.call(city.points.GetPointReport, look, OFFICE).point_report
    assert by_office.outcome_id == planned.inspection_id


def test_anyone_can_repeat_the_draw_from_the_published_seed(city: City) -> None:
    pool = ["/qinghe/housing", "/qinghe/water", "/qinghe/housing/approvals"]
    drawn = city.drawn(city.planned(target_pool=pool, targets_wanted=2), seed="07 11 15 22 28 + 05")

    def ticket(kind: str, name: str) -> str:
        return hashlib.sha256(f"{drawn.draw.seed}\n{kind}\n{name}".encode()).hexdigest()

    targets = sorted(drawn.draw.target_pool, key=lambda name: ticket("target", name))[:2]
    people = sorted(drawn.draw.inspector_pool, key=lambda name: ticket("inspector", name))[:2]
    assert list(drawn.target_unit_paths) == targets
    assert [inspector.supervisor_id for inspector in drawn.inspectors] == people


def test_a_seed_known_before_the_plan_was_fixed_is_refused(city: City) -> None:
    planned = city.planned()
    early = inspection_acts_pb2.DrawTargetsRequest(
        inspection_id=planned.inspection_id, expected_version=planned.version, seed="1", seed_source="彩票"
    )
    early.seed_published_at.FromDatetime(city.clock.now() - HOUR)

    assert city.refused(city.inspections.DrawTargets, early, OFFICE).reason == "SEED_BEFORE_PLAN"


def test_a_supervisor_is_never_drawn_for_a_unit_he_is_recused_from(city: City) -> None:
    request = inspection_acts_pb2.AppointSupervisorRequest(
        jurisdiction_path="/qinghe",
        name="督查员4",
        account_id="supervisor-4",
        term_from="2026-01-01",
        term_to="2027-12-31",
        recused_unit_paths=["/qinghe/housing/approvals"],
    )
    city.door.call(city.inspections.AppointSupervisor, request, OFFICE)

    drawn = city.drawn(city.planned(inspectors_wanted=3))

    assert len(drawn.draw.inspector_pool) == 4
    assert "督查员4" not in {inspector.name for inspector in drawn.inspectors}


def test_one_person_alone_finds_nothing(city: City) -> None:
    inspection = city.started(city.sealed())
    finding = city.recorded(inspection)
    alone = inspection_acts_pb2.ConfirmFindingRequest(
        inspection_id=inspection.inspection_id, finding_id=finding.finding_id, expected_version=finding.version
    )
    release = inspection_acts_pb2.ReleaseInspectionRequest(
        inspection_id=inspection.inspection_id, expected_version=inspection.version
    )

    first = city.inspectors(inspection)[0]
    assert city.refused(city.inspections.ConfirmFinding, alone, first).reason == "SAME_PERSON"
    assert city.refused(city.inspections.ReleaseInspection, release, OFFICE).reason == "FINDING_NOT_CONFIRMED"


def test_nothing_leaves_a_sealed_inspection(city: City) -> None:
    inspection = city.started(city.sealed())
    finding = city.confirmed(inspection, city.recorded(inspection))
    notice = finding_acts_pb2.IssueNoticeRequest(kind="rectification", text="整改", **which(finding))
    refer = finding_acts_pb2.ReferToAccountabilityRequest(reason="问责", **which(finding))

    assert city.refused(city.findings.IssueNotice, notice, OFFICE).reason == "INSPECTION_STILL_SEALED"
    assert city.refused(city.findings.ReferToAccountability, refer, OFFICE).reason == "INSPECTION_STILL_SEALED"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"inspectors_wanted": 1}, "TOO_FEW_INSPECTORS"),
        ({"inspectors_wanted": 4}, "TOO_FEW_INSPECTORS"),
        ({"targets_wanted": 2}, "TOO_FEW_TARGETS"),
        ({"to_day": "2026-11-15"}, "DAYS_REVERSED"),
        ({"to_day": "2026-11-31"}, "DAY_INVALID"),
        ({"target_pool": ["/qinghe/nowhere"]}, "UNIT_UNKNOWN"),
        ({"jurisdiction_path": "/elsewhere"}, "JURISDICTION_UNKNOWN"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(city: City, changes: dict[str, object], reason: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        city.planned(**changes)

    assert reason in str(refused.value.trailing_metadata())  # type: ignore[attr-defined]


def test_an_inspector_records_only_at_a_drawn_target_with_proof(city: City) -> None:
    inspection = city.started(city.sealed())
    first = city.inspectors(inspection)[0]
    elsewhere = city.finding_request(inspection, "/qinghe/water")
    bare = city.finding_request(inspection)
    bare.ClearField("evidence")
    odd = city.finding_request(inspection)
    odd.misconduct.append("bad_hair")

    assert city.refused(city.inspections.RecordFinding, elsewhere, first).reason == "UNIT_NOT_A_TARGET"
    assert city.refused(city.inspections.RecordFinding, bare, first).reason == "EVIDENCE_MISSING"
    assert city.refused(city.inspections.RecordFinding, odd, first).reason == "MISCONDUCT_UNKNOWN"


def test_an_inspection_is_filed_only_when_every_finding_has_gone_somewhere(city: City) -> None:
    inspection = city.started(city.sealed())
    finding = city.confirmed(inspection, city.recorded(inspection))
    released = city.released(inspection)
    close = inspection_acts_pb2.CloseInspectionRequest(
        inspection_id=released.inspection_id, expected_version=released.version
    )
    assert city.refused(city.inspections.CloseInspection, close, OFFICE).reason == "FINDING_WITHOUT_NOTICE"

    city.noticed(city.finding(finding, OFFICE))

    closed = city.door.call(city.inspections.CloseInspection, close, OFFICE).inspection
    assert closed.stage == inspection_pb2.INSPECTION_STAGE_CLOSED


def test_a_district_reads_nothing_of_the_city(city: City) -> None:
    inspection = city.started(city.sealed())

    assert city.refused(city.inspections.GetInspection, get(inspection), DISTRICT_OFFICE).reason == "INSPECTION_NOT_FOUND"
    seal = inspection_acts_pb2.SealPlanRequest(inspection_id=inspection.inspection_id, expected_version=1)
    assert city.refused(city.inspections.SealPlan, seal, DISTRICT_OFFICE).reason == "INSPECTION_NOT_FOUND"
    assert not city.listed(DISTRICT_OFFICE)
