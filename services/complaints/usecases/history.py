"""Loading complaints of an earlier system: each row answered for itself, nothing announced but that it was imported."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Refusal
from chassis.store import Tx
from services.complaints.domain import history
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.history import PastComplaint
from services.complaints.domain.intake import Content
from services.complaints.domain.views import RowAnswer
from services.complaints.storage import COMPLAINTS
from services.complaints.usecases.desk import Desk


class HistoryCases:
    """Importing, previewed or for good."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def load(self, caller: Caller, source: str, rows: Sequence[PastComplaint], preview: bool) -> list[RowAnswer]:
        """Loads a batch and answers each row in the order sent; with `preview` says what would happen and writes nothing."""
        if preview:
            with self._desk.store.read(caller) as tx:
                return self._answers(tx, source, rows, write=False)
        with self._desk.store.begin(caller) as tx:
            return self._answers(tx, source, rows, write=True)

    def _answers(self, tx: Tx, source: str, rows: Sequence[PastComplaint], write: bool) -> list[RowAnswer]:
        kept = self._kept(tx, source, rows)
        answers: list[RowAnswer] = []
        for row in rows:
            try:
                self._check(tx, row, kept.get(row.source_number))
            except Refusal as refused:
                answers.append(RowAnswer(row.source_number, "refused", reason=refused.reason, field=refused.field))
                continue
            result, complaint = self._outcome(tx, row, kept.get(row.source_number), write)
            kept[row.source_number] = complaint
            answers.append(RowAnswer(row.source_number, result, complaint.id))
        return answers

    def _check(self, tx: Tx, row: PastComplaint, kept: Complaint | None) -> None:
        history.check(row)
        self._desk.neighbours.check_jurisdiction(tx, row.jurisdiction_path, "jurisdiction_path")
        if kept is not None:  # a number another place has loaded is not taken over by naming it
            self._desk.neighbours.check_jurisdiction(tx, kept.jurisdiction_path, "source_number")
        if row.unit_path:
            self._desk.neighbours.check_unit(tx, row.unit_path, "unit_path")

    def _outcome(self, tx: Tx, row: PastComplaint, kept: Complaint | None, write: bool) -> tuple[str, Complaint]:
        if kept is None:
            added = history.imported(row, tx.new_id(), tx.now)
            if write:
                tx.add(COMPLAINTS, added)
                self._write(tx, added, row)
            return "added", added
        if kept.source_hash == row.digest():
            return "unchanged", kept
        changed = history.corrected(kept, row)
        if write:
            tx.save(COMPLAINTS, changed)
            self._desk.contents.forget(tx, changed.id)
            self._write(tx, changed, row)
        return "updated", changed

    def _write(self, tx: Tx, complaint: Complaint, row: PastComplaint) -> None:
        content = Content(row.title, row.text, "", row.title, row.text)
        self._desk.contents.seal(tx, complaint.id, complaint.received_at, content)
        self._desk.enter(tx, Change(complaint, "import_complaint", history.fact(complaint)))

    def _kept(self, tx: Tx, source: str, rows: Sequence[PastComplaint]) -> dict[str, Complaint]:
        table = COMPLAINTS.table
        numbers = [row.source_number for row in rows]
        query = sa.select(table).where(table.c.source == source, table.c.source_number.in_(numbers))
        return {row.source_number: COMPLAINTS.value(row) for row in tx.rows(query)}
