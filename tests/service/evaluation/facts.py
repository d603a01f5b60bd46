"""Facts of the other services about units of the city, as evaluation hears them."""

from __future__ import annotations

from zhengfeng.accountability.v1 import events_pb2 as accountability_pb2
from zhengfeng.common.v1 import origin_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis.clock import new_id
from tests.service.evaluation.campaigns import CITY, City


def complaint_closed(city: City, unit: str, self_found: bool = False, version: int = 7) -> complaints_pb2.ComplaintEvent:
    """A complaint closed as established against a unit."""
    return complaints_pb2.ComplaintEvent(
        subject_id=new_id(city.door.clock),
        version=version,
        unit_path=f"{CITY}/{unit}/counter",
        jurisdiction_path=CITY,
        number="投诉〔2026〕12号",
        closed=complaints_pb2.ComplaintClosed(
            conclusion=complaints_pb2.CONCLUSION_ESTABLISHED,
            self_found=self_found,
            rectified_on="2026-11-02" if self_found else "",
        ),
    )


def decided(city: City, unit: str, complaint_id: str) -> accountability_pb2.AccountabilityEvent:
    """A case decided with an efficiency caution, opened by that complaint."""
    party = accountability_pb2.DecidedParty(
        official_id=new_id(city.door.clock),
        unit_path=f"{CITY}/{unit}",
        role="direct",
        measures=["efficiency_caution", "written_self_criticism"],
    )
    origin = origin_pb2.Origin(service="complaints", subject_id=complaint_id, number="投诉〔2026〕12号")
    return accountability_pb2.AccountabilityEvent(
        subject_id=new_id(city.door.clock),
        version=9,
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        number="问责〔2026〕3号",
        decided=accountability_pb2.Decided(parties=[party], origins=[origin], outcome="decided"),
    )


def revoked(case: accountability_pb2.AccountabilityEvent) -> accountability_pb2.AccountabilityEvent:
    """The same case, revoked afterwards."""
    return accountability_pb2.AccountabilityEvent(
        subject_id=case.subject_id,
        version=case.version + 1,
        unit_path=case.unit_path,
        jurisdiction_path=CITY,
        number=case.number,
        decision_changed=accountability_pb2.DecisionChanged(outcome="revoked", origins=case.decided.origins),
    )


def cleared(city: City, complaint: complaints_pb2.ComplaintEvent) -> accountability_pb2.AccountabilityEvent:
    """The case of that complaint ended because nobody was to blame."""
    case = decided(city, "tax", complaint.subject_id)
    case.decided.CopyFrom(accountability_pb2.Decided(origins=case.decided.origins, outcome="cleared"))
    return case


def finding_closed(city: City, unit: str, rectified_on: str = "2026-11-02") -> supervision_pb2.SupervisionEvent:
    """A finding closed that the unit had found itself."""
    return supervision_pb2.SupervisionEvent(
        subject_id=new_id(city.door.clock),
        version=5,
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        number="问题〔2026〕8号",
        finding_closed=supervision_pb2.FindingClosed(self_found=True, rectified_on=rectified_on),
    )


def finding_overdue(city: City, finding: supervision_pb2.SupervisionEvent) -> supervision_pb2.SupervisionEvent:
    """The same finding was past its limit before."""
    return supervision_pb2.SupervisionEvent(
        subject_id=finding.subject_id,
        version=finding.version - 1,
        unit_path=finding.unit_path,
        jurisdiction_path=CITY,
        number=finding.number,
        finding_overdue=supervision_pb2.FindingOverdue(),
    )


def complaint_overdue(city: City, unit: str, clock: str) -> complaints_pb2.ComplaintEvent:
    """A complaint past a limit."""
    return complaints_pb2.ComplaintEvent(
        subject_id=new_id(city.door.clock),
        version=4,
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        number="投诉〔2026〕13号",
        overdue=complaints_pb2.ComplaintOverdue(clock=clock),
    )


def item_overdue(city: City, unit: str) -> supervision_pb2.SupervisionEvent:
    """An approval past its limit."""
    return supervision_pb2.SupervisionEvent(
        subject_id=new_id(city.door.clock),
        version=2,
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        number="办件〔2026〕77号",
        monitored_item_overdue=supervision_pb2.MonitoredItemOverdue(),
    )
