"""Appeals as messages."""

from __future__ import annotations

from datetime import date

from zhengfeng.accountability.v1 import aftermath_pb2, appeals_pb2

from services.accountability.domain.appeals import SECOND, Obstacle, step_of
from services.accountability.domain.states import AppealState
from services.accountability.domain.views import AppealFile, OpenAppeal
from services.accountability.wire.parts import day, moment, number, read_day, word


def appeal(file: AppealFile) -> aftermath_pb2.Appeal:
    """An appeal, with what its route still allows."""
    found, route = file.appeal, file.route
    is_open = found.state is AppealState.FILED
    extensible = is_open and not found.extended and step_of(found, route).extension is not None
    further = route.second is not None and found.instance != SECOND and not is_open and not file.went_on
    return aftermath_pb2.Appeal(
        id=found.id,
        version=found.version,
        case_id=found.case_id,
        party_id=found.party_id,
        state=number(aftermath_pb2.AppealState, "APPEAL_STATE", found.state),
        filed_at=moment(found.filed_at),
        decide_by=day(found.decide_by),
        measures=found.measures,
        decided_at=moment(found.decided_at),
        decided_by=found.decided_by,
        instance=found.instance,
        organ=found.organ,
        instrument=route.instrument,
        received_on=day(found.received_on),
        extended=found.extended,
        late=found.late,
        against_id=found.against_id,
        first_appeal_id=found.first_id,
        document_number=found.document_number,
        second_possible=further,
        extension_possible=extensible,
    )


def open_appeal(found: OpenAppeal) -> appeals_pb2.OpenAppeal:
    """An undecided appeal with its clock."""
    pending = found.file.appeal.decide_by is None
    clock = "PENDING" if pending else "OVERDUE" if found.overdue else "RUNNING"
    return appeals_pb2.OpenAppeal(
        appeal=appeal(found.file),
        case_id=found.file.appeal.case_id,
        case_number=found.case_number,
        unit_path=found.unit_path,
        official_id=found.official_id,
        clock=appeals_pb2.AppealClock.Value(f"APPEAL_CLOCK_{clock}"),
    )


def read_outcome(value: int) -> AppealState:
    """How an appeal ends."""
    return word(AppealState, aftermath_pb2.AppealState, "APPEAL_STATE", value)


def read_told(
    request: appeals_pb2.RecordAppealOutcomeRequest,
) -> tuple[AppealState, tuple[str, ...], str, date, str, str]:
    """What another organ decided on an appeal, and why."""
    on = read_day(request.decided_on, "decided_on")
    outcome, measures = read_outcome(request.outcome), tuple(request.measures)
    return outcome, measures, request.decided_by, on, request.document_number, request.reason


def read_lodging(request: aftermath_pb2.FileAppealRequest) -> tuple[str, str, str, date | None, Obstacle]:
    """Who appeals, the grounds, what the appeal is against, when that was received, and the obstacle."""
    received = read_optional_day(request.received_on, "received_on")
    obstacle = read_obstacle(request.obstacle, request.obstacle_gone_on)
    return request.party_id, request.grounds, request.against_id, received, obstacle


def read_obstacle(reason: str, gone_on: str) -> Obstacle:
    """What kept somebody from appealing in time."""
    return Obstacle(reason, read_optional_day(gone_on, "obstacle_gone_on"))


def read_optional_day(text: str, field: str) -> date | None:
    """A day, or None for an empty text."""
    return read_day(text, field) if text else None
