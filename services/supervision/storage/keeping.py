"""What several use cases store and look up in the same way."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.auth import covers
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.store import Copy, Tx, under
from services.supervision.domain.finding import SYSTEM, Change, Finding
from services.supervision.domain.inspection import Inspection
from services.supervision.domain.limits import Timing, read_timing
from services.supervision.domain.notice import NoticeKind
from services.supervision.domain.words import FindingStage
from services.supervision.storage.sight import readable_findings
from services.supervision.storage.tables import (
    FINDING_WORDS,
    FINDINGS,
    INSPECTIONS,
    INSPECTORS,
    PAPER_NUMBERS,
    TARGETS,
    TIMELINE,
)
from services.supervision.wire.facts import calendar_year
from workdays import Calendar, local_day

CALENDAR_YEAR = "calendar_year"
UNIT = "unit"


class Shelf:
    """The working calendar as loaded, built once and built again only when a year has come or changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._edition: tuple[tuple[str, int], ...] = ()
        self._calendar = Calendar()

    def calendar(self, tx: Tx) -> Calendar:
        """The calendar this transaction sees."""
        copies = tx.store.schema["copies"].c
        known = sa.select(copies.id, copies.version).where(copies.kind == CALENDAR_YEAR, copies.known)
        edition = tuple((str(row.id), int(row.version)) for row in tx.rows(known.order_by(copies.id)))
        with self._lock:
            if edition != self._edition:
                years = [calendar_year(copy.body) for copy in tx.copies(CALENDAR_YEAR) if copy.known]
                self._edition, self._calendar = edition, Calendar(years)
            return self._calendar

    def timing(self, tx: Tx, jurisdiction_path: str) -> Timing:
        """What limits are counted by in a jurisdiction."""
        warn, after = (tx.setting(f"finding.{key}", jurisdiction_path) for key in ("warn_before", "after_end"))
        return read_timing(self.calendar(tx), warn, after)


def notice_kind(tx: Tx, word: str, jurisdiction_path: str) -> NoticeKind:
    """A kind of notice as the pack has it there today. Refused with NOTICE_KIND_UNKNOWN."""
    return NoticeKind.of(word, tx.setting("notice.kinds", jurisdiction_path))


# -- findings -------------------------------------------------------------------------------------------------------


def finding_of(tx: Tx, finding_id: str, expected_version: int | None = None) -> Finding:
    """A finding its reader may see. Refused with FINDING_NOT_FOUND, STALE_VERSION."""
    found = tx.get(FINDINGS, finding_id)
    seen = sa.select(FINDINGS.table.c.id).where(FINDINGS.table.c.id == found.id, readable_findings(tx.caller))
    if not tx.rows(seen):
        raise NotFound("FINDING_NOT_FOUND", "finding_id")
    if expected_version is not None and found.version != expected_version:
        raise Stale(expected=expected_version, actual=found.version)
    return found


def add_finding(tx: Tx, change: Change) -> Finding:
    """Puts a new finding on the ledger."""
    found = tx.add(FINDINGS, change.finding)
    for word in dict.fromkeys(found.misconduct):
        row = {"finding_id": found.id, "word": word, "unit_path": found.unit_path, "recorded_at": found.recorded_at}
        tx.insert(FINDING_WORDS, row)
    return _told(tx, change)


def keep(tx: Tx, change: Change) -> Finding:
    """Writes what an act made of a finding: its state, its line in the timeline, its facts."""
    tx.save(FINDINGS, change.finding)
    return _told(tx, change)


def _told(tx: Tx, change: Change) -> Finding:
    found = change.finding
    by = SYSTEM if tx.caller.subject.startswith("service:") else tx.caller.subject
    line = {"finding_id": found.id, "at": tx.now, "act": change.act, "by": by, "stage": found.stage}
    tx.insert(TIMELINE, {**line, "text": change.text})
    for fact in change.facts:
        tx.emit(fact)
    return found


def earlier_findings(
    tx: Tx, unit_path: str, words: Iterable[str], jurisdiction_path: str, under_seal: bool = False
) -> tuple[str, ...]:
    """The unit's findings of the same kind within the pack's window, latest first.

    Only what is under seal itself is linked to what is: the link, and its number, would tell the unit of an inspection.
    """
    window = timedelta(days=int(tx.setting("finding.repeat_window_days", jurisdiction_path)))
    c = FINDING_WORDS.c
    query = sa.select(c.finding_id, c.recorded_at).where(
        c.unit_path == unit_path, c.word.in_(tuple(words)), c.recorded_at >= tx.now - window
    )
    if not under_seal:
        query = query.join(FINDINGS.table, FINDINGS.table.c.id == c.finding_id).where(~FINDINGS.table.c.sealed)
    rows = tx.rows(query.distinct().order_by(c.recorded_at.desc(), c.finding_id.desc()))
    return tuple(str(row.finding_id) for row in rows)


