"""What can be done with a finding, an inspection, a point, a point's report, a unit on the key list."""

from __future__ import annotations

from collections.abc import Callable

from gateway.pages.frame.acts import Act, Record, RecordKind

ROAD = (
    "FINDING_STAGE_RECORDED",
    "FINDING_STAGE_NOTIFIED",
    "FINDING_STAGE_RECTIFYING",
    "FINDING_STAGE_SUBMITTED",
    "FINDING_STAGE_VERIFIED",
    "FINDING_STAGE_CLOSED",
)
INSPECTION_ROAD = (
    "INSPECTION_STAGE_PLANNED",
    "INSPECTION_STAGE_DRAWN",
    "INSPECTION_STAGE_SEALED",
    "INSPECTION_STAGE_UNDER_WAY",
    "INSPECTION_STAGE_RELEASED",
    "INSPECTION_STAGE_CLOSED",
)


def is_next(name: str) -> Callable[[Record], bool]:
    return lambda record: name in record["next"]


def _act(name: str, back: str = "") -> Act:
    return Act(f"supervision.{name}", is_next(name), back=back)


FINDING = RecordKind(
    key="findings",
    path="/findings",
    rpc="supervision.GetFinding",
    field="finding",
    id="finding_id",
    acts=tuple(
        _act(name)
        for name in (
            "IssueNotice",
            "AnswerNotice",
            "SubmitRectification",
            "VerifyRectification",
            "CloseFinding",
            "PauseLimit",
            "ResumeLimit",
            "ReferToAccountability",
        )
    ),
)
INSPECTION = RecordKind(
    key="inspections",
    path="/inspections",
    rpc="supervision.GetInspection",
    field="inspection",
    id="inspection_id",
    acts=tuple(
        _act(name)
        for name in ("DrawTargets", "SealPlan", "StartInspection", "RecordFinding", "ReleaseInspection", "CloseInspection")
    ),
)
POINT = RecordKind(
    key="points",
    path="/points",
    rpc="supervision.GetPoint",
    field="point",
    id="point_id",
    acts=(Act("supervision.EndPoint", lambda record: not record["ended_on"]),),
)
REPORT = RecordKind(
    key="point-reports",
    path="/point-reports",
    rpc="supervision.GetPointReport",
    field="point_report",
    id="point_report_id",
    acts=(
        Act("supervision.RecordPointFinding", lambda record: record["outcome"] == "REPORT_OUTCOME_WAITING"),
        Act("supervision.SetAsideReport", lambda record: record["outcome"] == "REPORT_OUTCOME_WAITING"),
    ),
)
KEY_UNIT = RecordKind(
    key="key-units",
    path="/key-units",
    rpc="supervision.ListKeyUnits",
    field="key_units",
    id="key_unit_id",
    label=lambda record: str(record["unit_path"]),
    acts=(Act("supervision.TakeOffKeyList", back="/key-units"),),
)
