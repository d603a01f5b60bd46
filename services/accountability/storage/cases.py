"""Questions about cases: found by origin or person, their timeline, and what was decided before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.store import Page, Tx, under
from services.accountability.domain.appeals import Appeal
from services.accountability.domain.case import Case
from services.accountability.domain.effects import Effect
from services.accountability.domain.proposal import Earlier, Recommendation
from services.accountability.domain.states import AT_WORK, JOINABLE, AppealState, CaseState, EffectState
from services.accountability.domain.views import CaseFilter
from services.accountability.rules.periods import Running
from services.accountability.storage.tables import (
    APPEALS,
    CASES,
    EFFECTS,
    LINKS,
    PENDING,
    RECOMMENDATIONS,
    TIMELINE,
)

ORIGIN, OFFICIAL, SERVICE = "origin", "official", "service"


def link(tx: Tx, case: Case) -> None:
    """Writes the links of a case that are not there yet."""
    wanted = {(ORIGIN, origin.subject_id) for origin in case.origins}
    wanted |= {(SERVICE, origin.service) for origin in case.origins}
    wanted |= {(OFFICIAL, party.official_id) for party in case.parties if party.official_id}
    there = tx.rows(sa.select(LINKS.c.kind, LINKS.c.ref).where(LINKS.c.case_id == case.id))
    for kind, ref in sorted(wanted - {(row.kind, row.ref) for row in there}):
        tx.insert(LINKS, {"kind": kind, "ref": ref, "case_id": case.id})


def linked(kind: str, refs: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition for cases with one of these links."""
    return CASES.table.c.id.in_(sa.select(LINKS.c.case_id).where(LINKS.c.kind == kind, LINKS.c.ref.in_(refs)))


def by_ids(tx: Tx, ids: Collection[str]) -> dict[str, Case]:
    """These cases, each under its id. Raises NotFound for one the caller may not see, as reading it alone does."""
    if not ids:
        return {}
    table = CASES.table
    found = [CASES.value(row) for row in tx.rows(sa.select(table).where(tx.visible(table), table.c.id.in_(ids)))]
    if len(found) < len(ids):
        raise NotFound("CASE_NOT_FOUND", "case_id")
    return {case.id: case for case in found}


def case_at_work_of(tx: Tx, origin_subject_id: str) -> Case | None:
    """The case this record opened or joined, while it is still being looked into."""
    return _first(tx, linked(ORIGIN, [origin_subject_id]), CASES.table.c.state.in_(sorted(AT_WORK)))


def cases_of(tx: Tx, origin_subject_id: str) -> list[Case]:
    """Every case this record opened or joined."""
    return [CASES.value(row) for row in tx.rows(sa.select(CASES.table).where(linked(ORIGIN, [origin_subject_id])))]


def about(tx: Tx, official_id: str) -> list[Case]:
    """Every case a person is in."""
    return [CASES.value(row) for row in tx.rows(sa.select(CASES.table).where(linked(OFFICIAL, [official_id])))]


def filed_about(tx: Tx, official_id: str) -> list[Case]:
    """Every case a person is in that was filed and the caller may see, the first filed first."""
    table = CASES.table
    query = sa.select(table).where(tx.visible(table), linked(OFFICIAL, [official_id]), table.c.filed_at.is_not(None))
    return [CASES.value(row) for row in tx.rows(query.order_by(table.c.filed_at, table.c.id))]


def joinable_case_of(tx: Tx, unit_path: str, conduct: str, officials: Sequence[str]) -> Case | None:
    """A clue about the same people, unit and conduct, not filed yet."""
    if not officials:
        return None
    table = CASES.table
    same = (table.c.unit_path == unit_path, table.c.suspected_conduct == conduct, table.c.state.in_(sorted(JOINABLE)))
    return _first(tx, linked(OFFICIAL, officials), *same)


def _first(tx: Tx, *conditions: sa.ColumnElement[bool]) -> Case | None:
    query = sa.select(CASES.table.c.id).where(*conditions).order_by(CASES.table.c.opened_at).limit(1)
    rows = tx.rows(query)
    return tx.get(CASES, rows[0].id) if rows else None


def list_cases(tx: Tx, narrowed: CaseFilter, size: int, token: str) -> Page:
    """Cases the caller may see, newest first."""
    table = CASES.table
    query = sa.select(table).where(tx.visible(table))
    if narrowed.state is not None:
        query = query.where(table.c.state == narrowed.state)
    if narrowed.unit_path:
        query = query.where(under(table.c.unit_path, narrowed.unit_path))
    if narrowed.origin_subject_id:
        query = query.where(linked(ORIGIN, [narrowed.origin_subject_id]))
    if narrowed.official_id:
        query = query.where(linked(OFFICIAL, [narrowed.official_id]))
    return tx.page(query, (table.c.opened_at, table.c.id), size, token)


