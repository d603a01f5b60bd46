"""Acts on findings: from the notice to striking off, or to accountability."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.auth import Caller, covers
from chassis.errors import Conflict, NotAllowed
from chassis.store import Store, Tx
from services.supervision.domain.facts import Origin
from services.supervision.domain.finding import Change, Finding
from services.supervision.domain.notice import Evidence, Rectification
from services.supervision.domain.recording import record
from services.supervision.domain.words import FoundBy, ReportOutcome
from services.supervision.storage.keeping import (
    Shelf,
    add_finding,
    earlier_findings,
    finding_of,
    keep,
    notice_kind,
    open_words,
    own_units_at,
    paper_number,
    record_number,
)
from services.supervision.storage.tables import POINT_REPORTS


class Findings:
    """Use cases that change findings."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self.store = store
        self._shelf = shelf

    def record_from_point(
        self, caller: Caller, point_report_id: str, expected_version: int, unit_path: str, **seen: Any
    ) -> Finding:
        """Records what a monitoring point reported, and tells the report so."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            reported = tx.get(POINT_REPORTS, point_report_id, expected_version)
            found = new_finding(
                tx,
                unit_path,
                found_by=FoundBy.POINT,
                origin=Origin("supervision", reported.id, reported.number),
                occurred_at=reported.occurred_at,
                **seen,
            )
            tx.save(POINT_REPORTS, reported.settle(ReportOutcome.FINDING, found.id))
            return tx.answer(add_finding(tx, found.recorded()))

    def report_own(self, caller: Caller, unit_path: str, misconduct: tuple[str, ...], **seen: Any) -> Finding:
        """A unit puts a problem of its own on the ledger before anybody else found it."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own: dict[str, Any] = {"misconduct": misconduct, "found_by": FoundBy.SELF, "occurred_at": tx.now}
            found = new_finding(tx, unit_path, **own, **seen)
            if open_words(tx, unit_path, misconduct):  # asked last: whoever may not see the unit learns nothing here
                raise Conflict("ALREADY_FOUND")
            return tx.answer(add_finding(tx, Change(found, "report_own_finding", found.recorded().facts, found.title)))

    def issue_notice(self, caller: Caller, finding_id: str, expected_version: int, kind: str, text: str) -> Finding:
        """Orders the unit to rectify; the paper gets its number now."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            chosen = notice_kind(tx, kind, found.jurisdiction_path)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            number = paper_number(tx, chosen.series, tx.now)
            return tx.answer(keep(tx, found.issue_notice(number, chosen, text, caller.subject, tx.now, timing)))

    def answer_notice(self, caller: Caller, finding_id: str, expected_version: int, text: str) -> Finding:
        """The unit says what it will do."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            chosen = notice_kind(tx, kind_of(found), found.jurisdiction_path)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            return tx.answer(keep(tx, found.answer(text, caller.subject, tx.now, chosen, timing)))

    def submit_rectification(
        self,
        caller: Caller,
        finding_id: str,
        expected_version: int,
        text: str,
        rectified_on: date,
        evidence: tuple[Evidence, ...],
    ) -> Finding:
        """The unit says it is set right."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            done = Rectification(text, rectified_on, evidence, caller.subject, tx.now)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            return tx.answer(keep(tx, found.submit(done, timing)))

    def verify_rectification(
        self, caller: Caller, finding_id: str, expected_version: int, accepted: bool, opinion: str
    ) -> Finding:
        """Somebody looked: accepted, or back to the unit."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            if any(covers(own, found.unit_path) for own in caller.unit_paths):
                raise NotAllowed("OWN_UNIT")
            chosen = notice_kind(tx, kind_of(found), found.jurisdiction_path)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            looked = found.verify(accepted, opinion, caller.subject, tx.now, chosen, timing)
            return tx.answer(keep(tx, looked))

    def close(self, caller: Caller, finding_id: str, expected_version: int) -> Finding:
        """Strikes a verified finding off the ledger."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            return tx.answer(keep(tx, finding_of(tx, finding_id, expected_version).close(tx.now)))

    def refer(
        self, caller: Caller, finding_id: str, expected_version: int, reason: str, official_ids: tuple[str, ...]
    ) -> Finding:
        """Hands the matter over to accountability."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            return tx.answer(keep(tx, found.refer(reason, official_ids, caller.subject, tx.now)))

    def pause_limit(self, caller: Caller, finding_id: str, expected_version: int, reason: str, basis: str) -> Finding:
        """Stops the limit."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            return tx.answer(keep(tx, found.pause(reason, basis, tx.now, timing)))

    def resume_limit(self, caller: Caller, finding_id: str, expected_version: int) -> Finding:
        """Lets the limit run again."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = finding_of(tx, finding_id, expected_version)
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            return tx.answer(keep(tx, found.resume(tx.now, timing)))


def kind_of(found: Finding) -> str:
    """The kind of its notice; what a unit reported itself has none and is counted like an order to rectify."""
    return found.notice.kind if found.notice is not None else "rectification"


def new_finding(tx: Tx, unit_path: str, misconduct: tuple[str, ...], origin: Origin | None = None, **fields: Any) -> Finding:
    """A finding at a unit of the caller's rows, linked to earlier ones of its kind; without an origin it is its own."""
    [unit] = own_units_at(tx, (unit_path,), "unit_path")
    finding_id, number = tx.new_id(), record_number(tx, "问题", tx.now)
    return record(
        id=finding_id,
        unit_path=unit_path,
        jurisdiction_path=unit.jurisdiction_path,
        number=number,
        origin=origin or Origin("supervision", finding_id, number),
        undercover=False,
        misconduct=misconduct,
        known_misconduct=frozenset(tx.setting("finding.misconduct", unit.jurisdiction_path)),
        recorded_at=tx.now,
        recorded_by=tx.caller.subject,
        earlier=earlier_findings(tx, unit_path, misconduct, unit.jurisdiction_path),
        **fields,
    )
