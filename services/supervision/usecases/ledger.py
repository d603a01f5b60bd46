"""Reading the ledger of findings: lists, one finding, its timeline, and why its limit ends when it ends."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Store
from services.supervision.domain.finding import Entry, Finding
from services.supervision.storage import reading, sight
from services.supervision.storage.keeping import Shelf, finding_of
from services.supervision.storage.reading import Listed
from services.supervision.storage.tables import FINDINGS
from workdays import DayLine, explain


class Ledger:
    """What one can read of findings."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self.store = store
        self._shelf = shelf

    def list(self, caller: Caller, narrowed: reading.FindingFilter, size: int, token: str) -> Listed[Finding]:
        """Findings, newest first or by what is due first."""
        with self.store.read(caller) as tx:
            found, further = reading.values(FINDINGS, reading.list_findings(tx, narrowed, size, token))
            return [seen_by(caller, value) for value in found], further

    def get(self, caller: Caller, finding_id: str) -> Finding:
        """One finding, as its reader may see it."""
        with self.store.read(caller) as tx:
            return seen_by(caller, finding_of(tx, finding_id))

    def timeline(self, caller: Caller, finding_id: str, size: int, token: str) -> Listed[Entry]:
        """The acts on a finding in order; a unit does not read who acted for the other side."""
        with self.store.read(caller) as tx:
            found = finding_of(tx, finding_id)
            for_unit = reads_for_unit(caller, found)
            page = reading.list_timeline(tx, found.id, for_unit, size, token)
            own = ("answer_notice", "submit_rectification", "report_own_finding")
            entries = [
                Entry(row.at, row.act, row.by if not for_unit or row.act in own else "", row.stage, row.text)
                for row in page.rows
            ]
            return entries, page.next_token

    def explain_limit(self, caller: Caller, finding_id: str) -> tuple[Finding, tuple[DayLine, ...]]:
        """Day by day, counted or not. Refused with NO_LIMIT_RUNS before a notice."""
        with self.store.read(caller) as tx:
            found = finding_of(tx, finding_id)
            if found.clock is None:
                raise Conflict("NO_LIMIT_RUNS")
            calendar = self._shelf.calendar(tx)
            days = explain(found.clock.limit, found.clock.started_at, calendar, found.clock.ledger(), tx.now)
            return found, days


def reads_for_unit(caller: Caller, found: Finding) -> bool:
    """Whether somebody reads the finding only for the unit it was found at."""
    inspects = caller.has("supervisor") and not caller.has(*sight.UNIT_ROLES)
    return not (caller.rows.everything or inspects or sight.watches(caller, found.jurisdiction_path))


def seen_by(caller: Caller, found: Finding) -> Finding:
    """The finding with what this reader may know of it."""
    return found.for_its_unit() if reads_for_unit(caller, found) else found
