"""What a caller may do with a complaint now: the life cycle and the roles of each rpc, read from where they are declared."""

from __future__ import annotations

from functools import cache

from zhengfeng.common.v1 import access_pb2
from zhengfeng.complaints.v1 import (
    aftermath_pb2,
    clock_pb2,
    closing_pb2,
    disposal_pb2,
    escalation_pb2,
    handling_pb2,
    handovers_pb2,
    matter_pb2,
    parts_pb2,
    roads_pb2,
    triage_pb2,
    unclear_pb2,
    undertakings_pb2,
    upwards_pb2,
)

from chassis.auth import Caller
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.regimes import SUPERVISE
from services.complaints.domain.stages import ACTS

_FILES = (
    triage_pb2,
    unclear_pb2,
    disposal_pb2,
    matter_pb2,
    handling_pb2,
    parts_pb2,
    escalation_pb2,
    clock_pb2,
    closing_pb2,
    aftermath_pb2,
    undertakings_pb2,
    upwards_pb2,
    roads_pb2,
    handovers_pb2,
)


def next_acts(complaint: Complaint, caller: Caller) -> tuple[str, ...]:
    """The acts on this complaint that are open to the caller now, in the order of the seven steps."""
    if complaint.runs_history or (caller.official_id and caller.official_id == complaint.accused_official_id):
        return ()
    allowed = roles()
    return tuple(
        act
        for act, stages in ACTS.items()
        if act in allowed
        and complaint.stage in stages
        and caller.has(*allowed[act])
        and _makes_sense(act, complaint, caller)
    )


def _makes_sense(act: str, complaint: Complaint, caller: Caller) -> bool:
    paused = any(clock.paused for clock in complaint.clocks)
    running = any(clock.running for clock in complaint.clocks)
    disposal, report = complaint.disposal, complaint.report
    needs = {
        "ApproveDisposal": disposal is not None and not disposal.approved_by and disposal.submitted_by != caller.subject,
        "Dispatch": disposal is not None and bool(disposal.approved_by),
        "SignFor": not complaint.signed_for_by or complaint.stage.value == "sent_back",
        "Report": bool(complaint.signed_for_by),
        "SignReport": report is not None and not report.signed_by,
        "Close": report is not None and bool(report.signed_by),
        "AskComplainant": not complaint.question_open,
        "Supervise": not any(clock.running and clock.step == SUPERVISE for clock in complaint.clocks),
        "SignForPart": False,  # on the part, not on the complaint
        "ReportPart": False,
        "Pause": any(clock.running and not clock.paused for clock in complaint.clocks),
        "Resume": paused,
        "RequestExtension": running and complaint.extension is None,
        "DecideExtension": complaint.extension is not None and complaint.extension.asked_by != caller.subject,
        "MoveToDiscipline": complaint.dispatched_at is None,
    }
    return needs.get(act, True)


@cache
def roles() -> dict[str, frozenset[str]]:
    """For each act the roles its rpc names."""
    found: dict[str, frozenset[str]] = {}
    for file in _FILES:
        for service in file.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                access = method.GetOptions().Extensions[access_pb2.access]
                named = (*access.jurisdiction, *access.unit, *access.anywhere)
                found[method.name] = frozenset(access_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in named)
    return found
