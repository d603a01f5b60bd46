"""The end of periods: what is lifted by itself, what is held for a decision, and that decision."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.store import Tx
from services.accountability.domain import lifting
from services.accountability.domain.effects import Effect, Held
from services.accountability.domain.facts import EffectEnded
from services.accountability.domain.lifting import LiftingRule
from services.accountability.domain.states import EffectState
from services.accountability.storage import cases
from services.accountability.storage.tables import CASES, EFFECTS
from services.accountability.usecases.desk import Desk

_EACH_RUN = 500


class Lifting:
    """Ends periods."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def end_periods(self) -> None:
        """Ends the effects whose period is over and announces each; what something speaks against is held."""
        table = EFFECTS.table
        with self.desk.store.begin(Caller.service("accountability", "effects")) as tx:
            over = (table.c.state == EffectState.ACTIVE) & (table.c.ends_on <= self.desk.clock.today())
            rows = tx.rows(sa.select(table).where(over).order_by(table.c.ends_on).limit(_EACH_RUN))
            for one in (EFFECTS.value(row) for row in rows):
                case = tx.get(CASES, one.case_id)
                because = self._speaks_against(tx, one)
                if because:
                    tx.save(EFFECTS, lifting.hold(one, because))
                    self.desk.line(tx, case, "not_lifted", ", ".join(because))
                else:
                    tx.save(EFFECTS, one.end())
                    tx.emit(EffectEnded(case.subject, one.official_id, one.measure))

    def no_repentance(self, caller: Caller, effect_id: str, expected_version: int, reason: str) -> Held:
        """Records that somebody shows no repentance."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._held(tx, tx.answered)
            one = tx.get(EFFECTS, effect_id, expected_version)
            catalogue = self.desk.catalogue(tx, one.jurisdiction_path)
            recorded = lifting.no_repentance(one, _rule(tx, one), catalogue)
            tx.save(EFFECTS, recorded)
            self.desk.line(tx, tx.get(CASES, one.case_id), "no_repentance", reason)
            return self._held(tx, tx.answer(recorded))

    def decide(
        self, caller: Caller, effect_id: str, expected_version: int, lifted: bool, kept_until: date | None, reason: str
    ) -> Held:
        """Lifts an effect that was held, or keeps it until a day."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._held(tx, tx.answered)
            one = tx.get(EFFECTS, effect_id, expected_version)
            case = tx.get(CASES, one.case_id)
            lifting.recuse(one, case, caller.official_id)
            decided = lifting.decide(one, lifted, kept_until, self.desk.clock.today())
            tx.save(EFFECTS, decided)
            self.desk.line(tx, case, "lifted" if lifted else "lifting_put_off", reason)
            if lifted:
                tx.emit(EffectEnded(case.subject, one.official_id, one.measure))
            return self._held(tx, tx.answer(decided))

    def held(self, caller: Caller, size: int, token: str) -> tuple[tuple[Held, ...], str]:
        """The effects that wait for a decision, the longest first."""
        table = EFFECTS.table
        with self.desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table), table.c.state == EffectState.HELD)
            page = tx.page(query, (table.c.starts_on, table.c.id), size, token, descending=False)
            return tuple(self._held(tx, EFFECTS.value(row)) for row in page.rows), page.next_token

    def _speaks_against(self, tx: Tx, one: Effect) -> tuple[str, ...]:
        if not _rule(tx, one).asks_about(one, self.desk.catalogue(tx, one.jurisdiction_path)):
            return ()
        return lifting.speaks_against(one, cases.about(tx, one.official_id))

    def _held(self, tx: Tx, one: Effect) -> Held:
        path = one.jurisdiction_path
        return lifting.held_with(one, {path: _rule(tx, one)}, {path: self.desk.catalogue(tx, path)})


def _rule(tx: Tx, one: Effect) -> LiftingRule:
    return LiftingRule.of(tx.setting("lifting", one.jurisdiction_path))
