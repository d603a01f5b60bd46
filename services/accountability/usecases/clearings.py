"""澄清正名: who was wrongly accused is cleared where everybody can read it; named only with consent."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from services.accountability.domain.case import Case
from services.accountability.domain.clearing import Clearing, Statement, consented, may_be_cleared
from services.accountability.domain.redaction import read_redaction
from services.accountability.storage import public
from services.accountability.storage.public import CLEARINGS
from services.accountability.storage.tables import CASES
from services.accountability.usecases.circulars import all_named
from services.accountability.usecases.desk import Desk


class Clearings:
    """Keeps the public page of the cleared."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def publish(self, caller: Caller, case_id: str, expected_version: int, said: Statement) -> Clearing:
        """Publishes a statement. The case moves on by a version, so that two at once do not both stand."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            may_be_cleared(case, caller.subject)
            if public.standing(tx, case.id):
                raise Conflict("CLEARING_EXISTS", "case_id")
            name = self._name(tx, case, said)
            made = Clearing(
                tx.new_id(),
                1,
                case.unit_path,
                case.jurisdiction_path,
                case.id,
                _unit_name(tx, case),
                said.text,
                name,
                said.consent if name else None,
                tx.now,
                caller.subject,
            )
            tx.add(CLEARINGS, made)
            self.desk.keep(tx, case.next(), "cleared_in_public", said.text)
            return tx.answer(made)

    def withdraw(self, caller: Caller, clearing_id: str, expected_version: int, reason: str) -> Clearing:
        """Takes a statement from the page."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            withdrawn = tx.get(CLEARINGS, clearing_id, expected_version).withdraw(reason)
            tx.save(CLEARINGS, withdrawn)
            self.desk.keep(tx, tx.get(CASES, withdrawn.case_id).next(), "clearing_withdrawn", reason)
            return tx.answer(withdrawn)

    def of_case(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[Clearing, ...], str]:
        """What was published about a case."""
        with self.desk.store.read(caller) as tx:
            page = public.clearings_of(tx, tx.get(CASES, case_id).id, size, token)
            return tuple(CLEARINGS.value(row) for row in page.rows), page.next_token

    def published(self, caller: Caller, size: int, token: str) -> tuple[tuple[Clearing, ...], str]:
        """What everybody may read."""
        with self.desk.store.read(caller) as tx:
            page = public.published_clearings(tx, size, token)
            return tuple(CLEARINGS.value(row) for row in page.rows), page.next_token

    def _name(self, tx: Tx, case: Case, said: Statement) -> str:
        """The name to be shown; the statement itself names nobody else."""
        all_named([case], said.names)
        consented(said.named_party_id, said.consent, self.desk.clock.today())
        persons = {party.id for party in case.parties if party.official_id}
        if said.named_party_id and said.named_party_id not in persons:
            raise Invalid("NAMED_STRANGER", "named_party_id")
        others = [one.name for party, one in said.names.items() if party != said.named_party_id]
        read_redaction(tx.setting("circulars.redaction", case.jurisdiction_path)).check("statement", said.text, others, ())
        return said.names[said.named_party_id].name if said.named_party_id else ""


def _unit_name(tx: Tx, case: Case) -> str:
    copies = tx.store.schema["copies"]
    return next((copy.name for copy in tx.copies("unit", copies.c.unit_path == case.unit_path) if copy.name), "")
