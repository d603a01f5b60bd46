"""The effect ledger asked by date, its figures."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.errors import Invalid
from chassis.store import Tx
from services.accountability.domain.bars import Bar, bars_of, pending_bars, suspension_bars
from services.accountability.domain.effects import Held, count, totals
from services.accountability.domain.lifting import LiftingRule, held_with
from services.accountability.domain.suspension import PendingCase
from services.accountability.domain.views import Figures
from services.accountability.storage import beside, cases
from services.accountability.storage.tables import EFFECTS, RECOMMENDATIONS
from services.accountability.usecases.desk import Desk


class Effects:
    """Keeps the effect ledger."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def bars_on(self, caller: Caller, official_id: str, day: date) -> tuple[Bar, ...]:
        """What bars a person on a day: measures in their period, those not lifted, a case that is pending."""
        table = EFFECTS.table
        with self.desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table), table.c.official_id == official_id)
            held = [EFFECTS.value(row) for row in tx.rows(query.order_by(table.c.starts_on, table.c.id))]
            found = [bar for one in held for bar in bars_of(one, day)]
            return (*found, *self._pending(tx, official_id, day))

    def _pending(self, tx: Tx, official_id: str, day: date) -> tuple[Bar, ...]:
        """What cases bar while they are pending; a suspension in one of them says the same, and it is said once."""
        found: dict[tuple[str, str], Bar] = {}
        for case in cases.filed_about(tx, official_id):
            for bar in pending_bars(case, official_id, _rule(tx, case.jurisdiction_path), day):
                found.setdefault((bar.case_number, bar.bar), bar)
        for one in beside.suspensions_about(tx, official_id):
            for bar in suspension_bars(one, _rule(tx, one.jurisdiction_path), day):
                found.setdefault((bar.case_number, bar.bar), bar)
        return tuple(found.values())

    def of(self, caller: Caller, official_id: str, size: int, token: str) -> tuple[tuple[Held, ...], str]:
        """Every effect of a person's measures, and what lifting did not give back."""
        table = EFFECTS.table
        with self.desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table), table.c.official_id == official_id)
            page = tx.page(query, (table.c.starts_on, table.c.id), size, token)
            held = [EFFECTS.value(row) for row in page.rows]
            known = {path: self.desk.catalogue(tx, path) for path in {one.jurisdiction_path for one in held}}
            rules = {path: LiftingRule.of(tx.setting("lifting", path)) for path in known}
            return tuple(held_with(one, rules, known) for one in held), page.next_token

    def statistics(self, caller: Caller, first: date, last: date) -> Figures:
        """The figures of a period, both days counted."""
        if last < first:
            raise Invalid("PERIOD_BACKWARDS", "to_day")
        table, letters = EFFECTS.table, RECOMMENDATIONS.table
        since, until = day_start(first), day_start(last + timedelta(days=1))
        with self.desk.store.read(caller) as tx:
            counted = cases.counted(tx, since, until)
            decided_then = table.c.starts_on.between(first, last)
            rows = tx.rows(sa.select(table).where(tx.visible(table), decided_then).order_by(table.c.id))
            catalogue = self.desk.catalogue(tx, min(caller.rows.jurisdictions, default=""))
            measures = count((EFFECTS.value(row) for row in rows), catalogue)
            seen = sa.select(sa.func.count()).select_from(letters).where(tx.visible(letters))
            sent = tx.rows(seen.where(letters.c.sent_at >= since, letters.c.sent_at < until))[0][0]
            answered = tx.rows(seen.where(letters.c.decided_on.between(first, last)))[0][0]
        return Figures(*counted, *totals(measures), sent, answered, measures)


def _rule(tx: Tx, jurisdiction_path: str) -> PendingCase:
    return PendingCase.of(tx.setting("suspension", jurisdiction_path))
