"""Inspections and supervisors: planned openly to the office, drawn by lot, sealed to everybody else until released."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.errors import Conflict, Invalid, NotFound
from services.supervision.domain.draw import INSPECTOR, TARGET, draw
from services.supervision.domain.words import INSPECTION_NEXT, UNDER_SEAL, InspectionKind, InspectionStage


def at_or_under(path: str, top: str) -> bool:
    """Whether a path is `top` or lies below it."""
    return path == top or path.startswith(top.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Somebody appointed to inspect, for a term, and the units where that would be wrong."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    name: str
    account_id: str
    term_from: date
    term_to: date
    recused_unit_paths: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.term_to < self.term_from:
            raise Invalid("DAYS_REVERSED", "term_to")

    def serves(self, first: date, last: date) -> bool:
        """Whether the whole time lies in the term."""
        return self.term_from <= first and last <= self.term_to

    def recused_from(self, targets: Iterable[str]) -> bool:
        """Whether one of the targets is, contains or belongs to a unit the supervisor may not inspect."""
        return any(
            at_or_under(target, own) or at_or_under(own, target) for target in targets for own in self.recused_unit_paths
        )


@dataclass(frozen=True, slots=True)
class Inspector:
    """A supervisor as drawn for one inspection."""

    supervisor_id: str
    account_id: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Seed:
    """The published text the draw rests on."""

    text: str
    source: str
    published_at: datetime
    drawn_at: datetime
    drawn_by: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection. `unit_path` is empty: its row belongs to no unit, so no unit can reach it by its own path."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    stage: InspectionStage
    kind: InspectionKind
    title: str
    plan_number: str
    checklist: tuple[str, ...]
    from_day: date
    to_day: date
    targets_wanted: int
    inspectors_wanted: int
    target_pool: tuple[str, ...]
    inspector_pool: tuple[str, ...]
    planned_by: str
    planned_at: datetime
    point_report_id: str | None = None
    targets: tuple[str, ...] = ()
    inspectors: tuple[Inspector, ...] = ()
    seed: Seed | None = None
    sealed_at: datetime | None = None
    started_at: datetime | None = None
    released_at: datetime | None = None
    released_by: str = ""
    closed_at: datetime | None = None

    @property
    def under_seal(self) -> bool:
        """Whether the inspected side may not know of it."""
        return self.stage in UNDER_SEAL

    def change(self, to: InspectionStage | None = None, **fields: Any) -> Inspection:
        """The next version, moved along the life cycle. Refused with INSPECTION_STAGE_UNFIT."""
        if to is not None and to not in INSPECTION_NEXT[self.stage]:
            raise Conflict("INSPECTION_STAGE_UNFIT", stage=self.stage.value)
        return replace(self, version=self.version + 1, stage=to or self.stage, **fields)

    def draw(self, seed: Seed, candidates: Iterable[Supervisor]) -> Inspection:
        """Draws targets, then inspectors who are not recused from them.

        Refused with SEED_BEFORE_PLAN: whoever knows the seed when the pool is fixed can choose the pool; with
        SEED_IN_FUTURE; with TOO_FEW_INSPECTORS if recusals leave not enough.
        """
        if seed.published_at <= self.planned_at:
            raise Invalid("SEED_BEFORE_PLAN", "seed_published_at")
        if seed.published_at > seed.drawn_at:
            raise Invalid("SEED_IN_FUTURE", "seed_published_at")
        targets = draw(seed.text, TARGET, self.target_pool, self.targets_wanted)
        known = {supervisor.id: supervisor for supervisor in candidates}
        recused = {id for id, supervisor in known.items() if supervisor.recused_from(targets)}
        drawn = draw(seed.text, INSPECTOR, self.inspector_pool, self.inspectors_wanted, recused)
        if len(drawn) < self.inspectors_wanted:
            raise Conflict("TOO_FEW_INSPECTORS", wanted=self.inspectors_wanted, found=len(drawn))
        people = tuple(Inspector(id, known[id].account_id, known[id].number, known[id].name) for id in drawn)
        return self.change(InspectionStage.DRAWN, seed=seed, targets=targets, inspectors=people)

    def seal(self, at: datetime) -> Inspection:
        """Nothing changes any more until it is released; the inspectors may read it."""
        return self.change(InspectionStage.SEALED, sealed_at=at)

    def start(self, account_id: str, today: date, at: datetime) -> Inspection:
        """An inspector sets out. Refused with INSPECTION_NOT_FOUND for others, OUTSIDE_WINDOW."""
        self.must_be_carried_out_by(account_id)
        begun = self.change(InspectionStage.UNDER_WAY, started_at=at)
        if not self.from_day <= today <= self.to_day:
            raise Conflict("OUTSIDE_WINDOW", first=self.from_day, last=self.to_day)
        return begun

    def must_take_finding(self, account_id: str, unit_path: str, proofs: int) -> None:
        """Refuses what cannot be recorded: with INSPECTION_NOT_FOUND, UNIT_NOT_A_TARGET, EVIDENCE_MISSING."""
        self.must_be_carried_out_by(account_id)
        self.must_be_under_way()
        if not any(at_or_under(unit_path, target) for target in self.targets):
            raise Invalid("UNIT_NOT_A_TARGET", "unit_path")
        if not proofs:
            raise Invalid("EVIDENCE_MISSING", "evidence")

    def release(self, by: str, at: datetime) -> Inspection:
        """Lifts the seal."""
        return self.change(InspectionStage.RELEASED, released_at=at, released_by=by)

    def close(self, unanswered: int, at: datetime) -> Inspection:
        """Files it. Refused with FINDING_WITHOUT_NOTICE while findings have neither notice nor referral."""
        closed = self.change(InspectionStage.CLOSED, closed_at=at)
        if unanswered:
            raise Conflict("FINDING_WITHOUT_NOTICE", count=unanswered)
        return closed

    def must_be_under_way(self) -> None:
        """Refuses with INSPECTION_STAGE_UNFIT before inspectors have set out and after release."""
        if self.stage is not InspectionStage.UNDER_WAY:
            raise Conflict("INSPECTION_STAGE_UNFIT", stage=self.stage.value)

    def must_be_carried_out_by(self, account_id: str) -> None:
        """Refuses others as if it did not exist: only its inspectors know of a sealed inspection."""
        if self.stage in (InspectionStage.PLANNED, InspectionStage.DRAWN) or account_id not in self.accounts():
            raise NotFound("INSPECTION_NOT_FOUND", "inspection_id")

    def accounts(self) -> frozenset[str]:
        """The accounts of its inspectors."""
        return frozenset(inspector.account_id for inspector in self.inspectors)

    def for_the_inspected(self, unit_paths: Iterable[str]) -> Inspection:
        """What the inspected side may read: its own targets, no pool, and of undercover kinds not who it was."""
        own = tuple(target for target in self.targets if any(at_or_under(target, path) for path in unit_paths))
        hidden: dict[str, Any] = {"target_pool": (), "inspector_pool": (), "seed": None, "point_report_id": None}
        people = () if self.kind.undercover else self.inspectors
        return replace(self, targets=own, inspectors=people, planned_by="", released_by="", **hidden)

    def next_acts(self, roles: Set[str], account_id: str) -> tuple[str, ...]:
        """What somebody with these roles may do with it now, by rpc name."""
        acts: list[str] = []
        if "office" in roles:
            acts += {
                InspectionStage.PLANNED: ["DrawTargets"],
                InspectionStage.DRAWN: ["SealPlan"],
                InspectionStage.UNDER_WAY: ["ReleaseInspection"],
                InspectionStage.RELEASED: ["CloseInspection"],
            }.get(self.stage, [])
        if "supervisor" in roles and account_id in self.accounts():
            acts += {
                InspectionStage.SEALED: ["StartInspection"],
                InspectionStage.UNDER_WAY: ["RecordFinding"],
            }.get(self.stage, [])
        return tuple(acts)


def plan(*, least_inspectors: int, **fields: Any) -> Inspection:
    """A planned inspection. Refused with DAYS_REVERSED, TOO_FEW_TARGETS, TOO_FEW_INSPECTORS."""
    planned = Inspection(version=1, unit_path="", stage=InspectionStage.PLANNED, **fields)
    if planned.to_day < planned.from_day:
        raise Invalid("DAYS_REVERSED", "to_day")
    if len(set(planned.target_pool)) < planned.targets_wanted:
        raise Invalid("TOO_FEW_TARGETS", "target_pool", wanted=planned.targets_wanted, found=len(set(planned.target_pool)))
    if planned.inspectors_wanted < least_inspectors:
        raise Invalid("TOO_FEW_INSPECTORS", "inspectors_wanted", wanted=least_inspectors, found=planned.inspectors_wanted)
    if len(planned.inspector_pool) < planned.inspectors_wanted:
        found = len(planned.inspector_pool)
        raise Conflict("TOO_FEW_INSPECTORS", wanted=planned.inspectors_wanted, found=found)
    return planned
