"""What facts of the other services change in the adjustment ledger. Each runs in the transaction of its inbox row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa

from chassis.store import Copy, Tx
from services.evaluation.domain.adjustment import AdjustmentState, Against, Record, among, changes, enter
from services.evaluation.domain.formula import Cause
from services.evaluation.storage.schema import ADJUSTMENTS

# What is kept of a record whose people were cleared: the units they were cleared in, and until when that holds.
CLEARED = "cleared"


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
        query = sa.select(table).where(table.c.record_id == record.id, table.c.cause.in_(causes))
        entries = [ADJUSTMENTS.value(row) for row in tx.rows(query)]
        fresh, changed = changes(entries, record, said)
        for against in fresh:
            tx.add(ADJUSTMENTS, enter(tx.new_id(), record, against))
        for entry in changed:
            tx.save(ADJUSTMENTS, entry)

    def clear(self, tx: Tx, record: Record, unit_path: str) -> None:
        """A case in this unit ended because nobody was to blame: what it came from costs the unit no points.

        That holds for what its origins said until then, also where it is heard later. What they say anew counts anew.
        """
        behind = [origin.subject_id for origin in record.origins if origin.subject_id != record.id]
        for origin in behind:
            before = tx.copy(CLEARED, origin)
            until = {**before.body, unit_path: record.happened_at.isoformat()}
            tx.keep_copy(Copy(CLEARED, origin, before.version + 1, body=until))
        table = ADJUSTMENTS.table
        counting = (table.c.record_id.in_(behind), table.c.state == AdjustmentState.COUNTS)
        entries = [ADJUSTMENTS.value(row) for row in tx.rows(sa.select(table).where(*counting))]
        for entry in entries:
            if among(entry.unit_path, [unit_path]) and entry.happened_at <= record.happened_at:
                tx.save(ADJUSTMENTS, entry.clear())

    def _not_cleared(self, tx: Tx, record: Record, said: Iterable[Against]) -> list[Against]:
        """What a fact says without what was cleared since."""
        until = tx.copy(CLEARED, record.id).body
        cleared = [unit for unit, at in until.items() if record.happened_at <= datetime.fromisoformat(at)]
        return [against for against in said if not among(against.unit_path, cleared)]

    def corrected(self, tx: Tx, record: Record) -> frozenset[str]:
        """The units that had found and corrected themselves what the record came from; none if something of it counts."""
        table = ADJUSTMENTS.table
        behind = table.c.record_id.in_([origin.subject_id for origin in record.origins if origin.subject_id != record.id])
        entries = tx.rows(sa.select(table.c.unit_path, table.c.state).where(behind))
        if any(entry.state is AdjustmentState.COUNTS for entry in entries):
            return frozenset()
        return frozenset(entry.unit_path for entry in entries if entry.state is AdjustmentState.EXEMPT)

    def poor_month_below(self, tx: Tx, record: Record) -> Fraction:
        """The line below which a monitored month counts as poor."""
        return Fraction(str(tx.setting("adjustments.poor_month_below", record.jurisdiction_path)))
