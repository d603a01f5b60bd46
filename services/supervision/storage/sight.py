"""Who may see which row, in SQL.

The access option of an rpc opens rows by jurisdiction or unit; some readers may see fewer: a unit nothing under seal, a
supervisor and a point only their own. Each condition is the sum of what the reader's roles open, so that somebody with two
roles sees what either shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.store import under
from services.supervision.domain.words import UNDER_SEAL, FoundBy, InspectionStage
from services.supervision.storage.tables import FINDINGS, INSPECTIONS, INSPECTORS, POINT_REPORTS, POINTS, ROUNDS, TARGETS

Condition = sa.ColumnElement[bool]
WATCHERS = ("office", "leader")
UNIT_ROLES = ("unit_clerk", "unit_head")


def within(column: sa.ColumnElement[str], paths: Iterable[str]) -> Condition:
    """Rows at or under one of the paths; none if there is no path."""
    return sa.or_(sa.false(), *(under(column, path) for path in paths))


def readable_findings(caller: Caller) -> Condition:
    """Which findings a reader may see."""
    c = FINDINGS.table.c
    if caller.rows.everything:
        return sa.true()
    seen: list[Condition] = [sa.false()]
    if caller.has(*WATCHERS):
        seen.append(within(c.jurisdiction_path, caller.jurisdiction_paths))
    if caller.has(*UNIT_ROLES):
        known = sa.or_(c.notified_at.is_not(None), c.found_by == FoundBy.SELF)
        seen.append(within(c.unit_path, caller.unit_paths) & known)
    if caller.has("supervisor"):
        seen.append(c.inspection_id.in_(inspections_of(caller.subject)))
    return sa.or_(*seen)


def readable_inspections(caller: Caller) -> Condition:
    """Which inspections a reader may see: the inspected side only once released, inspectors once sealed."""
    c = INSPECTIONS.table.c
    if caller.rows.everything:
        return sa.true()
    seen: list[Condition] = [sa.false()]
    if caller.has(*WATCHERS):
        seen.append(within(c.jurisdiction_path, caller.jurisdiction_paths))
    if caller.has(*UNIT_ROLES):
        own = sa.select(TARGETS.c.inspection_id).where(within(TARGETS.c.unit_path, caller.unit_paths))
        seen.append(c.stage.not_in(UNDER_SEAL) & c.id.in_(own))
    if caller.has("supervisor"):
        drawn = c.stage.not_in((InspectionStage.PLANNED, InspectionStage.DRAWN))
        seen.append(drawn & c.id.in_(inspections_of(caller.subject)))
    return sa.or_(*seen)


def readable_points(caller: Caller) -> Condition:
    """A point sees itself."""
    return _watched_or_own(caller, POINTS.table)


def readable_reports(caller: Caller) -> Condition:
    """A point sees its own reports."""
    return _watched_or_own(caller, POINT_REPORTS.table)


def _watched_or_own(caller: Caller, table: sa.Table) -> Condition:
    if caller.rows.everything or caller.has(*WATCHERS):
        return sa.true()
    return table.c.account_id == caller.subject


def readable_rounds(caller: Caller) -> Condition:
    """A point sees the rounds of its own jurisdiction and of those above, which ask it, too."""
    c = ROUNDS.table.c
    if caller.rows.everything:
        return sa.true()
    seen: list[Condition] = [sa.false()]
    if caller.has(*WATCHERS):
        seen.append(within(c.jurisdiction_path, caller.jurisdiction_paths))
    if caller.has("point"):
        above = {up for path in caller.jurisdiction_paths for up in upwards(path)}
        seen.append(c.jurisdiction_path.in_(sorted(above)))
    return sa.or_(*seen)


def upwards(path: str) -> list[str]:
    """A path and those above it."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: length + 1]) for length in range(len(parts))]


def watches(caller: Caller, jurisdiction_path: str) -> bool:
    """Whether somebody reads a row for the office or a leader, and so in full."""
    return caller.has(*WATCHERS) and any(covers(own, jurisdiction_path) for own in caller.jurisdiction_paths)


def with_id(column: sa.ColumnElement[str], text: str) -> Condition:
    """The row with this id; none for a text that is no id."""
    try:
        return column == str(UUID(text))
    except ValueError:
        return sa.false()


def inspections_of(account_id: str) -> sa.Select[Any]:
    """The inspections an account was drawn for."""
    return sa.select(INSPECTORS.c.inspection_id).where(INSPECTORS.c.account_id == account_id)
