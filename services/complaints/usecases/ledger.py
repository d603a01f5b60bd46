"""Reading the ledger: what each reader may see, opened, redacted where the reader is a unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.store import Tx
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.history import on_time
from services.complaints.domain.intake import Content
from services.complaints.domain.redaction import redacted
from services.complaints.domain.stages import Manner
from services.complaints.domain.views import (
    BY_COMPLAINANT,
    UNIT_READS,
    Filter,
    Listed,
    ReportTexts,
    Seen,
    TimelineEntry,
)
from services.complaints.storage import ACTS, ledger, parts
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.next import next_acts

EXPORT_BATCH = 500
_EMPTY = Content("", "", "", "", "")


class LedgerCases:
    """Lists, records, timelines, figures, export."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, caller: Caller, wanted: Filter, sort: str, size: int, token: str, as_of: datetime | None) -> Listed:
        """One page of what the caller may see."""
        with self._desk.store.read(caller) as tx:
            return self._page(tx, wanted, sort, size, token, as_of)

    def export(self, caller: Caller, wanted: Filter, token: str, as_of: datetime | None) -> Iterator[Listed]:
        """Everything the filter names, in batches, oldest first; each batch in a transaction of its own."""
        while True:
            with self._desk.store.read(caller) as tx:
                batch = self._page(tx, wanted, "received_asc", EXPORT_BATCH, token, as_of)
            yield batch
            token = batch.next_token
            if not token:
                return

    def get(self, caller: Caller, complaint_id: str) -> Seen:
        """One complaint with its words and what may be done with it now."""
        with self._desk.store.read(caller) as tx:
            found = self._found(tx, complaint_id)
            content = self._desk.contents.open_one(tx, found.id)
            acts = ("submit_for_approval", "report", "ask_complainant")
            texts = ledger.last_texts(tx, self._desk.contents, found.id, acts)
            seen = self._seen(tx.caller, found, content)
            return replace(
                seen,
                text=content.unit_text if seen.redacted else content.text,
                confidential_text="" if seen.redacted else content.confidential_text,
                opinion="" if seen.redacted else texts.get("submit_for_approval", ""),
                report=ReportTexts.split(texts.get("report", "")) if found.report else ReportTexts(""),
                open_question=texts.get("ask_complainant", "") if found.question_open else "",
                next=next_acts(found, tx.caller) if parts.has(tx, found) else (),
            )

    def timeline(self, caller: Caller, complaint_id: str, size: int, token: str) -> tuple[tuple[TimelineEntry, ...], str]:
        """Every act on one complaint, oldest first. A unit is not told what was said between office and complainant."""
        with self._desk.store.read(caller) as tx:
            found = self._found(tx, complaint_id)
            page = tx.page(sa.select(ACTS).where(ACTS.c.complaint_id == found.id), (ACTS.c.version,), size, token, False)
            unit_reads = is_unit(tx.caller, found)
            readable = [row.text if self._may_read(row.act, found, unit_reads) else None for row in page.rows]
            texts = self._desk.contents.texts(tx, found.id, readable)
            content = self._desk.contents.open_one(tx, found.id) if unit_reads else _EMPTY
        entries = []
        for row, text in zip(page.rows, texts, strict=True):
            shown = ReportTexts.split(text).text if row.act == "report" else text
            if unit_reads and row.act in BY_COMPLAINANT:
                shown = redacted(shown, content.traces, self._desk.contents.trace_mac)
            entries.append(TimelineEntry(row.at, row.recorded_at, row.act, row.actor, row.stage, shown, row.reason))
        return tuple(entries), page.next_token

    def rows(self, tx: Tx, found: Iterable[Complaint], contents: Mapping[str, Content]) -> list[Seen]:
        """Complaints as rows of a list."""
        return [self._seen(tx.caller, complaint, contents.get(complaint.id, _EMPTY)) for complaint in found]

    def _found(self, tx: Tx, complaint_id: str) -> Complaint:
        """A complaint to be read. Refused with COMPLAINT_NOT_FOUND, and with RECUSED for the accused."""
        found = parts.readable(tx, complaint_id)
        self._desk.recuse(tx, found)
        return found

    def _page(self, tx: Tx, wanted: Filter, sort: str, size: int, token: str, as_of: datetime | None) -> Listed:
        found, next_token = ledger.page(tx, self._desk.contents, wanted, sort, size, token)
        seen = self.rows(tx, found, self._desk.contents.open(tx, [complaint.id for complaint in found]))
        if as_of is not None:
            seen = [replace(row, on_time=on_time(row.complaint.due_at, row.complaint.closed_at, as_of)) for row in seen]
        return Listed(tuple(seen), next_token)

    def _seen(self, caller: Caller, complaint: Complaint, content: Content) -> Seen:
        hidden = is_unit(caller, complaint)
        return Seen(complaint, title=content.unit_title if hidden else content.title, redacted=hidden)

    def _may_read(self, act: str, complaint: Complaint, unit_reads: bool) -> bool:
        if not unit_reads:
            return True
        confidential = complaint.manner is Manner.CONFIDENTIAL and act in BY_COMPLAINANT
        return act in UNIT_READS and not confidential


def is_unit(caller: Caller, complaint: Complaint) -> bool:
    """Whether the caller sees this complaint as a unit only, and so is given the redacted copy."""
    if caller.rows.everything:
        return False
    return not any(covers(path, complaint.jurisdiction_path) for path in caller.rows.jurisdictions)
