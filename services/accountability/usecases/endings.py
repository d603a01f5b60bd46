"""Honest error tolerated: the checks a decider answers, and the ending."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.auth import Caller
from chassis.store import Tx
from services.accountability.domain import endings
from services.accountability.domain.case import Case
from services.accountability.domain.endings import CheckAnswer, ToleranceCheck
from services.accountability.storage.tables import CASES
from services.accountability.usecases.cases import say_ended
from services.accountability.usecases.desk import Desk


class Endings:
    """Ends cases as an honest error."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def checks(self, caller: Caller, case_id: str) -> tuple[ToleranceCheck, ...]:
        """What must hold before an error in this case is tolerated."""
        with self.desk.store.read(caller) as tx:
            return _checks(tx, tx.get(CASES, case_id))

    def tolerate(
        self, caller: Caller, case_id: str, expected_version: int, reason: str, answers: Sequence[CheckAnswer]
    ) -> Case:
        """容错免责, with the reason and what was found on every check."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            before = tx.get(CASES, case_id, expected_version)
            endings.all_met(_checks(tx, before), answers)
            findings = {answer.key: tx.new_id() for answer in answers}
            case = endings.tolerate(before, caller.subject, caller.official_id, findings, tx.now)
            for answer in answers:
                self.desk.texts.seal(tx, case.id, findings[answer.key], answer.finding)
            self.desk.keep(tx, case, case.state.value, reason)
            say_ended(self.desk, tx, case)
            return tx.answer(case)


def _checks(tx: Tx, case: Case) -> tuple[ToleranceCheck, ...]:
    setting = tx.setting("tolerance", case.jurisdiction_path)
    return tuple(ToleranceCheck(one["key"], one["zh"], one["en"], setting["source"]) for one in setting["checks"])
