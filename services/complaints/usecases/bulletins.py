"""Bulletins drafted, issued with a number, opened and given as files."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import day_start, local_day
from chassis.errors import Conflict
from chassis.store import Tx
from papers.documents import Document, Faces, Table, from_json, to_json
from papers.documents_fonts import Fonts
from papers.documents_pdf import pdf
from papers.documents_word import word
from papers.sheets import Column, SheetForm
from papers.sheets_write import workbook_bytes
from services.complaints import bulletin as paper
from services.complaints.domain.bulletins import (
    TABLES,
    BulletinFormat,
    BulletinState,
    ComplaintBulletin,
    CountedRows,
    File,
    Frozen,
    Letterhead,
    Period,
    Tabled,
    Wanted,
)
from services.complaints.domain.views import Figures, Filter, Listed
from services.complaints.storage import COMPLAINTS, bulletins, figures, ledger
from services.complaints.storage.bulletins import BULLETINS
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.ledger import LedgerCases

NOTHING = Figures("")
COUNTING = Caller.service("complaints", "count_a_period")


class BulletinCases:
    """What one can do with bulletins."""

    def __init__(self, desk: Desk, ledger: LedgerCases) -> None:
        self._desk = desk
        self._ledger = ledger
        self._fonts = Fonts()

    def draft(self, caller: Caller, wanted: Wanted) -> ComplaintBulletin:
        """A draft, its figures frozen as the ledger stands now."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(ComplaintBulletin, tx.answered)
            wanted.check(local_day(tx.now))
            self._desk.neighbours.check_jurisdiction(tx, wanted.jurisdiction_path, "jurisdiction_path")
            _letterhead(tx, wanted.jurisdiction_path)
            made = _begun(tx, wanted, caller.subject)
            bulletins.freeze(tx, made)
            counted = _frozen(tx, made.id, self._before(wanted))
            made = replace(made, frozen=counted, names=_names(tx, counted))
            return tx.answer(tx.add(BULLETINS, made))

    def issue(self, caller: Caller, bulletin_id: str, expected_version: int) -> ComplaintBulletin:
        """Gives it its number and keeps it. The number is drawn last: a refusal takes none."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(ComplaintBulletin, tx.answered)
            draft = tx.get(BULLETINS, bulletin_id, expected_version)
            draft.may_be_issued(caller.subject)
            written, head, today = _paper(tx, draft), _letterhead(tx, draft.jurisdiction_path), local_day(tx.now)
            number = head.number(today.year, bulletins.next_place(tx, head.series, today.year))
            kept = to_json(replace(written, number=number, day=today, mark=""))
            issued = draft.issue(caller.subject, tx.now, number, kept)
            tx.save(BULLETINS, issued)
            return tx.answer(issued)

    def get(self, caller: Caller, bulletin_id: str) -> ComplaintBulletin:
        """One of them."""
        with self._desk.store.read(caller) as tx:
            return tx.get(BULLETINS, bulletin_id)

    def page(
        self, caller: Caller, state: BulletinState | None, period: Period | None, size: int, token: str
    ) -> tuple[list[ComplaintBulletin], str]:
        """A page of bulletins and drafts, latest first, and the token of the next."""
        table = BULLETINS.table
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            query = query if state is None else query.where(table.c.state == state)
            query = query if period is None else query.where(table.c.period == period)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [BULLETINS.value(row) for row in page.rows], page.next_token

    def counted(self, caller: Caller, bulletin_id: str, wanted: CountedRows, size: int, token: str) -> Listed:
        """The complaints a frozen figure counted, as they stand today."""
        with self._desk.store.read(caller) as tx:
            found = bulletins.counted(tx, tx.get(BULLETINS, bulletin_id).id, wanted, size, token)
            complaints = [COMPLAINTS.value(row) for row in found.rows]
            contents = self._desk.contents.open(tx, [one.id for one in complaints])
            return Listed(tuple(self._ledger.rows(tx, complaints, contents)), found.next_token)

    def build(self, caller: Caller, bulletin_id: str, format: BulletinFormat) -> File:
        """It as a file. Setting takes a while and is done outside of any transaction."""
        with self._desk.store.read(caller) as tx:
            found = tx.get(BULLETINS, bulletin_id)
            written = from_json(found.paper) if found.paper else _paper(tx, found)
            if format is not BulletinFormat.EXCEL:
                faces = Faces.of(tx.setting(f"documents.faces.{format.value}", found.jurisdiction_path))
        if format is BulletinFormat.EXCEL:
            return File(_workbook(found, written), written.title, written.number, format)
        content = pdf(written, self._fonts, faces) if format is BulletinFormat.PDF else word(written, faces)
        return File(content, written.title, written.number, format)

    def _before(self, wanted: Wanted) -> Figures:
        """What was received in the period before: counted whoever drafts, as the bulletin itself is."""
        ends = day_start(wanted.period.before(wanted.since)), day_start(wanted.since)
        asked = Filter(jurisdiction_path=wanted.jurisdiction_path, received_from=ends[0], received_before=ends[1])
        with self._desk.store.read(COUNTING) as tx:
            rows = figures.quick(tx, asked, "channel")
            rows = figures.slow(tx, ledger.conditions(tx, asked), "channel", tx.now) if rows is None else rows
        return sum(rows, start=NOTHING)


def _begun(tx: Tx, wanted: Wanted, by: str) -> ComplaintBulletin:
    path = wanted.jurisdiction_path
    known = (BulletinState.DRAFT, wanted.period, wanted.since, wanted.until, wanted.title, wanted.opening, by, tx.now)
    return ComplaintBulletin(tx.new_id(), 1, path, path, *known, Frozen(NOTHING, NOTHING, NOTHING, ()), {})


def _frozen(tx: Tx, bulletin_id: str, before: Figures) -> Frozen:
    [total], [matters] = bulletins.table(tx, bulletin_id), bulletins.table(tx, bulletin_id, matters_only=True)
    tables = tuple(Tabled(by, bulletins.table(tx, bulletin_id, by)) for by in TABLES)
    return Frozen(total, matters, before, tables)


def _names(tx: Tx, frozen: Frozen) -> dict[str, str]:
    """What the units of the tables are called now."""
    paths = {row.key for table in frozen.tables if table.by == "unit" for row in table.rows}
    columns = tx.store.schema["copies"].c
    known = [
        *tx.copies("jurisdiction", columns.jurisdiction_path.in_(paths)),
        *tx.copies("unit", columns.unit_path.in_(paths)),
    ]
    return {copy.unit_path or copy.jurisdiction_path: copy.name for copy in known if copy.name}


def _paper(tx: Tx, bulletin: ComplaintBulletin) -> Document:
    """What it says. Raises Conflict NO_LETTERHEAD."""
    path = bulletin.jurisdiction_path
    words = {
        "category": {one["id"]: one["zh"] for one in tx.setting("categories", path)},
        "channel": dict(tx.setting("bulletin.channels", path)),
    }
    return paper.write(bulletin, _letterhead(tx, path), words)


def _letterhead(tx: Tx, jurisdiction_path: str) -> Letterhead:
    """Who writes for a jurisdiction; the nearest one above where it has none of its own."""
    try:
        return Letterhead(**tx.setting("bulletin.letterhead", jurisdiction_path))
    except KeyError:
        raise Conflict("NO_LETTERHEAD", "jurisdiction_path", jurisdiction=jurisdiction_path) from None


def _workbook(bulletin: ComplaintBulletin, written: Document) -> bytes:
    """Every figure in full, one sheet a table; the first one is of everything, counted both ways."""
    names = [field.name for field in fields(Figures) if field.name != "key"]
    heads = ("", *(SHEET_HEADS[name] for name in names))

    def sheet(title: str, rows: list[tuple[str, Figures]]) -> tuple[SheetForm, list[list[str | int]]]:
        columns = tuple(Column(str(at), head, width=24 if at == 0 else 12) for at, head in enumerate(heads))
        lines: list[list[str | int]] = [[name, *(getattr(row, each) for each in names)] for name, row in rows]
        return SheetForm(title, columns), lines

    frozen = bulletin.frozen
    sheets = [sheet("总体", [("按件", frozen.total), ("按事项", frozen.matters), ("上期（按件）", frozen.before)])]
    tables = [one for one in written.blocks if isinstance(one, Table)]
    for table, told in zip(frozen.tables, tables, strict=True):
        rows = [(line[0], row) for line, row in zip(told.lines, table.rows, strict=True)]
        sheets.append(sheet(paper.TITLES[table.by], rows))
    return workbook_bytes(sheets, bulletin.issued_at or bulletin.drafted_at)


SHEET_HEADS = {
    "received": "收件（件）",
    "matters": "事项（事）",
    "closed": "办结/收件",
    "on_time": "按期/收件",
    "overdue": "超期/收件",
    "established": "属实/办结",
    "rated": "有评价/办结",
    "satisfied": "满意/有评价",
    "open": "在办/收件",
    "yellow": "黄灯/在办",
    "red": "红灯/在办",
}
