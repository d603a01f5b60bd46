"""Promise and delivery: made and reported by the unit, confirmed by the office, read by everybody."""

from __future__ import annotations

from chassis.auth import Caller, covers
from chassis.errors import Invalid
from services.evaluation.domain.promise import Delivery, Promise, PromiseState, Wording
from services.evaluation.storage.statements import PROMISES, promised, public
from services.evaluation.usecases.desk import SERVICE, Desk


class PromiseCases:
    """What units promise and what becomes of it."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def record(self, caller: Caller, unit_path: str, year: int, wording: Wording) -> Promise:
        """Writes a promise down and gives it its number. Raises Invalid PROMISE_UNIT, also for a unit of others."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own = any(covers(path, unit_path) for path in caller.rows.units)
            unit = next(iter(tx.copies("unit", self._store.schema["copies"].c.unit_path == unit_path)), None)
            if unit is None or not own:
                raise Invalid("PROMISE_UNIT", "unit_path")
            place = (unit.id, unit.name, unit.unit_path, unit.jurisdiction_path)
            number = f"承诺〔{year}〕{tx.number(f'promise/{year}')}号"
            made = Promise.made(tx.new_id(), number, place, year, wording, caller.subject, tx.now)
            return tx.answer(tx.add(PROMISES, made))

    def report(
        self, caller: Caller, promise_id: str, expected_version: int, delivery: Delivery, result: str, evidence: str
    ) -> Promise:
        """What became of it, as the unit says."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            promise = tx.get(PROMISES, promise_id, expected_version)
            told = promise.tell(delivery, result, evidence, caller.subject, tx.now)
            tx.save(PROMISES, told)
            return tx.answer(told)

    def confirm(
        self, caller: Caller, promise_id: str, expected_version: int, delivery: Delivery | None, note: str
    ) -> Promise:
        """What the office found."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            promise = tx.get(PROMISES, promise_id, expected_version)
            confirmed = promise.confirm(delivery, note, caller.subject, tx.now)
            tx.save(PROMISES, confirmed)
            return tx.answer(confirmed)

    def get(self, caller: Caller, promise_id: str) -> Promise:
        """One promise."""
        with self._store.read(caller) as tx:
            return tx.get(PROMISES, promise_id)

    def page(
        self, caller: Caller, unit_path: str, year: int, state: PromiseState | None, size: int, token: str
    ) -> tuple[list[Promise], str]:
        """A page of promises the caller may see, the latest first."""
        with self._store.read(caller) as tx:
            query = promised(unit_path, year, state).where(tx.visible(PROMISES.table))
            page = tx.page(query, by=[PROMISES.table.c.id], size=size, token=token)
            return [PROMISES.value(row) for row in page.rows], page.next_token

    def published(self, unit_path: str, year: int, size: int, token: str) -> tuple[list[Promise], str]:
        """A page of promises everybody may read, the latest first."""
        with self._store.read(SERVICE) as tx:
            query = promised(unit_path, year).where(public())
            page = tx.page(query, by=[PROMISES.table.c.id], size=size, token=token)
            return [PROMISES.value(row) for row in page.rows], page.next_token
