"""Inspections: planned, drawn, sealed, carried out by two, released, filed; and the supervisors who carry them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.store import Store, Tx, under
from services.supervision.domain.facts import Origin
from services.supervision.domain.finding import Finding
from services.supervision.domain.inspection import Inspection, Seed, Supervisor, plan
from services.supervision.domain.notice import Evidence
from services.supervision.domain.recording import record
from services.supervision.domain.words import FindingStage, FoundBy, InspectionKind, InspectionStage, ReportOutcome
from services.supervision.storage import reading, sight
from services.supervision.storage.keeping import (
    add_finding,
    earlier_findings,
    findings_of,
    hold,
    keep,
    own_jurisdiction,
    own_units_at,
    record_number,
    remember_draw,
    unit_at,
)
from services.supervision.storage.reading import Listed
from services.supervision.storage.tables import FINDINGS, INSPECTIONS, POINT_REPORTS, SUPERVISORS
from workdays import local_day


class Inspections:
    """Use cases around inspections."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def appoint(self, caller: Caller, jurisdiction_path: str, **appointment: Any) -> Supervisor:
        """Appoints a supervisor for a term."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own_jurisdiction(tx, jurisdiction_path)
            number = f"监督员{tx.number('监督员')}号"
            place: dict[str, Any] = {"unit_path": "", "jurisdiction_path": jurisdiction_path, "number": number}
            appointed = Supervisor(tx.new_id(), 1, **place, **appointment)
            c = SUPERVISORS.table.c
            same = c.account_id == appointed.account_id
            overlap = sa.and_(c.term_from <= appointed.term_to, c.term_to >= appointed.term_from)
            if tx.rows(sa.select(c.id).where(same, overlap).limit(1)):
                raise Conflict("ACCOUNT_TAKEN", "account_id")
            return tx.answer(tx.add(SUPERVISORS, appointed))

    def list_supervisors(self, caller: Caller, in_term_on: date | None, size: int, token: str) -> Listed[Supervisor]:
        """Supervisors, latest appointed first."""
        with self.store.read(caller) as tx:
            return reading.values(SUPERVISORS, reading.list_supervisors(tx, in_term_on, size, token))

    def plan(
        self, caller: Caller, jurisdiction_path: str, target_pool: tuple[str, ...], point_report_id: str, **planned: Any
    ) -> Inspection:
        """Plans an inspection; from here on the pools are fixed."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own_jurisdiction(tx, jurisdiction_path)
            own_units_at(tx, target_pool, "target_pool")
            made = plan(
                least_inspectors=int(tx.setting("inspection.least_inspectors", jurisdiction_path)),
                id=tx.new_id(),
                jurisdiction_path=jurisdiction_path,
                number=record_number(tx, "督查", tx.now),
                target_pool=tuple(sorted(set(target_pool))),
                inspector_pool=serving(tx, jurisdiction_path, planned["from_day"], planned["to_day"]),
                planned_by=caller.subject,
                planned_at=tx.now,
                point_report_id=point_report_id or None,
                **planned,
            )
            if point_report_id:
                reported = tx.get(POINT_REPORTS, point_report_id)
                tx.save(POINT_REPORTS, reported.settle(ReportOutcome.INSPECTION, made.id))
            return tx.answer(tx.add(INSPECTIONS, made))

    def draw(
        self, caller: Caller, inspection_id: str, expected_version: int, seed: str, source: str, published_at: datetime
    ) -> Inspection:
        """Draws targets and inspectors from a seed published after the plan was fixed."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            planned = tx.get(INSPECTIONS, inspection_id, expected_version)
            people = tx.rows(SUPERVISORS.table.select().where(SUPERVISORS.table.c.id.in_(planned.inspector_pool)))
            drawn_from = Seed(seed, source, published_at, tx.now, caller.subject)
            drawn = planned.draw(drawn_from, [SUPERVISORS.value(row) for row in people])
            remember_draw(tx, drawn)
            return tx.answer(tx.save(INSPECTIONS, drawn))

    def seal(self, caller: Caller, inspection_id: str, expected_version: int) -> Inspection:
        """Seals the plan."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            sealed = tx.get(INSPECTIONS, inspection_id, expected_version).seal(tx.now)
            return tx.answer(tx.save(INSPECTIONS, sealed))

    def start(self, caller: Caller, inspection_id: str, expected_version: int) -> Inspection:
        """An inspector sets out."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            sealed = own_inspection(tx, inspection_id, expected_version)
            begun = sealed.start(caller.subject, local_day(tx.now), tx.now)
            return tx.answer(tx.save(INSPECTIONS, begun))

    def record_finding(
        self,
        caller: Caller,
        inspection_id: str,
        unit_path: str,
        misconduct: tuple[str, ...],
        evidence: tuple[Evidence, ...],
        **seen: Any,
    ) -> Finding:
        """An inspector records a problem at a drawn target."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            inspection = own_inspection(tx, inspection_id)
            unit = unit_at(tx, unit_path)
            inspection.must_take_finding(caller.subject, unit_path, len(evidence))
            hold(tx, inspection)
            found = record(
                id=tx.new_id(),
                unit_path=unit_path,
                jurisdiction_path=unit.jurisdiction_path,
                number=record_number(tx, "问题", tx.now),
                found_by=FoundBy.INSPECTION,
                undercover=inspection.kind.undercover,
                misconduct=misconduct,
                known_misconduct=frozenset(tx.setting("finding.misconduct", unit.jurisdiction_path)),
                evidence=evidence,
                recorded_at=tx.now,
                recorded_by=caller.subject,
                origin=Origin("supervision", inspection.id, inspection.number),
                inspection_id=inspection.id,
                sealed=True,
                earlier=earlier_findings(tx, unit_path, misconduct, unit.jurisdiction_path, under_seal=True),
                **seen,
            )
            return tx.answer(add_finding(tx, found.recorded()))

    def confirm_finding(self, caller: Caller, inspection_id: str, finding_id: str, expected_version: int) -> Finding:
        """A second inspector confirms what the first recorded."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            inspection = own_inspection(tx, inspection_id)
            found = tx.get(FINDINGS, finding_id, expected_version)
            if found.inspection_id != inspection.id:
                raise NotFound("FINDING_NOT_FOUND", "finding_id")
            return tx.answer(keep(tx, found.confirm(caller.subject)))

    def release(self, caller: Caller, inspection_id: str, expected_version: int) -> Inspection:
        """Lifts the seal; what was found is announced now."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            inspection = tx.get(INSPECTIONS, inspection_id, expected_version)
            released = tx.save(INSPECTIONS, inspection.release(caller.subject, tx.now))
            for found in findings_of(tx, released):
                keep(tx, found.release())
            return tx.answer(released)

    def close(self, caller: Caller, inspection_id: str, expected_version: int) -> Inspection:
        """Files it."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            inspection = tx.get(INSPECTIONS, inspection_id, expected_version)
            waiting = [
                found
                for found in findings_of(tx, inspection)
                if found.stage is FindingStage.RECORDED and found.referral is None
            ]
            return tx.answer(tx.save(INSPECTIONS, inspection.close(len(waiting), tx.now)))

    def get(self, caller: Caller, inspection_id: str) -> Inspection:
        """One inspection, as its reader may see it."""
        with self.store.read(caller) as tx:
            return seen_by(caller, readable_inspection(tx, inspection_id))

    def counted(self, caller: Caller, inspections: Sequence[Inspection]) -> dict[str, int]:
        """How many findings each of them has, as far as the caller may see them."""
        with self.store.read(caller) as tx:
            return reading.count_findings(tx, [inspection.id for inspection in inspections])

    def list(
        self, caller: Caller, stage: InspectionStage | None, kind: InspectionKind | None, size: int, token: str
    ) -> Listed[Inspection]:
        """Inspections, newest first."""
        with self.store.read(caller) as tx:
            found, further = reading.values(INSPECTIONS, reading.list_inspections(tx, stage, kind, size, token))
            return [seen_by(caller, value) for value in found], further


def serving(tx: Tx, jurisdiction_path: str, first: date, last: date) -> tuple[str, ...]:
    """The supervisors of a jurisdiction whose term covers the days, by id."""
    c = SUPERVISORS.table.c
    query = sa.select(c.id).where(c.term_from <= first, c.term_to >= last)
    return tuple(sorted(row.id for row in tx.rows(query.where(under(c.jurisdiction_path, jurisdiction_path)))))


def own_inspection(tx: Tx, inspection_id: str, expected_version: int | None = None) -> Inspection:
    """An inspection the caller was drawn for. Refused with INSPECTION_NOT_FOUND before its version can be guessed."""
    found = tx.get(INSPECTIONS, inspection_id)
    found.must_be_carried_out_by(tx.caller.subject)
    return tx.get(INSPECTIONS, inspection_id, expected_version)


def readable_inspection(tx: Tx, inspection_id: str) -> Inspection:
    """An inspection its reader may see, released ones also from the inspected side."""
    wanted = sight.with_id(INSPECTIONS.table.c.id, inspection_id)
    rows = tx.rows(INSPECTIONS.table.select().where(wanted, sight.readable_inspections(tx.caller)))
    if not rows:
        raise NotFound("INSPECTION_NOT_FOUND", "inspection_id")
    return INSPECTIONS.value(rows[0])


def seen_by(caller: Caller, inspection: Inspection) -> Inspection:
    """The inspection with what this reader may know of it."""
    if sight.watches(caller, inspection.jurisdiction_path) or caller.subject in inspection.accounts():
        return inspection
    return inspection.for_the_inspected(caller.unit_paths)
