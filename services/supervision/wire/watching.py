"""Points, rounds, reports, supervisors, inspections and the key list as messages."""

from __future__ import annotations

from collections.abc import Iterable

from zhengfeng.supervision.v1 import inspection_pb2, keylist_pb2, point_pb2

from services.supervision.domain.inspection import Inspection, Supervisor
from services.supervision.domain.keylist import KeyUnit
from services.supervision.domain.point import Point, PointReport, Round
from services.supervision.wire.parts import number_of, origin, proof, shown, stamp


def point(value: Point) -> point_pb2.MonitoringPoint:
    """A monitoring point."""
    return point_pb2.MonitoringPoint(
        point_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        name=value.name,
        kind=number_of(value.kind),
        phone=value.phone,
        account_id=value.account_id,
        appointed_on=shown(value.appointed_on),
        ended_on=shown(value.ended_on),
    )


def round_(value: Round, reports: int) -> point_pb2.Round:
    """A round and how many reports came in."""
    return point_pb2.Round(
        round_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        title=value.title,
        text=value.text,
        opens_on=shown(value.opens_on),
        closes_on=shown(value.closes_on),
        reports=reports,
    )


def point_report(value: PointReport) -> point_pb2.PointReport:
    """A report and what became of it."""
    return point_pb2.PointReport(
        point_report_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        point_id=value.point_id,
        round_id=value.round_id or "",
        about_unit_path=value.about_unit_path,
        title=value.title,
        text=value.text,
        evidence=[proof(part) for part in value.evidence],
        occurred_at=stamp(value.occurred_at),
        reported_at=stamp(value.reported_at),
        outcome=number_of(value.outcome),
        outcome_id=value.outcome_id or "",
        outcome_reason=value.outcome_reason,
    )


def supervisor(value: Supervisor) -> inspection_pb2.Supervisor:
    """A supervisor."""
    return inspection_pb2.Supervisor(
        supervisor_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        name=value.name,
        account_id=value.account_id,
        term_from=shown(value.term_from),
        term_to=shown(value.term_to),
        recused_unit_paths=value.recused_unit_paths,
    )


def draw(value: Inspection) -> inspection_pb2.Draw | None:
    """The pools, and once there is one the seed; None where the reader may see neither."""
    if not value.target_pool:
        return None
    pools = inspection_pb2.Draw(target_pool=value.target_pool, inspector_pool=value.inspector_pool)
    if value.seed is not None:
        drawn = inspection_pb2.Draw(
            seed=value.seed.text,
            seed_source=value.seed.source,
            seed_published_at=stamp(value.seed.published_at),
            drawn_at=stamp(value.seed.drawn_at),
            drawn_by=value.seed.drawn_by,
        )
        pools.MergeFrom(drawn)
    return pools


def inspection(value: Inspection, findings: int, next_acts: Iterable[str] = ()) -> inspection_pb2.Inspection:
    """An inspection, with how many findings its reader may see and what he may do next."""
    people = [
        inspection_pb2.Inspector(supervisor_id=drawn.supervisor_id, number=drawn.number, name=drawn.name)
        for drawn in value.inspectors
    ]
    return inspection_pb2.Inspection(
        inspection_id=value.id,
        version=value.version,
        number=value.number,
        jurisdiction_path=value.jurisdiction_path,
        stage=number_of(value.stage),
        kind=number_of(value.kind),
        title=value.title,
        plan_number=value.plan_number,
        checklist=value.checklist,
        from_day=shown(value.from_day),
        to_day=shown(value.to_day),
        targets_wanted=value.targets_wanted,
        inspectors_wanted=value.inspectors_wanted,
        target_unit_paths=value.targets,
        inspectors=people,
        draw=draw(value),
        point_report_id=value.point_report_id or "",
        planned_at=stamp(value.planned_at),
        planned_by=value.planned_by,
        sealed_at=stamp(value.sealed_at),
        started_at=stamp(value.started_at),
        released_at=stamp(value.released_at),
        released_by=value.released_by,
        closed_at=stamp(value.closed_at),
        findings=findings,
        next=next_acts,
    )


def key_unit(value: KeyUnit) -> keylist_pb2.KeyUnit:
    """A unit's entry on the key list."""
    return keylist_pb2.KeyUnit(
        key_unit_id=value.id,
        version=value.version,
        jurisdiction_path=value.jurisdiction_path,
        unit_path=value.unit_path,
        reason=value.reason,
        listed_at=stamp(value.listed_at),
        taken_off_at=stamp(value.taken_off_at),
        taken_off_reason=value.taken_off_reason,
        origins=[origin(source) for source in value.origins],
    )
