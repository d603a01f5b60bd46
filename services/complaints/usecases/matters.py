"""The list of matters: one happening, several complaints."""

from __future__ import annotations

from chassis.auth import Caller
from services.complaints.domain.views import MatterSeen
from services.complaints.storage import matters
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.ledger import LedgerCases


class MatterCases:
    """Reading matters; merging and taking out are the clerk's acts on complaints."""

    def __init__(self, desk: Desk, ledger: LedgerCases) -> None:
        self._desk = desk
        self._ledger = ledger

    def page(self, caller: Caller, unit_path: str, open_only: bool, size: int, token: str) -> tuple[list[MatterSeen], str]:
        """One page of matters, newest first."""
        with self._desk.store.read(caller) as tx:
            leads, next_token = matters.page(tx, unit_path, open_only, size, token)
            spread = matters.spread(tx, leads)
            contents = self._desk.contents.open(tx, [lead.id for lead in leads])
            seen = self._ledger.rows(tx, leads, contents)
        return [MatterSeen(row, *spread[row.complaint.id]) for row in seen], next_token
