"""Supervision's part: a point that reports, an inspection that finds, a notice, a round, a supervisor, the key list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.supervision.v1 import finding_pb2

from tests.contract.world import District, World

PROOF = {"sha256": "ab" * 32, "kind": "photo"}


def tell(world: World, district: District) -> None:
    """Everything supervision does in one district."""
    office = district.people[f"office@{district.slug}"]
    _point(world, district, office)
    inspected = _inspection(world, district, office)
    found = _finding(world, district, inspected)
    look = {"inspection_id": inspected["inspection_id"]}
    seen = world.do("supervision.GetInspection", district, office, **look).inspection
    world.do("supervision.ReleaseInspection", district, office, **look, expected_version=seen.version)
    finding = world.do("supervision.GetFinding", district, office, finding_id=found.finding_id).finding
    told = {"finding_id": finding.finding_id, "expected_version": finding.version, "kind": "rectification"}
    world.do("supervision.IssueNotice", district, office, **told)


def _point(world: World, district: District, office: Any) -> None:
    for keeper in (district.somebody("point"), district.somebody("point", subject=f"point-2@{district.slug}")):
        _reports(world, district, office, keeper)


def _reports(world: World, district: District, office: Any, keeper: Any) -> None:
    where = {"jurisdiction_path": district.path, "account_id": keeper.subject, "name": district.mark}
    world.do("supervision.CreatePoint", district, office, **where)
    term = {"opens_on": "2026-11-01", "closes_on": "2026-12-31"}
    round_ = world.do("supervision.OpenRound", district, office, jurisdiction_path=district.path, **term).round
    about = {"about_unit_path": district.unit, "round_id": round_.round_id, "evidence": [PROOF]}
    world.do("supervision.ReportFromPoint", district, keeper, **about)


def _inspection(world: World, district: District, office: Any) -> dict[str, Any]:
    for number in (1, 2):
        who = district.somebody("supervisor", subject=f"supervisor-{number}@{district.slug}")
        term = {"term_from": "2026-01-01", "term_to": "2027-12-31", "recused_unit_paths": []}
        names = {"jurisdiction_path": district.path, "account_id": who.subject, "name": who.subject}
        world.do("supervision.AppointSupervisor", district, office, **names, **term)
    plan = {"jurisdiction_path": district.path, "target_pool": [district.unit], "targets_wanted": 1, "inspectors_wanted": 2}
    days = {"from_day": "2026-11-16", "to_day": "2026-11-30"}
    at = world.do("supervision.PlanInspection", district, office, **plan, **days).inspection
    world.clock.advance(timedelta(hours=2))
    at = world.do("supervision.DrawTargets", district, office, **_on(at)).inspection
    at = world.do("supervision.SealPlan", district, office, **_on(at)).inspection
    return _on(at)


def _finding(world: World, district: District, inspection: dict[str, Any]) -> finding_pb2.Finding:
    first, second = (district.people[f"supervisor-{number}@{district.slug}"] for number in (1, 2))
    look = {"inspection_id": inspection["inspection_id"]}
    world.do("supervision.StartInspection", district, first, **inspection)
    found = {"unit_path": district.unit, "evidence": [PROOF], "occurred_at": world.clock.now()}
    finding = world.do("supervision.RecordFinding", district, first, **look, **found).finding
    which = {"finding_id": finding.finding_id, "expected_version": finding.version}
    confirmed: finding_pb2.Finding = world.do("supervision.ConfirmFinding", district, second, **look, **which).finding
    return confirmed


def _on(inspection: Any) -> dict[str, Any]:
    return {"inspection_id": inspection.inspection_id, "expected_version": inspection.version}
