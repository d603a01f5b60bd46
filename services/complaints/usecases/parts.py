"""What cooperating units do, and asking one more of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from chassis.auth import Caller
from chassis.errors import NotFound
from chassis.store import Tx
from services.complaints.domain import parts
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.parts import Part
from services.complaints.domain.views import WantedParts
from services.complaints.storage import COMPLAINTS
from services.complaints.storage import parts as kept
from services.complaints.storage.parts import PARTS
from services.complaints.usecases.desk import Desk

Does = Callable[[Tx, Part, Complaint], tuple[Part, Change]]


class PartCases:
    """Asking for a part, signing for it, handing it in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self, caller: Caller, complaint_id: str, version: int, unit_path: str, text: str) -> Part:
        """Asks one more unit for a part of a complaint that is being handled."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Part, tx.answered)
            found = self._desk.take(tx, complaint_id, version)
            change = parts.ask(found, text)
            self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
            there = (found.unit_path, *kept.units_of(tx, found.id))
            parts.check_cooperating(unit_path, found.jurisdiction_path, there, self._desk.all_posts(tx, found))
            asked = parts.asked(tx.new_id(), change.complaint, unit_path, caller.subject, tx.now)
            tx.add(PARTS, asked)
            self._write(tx, change)
            return tx.answer(asked)

    def sign_for(self, caller: Caller, part_id: str, version: int) -> Part:
        """The cooperating unit takes its part over."""
        return self._act(caller, part_id, version, lambda _tx, part, whole: parts.sign_for(part, whole, caller.subject))

    def report(self, caller: Caller, part_id: str, version: int, text: str) -> Part:
        """The cooperating unit hands its part in."""

        def does(tx: Tx, part: Part, whole: Complaint) -> tuple[Part, Change]:
            return parts.report(part, whole, caller.subject, text, tx.now)

        return self._act(caller, part_id, version, does)

    def page(self, caller: Caller, wanted: WantedParts, size: int, token: str) -> tuple[list[Part], str]:
        """One page of parts, newest first."""
        with self._desk.store.read(caller) as tx:
            return kept.page(tx, wanted, size, token)

    def _act(self, caller: Caller, part_id: str, version: int, does: Does) -> Part:
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Part, tx.answered)
            part = tx.get(PARTS, part_id, version)
            whole = kept.of(tx, part.complaint_id)
            if whole is None:
                raise NotFound("PART_NOT_FOUND", "part_id")
            self._desk.recuse(tx, whole)
            done, change = does(tx, part, whole)
            tx.save(PARTS, done)
            self._write(tx, change)
            return tx.answer(done)

    def _write(self, tx: Tx, change: Change) -> None:
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change)