def open_words(tx: Tx, unit_path: str, words: Iterable[str]) -> bool:
    """Whether somebody else has an open finding with one of the words at the unit or below.

    One under seal does not count: the unit does not know of it, and the refusal would tell it of the inspection.
    """
    f, c = FINDINGS.table.c, FINDING_WORDS.c
    found = sa.select(f.id).join_from(FINDINGS.table, FINDING_WORDS, c.finding_id == f.id)
    found = found.where(under(c.unit_path, unit_path), c.word.in_(tuple(words)), f.stage != FindingStage.CLOSED, ~f.sealed)
    return bool(tx.rows(found.limit(1)))


def hold(tx: Tx, inspection: Inspection) -> None:
    """Keeps an inspection as it stands until this transaction ends, without changing it.

    Two inspectors may record at the same moment, but neither while it is being released. Refused with
    INSPECTION_STAGE_UNFIT if it was released just now.
    """
    c = INSPECTIONS.table.c
    same = sa.and_(c.id == inspection.id, c.stage == inspection.stage)
    if tx.execute(sa.update(INSPECTIONS.table).where(same).values(stage=c.stage)).rowcount != 1:
        raise Conflict("INSPECTION_STAGE_UNFIT", stage=inspection.stage.value)


def findings_of(tx: Tx, inspection: Inspection) -> list[Finding]:
    """All findings of an inspection, first recorded first."""
    c = FINDINGS.table.c
    query = sa.select(FINDINGS.table).where(c.inspection_id == inspection.id).order_by(c.recorded_at, c.id)
    return [FINDINGS.value(row) for row in tx.rows(query)]


# -- neighbours, numbers --------------------------------------------------------------------------------------------


def unit_at(tx: Tx, path: str, field: str = "unit_path") -> Copy:
    """The unit at a path, as far as the directory has told. Refused with UNIT_UNKNOWN."""
    return units_at(tx, (path,), field)[0]


def units_at(tx: Tx, paths: Sequence[str], field: str) -> list[Copy]:
    """The units at these paths in their order. Refused with UNIT_UNKNOWN for the first that is not known."""
    copies = tx.store.schema["copies"].c
    known = {unit.unit_path: unit for unit in tx.copies(UNIT, copies.unit_path.in_(paths), copies.known)}
    for path in paths:
        if path not in known:
            raise Invalid("UNIT_UNKNOWN", field, path=path)
    return [known[path] for path in paths]


def own_units_at(tx: Tx, paths: Sequence[str], field: str) -> list[Copy]:
    """The same, among the caller's rows only: what lies outside is as unknown as what does not exist."""
    units, rows = units_at(tx, paths, field), tx.caller.rows
    for unit in units:
        reached = any(covers(own, unit.jurisdiction_path) for own in rows.jurisdictions)
        if not (rows.everything or reached or any(covers(own, unit.unit_path) for own in rows.units)):
            raise Invalid("UNIT_UNKNOWN", field, path=unit.unit_path)
    return units


def own_jurisdiction(tx: Tx, path: str) -> str:
    """A path among the caller's jurisdictions. Refused with JURISDICTION_UNKNOWN."""
    rows = tx.caller.rows
    if not (rows.everything or any(covers(own, path) for own in rows.jurisdictions)):
        raise Invalid("JURISDICTION_UNKNOWN", "jurisdiction_path")
    return path


def remember_draw(tx: Tx, inspection: Inspection) -> None:
    """Writes who may read the inspection and whom it concerns."""
    for account_id in sorted(inspection.accounts()):
        tx.insert(INSPECTORS, {"inspection_id": inspection.id, "account_id": account_id})
    for unit_path in sorted(set(inspection.targets)):
        tx.insert(TARGETS, {"inspection_id": inspection.id, "unit_path": unit_path})


def record_number(tx: Tx, series: str, at: datetime) -> str:
    """The number of a record, for example 问题〔2026〕12号; some may be skipped."""
    year = local_year(at)
    return f"{series}〔{year}〕{tx.number(f'{series}{year}')}号"


def paper_number(tx: Tx, series: str, at: datetime) -> str:
    """The number of an issued paper, without gaps: the counter's row stays locked until this transaction ends."""
    table, year = PAPER_NUMBERS, local_year(at)
    first = tx.upsert(table).values(series=series, year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[table.c.series, table.c.year], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
    return f"{series}〔{year}〕{tx.execute(counted).scalar_one()}号"


def local_year(at: datetime) -> int:
    """The year in China."""
    return local_day(at).year
