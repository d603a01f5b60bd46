"""Watching in the demonstration city: a monitoring point reports, inspectors drawn by lot look, a unit misses its limit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.directory.v1 import sessions_pb2
from zhengfeng.supervision.v1 import finding_acts_pb2 as finding_acts
from zhengfeng.supervision.v1 import finding_lists_pb2, finding_pb2, inspection_pb2, point_pb2
from zhengfeng.supervision.v1 import inspection_acts_pb2 as inspection_acts
from zhengfeng.supervision.v1 import point_acts_pb2 as point_acts

from suite.acting import Stage
from suite.demo.days import Days

CITY = "/qinghe"
POOL = ["/qinghe/housing", "/qinghe/human-resources", "/qinghe/natural-resources", "/qinghe/market-regulation"]
STARTS_AGO = 62


def watch(stage: Stage, days: Days, settle: Callable[[], object], say: Callable[[str], None]) -> None:
    """One round of the point, one inspection with two findings: one is set right, the other's limit runs out."""
    days.ago(STARTS_AGO)
    office, point = stage.as_("office"), stage.as_("point")
    supervisors = [stage.as_("supervisor"), stage.as_("supervisor2")]
    report = _point_reports(office, point, days)
    inspection = _inspect(office, supervisors, report, days)
    findings = _find(supervisors, inspection, days)
    _release(office, inspection.inspection_id)
    for finding in findings:
        notified = _current(office, finding.finding_id)
        request = finding_acts.IssueNoticeRequest(
            finding_id=finding.finding_id,
            expected_version=notified.version,
            kind="rectification",
            text="请在期限内书面说明情况并整改，逾期将移送问责。",
        )
        office(request)
    _set_right(office, stage.as_("unit.human-resources"), findings[1].finding_id, days)
    settle()
    say("supervision: one point, one inspection, two findings: one set right, one whose limit runs out")


def _point_reports(office: Any, point: Any, days: Days) -> Any:
    office(
        point_acts.CreatePointRequest(
            jurisdiction_path=CITY,
            name="河畔物流园",
            kind=point_pb2.POINT_KIND_ENTERPRISE,
            phone="000-00000000",
            account_id=_account(point),
        )
    )
    today = days.today()
    office(
        point_acts.OpenRoundRequest(
            jurisdiction_path=CITY,
            title="第三季度窗口作风监测",
            text="请如实反映本季度办事中遇到的推诿、拖延、乱收费等问题。",
            opens_on=today.isoformat(),
            closes_on=(today + timedelta(days=30)).isoformat(),
        )
    )
    return point(
        point_acts.ReportFromPointRequest(
            about_unit_path=POOL[0],
            title="审批窗口工作时间无人",
            text="周二下午两点半到窗口办理备案，等候四十分钟无人接待。",
            occurred_at=_stamp(days.now() - timedelta(hours=20)),
        )
    ).point_report


def _inspect(office: Any, supervisors: list[Any], report: Any, days: Days) -> Any:
    today = days.today()
    for number, supervisor in enumerate(supervisors, start=1):
        office(
            inspection_acts.AppointSupervisorRequest(
                jurisdiction_path=CITY,
                name=f"演示监督员{number}",
                account_id=_account(supervisor),
                term_from=date(today.year, 1, 1).isoformat(),
                term_to=date(today.year, 12, 31).isoformat(),
            )
        )
    plan = office(
        inspection_acts.PlanInspectionRequest(
            jurisdiction_path=CITY,
            kind=inspection_pb2.INSPECTION_KIND_UNDERCOVER,
            title="政务窗口作风暗访",
            plan_number="清督计〔2026〕7号",
            target_pool=POOL,
            targets_wanted=len(POOL),
            inspectors_wanted=2,
            from_day=today.isoformat(),
            to_day=(today + timedelta(days=14)).isoformat(),
            checklist=["在岗情况", "首问负责", "一次性告知", "限时办结"],
            point_report_id=report.point_report_id,
        )
    ).inspection
    drawn = office(
        inspection_acts.DrawTargetsRequest(
            inspection_id=plan.inspection_id,
            expected_version=plan.version,
            seed="07 12 18 23 29 31 04",
            seed_source="当日公开开奖号码（演示）",
            seed_published_at=_stamp(days.now()),
        )
    ).inspection
    kept = inspection_acts.SealPlanRequest(inspection_id=drawn.inspection_id, expected_version=drawn.version)
    sealed = office(kept).inspection
    days.later(hours=24)
    begun = inspection_acts.StartInspectionRequest(inspection_id=sealed.inspection_id, expected_version=sealed.version)
    return supervisors[0](begun).inspection


def _find(supervisors: list[Any], inspection: Any, days: Days) -> list[Any]:
    """The first inspector records, the second confirms: nobody finds alone."""
    seen = [
        (POOL[0], ["absent"], "审批窗口脱岗", "十四时二十分至十五时，窗口无人在岗，无去向说明。"),
        (POOL[1], ["not_told_once"], "未一次性告知", "两次口头告知所需材料不一致，未出具一次性告知书。"),
    ]
    findings = []
    for path, misconduct, title, text in seen:
        evidence = finding_pb2.Evidence(
            sha256=hashlib.sha256(title.encode()).hexdigest(), kind="photo", caption=title, captured_at=_stamp(days.now())
        )
        request = inspection_acts.RecordFindingRequest(
            inspection_id=inspection.inspection_id,
            unit_path=path,
            misconduct=misconduct,
            title=title,
            text=text,
            evidence=[evidence],
            occurred_at=_stamp(days.now() - timedelta(hours=2)),
        )
        found = supervisors[0](request).finding
        confirmed = inspection_acts.ConfirmFindingRequest(
            inspection_id=inspection.inspection_id, finding_id=found.finding_id, expected_version=found.version
        )
        findings.append(supervisors[1](confirmed).finding)
    return findings


def _release(office: Any, inspection_id: str) -> None:
    now = office(inspection_acts.GetInspectionRequest(inspection_id=inspection_id)).inspection
    office(inspection_acts.ReleaseInspectionRequest(inspection_id=inspection_id, expected_version=now.version))


def _set_right(office: Any, unit: Any, finding_id: str, days: Days) -> None:
    """The second unit answers in time, sets it right, and is struck off; the first lets its limit pass."""
    days.later(hours=72)
    unit(finding_acts.AnswerNoticeRequest(**_on(office, finding_id), text="已约谈窗口人员，三日内统一材料清单。"))
    days.later(hours=72)
    done: dict[str, Any] = {"text": "统一了一次性告知书并上墙公示。", "rectified_on": days.today().isoformat()}
    unit(finding_acts.SubmitRectificationRequest(**_on(office, finding_id), **done))
    looked: dict[str, Any] = {"accepted": True, "opinion": "现场抽查三个窗口，告知内容一致。"}
    office(finding_acts.VerifyRectificationRequest(**_on(office, finding_id), **looked))
    office(finding_acts.CloseFindingRequest(**_on(office, finding_id)))


def _on(office: Any, finding_id: str) -> dict[str, Any]:
    return {"finding_id": finding_id, "expected_version": _current(office, finding_id).version}


def _current(office: Any, finding_id: str) -> Any:
    return office(finding_lists_pb2.GetFindingRequest(finding_id=finding_id)).finding


def _account(actor: Any) -> str:
    return str(actor(sessions_pb2.WhoAmIRequest()).person.account_id)


def _stamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment.astimezone(UTC))
    return stamp
