"""A small 清河市 in front of supervision's door: units, calendar, people, and the steps of the story as one-liners."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chinese_calendar import constants
from zhengfeng.directory.v1 import events_pb2 as directory
from zhengfeng.supervision.v1 import (
    finding_acts_pb2,
    finding_lists_pb2,
    finding_pb2,
    findings_pb2_grpc,
    inspection_acts_pb2,
    inspection_pb2,
    inspections_pb2_grpc,
    keylist_pb2_grpc,
    point_acts_pb2,
    point_pb2,
    points_pb2_grpc,
)

from chassis.clock import SHANGHAI, SettableClock, new_id
from tests.doors import Door, Refused, caller

OFFICE = caller("office", jurisdiction="/qinghe", subject="office")
DISTRICT_OFFICE = caller("office", jurisdiction="/qinghe/donghe", subject="district-office")
HOUSING = caller("unit_clerk", unit="/qinghe/housing", subject="housing")
WATER = caller("unit_head", unit="/qinghe/water", subject="water")
POINT = caller("point", jurisdiction="/qinghe", subject="point-account")
FIRST = caller("supervisor", jurisdiction="/qinghe", subject="supervisor-1")
SECOND = caller("supervisor", jurisdiction="/qinghe", subject="supervisor-2")
THIRD = caller("supervisor", jurisdiction="/qinghe", subject="supervisor-3")
PROOF = finding_pb2.Evidence(sha256="ab" * 32, kind="photo", caption="空无一人的窗口")
UNITS = {
    "/qinghe/housing": "/qinghe",
    "/qinghe/housing/approvals": "/qinghe",
    "/qinghe/water": "/qinghe",
    "/qinghe/donghe/civil-affairs": "/qinghe/donghe",
}
HOUR = timedelta(hours=1)


def calendar_of(year: int) -> directory.DirectoryEvent:
    """The real working calendar of a year as the directory tells it."""
    off = sorted(day for day in constants.holidays if day.year == year and day.weekday() < 5)
    worked = sorted(day for day in constants.workdays if day.year == year)
    fact = directory.CalendarYearLoaded(
        year=year,
        off_days=[day.isoformat() for day in off],
        make_up_days=[day.isoformat() for day in worked],
        source="test",
    )
    return directory.DirectoryEvent(subject_id=str(year), version=1, calendar_year_loaded=fact)


class City:
    """Supervision with its neighbours' facts heard and one act a method."""

    def __init__(self, door: Door, clock: SettableClock) -> None:
        self.door = door
        self.clock = clock
        self.findings = door.stub(findings_pb2_grpc.FindingServiceStub)
        self.inspections = door.stub(inspections_pb2_grpc.InspectionServiceStub)
        self.points = door.stub(points_pb2_grpc.PointServiceStub)
        self.key_list = door.stub(keylist_pb2_grpc.KeyListServiceStub)
        for path, jurisdiction in UNITS.items():
            unit = directory.UnitChanged(name=path, kind="bureau", valid_from="2020-01-01")
            door.hear(
                directory.DirectoryEvent(
                    subject_id=new_id(clock),
                    version=1,
                    unit_path=path,
                    jurisdiction_path=jurisdiction,
                    unit_changed=unit,
                )
            )
        door.hear(calendar_of(2025), calendar_of(2026))

    # -- time -------------------------------------------------------------------------------------------------------

    def go_to(self, text: str) -> None:
        """Moves the clock to a moment in China and lets the timers run."""
        self.clock.set(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))
        self.door.run_timer("lights")

    # -- acts -------------------------------------------------------------------------------------------------------

    def appoint_point(self) -> point_pb2.MonitoringPoint:
        request = point_acts_pb2.CreatePointRequest(
            jurisdiction_path="/qinghe",
            name="东风小商品店",
            kind=point_pb2.POINT_KIND_TRADER,
            phone="0763-1234567",
            account_id=POINT.subject,
        )
        return self.door.call(self.points.CreatePoint, request, OFFICE).point

    def point_reports(self, about: str = "/qinghe/housing", as_: Any = POINT) -> point_pb2.PointReport:
        request = point_acts_pb2.ReportFromPointRequest(
            about_unit_path=about, title="窗口无人", text="上午十点窗口无人受理", evidence=[PROOF]
        )
        request.occurred_at.FromDatetime(self.clock.now() - HOUR)
        return self.door.call(self.points.ReportFromPoint, request, as_).point_report

    def appoint_supervisors(self) -> None:
        for who in (FIRST, SECOND, THIRD):
            request = inspection_acts_pb2.AppointSupervisorRequest(
                jurisdiction_path="/qinghe",
                name=f"督查员{who.subject[-1]}",
                account_id=who.subject,
                term_from="2026-01-01",
                term_to="2027-12-31",
            )
            self.door.call(self.inspections.AppointSupervisor, request, OFFICE)

    def planned(self, **changes: Any) -> inspection_pb2.Inspection:
        request = inspection_acts_pb2.PlanInspectionRequest(
            jurisdiction_path="/qinghe",
            kind=inspection_pb2.INSPECTION_KIND_UNDERCOVER,
            title="窗口作风暗访",
            plan_number="年度计划2026-3",
            target_pool=["/qinghe/housing"],
            targets_wanted=1,
            inspectors_wanted=2,
            from_day="2026-11-16",
            to_day="2026-11-30",
            checklist=["在岗", "一次性告知"],
        )
        for name, value in changes.items():
            if isinstance(value, list):
                request.ClearField(name)
                getattr(request, name).extend(value)
            else:
                setattr(request, name, value)
        return self.door.call(self.inspections.PlanInspection, request, OFFICE).inspection

    def drawn(self, planned: inspection_pb2.Inspection, seed: str = "07 11 15 22 28 + 05") -> inspection_pb2.Inspection:
        self.clock.advance(HOUR)
        request = inspection_acts_pb2.DrawTargetsRequest(
            inspection_id=planned.inspection_id,
            expected_version=planned.version,
            seed=seed,
            seed_source="福利彩票 2026131 期",
        )
        request.seed_published_at.FromDatetime(self.clock.now())
        return self.door.call(self.inspections.DrawTargets, request, OFFICE).inspection

    def sealed(self, **changes: Any) -> inspection_pb2.Inspection:
        drawn = self.drawn(self.planned(**changes))
        which = {"inspection_id": drawn.inspection_id, "expected_version": drawn.version}
        return self.door.call(self.inspections.SealPlan, inspection_acts_pb2.SealPlanRequest(**which), OFFICE).inspection

    def inspectors(self, inspection: inspection_pb2.Inspection) -> list[Any]:
        """The callers drawn, in the order of the draw."""
        people = {f"督查员{who.subject[-1]}": who for who in (FIRST, SECOND, THIRD)}
        return [people[drawn.name] for drawn in inspection.inspectors]

    def started(self, sealed: inspection_pb2.Inspection) -> inspection_pb2.Inspection:
        request = inspection_acts_pb2.StartInspectionRequest(
            inspection_id=sealed.inspection_id, expected_version=sealed.version
        )
        return self.door.call(self.inspections.StartInspection, request, self.inspectors(sealed)[0]).inspection

    def finding_request(
        self, inspection: inspection_pb2.Inspection, unit_path: str = "/qinghe/housing"
    ) -> inspection_acts_pb2.RecordFindingRequest:
        request = inspection_acts_pb2.RecordFindingRequest(
            inspection_id=inspection.inspection_id,
            unit_path=unit_path,
            misconduct=["absent", "slow"],
            title="窗口工作人员擅自离岗",
            text="10:05 至 10:40 三号窗口无人",
            evidence=[PROOF],
        )
        request.occurred_at.FromDatetime(self.clock.now())
        return request

    def recorded(self, inspection: inspection_pb2.Inspection, unit_path: str = "/qinghe/housing") -> finding_pb2.Finding:
        first = self.inspectors(inspection)[0]
        return self.door.call(self.inspections.RecordFinding, self.finding_request(inspection, unit_path), first).finding

    def confirmed(self, inspection: inspection_pb2.Inspection, finding: finding_pb2.Finding) -> finding_pb2.Finding:
        request = inspection_acts_pb2.ConfirmFindingRequest(
            inspection_id=inspection.inspection_id,
            finding_id=finding.finding_id,
            expected_version=finding.version,
        )
        return self.door.call(self.inspections.ConfirmFinding, request, self.inspectors(inspection)[1]).finding

    def released(self, inspection: inspection_pb2.Inspection) -> inspection_pb2.Inspection:
        now = self.inspection(inspection, OFFICE)
        request = inspection_acts_pb2.ReleaseInspectionRequest(inspection_id=now.inspection_id, expected_version=now.version)
        return self.door.call(self.inspections.ReleaseInspection, request, OFFICE).inspection

    def found(self, **changes: Any) -> finding_pb2.Finding:
        """A finding of a released inspection, ready for its notice."""
        inspection = self.started(self.sealed(**changes))
        finding = self.confirmed(inspection, self.recorded(inspection))
        self.released(inspection)
        return self.finding(finding, OFFICE)

    def noticed(self, finding: finding_pb2.Finding | None = None) -> finding_pb2.Finding:
        finding = finding or self.found()
        request = finding_acts_pb2.IssueNoticeRequest(kind="rectification", text="限期整改", **which(finding))
        return self.door.call(self.findings.IssueNotice, request, OFFICE).finding

    def submitted(self, finding: finding_pb2.Finding, as_: Any = HOUSING) -> finding_pb2.Finding:
        request = finding_acts_pb2.SubmitRectificationRequest(
            text="已调整值班表",
            rectified_on=self.clock.today().isoformat(),
            evidence=[PROOF],
            **which(finding),
        )
        return self.door.call(self.findings.SubmitRectification, request, as_).finding

    def verified(self, finding: finding_pb2.Finding, accepted: bool = True) -> finding_pb2.Finding:
        request = finding_acts_pb2.VerifyRectificationRequest(accepted=accepted, opinion="现场核验", **which(finding))
        return self.door.call(self.findings.VerifyRectification, request, OFFICE).finding

    def closed(self, finding: finding_pb2.Finding) -> finding_pb2.Finding:
        request = finding_acts_pb2.CloseFindingRequest(**which(finding))
        return self.door.call(self.findings.CloseFinding, request, OFFICE).finding

    # -- looking ----------------------------------------------------------------------------------------------------

    def finding(self, finding: finding_pb2.Finding, as_: Any) -> finding_pb2.Finding:
        request = finding_lists_pb2.GetFindingRequest(finding_id=finding.finding_id)
        return self.door.call(self.findings.GetFinding, request, as_).finding

    def inspection(self, inspection: inspection_pb2.Inspection, as_: Any) -> inspection_pb2.Inspection:
        request = inspection_acts_pb2.GetInspectionRequest(inspection_id=inspection.inspection_id)
        return self.door.call(self.inspections.GetInspection, request, as_).inspection

    def listed(self, as_: Any, **narrowed: Any) -> list[finding_pb2.Finding]:
        request = finding_lists_pb2.ListFindingsRequest(**narrowed)
        return list(self.door.call(self.findings.ListFindings, request, as_).findings)

    def acts_on(self, finding: finding_pb2.Finding, as_: Any) -> list[str]:
        request = finding_lists_pb2.ListFindingTimelineRequest(finding_id=finding.finding_id)
        return [entry.act for entry in self.door.call(self.findings.ListFindingTimeline, request, as_).entries]

    def refused(self, method: Any, request: Any, as_: Any) -> Refused:
        return self.door.refused(method, request, as_)


def which(finding: finding_pb2.Finding) -> dict[str, Any]:
    """The finding and the version one has read."""
    return {"finding_id": finding.finding_id, "expected_version": finding.version}
