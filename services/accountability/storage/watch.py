"""Flags, own handlings, the limits that run while a case is open, and what decisions are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from chassis.db import Choice, Doc, Id, Instant, Path
from chassis.store import Page, Tx, under
from services.accountability.domain.case import Case
from services.accountability.domain.flags import Compared, Flag, FlagFilter, FlagKind, FlagState
from services.accountability.domain.intake import Ground
from services.accountability.domain.own_handling import HandlingState, OwnHandling
from services.accountability.rules.ranges import Reason
from services.accountability.storage.tables import LINKS, SCHEMA, WORDS

FLAGS = SCHEMA.resource(
    Flag,
    "flags",
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Choice(FlagKind), nullable=False),
    Column("state", Choice(FlagState), nullable=False),
    Column("about", Text, nullable=False, unique=True),
    Column("case_id", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("own_handling_id", Text, nullable=False),
    Column("reason", Doc(Reason), nullable=False),
    Column("compared", Doc(tuple[Compared, ...]), nullable=False),
    Column("on_day", sa.Date, nullable=False),
    Column("raised_at", Instant(), nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("evidence_sha256", Doc(WORDS), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Instant()),
    Column("decision_id", Text, nullable=False),
    Column("opened_case_id", Text, nullable=False),
    Index("flags_raised", "jurisdiction_path", "raised_at", "id"),
    Index("flags_state", "state", "kind", "raised_at", "id"),
    Index("flags_unit", "unit_path", "raised_at", "id"),
    Index("flags_case", "case_id"),
)
OWN_HANDLINGS = SCHEMA.resource(
    OwnHandling,
    "own_handlings",
    Column("state", Choice(HandlingState), nullable=False),
    Column("official_id", Text, nullable=False),
    Column("measures", Doc(WORDS), nullable=False),
    Column("decided_on", sa.Date, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("filed_at", Instant(), nullable=False),
    Column("late", sa.Boolean, nullable=False),
    Column("ruled_by", Text, nullable=False),
    Column("ruled_at", Instant()),
    Column("opinion_id", Text, nullable=False),
    Index("own_handlings_filed", "jurisdiction_path", "filed_at", "id"),
    Index("own_handlings_unit", "unit_path", "filed_at", "id"),
    Index("own_handlings_document", "unit_path", "document_number", "official_id", unique=True),
)
# The limits of open cases: a sweep reads those whose day has come and nothing else. What has passed was told once and waits
# for no day any more.
WATCHES: Table = SCHEMA.table(
    "watches",
    Column("case_id", Id(), primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("due_on", sa.Date),
    Index("watches_due", "due_on"),
)
# What was decided under which row, for comparing: the heaviest measure of one party, empty for none.
OUTCOMES: Table = SCHEMA.table(
    "outcomes",
    Column("row_key", Text, primary_key=True),
    Column("case_id", Id(), primary_key=True),
    Column("party_id", Id(), primary_key=True),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("decided_on", sa.Date, nullable=False),
    Column("measure", Text, nullable=False),
    Index("outcomes_row", "row_key", "decided_on"),
    Index("outcomes_case", "case_id"),
)


# -- what proved a clue ------------------------------------------------------------------------------------------------


def prove(tx: Tx, case: Case, ground: Ground | None, origin_subject_id: str) -> None:
    """Notes what proved a record, once. It stays proven whichever case it comes to."""
    if ground and ground not in _proved(tx, [origin_subject_id]):
        tx.insert(LINKS, {"kind": ground.value, "ref": origin_subject_id, "case_id": case.id})


def grounds_of(tx: Tx, case: Case) -> frozenset[Ground]:
    """What proved the records a case came from."""
    return _proved(tx, [origin.subject_id for origin in case.origins])


def _proved(tx: Tx, origins: Sequence[str]) -> frozenset[Ground]:
    known = sa.select(LINKS.c.kind).where(LINKS.c.kind.in_([ground.value for ground in Ground]), LINKS.c.ref.in_(origins))
    return frozenset(Ground(row.kind) for row in tx.rows(known))


# -- limits ------------------------------------------------------------------------------------------------------------


def watch(tx: Tx, case_id: str, wanted: Mapping[str, date]) -> None:
    """Writes the limits that run in a case now; one that has passed and was told stays told."""
    rows = tx.rows(sa.select(WATCHES.c.rule, WATCHES.c.due_on).where(WATCHES.c.case_id == case_id))
    there = {row.rule: row.due_on for row in rows}
    over = [rule for rule in there if rule not in wanted]
    if over:
        tx.execute(sa.delete(WATCHES).where(WATCHES.c.case_id == case_id, WATCHES.c.rule.in_(over)))
    for rule, due_on in wanted.items():
        if rule not in there:
            tx.insert(WATCHES, {"case_id": case_id, "rule": rule, "due_on": due_on})
        elif there[rule] not in (None, due_on):
            tx.execute(sa.update(WATCHES).where(_one(case_id, rule)).values(due_on=due_on))


def passed(tx: Tx, today: date, count: int) -> list[tuple[str, str, date]]:
    """The limits that have passed and were not told, oldest first: case, rule, first day after."""
    due = sa.select(WATCHES).where(WATCHES.c.due_on <= today).order_by(WATCHES.c.due_on, WATCHES.c.case_id).limit(count)
    return [(row.case_id, row.rule, row.due_on) for row in tx.rows(due)]


def told(tx: Tx, case_id: str, rule: str) -> None:
    """This one was told."""
    tx.execute(sa.update(WATCHES).where(_one(case_id, rule)).values(due_on=None))


def _one(case_id: str, rule: str) -> sa.ColumnElement[bool]:
    return (WATCHES.c.case_id == case_id) & (WATCHES.c.rule == rule)


# -- similar cases -----------------------------------------------------------------------------------------------------


def forget_outcomes(tx: Tx, case_id: str, party_ids: Sequence[str]) -> None:
    """What was decided about these parties no longer counts."""
    tx.execute(sa.delete(OUTCOMES).where(OUTCOMES.c.case_id == case_id, OUTCOMES.c.party_id.in_(party_ids)))


def keep_outcome(tx: Tx, case: Case, party_id: str, row_key: str, decided_on: date, measure: str) -> None:
    """What was decided about a party under a row."""
    place = {"jurisdiction_path": case.jurisdiction_path, "case_id": case.id, "case_number": case.number}
    tx.insert(OUTCOMES, {**place, "row_key": row_key, "party_id": party_id, "decided_on": decided_on, "measure": measure})


def counts(tx: Tx, row_key: str, place: str, since: date, besides: str) -> dict[str, int]:
    """How often each measure was the heaviest in similar cases of a place: one line a measure, however many cases."""
    query = sa.select(OUTCOMES.c.measure, sa.func.count()).where(*_similar(row_key, place, since, besides))
    return {str(measure): int(times) for measure, times in map(tuple, tx.rows(query.group_by(OUTCOMES.c.measure)))}


def newest(tx: Tx, row_key: str, place: str, since: date, besides: str, count: int) -> tuple[Compared, ...]:
    """The newest similar cases."""
    query = sa.select(OUTCOMES).where(*_similar(row_key, place, since, besides))
    rows = tx.rows(query.order_by(OUTCOMES.c.decided_on.desc(), OUTCOMES.c.case_id.desc()).limit(count))
    return tuple(Compared(row.case_id, row.case_number, row.measure) for row in rows)


def _similar(row_key: str, place: str, since: date, besides: str) -> tuple[sa.ColumnElement[bool], ...]:
    there = under(OUTCOMES.c.jurisdiction_path, place)
    return OUTCOMES.c.row_key == row_key, OUTCOMES.c.decided_on >= since, there, OUTCOMES.c.case_id != besides


# -- lists -------------------------------------------------------------------------------------------------------------


def list_flags(tx: Tx, narrowed: FlagFilter, size: int, token: str) -> Page:
    """The flags a caller may see, newest first."""
    table = FLAGS.table
    query = sa.select(table).where(tx.visible(table))
    if narrowed.kind is not None:
        query = query.where(table.c.kind == narrowed.kind)
    if narrowed.state is not None:
        query = query.where(table.c.state == narrowed.state)
    if narrowed.unit_path:
        query = query.where(under(table.c.unit_path, narrowed.unit_path))
    if narrowed.case_id:
        query = query.where(table.c.case_id == narrowed.case_id)
    return tx.page(query, (table.c.raised_at, table.c.id), size, token)


def list_own_handlings(tx: Tx, state: HandlingState | None, unit_path: str, size: int, token: str) -> Page:
    """The own handlings a caller may see, newest first."""
    table = OWN_HANDLINGS.table
    query = sa.select(table).where(tx.visible(table))
    if state is not None:
        query = query.where(table.c.state == state)
    if unit_path:
        query = query.where(under(table.c.unit_path, unit_path))
    return tx.page(query, (table.c.filed_at, table.c.id), size, token)


def flagged(tx: Tx, about: str) -> bool:
    """Whether this was flagged before, whoever looks."""
    return bool(tx.rows(sa.select(FLAGS.table.c.id).where(FLAGS.table.c.about == about)))


def filed(tx: Tx, unit_path: str, document_number: str, official_id: str) -> bool:
    """Whether a unit filed this document about this official before."""
    table = OWN_HANDLINGS.table
    same = (table.c.unit_path == unit_path, table.c.document_number == document_number)
    return bool(tx.rows(sa.select(table.c.id).where(*same, table.c.official_id == official_id)))
