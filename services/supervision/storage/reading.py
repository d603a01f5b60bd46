"""Lists: filtered, sorted by a declared key, paged, each kept to what its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from chassis.db import Resource
from chassis.store import Page, Tx, under
from services.supervision.domain.words import (
    FindingStage,
    FoundBy,
    InspectionKind,
    InspectionStage,
    PointKind,
    ReportOutcome,
)
from services.supervision.storage.sight import (
    Condition,
    readable_findings,
    readable_inspections,
    readable_points,
    readable_reports,
    readable_rounds,
    with_id,
)
from services.supervision.storage.tables import (
    FINDING_WORDS,
    FINDINGS,
    INSPECTIONS,
    KEY_UNITS,
    POINT_REPORTS,
    POINTS,
    ROUNDS,
    SUPERVISORS,
    TIMELINE,
)
from workdays import Light

T = TypeVar("T")
# The values of a page, and the token of the next one.
Listed = tuple[list[T], str]
# Before the notice a unit does not know; what concerns people of its own it does not read at all.
NOT_FOR_UNITS = ("confirm_finding", "release_inspection", "refer_to_accountability", "referred", "referred_before")


def values(resource: Resource[T], page: Page) -> Listed[T]:
    """A page of rows as values."""
    return [resource.value(row) for row in page.rows], page.next_token


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What a list of findings is narrowed by; what is empty does not narrow."""

    stage: FindingStage | None = None
    light: Light | None = None
    unit_path: str = ""
    found_by: FoundBy | None = None
    misconduct: str = ""
    inspection_id: str = ""
    number: str = ""
    open: bool = False
    overdue: bool = False
    referred: bool = False
    repeated: bool = False
    by_due: bool = False

    def conditions(self) -> list[Condition]:
        """The filter in SQL."""
        c = FINDINGS.table.c
        equal = {"stage": self.stage, "light": self.light, "found_by": self.found_by, "number": self.number}
        wanted: list[Condition] = [c[name] == value for name, value in equal.items() if value]
        if self.open:
            wanted.append(c.stage != FindingStage.CLOSED)
        if self.overdue:
            wanted.append(c.overdue_at.is_not(None))
        if self.referred:
            wanted.append(c.referred_at.is_not(None))
        if self.repeated:
            wanted.append(c.repeats > 0)
        if self.unit_path:
            wanted.append(under(c.unit_path, self.unit_path))
        if self.misconduct:
            words = sa.select(FINDING_WORDS.c.finding_id).where(FINDING_WORDS.c.word == self.misconduct)
            wanted.append(c.id.in_(words))
        if self.inspection_id:
            wanted.append(with_id(c.inspection_id, self.inspection_id))
        if self.by_due:
            wanted.append(c.due_at.is_not(None) & c.stage.in_((FindingStage.NOTIFIED, FindingStage.RECTIFYING)))
        return wanted


def list_findings(tx: Tx, narrowed: FindingFilter, size: int, token: str) -> Page:
    """Findings, newest first or by what is due first."""
    c = FINDINGS.table.c
    query = sa.select(FINDINGS.table).where(readable_findings(tx.caller), *narrowed.conditions())
    if narrowed.by_due:
        return tx.page(query, (c.due_at, c.id), size, token, descending=False)
    return tx.page(query, (c.recorded_at, c.id), size, token)


def turning(now: datetime, size: int, after: tuple[datetime, str] | None = None) -> sa.Select[Any]:
    """The findings whose limit turns by now, longest due first: an index range, however many limits run."""
    c = FINDINGS.table.c
    query = sa.select(c.next_turn_at, c.id).where(c.next_turn_at <= now)
    if after is not None:
        query = query.where(
            sa.tuple_(c.next_turn_at, c.id) > sa.tuple_(*map(sa.literal, after, (c.next_turn_at.type, c.id.type)))
        )
    return query.order_by(c.next_turn_at, c.id).limit(size)


def list_timeline(tx: Tx, finding_id: str, for_unit: bool, size: int, token: str) -> Page:
    """The acts on a finding in order."""
    c = TIMELINE.c
    query = sa.select(TIMELINE).where(c.finding_id == finding_id)
    if for_unit:
        query = query.where(c.act.not_in(NOT_FOR_UNITS))
    return tx.page(query, (c.id,), size, token, descending=False)


