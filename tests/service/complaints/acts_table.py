"""The life cycle written out by hand: where each act may be done, by whom, and where it leads.

Nothing here is read from the code under test. An act that is new there has to be written down here before a test passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, roads_pb2, unclear_pb2

from services.complaints.domain.complaint import Complaint, Extension
from tests.service.complaints.city import CLOSING, REPORT

BEFORE_DISPATCH = ("received", "unclear", "accepted", "registered", "submitted")
WITH_UNIT = ("handling", "sent_back", "redoing")
OPEN = (*BEFORE_DISPATCH, *WITH_UNIT, "bounced", "reported")
DESK = ("clerk", "office")
UNIT = ("unit_clerk", "unit_head")
EVERYBODY_AT_WORK = (*DESK, *UNIT)
Ready = Callable[[Complaint], Complaint]


def stays(*stages: str) -> dict[str, str]:
    """The act changes something, but not where the complaint stands."""
    return {stage: stage for stage in stages}


def leads(to: str, *stages: str) -> dict[str, str]:
    """The act leads from each of these stages to one."""
    return dict.fromkeys(stages, to)


def as_it_is(complaint: Complaint) -> Complaint:
    """Nothing more is needed than the stage."""
    return complaint


def with_(**changed: Any) -> Ready:
    """The complaint has to have this besides."""
    return lambda complaint: replace(complaint, **changed)


@dataclass(frozen=True, slots=True)
class Row:
    """One act. `by` empty means whoever holds the receipt code; `elsewhere` is how it is refused at another stage."""

    to: Mapping[str, str]
    by: tuple[str, ...]
    says: Mapping[str, Any] = field(default_factory=dict)
    ready: Ready = as_it_is
    elsewhere: str = "STAGE_FORBIDS"
    addressed: str = "complaint"
    first: str = ""
    """What a clerk has to do before it, on the same complaint."""


ACTS: dict[str, Row] = {
    "AcceptComplaint": Row(leads("accepted", "received"), DESK),
    "DeclineComplaint": Row(leads("not_accepted", "received"), DESK, {"reason": "litigation", "explanation": "请起诉。"}),
    "ForwardComplaint": Row(leads("forwarded", "received", "accepted", "registered"), DESK, {"forwarded_to": "信访局"}),
    "ReferUnclear": Row(leads("unclear", "received"), DESK, {"text": "是否属于受理范围？"}),
    "RuleOnUnclear": Row(leads("accepted", "unclear"), ("leader",), {"ruling": unclear_pb2.UNCLEAR_RULING_ACCEPT}),
    "MoveToDiscipline": Row(
        leads("moved", *BEFORE_DISPATCH),
        DESK,
        {"organ": "纪委监委"},
        with_(dispatched_at=None),
        "ALREADY_WITH_UNIT",
        first="TakeParcel",
    ),
    "RegisterComplaint": Row(leads("registered", "accepted", "registered"), DESK, {"category": "absent"}),
    "SubmitForApproval": Row(
        leads("submitted", "registered"),
        DESK,
        {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": "/qinghe/housing"},
    ),
    "ApproveDisposal": Row(stays("submitted"), ("office", "leader"), {"approved": True}),
    "Dispatch": Row(leads("handling", "submitted"), DESK, addressed="approved"),
    "Merge": Row(leads("merged", *OPEN), DESK, addressed="into"),
    "Unmerge": Row(leads("handling", "merged"), DESK),
    "SignFor": Row(
        leads("handling", "handling", "sent_back") | stays("redoing"),
        ("office", *UNIT),
        ready=with_(signed_for_by=""),
    ),
    "Bounce": Row(
        leads("bounced", "handling", "redoing"),
        UNIT,
        {"reason": "非本单位职责", "legal_basis": "三定方案"},
        with_(bounces=0),
    ),
    "RuleOnBounce": Row(leads("handling", "bounced"), ("office",), {"unit_path": "/qinghe/water", "reason": "由水务局办理"}),
    "AskComplainant": Row(stays(*OPEN), EVERYBODY_AT_WORK, {"question": "哪一天？"}, with_(question_open=False)),
    "AskPart": Row(stays(*WITH_UNIT), DESK, {"unit_path": "/qinghe/water", "text": "请提供供水记录。"}),
    "SignForPart": Row(stays(*WITH_UNIT, "bounced"), UNIT, addressed="part"),
    "ReportPart": Row(stays(*WITH_UNIT, "bounced"), UNIT, {"text": "当日供水正常。"}, addressed="signed part"),
    "Remind": Row(stays(*WITH_UNIT, "bounced", "reported"), DESK, {"text": "请抓紧。", "reason_code": "due_soon"}),
    "Escalate": Row(stays(*WITH_UNIT, "bounced", "reported"), ("office",), {"step": "unit_head", "reason_code": "grave"}),
    "Supervise": Row(stays(*OPEN), ("office", "leader"), {"regime": "supervised", "reason_code": "leader_instruction"}),
    "Pause": Row(stays(*OPEN), ("office",), {"reason": "hearing", "legal_basis": "行政许可法第四十五条"}),
    "Resume": Row(stays(*OPEN), ("office",), addressed="paused"),
    "RequestExtension": Row(
        stays(*WITH_UNIT), ("office", *UNIT), {"days": 1, "reason": "取证", "reason_code": "complex"}, with_(extension=None)
    ),
    "DecideExtension": Row(
        stays(*OPEN), ("office", "leader"), {"granted": True}, with_(extension=Extension(1, "somebody", "handle", "complex"))
    ),
    "Report": Row(leads("reported", "handling", "redoing"), ("office", *UNIT), {"text": "经查属实。", **REPORT}),
    "SignReport": Row(stays("reported"), ("leader", "unit_head"), addressed="unsigned"),
    "SendBack": Row(leads("sent_back", "reported"), ("office",), {"reason": "证据不足"}),
    "Close": Row(leads("closed", "reported"), ("office",), CLOSING),
    "OrderSecondHandling": Row(
        leads("redoing", "closed"), ("office",), {"unit_path": "/qinghe/water", "reason": "办理不力"}
    ),
    "Undertake": Row(
        stays(*WITH_UNIT, "reported", "closed"), ("office", *UNIT), {"text": "年内完成改造。", "effect_by": "2026-12-20"}
    ),
    "ReportUpwards": Row(stays(*OPEN, "closed"), ("office",), {"reported_to": "市政府", "text": "需全市统筹。"}),
    "RecordFeedback": Row(stays("closed"), DESK, {"by": "telephone", "reached": True, "proof": "通话录音"}),
    "AskForSecondHandling": Row(stays("closed"), (), {"reason": "没有解决"}, elsewhere="NOT_CLOSED_YET"),
    "ReferToAccountability": Row(stays(*OPEN, "closed"), ("office",), {"reason": "涉嫌失职"}),
    "Archive": Row(leads("archived", "closed"), DESK, ready=with_(grade=5)),
    "AddEvidence": Row(stays(*OPEN), (), {"text": "补充照片说明"}, elsewhere="COMPLAINT_ENDED"),
    "AnswerQuestion": Row(stays(*OPEN), (), {"text": "上周三"}, with_(question_open=True)),
    "RateHandling": Row(stays("closed", "archived"), (), {"grade": 2}, with_(grade=0), "NOT_CLOSED_YET"),
    "WithdrawComplaint": Row(leads("withdrawn", *OPEN), ()),
    "MarkDanger": Row(stays(*OPEN), EVERYBODY_AT_WORK, {"kind": roads_pb2.DANGER_KIND_VIOLENCE}),
    "IsolateSecret": Row(leads("isolated", *OPEN), DESK),
    "RuleOnSecret": Row(leads("handling", "isolated"), ("office", "leader"), first="IsolateSecret"),
}
# Refused for a better reason than the stage alone.
BETTER = {("Close", "closed"): "COMPLAINT_ALREADY_CLOSED"}
ESTABLISHED = events_pb2.CONCLUSION_ESTABLISHED