def note_line(tx: Tx, case: Case, act: str, by: str) -> str:
    """Writes a line of the timeline; its id is also that of its text."""
    last = sa.select(sa.func.coalesce(sa.func.max(TIMELINE.c.seq), 0)).where(TIMELINE.c.case_id == case.id)
    row = {"case_id": case.id, "seq": tx.rows(last)[0][0] + 1, "id": tx.new_id()}
    tx.insert(TIMELINE, {**row, "at": tx.now, "act": act, "by": by, "state": case.state})
    return str(row["id"])


def timeline(tx: Tx, case_id: str, size: int, token: str) -> Page:
    """What happened in a case, oldest first."""
    query = sa.select(TIMELINE).where(TIMELINE.c.case_id == case_id)
    return tx.page(query, (TIMELINE.c.seq,), size, token, descending=False)


def line_ids(tx: Tx, case_id: str, act: str) -> list[str]:
    """The lines of one act, oldest first."""
    query = sa.select(TIMELINE.c.id).where(TIMELINE.c.case_id == case_id, TIMELINE.c.act == act)
    return [row.id for row in tx.rows(query.order_by(TIMELINE.c.seq))]


def recommendations_of(tx: Tx, case_id: str) -> list[Recommendation]:
    """The recommendations of a case, oldest first."""
    table = RECOMMENDATIONS.table
    rows = tx.rows(sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id))
    return [RECOMMENDATIONS.value(row) for row in rows]


def appeals_of(tx: Tx, case_id: str) -> list[Appeal]:
    """The appeals of a case, oldest first."""
    table = APPEALS.table
    rows = tx.rows(sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id))
    return [APPEALS.value(row) for row in rows]


def went_on(tx: Tx, found: Sequence[Appeal]) -> set[str]:
    """Which of these appeals went on to a second instance, by id."""
    table = APPEALS.table
    later = (table.c.case_id.in_({one.case_id for one in found}), table.c.first_id.in_({one.id for one in found}))
    return {row.first_id for row in tx.rows(sa.select(table.c.first_id).where(*later))} if found else set()


def pending_appeals(tx: Tx) -> list[Appeal]:
    """The open appeals whose end waits for a calendar year."""
    table = APPEALS.table
    query = sa.select(table).where(table.c.state == AppealState.FILED, table.c.decide_by == PENDING)
    return [APPEALS.value(row) for row in tx.rows(query.order_by(table.c.id))]


def effects_of_case(tx: Tx, case_id: str) -> list[Effect]:
    """The effects of a case that were not revoked."""
    table = EFFECTS.table
    query = sa.select(table).where(table.c.case_id == case_id, table.c.state != EffectState.REVOKED)
    return [EFFECTS.value(row) for row in tx.rows(query.order_by(table.c.id))]


def earlier(tx: Tx, official_id: str, unit_path: str, besides: str) -> Earlier:
    """What the ledger holds of a person, or of a unit where `official_id` is empty, from other cases than this one.

    A case counts once, on the first day anything was decided in it; what an appeal revoked never was.
    """
    table = EFFECTS.table
    whose = (
        table.c.official_id == official_id if official_id else (table.c.official_id == "") & (table.c.unit_path == unit_path)
    )
    query = sa.select(table).where(whose, table.c.case_id != besides, table.c.state != EffectState.REVOKED)
    held = [EFFECTS.value(row) for row in tx.rows(query.order_by(table.c.starts_on, table.c.id))]
    first = {one.case_id: one.starts_on for one in reversed(held)}
    running = [Running(one.measure, one.case_number, one.starts_on, one.ends_on) for one in held if one.ends_on is not None]
    return Earlier(tuple(sorted(first.values())), tuple(running))


def counted(tx: Tx, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Cases opened, decided and ended without a consequence in a period, among those the caller may see."""
    table = CASES.table
    seen = tx.visible(table)

    def between(column: sa.ColumnElement[Any], *further: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(seen, column >= since, column < until, *further)
        return int(tx.rows(query)[0][0])

    without = table.c.state.in_([CaseState.DROPPED, CaseState.TOLERATED, CaseState.CLEARED])
    return between(table.c.opened_at), between(table.c.decided_at), between(table.c.ended_at, without)