def list_inspections(tx: Tx, stage: InspectionStage | None, kind: InspectionKind | None, size: int, token: str) -> Page:
    """Inspections, newest first."""
    c = INSPECTIONS.table.c
    query = sa.select(INSPECTIONS.table).where(readable_inspections(tx.caller))
    if stage is not None:
        query = query.where(c.stage == stage)
    if kind is not None:
        query = query.where(c.kind == kind)
    return tx.page(query, (c.planned_at, c.id), size, token)


def count_findings(tx: Tx, inspection_ids: Sequence[str]) -> dict[str, int]:
    """How many findings each inspection has, as far as the reader may see them."""
    c = FINDINGS.table.c
    query = sa.select(c.inspection_id, sa.func.count().label("found")).where(
        c.inspection_id.in_(inspection_ids), readable_findings(tx.caller)
    )
    return {str(row.inspection_id): int(row.found) for row in tx.rows(query.group_by(c.inspection_id))}


def list_supervisors(tx: Tx, in_term_on: date | None, size: int, token: str) -> Page:
    """Supervisors, latest appointed first."""
    c = SUPERVISORS.table.c
    query = sa.select(SUPERVISORS.table).where(tx.visible(SUPERVISORS.table))
    if in_term_on is not None:
        query = query.where(c.term_from <= in_term_on, c.term_to >= in_term_on)
    return tx.page(query, (c.id,), size, token)


def list_points(tx: Tx, kind: PointKind | None, active: bool, size: int, token: str) -> Page:
    """Points by name."""
    c = POINTS.table.c
    query = sa.select(POINTS.table).where(tx.visible(POINTS.table), readable_points(tx.caller))
    if kind is not None:
        query = query.where(c.kind == kind)
    if active:
        query = query.where(c.ended_on.is_(None))
    return tx.page(query, (c.name, c.id), size, token, descending=False)


def list_rounds(tx: Tx, open_on: date | None, size: int, token: str) -> Page:
    """Rounds, newest first, each with how many reports came in."""
    c, r = ROUNDS.table.c, POINT_REPORTS.table.c
    counted = sa.select(sa.func.count()).where(r.round_id == c.id, readable_reports(tx.caller)).scalar_subquery()
    query = sa.select(ROUNDS.table, counted.label("reports")).where(readable_rounds(tx.caller))
    if open_on is not None:
        query = query.where(c.opens_on <= open_on, c.closes_on >= open_on)
    return tx.page(query, (c.opened_at, c.id), size, token)


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What a list of reports is narrowed by."""

    outcome: ReportOutcome | None = None
    point_id: str = ""
    round_id: str = ""
    about_unit_path: str = ""


def list_reports(tx: Tx, narrowed: ReportFilter, size: int, token: str) -> Page:
    """Reports of points, newest first."""
    c = POINT_REPORTS.table.c
    query = sa.select(POINT_REPORTS.table).where(tx.visible(POINT_REPORTS.table), readable_reports(tx.caller))
    if narrowed.outcome is not None:
        query = query.where(c.outcome == narrowed.outcome)
    if narrowed.point_id:
        query = query.where(with_id(c.point_id, narrowed.point_id))
    if narrowed.round_id:
        query = query.where(with_id(c.round_id, narrowed.round_id))
    if narrowed.about_unit_path:
        query = query.where(under(c.about_unit_path, narrowed.about_unit_path))
    return tx.page(query, (c.reported_at, c.id), size, token)


def list_key_units(tx: Tx, past: bool, unit_path: str, size: int, token: str) -> Page:
    """Units on the key list, latest first."""
    c = KEY_UNITS.table.c
    query = sa.select(KEY_UNITS.table).where(tx.visible(KEY_UNITS.table))
    if not past:
        query = query.where(c.taken_off_at.is_(None))
    if unit_path:
        query = query.where(under(c.unit_path, unit_path))
    return tx.page(query, (c.listed_at, c.id), size, token)
