"""What facts of the other services change in the adjustment ledger. Each runs in the transaction of its inbox row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa

from chassis.store import Copy, Tx
from services.evaluation.domain.adjustment import Adjustment, AdjustmentState, Against, Record, among, changes, enter
from services.evaluation.domain.formula import Cause
from services.evaluation.storage.schema import ADJUSTMENTS

# What is kept of a record whose people were cleared: the units they were cleared in, and until when that holds.
CLEARED = "cleared"
# Of a record that a unit had found and set right itself: the unit, and the day it proves.
CORRECTED = "corrected"
# Of a case: the records it came from and the units whose people it holds to account; and beside each record its cases.
CASE, OVER = "case", "over "
# What self-correction can exempt. Setting right too late is a fault of its own and never is.
WEIGHED = (Cause.FINDING, Cause.COMPLAINT_ESTABLISHED, Cause.COMPLAINT_PARTLY)


class HearingCases:
    """The ledger as facts keep it."""

    def adjust(self, tx: Tx, record: Record, causes: Iterable[Cause], said: Iterable[Against]) -> None:
        """Makes the ledger say of a record, for these causes, what its latest fact says.

        How far the record was heard is kept beside the entries: a revocation may leave none, and the decision it revokes
        may still come, if it was set aside and is tried again.
        """
        causes = tuple(causes)
        said = self._not_cleared(tx, record, said)
        if not tx.keep_copy(Copy(f"adjusted by {causes[0].value}", record.id, record.version)):
            return
        table = ADJUSTMENTS.table
        entries = _entries(tx, table.c.record_id == record.id, table.c.cause.in_(causes))
        fresh, changed = changes(entries, record, said)
        for against in fresh:
            tx.add(ADJUSTMENTS, enter(tx.new_id(), record, against))
        for entry in changed:
            tx.save(ADJUSTMENTS, entry)

    def close(self, tx: Tx, record: Record, causes: Iterable[Cause], said: Sequence[Against], rectified_on: str) -> None:
        """A complaint or finding was closed. With `rectified_on` the unit had found it itself and set it right that day.

        Nothing comes off for it once people were held to account over it, whichever of the two is heard first.
        """
        self.adjust(tx, record, causes, said)
        corrected = {one.unit_path: rectified_on for one in said} if rectified_on else {}
        tx.keep_copy(Copy(CORRECTED, record.id, record.version, body=corrected))
        self._weigh(tx, [record.id])

    def decide(self, tx: Tx, record: Record, said: Sequence[Against]) -> None:
        """A case was decided, or its decision changed: what it holds against units, and whom they held to account."""
        self.adjust(tx, record, (Cause.MEASURE,), said)
        behind = _behind(record)
        held = sorted({one.unit_path for one in said})
        if tx.keep_copy(Copy(CASE, record.id, record.version, body={"behind": behind, "held": held})):
            for origin in behind:
                tx.keep_copy(Copy(OVER + origin, record.id, record.version))
        self._weigh(tx, behind)

    def clear(self, tx: Tx, record: Record, unit_path: str) -> None:
        """A case in this unit ended because nobody was to blame: what it came from costs the unit no points.

        That holds for what its origins said until then, also where it is heard later. What they say anew counts anew.
        """
        behind = _behind(record)
        for origin in behind:
            before = tx.copy(CLEARED, origin)
            until = {**before.body, unit_path: record.happened_at.isoformat()}
            tx.keep_copy(Copy(CLEARED, origin, before.version + 1, body=until))
        table = ADJUSTMENTS.table
        for entry in _entries(tx, table.c.record_id.in_(behind), table.c.state == AdjustmentState.COUNTS):
            if among(entry.unit_path, [unit_path]) and entry.happened_at <= record.happened_at:
                tx.save(ADJUSTMENTS, entry.clear())

    def _weigh(self, tx: Tx, records: Iterable[str]) -> None:
        """Says anew of these records and of the cases over them what is exempt: first the records, then the measures.

        It always runs after `adjust` and looks at nothing but what is kept: in whatever order facts come, it says the same.
        """
        cases: set[str] = set()
        for record_id in records:
            over = {case.id for case in tx.copies(OVER + record_id)}
            corrected = list(tx.copy(CORRECTED, record_id).body)
            held = [unit for case_id in over for unit in tx.copy(CASE, case_id).body["held"]]
            for entry in _entries(tx, ADJUSTMENTS.table.c.record_id == record_id, ADJUSTMENTS.table.c.cause.in_(WEIGHED)):
                _save(tx, entry, entry.weigh(among(entry.unit_path, corrected), among(entry.unit_path, held)))
            cases |= over
        for case_id in cases:
            corrected = self._corrected(tx, tx.copy(CASE, case_id).body["behind"])
            for entry in _entries(tx, ADJUSTMENTS.table.c.record_id == case_id):
                exempt = among(entry.unit_path, corrected)
                _save(tx, entry, entry.weigh(exempt, held=exempt))

    def _corrected(self, tx: Tx, behind: Sequence[str]) -> list[str]:
        """The units that had found and corrected themselves what a case came from; none if something of it counts."""
        table = ADJUSTMENTS.table
        entries = _entries(tx, table.c.record_id.in_(behind), table.c.cause.in_(WEIGHED))
        if any(entry.state is AdjustmentState.COUNTS for entry in entries):
            return []
        return [entry.unit_path for entry in entries if entry.state is AdjustmentState.EXEMPT]

    def _not_cleared(self, tx: Tx, record: Record, said: Iterable[Against]) -> list[Against]:
        """What a fact says without what was cleared since."""
        until = tx.copy(CLEARED, record.id).body
        cleared = [unit for unit, at in until.items() if record.happened_at <= datetime.fromisoformat(at)]
        return [against for against in said if not among(against.unit_path, cleared)]

    def poor_month_below(self, tx: Tx, record: Record) -> Fraction:
        """The line below which a monitored month counts as poor."""
        return Fraction(str(tx.setting("adjustments.poor_month_below", record.jurisdiction_path)))

    def is_own_clock(self, tx: Tx, record: Record, clock: str) -> bool:
        """Whether a clock of a complaint runs against the unit that handles it, and not against the office."""
        return clock in tx.setting("adjustments.unit_clocks", record.jurisdiction_path)


def _behind(record: Record) -> list[str]:
    return [origin.subject_id for origin in record.origins if origin.subject_id != record.id]


def _entries(tx: Tx, *conditions: sa.ColumnElement[bool]) -> list[Adjustment]:
    return [ADJUSTMENTS.value(row) for row in tx.rows(sa.select(ADJUSTMENTS.table).where(*conditions))]


def _save(tx: Tx, before: Adjustment, after: Adjustment) -> None:
    if after is not before:
        tx.save(ADJUSTMENTS, after)
