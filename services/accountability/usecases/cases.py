"""Cases: lists, the file with its texts, and the steps of the office from clue to filed, ended and archived."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx
from services.accountability.domain import joining
from services.accountability.domain.case import Case
from services.accountability.domain.facts import CaseClosed, Decided
from services.accountability.domain.states import CaseState
from services.accountability.domain.views import CaseFile, CaseFilter, Line
from services.accountability.rules.judge import months_after
from services.accountability.storage import cases
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.suspensions import lift_all
from services.accountability.usecases.watchers import Watchers


class Cases:
    """Keeps the cases."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.watchers = Watchers(desk)

    def list(self, caller: Caller, narrowed: CaseFilter, size: int, token: str) -> tuple[tuple[Case, ...], str]:
        """A page of the cases the caller may see."""
        with self.desk.store.read(caller) as tx:
            page = cases.list_cases(tx, narrowed, size, token)
            return tuple(CASES.value(row) for row in page.rows), page.next_token

    def get(self, caller: Caller, case_id: str) -> CaseFile:
        """One case with what was found in words."""
        with self.desk.store.read(caller) as tx:
            case = tx.get(CASES, case_id)
            facts = [fact.id for party in case.parties for fact in party.facts]
            facts += [check.finding_id for check in case.tolerance]
            answers = cases.line_ids(tx, case.id, "leader_question_answered")
            texts = self.desk.texts.open(tx, case.id, [*facts, *answers])
            return CaseFile(case, texts, texts.get(answers[-1], "") if answers else "")

    def timeline(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[Line, ...], str]:
        """What happened in a case."""
        with self.desk.store.read(caller) as tx:
            case = tx.get(CASES, case_id)
            page = cases.timeline(tx, case.id, size, token)
            notes = self.desk.texts.open(tx, case.id, [row.id for row in page.rows])
            lines = [Line(row.at, row.act, row.by, row.state, notes.get(row.id, "")) for row in page.rows]
            return tuple(lines), page.next_token

    def verify(self, caller: Caller, case_id: str, expected_version: int, note: str) -> Case:
        """Starts the preliminary verification of a clue."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version).verify()
            return tx.answer(self.desk.keep(tx, case, "verifying", note))

    def file(self, caller: Caller, case_id: str, expected_version: int, finding: str) -> Case:
        """立案, with the day by which it is to be decided."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            clue = tx.get(CASES, case_id, expected_version)
            months = tx.setting("decide_within_months", clue.jurisdiction_path)
            case = clue.file(tx.now, months_after(local_day(tx.now), months))
            return tx.answer(self.desk.keep(tx, case, "filed", finding))

    def drop(self, caller: Caller, case_id: str, expected_version: int, ending: CaseState, reason: str) -> Case:
        """Ends a case without a consequence and says so to whom it came from."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            before = tx.get(CASES, case_id, expected_version)
            case = before.drop(ending, caller.subject, caller.official_id, caller.has("decider"), tx.now)
            self.desk.keep(tx, case, ending.value, reason)
            self.watchers.dropped(tx, case)
            say_ended(self.desk, tx, case)
            return tx.answer(case)

    def join(self, caller: Caller, case_id: str, expected_version: int, into_case_id: str, reason: str) -> Case:
        """Joins a case not yet filed into another, which goes on with its origins; both timelines say so."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            before, into = tx.get(CASES, case_id, expected_version), tx.get(CASES, into_case_id)
            joined, goes_on = joining.join(before, into)
            self.desk.keep(tx, joined, "joined_into", f"{into.number}\n{reason}")
            self.desk.keep(tx, goes_on, "took_in", f"{before.number}\n{reason}")
            tx.emit(CaseClosed(joined.subject, joined.state.value))
            return tx.answer(goes_on)

    def archive(self, caller: Caller, case_id: str, expected_version: int) -> Case:
        """Archives a file."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version).archive()
            return tx.answer(self.desk.keep(tx, case, "archived"))


def say_ended(desk: Desk, tx: Tx, case: Case) -> None:
    """A case ended without a consequence here: nobody stays suspended for it, and to whom it came from that is said.

    What other organs decided beside it holds all the same, and is told with it.
    """
    lift_all(desk, tx, case)
    tx.emit(Decided(case.subject, case.decided_parties(), case.origins, case.state.value))
    tx.emit(CaseClosed(case.subject, case.state.value))
