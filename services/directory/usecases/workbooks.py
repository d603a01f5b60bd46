"""The whole directory as a workbook: previewed, applied in one transaction, written out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import local_day
from chassis.store import Store, Tx
from papers.sheets import Cell
from papers.sheets_read import Bounds, read_workbook
from papers.sheets_write import workbook_bytes
from services.directory.domain.facts import Changed
from services.directory.domain.items import DutyItem, DutyList
from services.directory.domain.report import ImportAct, ImportReport, ImportRow
from services.directory.storage import POSTS, REVISIONS, SORTED_BY, below, end_revision, revision, wait_for_turn
from services.directory.workbook.forms import FORMS, SHEETS, Sheet
from services.directory.workbook.plan import Book, Line, differences, plan


class Workbooks:
    """What one can do with workbooks."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def take(self, caller: Caller, content: bytes, apply: bool) -> ImportReport:
        """Says what the workbook would change; with `apply` and no refused row, changes it in one transaction.

        Raises Invalid with a WORKBOOK_ reason for a file that cannot be taken at all.
        """
        with self.store.read(caller) as tx:
            bounds = Bounds(**tx.setting("workbook.bounds"))
        by_form = {sheet.form.name: sheet for sheet in SHEETS}
        sheets = [(by_form[form.name], rows) for form, rows in read_workbook(content, FORMS, bounds)]
        if not apply:
            with self.store.read(caller) as tx:
                book = _book(tx)
                return _report(tx, book, plan(book, sheets), applied=False)
        with self.store.begin(caller) as tx:
            wait_for_turn(tx)
            book = _book(tx)
            lines = plan(book, sheets)
            faulty = any(line.refusal is not None for line in lines)
            if not faulty:
                _write(tx, lines)
            return _report(tx, book, lines, applied=not faulty)

    def give(self, caller: Caller, under: str) -> tuple[bytes, str]:
        """What the caller may see at or below a path as a workbook, and its file's name."""
        with self.store.read(caller) as tx:
            book = _book(tx)
            content = workbook_bytes(((sheet.form, _papers(tx, book, sheet, under)) for sheet in SHEETS), tx.now)
            return content, f"名录-{local_day(tx.now).isoformat()}.xlsx"


def _book(tx: Tx) -> Book:
    """The whole directory: a row may refer to what its author may not change."""
    rows = tx.caller.rows

    def reach(unit_path: str, jurisdiction_path: str) -> bool:
        return (
            rows.everything
            or any(covers(path, jurisdiction_path) for path in rows.jurisdictions)
            or any(unit_path and covers(path, unit_path) for path in rows.units)
        )

    book = Book(reach, tx.new_id)
    for sheet in SHEETS:
        for thing in _all(tx, sheet):
            book.put(sheet, thing)
    return book


def _all(tx: Tx, sheet: Sheet) -> list[Any]:
    return [sheet.resource.value(row) for row in tx.rows(sa.select(sheet.resource.table))]


def _write(tx: Tx, lines: list[Line]) -> None:
    for line in lines:
        if not line.changes:
            continue
        resource, thing = line.sheet.resource, line.thing
        if line.before is None:
            tx.add(resource, thing)
        else:
            tx.save(resource, thing)
        if resource is not POSTS:
            if line.before is not None:
                tx.execute(end_revision(resource, thing))
            tx.insert(REVISIONS, revision(resource, thing))
        if not isinstance(thing, DutyList | DutyItem):
            tx.emit(Changed(thing))


def _report(tx: Tx, book: Book, lines: list[Line], applied: bool) -> ImportReport:
    acts = Counter(_act(line) for line in lines)
    told = [line for line in lines if line.refusal is not None] + [line for line in lines if line.changes]
    rows = tuple(_row(book, line) for line in told[: int(tx.setting("workbook.rows_reported"))])
    counts = (acts[ImportAct.ADDED], acts[ImportAct.CHANGED], acts[None], acts[ImportAct.REFUSED])
    return ImportReport(applied, *counts, rows)


def _act(line: Line) -> ImportAct | None:
    if line.refusal is not None:
        return ImportAct.REFUSED
    if not line.changes:
        return None
    return ImportAct.ADDED if line.before is None else ImportAct.CHANGED


def _row(book: Book, line: Line) -> ImportRow:
    act = _act(line)
    assert act is not None
    changes = () if line.refusal else tuple(differences(book, line))
    return ImportRow(line.sheet.form.name, line.row, act, line.key, changes, line.refusal)


def _papers(tx: Tx, book: Book, sheet: Sheet, under: str) -> Iterator[list[Cell]]:
    table = sheet.resource.table
    by = [table.c[name] for name in SORTED_BY[sheet.resource.name]]
    for row in tx.rows(sa.select(table).where(tx.visible(table), below(table, under)).order_by(*by)):
        paper = book.paper(sheet, sheet.resource.value(row))
        yield [paper[column.name] for column in sheet.form.columns]
